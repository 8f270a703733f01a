import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import type { Actor, Context } from '@/lib/core/context';
import { processSetup } from '@/lib/core/data-folder.mjs';
import { findSignedIn } from '@/lib/domain/operator/queries';
import type { SignedIn } from '@/lib/domain/operator/types';
import { newRequestContext, readRequestPath } from '../request-context';
import { signInPath } from './callback-url';
import { readSessionId, sessionCookie } from './session-cookie';

/** Where an operator starts. */
export const OPERATOR_HOME = '/dashboard';
/** Where a customer's admin starts, and the only place they may be. */
export const CUSTOMER_ADMIN_HOME = '/settings';

/** Where someone who has just signed in belongs. */
export function homeOf({ account }: Pick<SignedIn, 'account'>): string {
  return account.kind === 'operator' ? OPERATOR_HOME : CUSTOMER_ADMIN_HOME;
}

/**
 * Who is signed in, or undefined. The database is asked on each request, so a revoked session ends at once; within one
 * rendering of a page it is asked once.
 */
export const currentSignedIn: () => Promise<SignedIn | undefined> = cache(async () => {
  const { name } = sessionCookie(processSetup().config.isPublicUrlSecure);
  const sessionId = await readSessionId((await cookies()).get(name)?.value);
  if (sessionId === undefined) return undefined;
  return findSignedIn(await newRequestContext({ kind: 'anonymous' }), sessionId);
});

async function requireSignedIn(): Promise<SignedIn> {
  return (await currentSignedIn()) ?? redirect(signInPath(await readRequestPath()));
}

/** The signed-in operator and a context that acts as them. Others are redirected: strangers to sign in, customers' admins to their settings. */
export async function requireOperator(): Promise<{ ctx: Context; signedIn: SignedIn }> {
  const signedIn = await requireSignedIn();
  const { id, email, kind } = signedIn.account;
  if (kind !== 'operator') redirect(CUSTOMER_ADMIN_HOME);
  return { ctx: await newRequestContext({ kind: 'operator', id, email }), signedIn };
}

/** The signed-in admin of a customer, and a context that acts as them. Strangers are redirected to sign in, operators to the dashboard. */
export async function requireCustomerAdmin(): Promise<{ ctx: Context; signedIn: SignedIn; organizationId: string }> {
  const signedIn = await requireSignedIn();
  const { id, email, kind, organizationId } = signedIn.account;
  if (kind !== 'customerAdmin' || organizationId === null) redirect(OPERATOR_HOME);
  const actor: Actor = { kind: 'customerAdmin', id, email, organizationId };
  return { ctx: await newRequestContext(actor), signedIn, organizationId };
}
