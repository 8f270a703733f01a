import { decode, encode } from 'next-auth/jwt';
import { ACCOUNT_SESSION_SECONDS } from '@/lib/domain/operator/types';
import { PLAIN_COOKIE_NAME, SECURE_COOKIE_NAME } from './cookie-name';

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
  const name = isSecure ? SECURE_COOKIE_NAME : PLAIN_COOKIE_NAME;
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
