'use client';

import { type ReactNode, useActionState } from 'react';
import { SignInCard } from '@/components/sign-in/sign-in-card';
import { signInAction } from './actions';
import { useGoTo } from './use-go-to';

/** Sign-in, with what went wrong last time. */
export function LoginForm({
  callbackUrl,
  error,
  footer,
}: {
  callbackUrl?: string;
  /** What went wrong before the page was shown. */
  error?: string;
  footer?: ReactNode;
}) {
  const [state, submit] = useActionState(signInAction, {});
  useGoTo(state);
  return (
    <SignInCard
      action={submit}
      error={state.message ?? (state.ok ? undefined : error)}
      email={state.values?.['email']}
      fields={callbackUrl === undefined ? {} : { callbackUrl }}
      footer={footer}
    />
  );
}
