'use client';

import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { FormError } from '@/components/ui/notice';
import { DoneMessage } from '@/components/ui/toast';
import { useFormAction } from '../../use-form-action';
import { addRedirectUriAction } from './actions';

/** Registers an address. */
export function RedirectUriForm({ hint }: { hint: string }) {
  const { ref, state, submit } = useFormAction(addRedirectUriAction);
  return (
    <form ref={ref} action={submit} noValidate className="max-w-2xl space-y-2">
      <FormError>{state.ok ? undefined : state.message}</FormError>
      <TextField
        label="Address"
        hint={hint}
        name="uri"
        type="url"
        inputMode="url"
        placeholder="https://app.example.com/settings"
        defaultValue={state.values?.['uri']}
        error={state.fieldErrors?.['uri']}
        isMono
        autoComplete="off"
        spellCheck={false}
        required
      />
      <div className="flex items-center gap-3">
        <Button>Add address</Button>
        <DoneMessage>{state.ok ? state.message : undefined}</DoneMessage>
      </div>
    </form>
  );
}
