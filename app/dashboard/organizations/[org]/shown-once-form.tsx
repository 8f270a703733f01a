'use client';

import type { ReactNode } from 'react';
import type { ShownOnce } from './actions';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { FormError, Notice } from '@/components/ui/notice';
import { SecretField } from '@/components/ui/secret-field';
import { HiddenFields } from '../../hidden-fields';
import { useFormAction } from '../../use-form-action';
import { generateLinkAction, inviteAdminAction } from './actions';

// A result that appears is read out.
const AS_STATUS = { role: 'status' } as const;

function Made({ title, label, made, warning }: { title: ReactNode; label: string; made: ShownOnce; warning: string }) {
  return (
    <Notice tone="success" {...AS_STATUS} title={title}>
      <div key={made.id} className="mt-2">
        <SecretField label={label} value={made.address} warning={warning} />
      </div>
    </Notice>
  );
}

/** A button that makes a portal link, and the link at the only moment when it can be read. */
export function GenerateLinkForm({ organizationId }: { organizationId: string }) {
  const { state, submit } = useFormAction(generateLinkAction);
  return (
    <div className="space-y-3">
      <form action={submit} className="space-y-3">
        <HiddenFields fields={{ organization_id: organizationId }} />
        <FormError>{state.message}</FormError>
        <Button variant="primary">Generate link</Button>
      </form>
      {state.data && (
        <Made
          title="Link ready. Send it to the customer’s IT admin."
          label="Portal link"
          made={state.data}
          warning="Copy it now: it is shown only once. Anyone who holds it can view and edit this connection for 7 days."
        />
      )}
    </div>
  );
}

/** Invites an admin of the customer, and shows the invitation's address at the only moment when it can be read. */
export function InviteAdminForm({ organizationId }: { organizationId: string }) {
  const { ref, state, submit } = useFormAction(inviteAdminAction);
  return (
    <div className="space-y-3">
      <form ref={ref} action={submit} noValidate className="space-y-3">
        <HiddenFields fields={{ organization_id: organizationId }} />
        <FormError>{state.message}</FormError>
        <div className="flex max-w-lg flex-wrap items-end gap-2 has-aria-invalid:items-center">
          <div className="min-w-0 flex-[1_1_16rem]">
            <TextField
              label="Email address"
              name="email"
              type="email"
              defaultValue={state.values?.['email']}
              error={state.fieldErrors?.['email']}
              autoComplete="off"
              required
            />
          </div>
          <Button>Invite admin</Button>
        </div>
      </form>
      {state.data && (
        <Made
          title={`Invitation for ${state.data.recipient ?? 'the admin'} ready. Send it to them.`}
          label="Invitation link"
          made={state.data}
          warning="Copy it now: it is shown only once. It works once, within 72 hours."
        />
      )}
    </div>
  );
}
