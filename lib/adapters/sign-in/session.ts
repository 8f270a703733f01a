import { cookies, headers } from 'next/headers';
import { processSetup } from '@/lib/core/data-folder.mjs';
import { signOut } from '@/lib/domain/operator/commands';
import type { SignedIn } from '@/lib/domain/operator/types';
import { newRequestContext } from '../request-context';
import { checkPassword } from './check-password';
import { readSessionId, sealSessionId, sessionCookie } from './session-cookie';

async function endCurrentSession(): Promise<void> {
  const { name } = sessionCookie(processSetup().config.isPublicUrlSecure);
  const sessionId = await readSessionId((await cookies()).get(name)?.value);
  if (sessionId !== undefined) await signOut(await newRequestContext({ kind: 'anonymous' }), { sessionId });
}

/**
 * Signs in the browser that sent the form, and ends the session that it had before. For actions and handlers only.
 * @throws unauthenticated; resource_exhausted, whose message says how long to wait
 */
export async function openSession(input: { email: string; password: string }): Promise<SignedIn> {
  const userAgent = (await headers()).get('user-agent') ?? undefined;
  const signedIn = await checkPassword(await newRequestContext({ kind: 'anonymous' }), { ...input, userAgent });
  await endCurrentSession();
  const { name, options } = sessionCookie(processSetup().config.isPublicUrlSecure);
  const store = await cookies();
  store.set(name, await sealSessionId(signedIn.sessionId), { ...options, expires: signedIn.expiresAt });
  return signedIn;
}

/** Ends the session of the browser that sent the form: a copy of its cookie is worthless from now on. For actions and handlers only. */
export async function closeSession(): Promise<void> {
  await endCurrentSession();
  const { name, options } = sessionCookie(processSetup().config.isPublicUrlSecure);
  const store = await cookies();
  store.set(name, '', { ...options, maxAge: 0 });
}
