import type { ReactNode } from 'react';

/** Props of {@link EmptyState}. */
export interface EmptyStateProps {
  /** What is not here yet, as a short statement: "No organizations yet". */
  title: ReactNode;
  /** One sentence: what it is for, or what to change. */
  children?: ReactNode;
  /** One action. */
  action?: ReactNode;
  /** A 20 px icon. */
  icon?: ReactNode;
}

/** What stands where a list would be: one sentence and one action. */
export function EmptyState({ title, children, action, icon }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      {icon && (
        <div className="mb-3 grid size-9 place-items-center rounded-lg border border-line bg-sunken text-ink-faint">
          {icon}
        </div>
      )}
      <p className="font-medium">{title}</p>
      {children && <p className="mt-1 max-w-sm text-balance text-ink-soft">{children}</p>}
      {action && <div className="mt-4">{action}</div>}
    </div>
  );
}
