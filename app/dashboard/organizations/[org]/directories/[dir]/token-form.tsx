'use client';

import { Button } from '@/components/ui/button';
import { FormError, Notice } from '@/components/ui/notice';
import { SecretField } from '@/components/ui/secret-field';
import { HiddenFields } from '../../../../hidden-fields';
import { useFormAction } from '../../../../use-form-action';
import { createTokenAction } from '../actions';

// A result that appears is read out.
const AS_STATUS = { role: 'status' } as const;

/** Props of {@link TokenForm}. */
export interface TokenFormProps {
  fields: Readonly<Record<string, string>>;
  isFirst: boolean;
  /** No more can be made now. The token made last is shown all the same. */
  isFull: boolean;
}

/** A button that makes a token, and the token at the only moment when it can be read. */
export function TokenForm({ fields, isFirst, isFull }: TokenFormProps) {
  const { state, submit } = useFormAction(createTokenAction);
  return (
    <div className="space-y-3">
      <form action={submit} className="space-y-3">
        <HiddenFields fields={fields} />
        <FormError>{state.message}</FormError>
        {isFull ? (
          <p className="text-ink-soft">Two tokens are live. Revoke one before you make another.</p>
        ) : (
          <Button variant={isFirst ? 'primary' : 'secondary'}>Create token</Button>
        )}
      </form>
      {state.data && (
        <Notice tone="success" {...AS_STATUS} title="Token ready. Paste it at the provider.">
          <div key={state.data.id} className="mt-2">
            <SecretField label="Bearer token" value={state.data.token} />
          </div>
        </Notice>
      )}
    </div>
  );
}
