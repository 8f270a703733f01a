import { SetUpCard } from '@/components/sign-in/set-up-card';
import { SignInCard } from '@/components/sign-in/sign-in-card';
import { succeedSlowly } from './actions';

/** Sign-in after a failed try. */
export function SignInSample() {
  return (
    <SignInCard
      action={succeedSlowly}
      email="dana@operator.example"
      error="Email address or password is wrong. After 5 failed tries, signing in pauses for 15 minutes."
      footer="Forgot your password? Ask another operator to reset it."
    />
  );
}

/** Set-up with a field to correct. */
export function SetUpSample() {
  return (
    <SetUpCard
      action={succeedSlowly}
      values={{ name: 'Dana Okafor', email: 'dana@operator.example' }}
      fieldErrors={{ password: 'This password is among the most common ones. Choose another.' }}
    />
  );
}
