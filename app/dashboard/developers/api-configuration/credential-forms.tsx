'use client';

import type { MadeSecret } from './actions';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { CopyField } from '@/components/ui/copy-field';
import { TextField } from '@/components/ui/field';
import { FormError, Notice } from '@/components/ui/notice';
import { SecretField } from '@/components/ui/secret-field';
import { HiddenFields } from '../../hidden-fields';
import { useFormAction } from '../../use-form-action';
import { addSecretAction, createCredentialAction } from './actions';
import { envSnippet } from './env-snippet';

// A result that appears is read out.
const AS_STATUS = { role: 'status' } as const;

function Made({ title, made, environmentUrl }: { title: string; made: MadeSecret; environmentUrl: string }) {
  return (
    <Notice tone="success" {...AS_STATUS} title={title}>
      <div key={made.plainSecret} className="mt-2 space-y-4">
        <CopyField label="Client id" value={made.clientId} />
        <SecretField label="Client secret" value={made.plainSecret} />
        <CodeBlock
          title=".env of your application"
          code={envSnippet({ environmentUrl, clientId: made.clientId, clientSecret: made.plainSecret })}
        />
      </div>
    </Notice>
  );
}

/** Makes an API credential, and shows its secret at the only moment when it can be read. */
export function NewCredentialForm({ environmentUrl }: { environmentUrl: string }) {
  const { ref, state, submit } = useFormAction(createCredentialAction);
  return (
    <div className="space-y-4">
      <form ref={ref} action={submit} noValidate className="space-y-3">
        <FormError>{state.message}</FormError>
        <div className="flex max-w-lg flex-wrap items-end gap-2 has-aria-invalid:items-center">
          <div className="min-w-0 flex-[1_1_16rem]">
            <TextField
              label="Name"
              name="name"
              placeholder="Production backend"
              defaultValue={state.values?.['name']}
              error={state.fieldErrors?.['name']}
              autoComplete="off"
              required
            />
          </div>
          <Button variant="primary">New credential</Button>
        </div>
      </form>
      {state.data && <Made title="Credential ready" made={state.data} environmentUrl={environmentUrl} />}
    </div>
  );
}

/** Adds a secret to a credential, and shows it at the only moment when it can be read. */
export function AddSecretForm({ credentialId, environmentUrl }: { credentialId: string; environmentUrl: string }) {
  const { state, submit } = useFormAction(addSecretAction);
  return (
    <div className="space-y-4">
      <form action={submit} className="space-y-3">
        <HiddenFields fields={{ credential_id: credentialId }} />
        <FormError>{state.message}</FormError>
        <Button size="small">Add secret</Button>
      </form>
      {state.data && <Made title="Secret ready" made={state.data} environmentUrl={environmentUrl} />}
    </div>
  );
}
