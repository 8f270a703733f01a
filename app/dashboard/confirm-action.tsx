'use client';

import type { ButtonSize, ButtonVariant } from '@/components/ui/button-style';
import type { FormAction, FormState } from '@/lib/adapters/action';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { FormError } from '@/components/ui/notice';
import { HiddenFields } from './hidden-fields';
import { useFormAction } from './use-form-action';

/** Props of {@link ConfirmAction}. */
export interface ConfirmActionProps {
  action: FormAction;
  /** Sent along: the ids of what it is about. */
  fields: Readonly<Record<string, string>>;
  /** On the button that opens the question: "Revoke". */
  label: string;
  /** What the button is about, for screen readers, where several look alike: "Revoke link lnk_1". */
  accessibleLabel?: string;
  title: string;
  /** What will happen, exactly. */
  description: ReactNode;
  /** The verb and its object: "Revoke link". */
  confirmLabel: string;
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** How the question's button looks. Default `danger`. */
  confirmVariant?: 'primary' | 'danger';
}

function whyNot(state: FormState): string | undefined {
  if (state.ok) return undefined;
  return (
    state.message ?? Object.values(state.fieldErrors ?? {})[0] ?? 'This did not work. Reload the page and try again.'
  );
}

/** A button that asks before its action runs. Without script, which the question needs, the button acts at once. */
export function ConfirmAction({
  action,
  fields,
  label,
  accessibleLabel = label,
  title,
  description,
  confirmLabel,
  variant = 'secondary',
  size = 'medium',
  confirmVariant = 'danger',
}: ConfirmActionProps) {
  const { state, submit } = useFormAction(action);
  return (
    <span className="relative z-1 inline-block">
      <span className="noscript:hidden">
        <ConfirmDialog
          trigger={
            <Button type="button" variant={variant} size={size} aria-label={accessibleLabel}>
              {label}
            </Button>
          }
          {...{ title, description, confirmLabel, fields }}
          variant={confirmVariant}
          action={async (form) => {
            const error = whyNot(await action({}, form));
            return error === undefined ? undefined : { error };
          }}
        />
      </span>
      <form action={submit} className="hidden noscript:block">
        <HiddenFields fields={fields} />
        <FormError>{state.message}</FormError>
        <Button variant={variant} size={size} aria-label={accessibleLabel} title={confirmLabel}>
          {label}
        </Button>
      </form>
    </span>
  );
}
