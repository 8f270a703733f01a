'use server';

import { type FormState, runFormAction } from '@/lib/adapters/action';
import { newRequestContext } from '@/lib/adapters/request-context';
import { type Destination, goTo } from '@/lib/adapters/sign-in/go-to';
import { homeOf } from '@/lib/adapters/sign-in/guard';
import { readNewPassword } from '@/lib/adapters/sign-in/new-password';
import { openSession } from '@/lib/adapters/sign-in/session';
import { newId } from '@/lib/core/id';
import { createFirstOperator } from '@/lib/domain/operator/commands';

/** Makes the first operator from `name`, `email` and a password, spends `token`, and signs them in. */
export async function setUpAction(_: FormState<Destination>, form: FormData): Promise<FormState<Destination>> {
  return runFormAction(form, newId('request'), async () => {
    const password = readNewPassword(form);
    const account = await createFirstOperator(await newRequestContext({ kind: 'anonymous' }), {
      token: String(form.get('token') ?? ''),
      email: String(form.get('email') ?? ''),
      name: String(form.get('name') ?? ''),
      password,
    });
    return goTo(homeOf(await openSession({ email: account.email, password })));
  });
}
