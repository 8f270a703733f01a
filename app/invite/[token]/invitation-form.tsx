'use client';

import { useActionState } from 'react';
import { useGoTo } from '@/app/login/use-go-to';
import { SetUpCard } from '@/components/sign-in/set-up-card';
import { acceptInvitationAction } from './actions';

/** Makes the account of someone who was invited. */
export function InvitationForm({
  token,
  email,
  organizationName,
  passwordMinLength,
}: {
  token: string;
  email: string;
  organizationName: string;
  passwordMinLength: number;
}) {
  const [state, submit] = useActionState(acceptInvitationAction, {});
  useGoTo(state);
  return (
    <SetUpCard
      action={submit}
      title={`Join ${organizationName}`}
      description="You were invited to manage how people of your organization get access. Choose a password to start."
      submitLabel="Create account"
      error={state.message}
      fieldErrors={state.fieldErrors}
      values={{ name: state.values?.['name'], email }}
      fields={{ token }}
      isEmailFixed
      passwordMinLength={passwordMinLength}
    />
  );
}
