import type { ReactNode } from 'react';
import { clsx } from 'clsx';

/** Props of {@link Card}. */
export interface CardProps {
  title?: ReactNode;
  /** Under the title, one sentence. */
  description?: ReactNode;
  /** Beside the title: a status, a small button. */
  actions?: ReactNode;
  /** Under a hairline: what is saved, or a note. */
  footer?: ReactNode;
  children?: ReactNode;
  /** Lets a table or list reach the edges. */
  isFlush?: boolean;
  /** Frames the card as the place of irreversible actions. */
  tone?: 'neutral' | 'danger';
  /** Level of the title: 2 (default) or 3. */
  level?: 2 | 3;
  className?: string;
}

/** A framed group of related things. */
export function Card({
  title,
  description,
  actions,
  footer,
  children,
  isFlush = false,
  tone = 'neutral',
  level = 2,
  className,
}: CardProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  const hasHead = Boolean(title ?? description ?? actions);
  return (
    <section
      className={clsx(
        'rounded-lg border bg-surface',
        tone === 'danger' ? 'border-danger-line' : 'border-line',
        className,
      )}
    >
      {hasHead && (
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3.5 pb-3">
          <div className="min-w-0">
            {title && <Heading className="font-semibold">{title}</Heading>}
            {description && <p className="mt-0.5 text-sm text-ink-soft">{description}</p>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      {children && (
        <div className={clsx(isFlush ? hasHead && 'border-t border-line' : hasHead ? 'px-4 pb-4' : 'p-4')}>
          {children}
        </div>
      )}
      {footer && (
        <footer className="flex flex-wrap items-center justify-between gap-3 rounded-b-lg border-t border-line bg-sunken px-4 py-2.5 text-sm text-ink-soft">
          {footer}
        </footer>
      )}
    </section>
  );
}

/** Props of {@link Section}. */
export interface SectionProps {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** An unframed part of a page with a heading. */
export function Section({ title, description, actions, children, className }: SectionProps) {
  return (
    <section className={clsx('space-y-3', className)}>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="text-lg font-semibold">{title}</h2>
          {description && <p className="mt-0.5 max-w-prose text-ink-soft">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
