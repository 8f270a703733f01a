import type { ReactNode } from 'react';
import { clsx } from 'clsx';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';

/** How serious a message is. */
export type NoticeTone = 'info' | 'success' | 'warning' | 'danger';

const TONES = {
  info: { Icon: Info, frame: 'border-info-line bg-info-wash', ink: 'text-info-ink' },
  success: { Icon: CircleCheck, frame: 'border-success-line bg-success-wash', ink: 'text-success-ink' },
  warning: { Icon: TriangleAlert, frame: 'border-warning-line bg-warning-wash', ink: 'text-warning-ink' },
  danger: { Icon: CircleAlert, frame: 'border-danger-line bg-danger-wash', ink: 'text-danger-ink' },
} as const;

/** Props of {@link Notice}. */
export interface NoticeProps {
  tone?: NoticeTone;
  /** What is the case, in one line. */
  title?: ReactNode;
  /** What to do next. */
  children?: ReactNode;
  /** One link or button. */
  action?: ReactNode;
  /** `alert` for an error that just happened, `status` for a result; nothing for what stands on the page anyway. */
  role?: 'alert' | 'status';
  className?: string;
}

/** A message that belongs to the page. */
export function Notice({ tone = 'info', title, children, action, role, className }: NoticeProps) {
  const { Icon, frame, ink } = TONES[tone];
  return (
    <div role={role} className={clsx('flex gap-2.5 rounded-lg border px-3 py-2.5', frame, className)}>
      <Icon size={16} aria-hidden="true" className={clsx('mt-0.5 shrink-0', ink)} />
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-[1_1_16rem] wrap-break-word">
          {title && <p className={clsx('font-medium', ink)}>{title}</p>}
          {children && <div className="text-ink [&_a]:underline [&_a]:underline-offset-2">{children}</div>}
        </div>
        {action && <div className="shrink-0">{action}</div>}
      </div>
    </div>
  );
}

/** What went wrong with a form as a whole, announced when it appears; nothing when there is no message. */
export function FormError({ children }: { children?: ReactNode }) {
  if (!children) return null;
  return (
    <Notice tone="danger" role="alert">
      {children}
    </Notice>
  );
}
