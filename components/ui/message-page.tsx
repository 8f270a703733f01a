import type { ReactNode } from 'react';

/** Props of {@link MessagePage}. */
export interface MessagePageProps {
  /** What is the case: "This link has expired". */
  title: string;
  /** Why, and who can help. */
  children: ReactNode;
  /** One link or form. */
  action?: ReactNode;
  /** A 20 px icon. */
  icon?: ReactNode;
}

/** A page that is only a message: for links that cannot be opened and sessions that have ended. It has no brand and needs no session. */
export function MessagePage({ title, children, action, icon }: MessagePageProps) {
  return (
    <main className="grid min-h-dvh place-items-center bg-surface px-6 py-16">
      <div className="max-w-sm text-center">
        {icon && (
          <div className="mx-auto mb-4 grid size-10 place-items-center rounded-lg border border-line bg-sunken text-ink-soft">
            {icon}
          </div>
        )}
        <h1 className="text-xl font-semibold">{title}</h1>
        <div className="mt-2 space-y-2 text-balance text-ink-soft">{children}</div>
        {action && <div className="mt-6 flex justify-center">{action}</div>}
      </div>
    </main>
  );
}
