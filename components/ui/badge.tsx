import type { ReactNode } from 'react';
import { clsx } from 'clsx';

const TONES = {
  neutral: 'border-line bg-sunken text-ink-soft',
  accent: 'border-transparent bg-accent-wash text-accent-ink',
  success: 'border-transparent bg-success-wash text-success-ink',
  warning: 'border-transparent bg-warning-wash text-warning-ink',
  danger: 'border-transparent bg-danger-wash text-danger-ink',
} as const;

/** A short label on something: a kind, a method, a count. For a state use StatusDot. */
export function Badge({
  tone = 'neutral',
  isMono = false,
  children,
}: {
  tone?: keyof typeof TONES;
  isMono?: boolean;
  children: ReactNode;
}) {
  return (
    <span
      className={clsx(
        'inline-flex h-5 items-center rounded-sm border px-1.5 text-xs font-medium whitespace-nowrap tabular-nums',
        isMono && 'font-mono',
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}
