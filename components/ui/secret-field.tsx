import type { CopyLabels } from './copy-button';
import type { ReactNode } from 'react';
import { TriangleAlert } from 'lucide-react';
import { CopyField } from './copy-field';

/** Props of {@link SecretField}. */
export interface SecretFieldProps {
  label: string;
  value: string;
  hint?: ReactNode;
  /** Says that it will not be shown again. */
  warning?: ReactNode;
  size?: 'medium' | 'large';
  labels?: CopyLabels;
}

/** A secret at the only moment when it can be read, with a warning that says so. */
export function SecretField({
  label,
  value,
  hint,
  warning = 'Copy it now: it is shown only once. If it is lost, make a new one.',
  size,
  labels,
}: SecretFieldProps) {
  return (
    <div>
      <CopyField {...{ label, value, hint, size, labels }} />
      <p className="mt-2 flex items-start gap-1.5 text-sm text-warning-ink">
        <TriangleAlert size={14} aria-hidden="true" className="mt-[3px] shrink-0" />
        <span>{warning}</span>
      </p>
    </div>
  );
}
