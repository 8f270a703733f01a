import type { ReactNode } from 'react';

/** Props of {@link StepHeader}. */
export interface StepHeaderProps {
  /** The page's only h1: the one decision of this step. */
  title: ReactNode;
  /** One or two sentences. */
  description?: ReactNode;
  /** A StatusDot. */
  status?: ReactNode;
  /** A Stepper. */
  progress?: ReactNode;
}

/** The head of a portal step: how far one is, and what this step decides. */
export function StepHeader({ title, description, status, progress }: StepHeaderProps) {
  return (
    <header className="mb-6">
      {progress && <div className="mb-6">{progress}</div>}
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h1 className="text-xl font-semibold sm:text-2xl">{title}</h1>
        {status}
      </div>
      {description && <p className="mt-1.5 max-w-prose text-lg text-ink-soft">{description}</p>}
    </header>
  );
}
