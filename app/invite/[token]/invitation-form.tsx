'use client';

import { useActionState, useState } from 'react';
import { useGoTo } from '@/app/login/use-go-to';
import { SetUpCard } from '@/components/sign-in/set-up-card';
import { acceptInvitationAction } from './actions';

/** Who was invited, and to what. */
export interface Invited {
  readonly email: string;
  readonly organizationName: string;
}

/** Makes the account of someone who was invited. */
export function InvitationForm({
  token,
  invited,
  passwordMinLength,
}: {
  token: string;
  /** Undefined once the invitation was accepted; the form then shows what it showed before, until the page is left. */
  invited: Invited | undefined;
  passwordMinLength: number;
}) {
  const [state, submit] = useActionState(acceptInvitationAction, {});
  const [shown] = useState(invited);
  useGoTo(state);
  return (
    <SetUpCard
      action={submit}
      title={`Join ${shown?.organizationName ?? ''}`}
      description="You were invited to manage how people of your organization get access. Choose a password to start."
      submitLabel="Create account"
      error={state.message}
      fieldErrors={state.fieldErrors}
      values={{ name: state.values?.['name'], email: shown?.email }}
      fields={{ token }}
      isEmailFixed
      passwordMinLength={passwordMinLength}
    />
  );
}
