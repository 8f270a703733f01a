import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { readCallbackUrl } from '@/lib/adapters/sign-in/callback-url';
import { LOCKED, REFUSED } from '@/lib/adapters/sign-in/error-codes';
import { isCallOfScript } from '@/lib/adapters/sign-in/go-to';
import { currentSignedIn, homeOf } from '@/lib/adapters/sign-in/guard';
import { hasOperator } from '@/lib/domain/operator/queries';
import { LoginForm } from './login-form';

export const metadata: Metadata = { title: 'Sign in · Gatehouse' };

/** Words for the errors that next-auth puts into the address. */
function describeError(code: unknown): string | undefined {
  if (code === undefined) return undefined;
  if (code === REFUSED) return 'This address and password do not match.';
  if (code === LOCKED) return 'Too many wrong passwords. Try again in 15 minutes.';
  return 'Signing in did not work. Try again.';
}

/** Where operators and customers' admins sign in. */
export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const query = await searchParams;
  const callbackUrl = readCallbackUrl(query['callbackUrl']);
  const signedIn = await currentSignedIn();
  if (signedIn && !(await isCallOfScript())) redirect(callbackUrl ?? homeOf(signedIn));
  const footer = (await hasOperator())
    ? 'Forgot your password? Ask whoever gave you access.'
    : 'There is no operator yet. Open the set-up address that the server printed when it started.';
  return <LoginForm callbackUrl={callbackUrl} error={describeError(query['error'])} footer={footer} />;
}
