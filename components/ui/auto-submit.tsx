'use client';

import type { ReactNode } from 'react';

/** Props of {@link AutoSubmit}. */
export interface AutoSubmitProps {
  /** A server action, or an address for a plain POST. */
  action: string | ((data: FormData) => void | Promise<void>);
  children: ReactNode;
  /** The button that stands in when there is no script. Default "Save". */
  saveLabel?: string;
  className?: string;
}

/** A form that submits itself when one of its controls changes; without script it has a button. */
export function AutoSubmit({ action, children, saveLabel = 'Save', className }: AutoSubmitProps) {
  return (
    <form
      action={action}
      method={typeof action === 'string' ? 'post' : undefined}
      className={className}
      onChange={(event) => event.currentTarget.requestSubmit()}
    >
      {children}
      <noscript>
        <button type="submit" className="mt-2 text-sm font-medium text-accent-ink underline">
          {saveLabel}
        </button>
      </noscript>
    </form>
  );
}
