import type { AuthOptions, Session } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { processSetup } from '@/lib/core/data-folder.mjs';
import { AppError } from '@/lib/core/error';
import { signOut } from '@/lib/domain/operator/commands';
import { findSignedIn } from '@/lib/domain/operator/queries';
import { ACCOUNT_SESSION_SECONDS } from '@/lib/domain/operator/types';
import { newRequestContext } from '../request-context';
import { readCallbackUrl } from './callback-url';
import { checkPassword } from './check-password';
import { LOCKED } from './error-codes';
import { sessionCookie } from './session-cookie';

async function authorize(credentials: Record<'email' | 'password', string> | undefined, userAgent: string | undefined) {
  if (!credentials?.email || !credentials.password) return null;
  try {
    const ctx = await newRequestContext({ kind: 'anonymous' });
    const { email, password } = credentials;
    const { sessionId } = await checkPassword(ctx, { email, password, userAgent });
    return { id: sessionId };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'resource_exhausted') throw new Error(LOCKED, { cause: error });
    return null;
  }
}

/** The session as next-auth's own clients see it: empty when it was revoked, whatever the cookie says. */
async function describeSession(sessionId: unknown): Promise<Session> {
  const ctx = await newRequestContext({ kind: 'anonymous' });
  const found = typeof sessionId === 'string' ? await findSignedIn(ctx, sessionId) : undefined;
  if (!found) return {} as Session;
  const { name, email } = found.account;
  return { user: { name, email }, expires: found.expiresAt.toISOString() };
}

/**
 * How next-auth signs people in. Its token carries the id of our session and nothing else: who that is and whether it still
 * stands is asked of the database each time. Made per request, because the public address is known only after boot.
 */
export function authOptions(): AuthOptions {
  const { publicOrigin, isPublicUrlSecure } = processSetup().config;
  return {
    secret: process.env['NEXTAUTH_SECRET'],
    useSecureCookies: isPublicUrlSecure,
    session: { strategy: 'jwt', maxAge: ACCOUNT_SESSION_SECONDS },
    cookies: { sessionToken: sessionCookie(isPublicUrlSecure) },
    pages: { signIn: '/login', error: '/login', signOut: '/login' },
    providers: [
      CredentialsProvider({
        name: 'Email and password',
        credentials: {
          email: { label: 'Email address', type: 'email' },
          password: { label: 'Password', type: 'password' },
        },
        authorize: (credentials, request) => {
          const userAgent: unknown = request.headers?.['user-agent'];
          return authorize(credentials, typeof userAgent === 'string' ? userAgent : undefined);
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => ({ sid: user ? user.id : token['sid'] }),
      session: ({ token }) => describeSession(token['sid']),
      redirect: ({ url }) => {
        const path = url.startsWith(`${publicOrigin}/`) ? url.slice(publicOrigin.length) : url;
        return publicOrigin + (readCallbackUrl(path) ?? '/');
      },
    },
    events: {
      signOut: async ({ token }) => {
        const sessionId = token?.['sid'];
        if (typeof sessionId !== 'string') return;
        await signOut(await newRequestContext({ kind: 'anonymous' }), { sessionId });
      },
    },
  };
}
