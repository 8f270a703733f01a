'use client';

import type { RemovalPolicy } from '@/lib/domain/deprovisioning/types';
import { Button } from '@/components/ui/button';
import { Checkbox, Radio } from '@/components/ui/choice';
import { TextField } from '@/components/ui/field';
import { FormError } from '@/components/ui/notice';
import { DoneMessage } from '@/components/ui/toast';
import { POLICY_LIMITS } from '@/lib/domain/deprovisioning/types';
import { HiddenFields } from '../../../../../hidden-fields';
import { useFormAction } from '../../../../../use-form-action';
import { savePolicyAction } from './actions';
import { protectedFieldOf } from './policy-values';

/** Props of {@link PolicyForm}. */
export interface PolicyFormProps {
  fields: Readonly<Record<string, string>>;
  policy: RemovalPolicy;
  roles: readonly { readonly name: string; readonly displayName: string }[];
}

const AS_NUMBER = { inputMode: 'numeric', autoComplete: 'off' } as const;

/** What the operator chooses for a directory. */
export function PolicyForm({ fields, policy, roles }: PolicyFormProps) {
  const { ref, state, submit } = useFormAction(savePolicyAction);
  // What was saved is the page's own again.
  const values = state.ok ? undefined : state.values;
  const errors = state.fieldErrors ?? {};
  const isChecked = (name: string, stored: boolean) => (values ? values[name] === 'on' : stored);
  const isChosen = (name: string, value: string, stored: string) => (values?.[name] ?? stored) === value;
  return (
    <form ref={ref} action={submit} noValidate className="max-w-2xl space-y-8">
      <HiddenFields fields={fields} />
      <FormError>{state.ok ? undefined : state.message}</FormError>
      <fieldset>
        <legend className="mb-2 font-medium">When somebody is deactivated</legend>
        <div className="space-y-2.5">
          <Radio
            name="announce_as"
            value="delete"
            label="Tell the application that the user was deleted"
            hint="organization.directory.user_deleted, with the reason. Coming back is user_created under the same id."
            defaultChecked={isChosen('announce_as', 'delete', policy.announceAs)}
          />
          <Radio
            name="announce_as"
            value="update"
            label="Tell it that the user was updated"
            hint="organization.directory.user_updated with active: false. Only a deletion in the directory is a deletion."
            defaultChecked={isChosen('announce_as', 'update', policy.announceAs)}
          />
        </div>
      </fieldset>
      <fieldset className="space-y-4">
        <legend className="sr-only">Circuit breaker</legend>
        <Checkbox
          name="breaker"
          label="Hold mass removals"
          hint="When a directory removes more than both within an hour, whoever it removes from then on keeps their access until somebody decides."
          defaultChecked={isChecked('breaker', policy.isBreakerOn)}
        />
        <div className="grid gap-4 pl-6.5 sm:grid-cols-2">
          <TextField
            {...AS_NUMBER}
            label="More people than"
            name="breaker_people"
            defaultValue={values?.['breaker_people'] ?? String(policy.breakerPeople)}
            error={errors['breaker_people']}
          />
          <TextField
            {...AS_NUMBER}
            label="And more percent than"
            name="breaker_percent"
            defaultValue={values?.['breaker_percent'] ?? String(policy.breakerPercent)}
            error={errors['breaker_percent']}
          />
        </div>
      </fieldset>
      <div className="max-w-xs">
        <TextField
          {...AS_NUMBER}
          label="Grace period in hours"
          hint={`How long each removal waits and can be undone. 0 for none, ${POLICY_LIMITS.graceHours} at most.`}
          name="grace_hours"
          defaultValue={values?.['grace_hours'] ?? String(policy.graceHours)}
          error={errors['grace_hours']}
        />
      </div>
      <fieldset>
        <legend className="font-medium">Roles that somebody must always have</legend>
        <p className="mb-2 text-sm text-ink-soft">
          A removal that would take the last person out of one of these is held.
        </p>
        {roles.length === 0 ? (
          <p className="text-ink-soft">There are no roles yet.</p>
        ) : (
          <div className="grid gap-x-8 gap-y-2 sm:grid-cols-2">
            {roles.map((role) => (
              <Checkbox
                key={role.name}
                name={protectedFieldOf(role.name)}
                label={<span className="font-normal wrap-anywhere">{role.displayName}</span>}
                defaultChecked={isChecked(protectedFieldOf(role.name), policy.protectedRoles.includes(role.name))}
              />
            ))}
          </div>
        )}
      </fieldset>
      <fieldset>
        <legend className="mb-2 font-medium">When the organization has no seat left</legend>
        <div className="space-y-2.5">
          <Radio
            name="seat_overflow"
            value="refuse"
            label="Refuse the directory’s request"
            hint="Its admin sees why in the provider’s own log."
            defaultChecked={isChosen('seat_overflow', 'refuse', policy.seatOverflow)}
          />
          <Radio
            name="seat_overflow"
            value="hold"
            label="Take people in, and hold them back from the application"
            defaultChecked={isChosen('seat_overflow', 'hold', policy.seatOverflow)}
          />
        </div>
      </fieldset>
      <Checkbox
        name="can_admins_decide"
        label="The customer’s IT admins may decide, too"
        hint="They release and restore people in their portal. Without it they only see who is held."
        defaultChecked={isChecked('can_admins_decide', policy.canAdminsDecide)}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="primary">Save policy</Button>
        <DoneMessage>{state.ok && state.message}</DoneMessage>
      </div>
    </form>
  );
}
