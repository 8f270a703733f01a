import type { ReactNode } from 'react';
import { Mark } from '@/components/ui/mark';

/** Props of {@link SignInLayout}. */
export interface SignInLayoutProps {
  /** The page's only h1. */
  title: ReactNode;
  /** One sentence. */
  description?: ReactNode;
  /** Under the card. */
  footer?: ReactNode;
  children: ReactNode;
}

/** A page with one card in the middle: signing in, setting up, accepting an invitation. */
export function SignInLayout({ title, description, footer, children }: SignInLayoutProps) {
  return (
    <main className="flex min-h-dvh flex-col items-center bg-canvas px-4 pt-[max(3rem,16dvh)] pb-12">
      <div className="w-full max-w-sm">
        <p className="mb-6 flex items-center justify-center gap-2.5 text-lg font-semibold tracking-tight">
          <Mark size={24} />
          Gatehouse
        </p>
        <div className="rounded-xl border border-line bg-surface p-6 shadow-control">
          <h1 className="text-xl font-semibold">{title}</h1>
          {description && <p className="mt-1 text-ink-soft">{description}</p>}
          <div className="mt-5">{children}</div>
        </div>
        {footer && <div className="mt-5 text-center text-sm text-balance text-ink-soft">{footer}</div>}
      </div>
    </main>
  );
}
