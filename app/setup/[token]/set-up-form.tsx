'use client';

import { useActionState } from 'react';
import { useGoTo } from '@/app/login/use-go-to';
import { SetUpCard } from '@/components/sign-in/set-up-card';
import { setUpAction } from './actions';

/** Makes the first operator. */
export function SetUpForm({ token, passwordMinLength }: { token: string; passwordMinLength: number }) {
  const [state, submit] = useActionState(setUpAction, {});
  useGoTo(state);
  return (
    <SetUpCard
      action={submit}
      error={state.message}
      fieldErrors={state.fieldErrors}
      values={state.values}
      description="Create the first operator. This address works once."
      fields={{ token }}
      passwordMinLength={passwordMinLength}
    />
  );
}
