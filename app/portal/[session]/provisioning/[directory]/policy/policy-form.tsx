'use client';

import type { RemovalPolicy } from '@/lib/domain/deprovisioning/types';
import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/choice';
import { TextField } from '@/components/ui/field';
import { FormError } from '@/components/ui/notice';
import { DoneMessage } from '@/components/ui/toast';
import { protectedFieldOf } from './admin-values';
import type { PolicyState } from './actions';

const AS_NUMBER = { inputMode: 'numeric', autoComplete: 'off', size: 'large' } as const;

/** What an IT admin makes stricter. What the application's operator requires cannot be made weaker. */
export function AdminPolicyForm({
  action,
  effective,
  operator,
  roles,
}: {
  action: (state: PolicyState, form: FormData) => Promise<PolicyState>;
  effective: RemovalPolicy;
  operator: RemovalPolicy;
  roles: readonly { readonly name: string; readonly displayName: string }[];
}) {
  const [state, submit] = useActionState(action, {});
  return (
    <form action={submit} className="space-y-6">
      <FormError>{state.error}</FormError>
      {operator.isBreakerOn ? (
        <input type="hidden" name="breaker" value="on" />
      ) : (
        <Checkbox
          name="breaker"
          label="Hold mass removals"
          hint="When more than both are removed within an hour, everyone else keeps their access until somebody decides."
          defaultChecked={effective.isBreakerOn}
        />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          {...AS_NUMBER}
          label="More people than"
          hint={operator.isBreakerOn ? `At most ${operator.breakerPeople}.` : undefined}
          name="breaker_people"
          defaultValue={String(effective.breakerPeople)}
        />
        <TextField
          {...AS_NUMBER}
          label="And more percent than"
          hint={operator.isBreakerOn ? `At most ${operator.breakerPercent}.` : undefined}
          name="breaker_percent"
          defaultValue={String(effective.breakerPercent)}
        />
      </div>
      <div className="max-w-xs">
        <TextField
          {...AS_NUMBER}
          label="Grace period in hours"
          hint={
            operator.graceHours > 0
              ? `How long each removal waits and can be undone: ${operator.graceHours} at least.`
              : 'How long each removal waits and can be undone. 0 for none.'
          }
          name="grace_hours"
          defaultValue={String(effective.graceHours)}
        />
      </div>
      {roles.length > 0 && (
        <fieldset>
          <legend className="font-medium">Roles that somebody must always have</legend>
          <p className="mb-2 text-sm text-ink-soft">
            A removal that would take the last person out of one of these is held.
          </p>
          <div className="grid gap-x-8 gap-y-2 sm:grid-cols-2">
            {roles.map((role) => {
              const isRequired = operator.protectedRoles.includes(role.name);
              return (
                <div key={role.name}>
                  {isRequired && <input type="hidden" name={protectedFieldOf(role.name)} value="on" />}
                  <Checkbox
                    name={protectedFieldOf(role.name)}
                    label={<span className="font-normal wrap-anywhere">{role.displayName}</span>}
                    hint={isRequired ? 'Required by the application.' : undefined}
                    defaultChecked={effective.protectedRoles.includes(role.name)}
                    disabled={isRequired}
                  />
                </div>
              );
            })}
          </div>
        </fieldset>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="primary" size="large">
          Save
        </Button>
        <DoneMessage>{state.done}</DoneMessage>
      </div>
    </form>
  );
}
