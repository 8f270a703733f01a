'use client';

import type { MadeSecret } from './actions';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { CopyField } from '@/components/ui/copy-field';
import { Select, TextField } from '@/components/ui/field';
import { FormError, Notice } from '@/components/ui/notice';
import { SecretField } from '@/components/ui/secret-field';
import { HiddenFields } from '../../hidden-fields';
import { useFormAction } from '../../use-form-action';
import { addSecretAction, createCredentialAction, replaceSecretAction } from './actions';
import { envSnippet } from './env-snippet';
import { ScopeFields } from './scope-fields';
import { LIFE_OPTIONS, OVERLAP_OPTIONS } from './secret-life';

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
        <div className="grid max-w-lg gap-3 sm:grid-cols-[1fr_10rem]">
          <TextField
            label="Name"
            name="name"
            placeholder="Production backend"
            defaultValue={state.values?.['name']}
            error={state.fieldErrors?.['name']}
            autoComplete="off"
            required
          />
          <Select
            key={state.values?.['expires']}
            label="Secret expires"
            name="expires"
            options={LIFE_OPTIONS}
            defaultValue={state.values?.['expires'] ?? ''}
            error={state.fieldErrors?.['expires']}
          />
        </div>
        <div className="max-w-lg">
          <ScopeFields values={state.values} error={state.fieldErrors?.['scopes']} />
        </div>
        <Button variant="primary">New credential</Button>
      </form>
      {state.data && <Made title="Credential ready" made={state.data} environmentUrl={environmentUrl} />}
    </div>
  );
}

/** Props of {@link AddSecretForm}. */
export interface SecretFormProps {
  credentialId: string;
  /** Of the credential, to tell the forms of several apart. */
  name: string;
  environmentUrl: string;
}

/** Adds a secret to a credential, and shows it at the only moment when it can be read. */
export function AddSecretForm({ credentialId, name, environmentUrl }: SecretFormProps) {
  const { ref, state, submit } = useFormAction(addSecretAction);
  return (
    <div className="space-y-4">
      <form ref={ref} action={submit} className="space-y-3" aria-label={`Add a secret to ${name}`}>
        <HiddenFields fields={{ credential_id: credentialId }} />
        <FormError>{state.message}</FormError>
        <div className="flex flex-wrap items-end gap-2">
          <div className="w-40">
            <Select label="It expires" name="expires" options={LIFE_OPTIONS} error={state.fieldErrors?.['expires']} />
          </div>
          <Button>Add secret</Button>
        </div>
      </form>
      {state.data && <Made title="Secret ready" made={state.data} environmentUrl={environmentUrl} />}
    </div>
  );
}

/** Replaces a secret of a credential by a new one, and shows that at the only moment when it can be read. */
export function ReplaceSecretForm({
  credentialId,
  name,
  environmentUrl,
  secrets,
}: SecretFormProps & { secrets: readonly { id: string; suffix: string }[] }) {
  const { ref, state, submit } = useFormAction(replaceSecretAction);
  return (
    <div className="space-y-4">
      {secrets.length > 0 && (
        <form ref={ref} action={submit} className="space-y-3" aria-label={`Replace a secret of ${name}`}>
          <HiddenFields fields={{ credential_id: credentialId }} />
          <FormError>{state.message}</FormError>
          <div className="flex flex-wrap items-end gap-2">
            <div className="w-40">
              <Select
                label="Replace"
                name="secret_id"
                options={secrets.map(({ id, suffix }) => ({ value: id, label: `…${suffix}` }))}
              />
            </div>
            <div className="w-40">
              <Select
                label="The old one works"
                name="overlap"
                options={OVERLAP_OPTIONS}
                error={state.fieldErrors?.['overlap_seconds']}
              />
            </div>
            <Button>Replace secret</Button>
          </div>
        </form>
      )}
      {state.data && <Made title="New secret ready" made={state.data} environmentUrl={environmentUrl} />}
    </div>
  );
}
