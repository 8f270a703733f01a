'use client';

import type { FormAction } from '@/lib/adapters/action';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { LinkButton } from '@/components/ui/link-button';
import { FormError } from '@/components/ui/notice';
import { HiddenFields } from './hidden-fields';
import { useFormAction } from './use-form-action';

/** Props of {@link TypedConfirmation}. */
export interface TypedConfirmationProps {
  /** Gets what was typed as `confirmation`, and checks it. */
  action: FormAction<never>;
  fields: Readonly<Record<string, string>>;
  /** What must be typed. */
  text: string;
  /** The verb and its object: "Delete organization". */
  submitLabel: string;
  cancelHref: string;
}

/** Asks for a name to be typed before something that cannot be undone. */
export function TypedConfirmation({ action, fields, text, submitLabel, cancelHref }: TypedConfirmationProps) {
  const { ref, state, submit } = useFormAction(action);
  return (
    <form ref={ref} action={submit} noValidate className="space-y-4">
      <HiddenFields fields={fields} />
      <FormError>{state.message}</FormError>
      <TextField
        name="confirmation"
        label={
          <>
            Type <span className="rounded-sm bg-sunken px-1 py-0.5 font-mono text-sm wrap-anywhere">{text}</span> to
            confirm
          </>
        }
        defaultValue={state.values?.['confirmation']}
        error={state.fieldErrors?.['confirmation']}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <div className="flex flex-wrap gap-2">
        <Button variant="danger">{submitLabel}</Button>
        <LinkButton href={cancelHref} variant="quiet">
          Cancel
        </LinkButton>
      </div>
    </form>
  );
}
