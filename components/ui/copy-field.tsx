import type { CopyLabels } from './copy-button';
import type { ReactNode } from 'react';
import { clsx } from 'clsx';
import { useId } from 'react';
import { CopyButton } from './copy-button';

/** Props of {@link CopyField}. */
export interface CopyFieldProps {
  /** What it is, as the place where it will be pasted names it: "SCIM 2.0 Base URL". */
  label: string;
  value: string;
  /** Where it goes, or what to mind. */
  hint?: ReactNode;
  /** `large` for the portal. Default `medium`. */
  size?: 'medium' | 'large';
  labels?: CopyLabels;
}

/**
 * A labelled value to take elsewhere: read-only, in mono, with a copy button. Without script it is selected by one click.
 */
export function CopyField({ label, value, hint, size = 'medium', labels }: CopyFieldProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="-mt-0.5 mb-1.5 text-sm text-ink-soft">
          {hint}
        </p>
      )}
      <div className="flex gap-2">
        <input
          id={id}
          readOnly
          value={value}
          aria-describedby={hint ? `${id}-hint` : undefined}
          spellCheck={false}
          autoComplete="off"
          className={clsx(
            'min-w-0 flex-1 rounded-md border border-line-strong bg-sunken px-2.5 font-mono text-sm text-ink select-all',
            size === 'large' ? 'h-10' : 'h-8',
          )}
        />
        <CopyButton value={value} of={label} shownIn={id} size={size} labels={labels} />
      </div>
    </div>
  );
}
