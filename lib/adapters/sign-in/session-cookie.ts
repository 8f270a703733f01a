import { decode, encode } from 'next-auth/jwt';
import { ACCOUNT_SESSION_SECONDS } from '@/lib/domain/operator/types';

/** Browsers accept the prefix over https only, and then only for this host and the whole of it. */
const SECURE_PREFIX = '__Host-';
const PLAIN_NAME = 'gatehouse.session';

/** Every name that the cookie may have, for whoever only asks whether there is one. */
export const SESSION_COOKIE_NAMES = [`${SECURE_PREFIX}${PLAIN_NAME}`, PLAIN_NAME] as const;

/** The name and attributes of the sign-in cookie. */
export interface SessionCookie {
  readonly name: string;
  readonly options: {
    readonly httpOnly: true;
    readonly sameSite: 'lax';
    readonly path: '/';
    readonly secure: boolean;
  };
}

/** The cookie that a sign-in is kept in. @param isSecure whether the public address is https */
export function sessionCookie(isSecure: boolean): SessionCookie {
  const name = isSecure ? SESSION_COOKIE_NAMES[0] : SESSION_COOKIE_NAMES[1];
  return { name, options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure } };
}

function secret(): string {
  const value = process.env['NEXTAUTH_SECRET'];
  if (!value) throw new Error('NEXTAUTH_SECRET is not set: prepareProcess() comes first.');
  return value;
}

/** The cookie's value for a session: an encrypted token that carries the session's id and nothing else. */
export function sealSessionId(sessionId: string): Promise<string> {
  return encode({ token: { sid: sessionId }, secret: secret(), maxAge: ACCOUNT_SESSION_SECONDS });
}

/** The session's id in a cookie's value, or undefined for one that is not ours, was altered or has lapsed. */
export async function readSessionId(value: string | undefined): Promise<string | undefined> {
  if (!value) return undefined;
  try {
    const token = await decode({ token: value, secret: secret() });
    return typeof token?.['sid'] === 'string' ? token['sid'] : undefined;
  } catch {
    return undefined;
  }
}
