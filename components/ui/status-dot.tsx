import type { ReactNode } from 'react';
import { clsx } from 'clsx';

/** What a status amounts to. `idle` is drawn hollow and `progress` half full, so that the form tells them apart too. */
export type StatusTone = 'idle' | 'progress' | 'success' | 'warning' | 'danger';

const FILLS: Record<StatusTone, string> = {
  idle: 'text-ink-faint',
  progress: 'text-info',
  success: 'text-success',
  warning: 'text-warning',
  danger: 'text-danger',
};

/** A dot and a word: `<StatusDot tone="success">Active</StatusDot>`. `isLive` makes the dot breathe while something is awaited. */
export function StatusDot({
  tone,
  isLive = false,
  children,
}: {
  tone: StatusTone;
  isLive?: boolean;
  children: ReactNode;
}) {
  return (
    <span className="inline-flex items-center gap-1.5 align-top whitespace-nowrap">
      <svg
        viewBox="0 0 8 8"
        width="8"
        height="8"
        aria-hidden="true"
        className={clsx('shrink-0', FILLS[tone], isLive && 'animate-breathe')}
      >
        {tone === 'idle' && <circle cx="4" cy="4" r="3.1" fill="none" stroke="currentColor" strokeWidth="1.5" />}
        {tone === 'progress' && (
          <>
            <circle cx="4" cy="4" r="3.1" fill="none" stroke="currentColor" strokeWidth="1.5" />
            <path d="M4 .25a3.75 3.75 0 0 1 0 7.5z" fill="currentColor" />
          </>
        )}
        {tone !== 'idle' && tone !== 'progress' && <circle cx="4" cy="4" r="4" fill="currentColor" />}
      </svg>
      <span>{children}</span>
    </span>
  );
}
