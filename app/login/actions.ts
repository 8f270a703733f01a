'use server';

import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { type FormState, runFormAction } from '@/lib/adapters/action';
import { isSameOrigin, publicOrigin } from '@/lib/adapters/request-context';
import { readCallbackUrl } from '@/lib/adapters/sign-in/callback-url';
import { type Destination, goTo } from '@/lib/adapters/sign-in/go-to';
import { homeOf } from '@/lib/adapters/sign-in/guard';
import { closeSession, openSession } from '@/lib/adapters/sign-in/session';
import { newId } from '@/lib/core/id';

/** Signs in with `email` and `password`, and goes to `callbackUrl` if that is on this site, else to where the person belongs. */
export async function signInAction(_: FormState<Destination>, form: FormData): Promise<FormState<Destination>> {
  return runFormAction(form, newId('request'), async () => {
    const signedIn = await openSession({
      email: String(form.get('email') ?? ''),
      password: String(form.get('password') ?? ''),
    });
    return goTo(readCallbackUrl(form.get('callbackUrl')) ?? homeOf(signedIn));
  });
}

/** Signs out and goes to the sign-in page: the action of a form with nothing but a button. */
export async function signOutAction(): Promise<void> {
  if (isSameOrigin(await headers(), publicOrigin())) await closeSession();
  redirect('/login');
}
