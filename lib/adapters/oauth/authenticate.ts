import type { Actor } from '@/lib/core/context';
import { newContext } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { findLiveCredential } from '@/lib/domain/credential/queries';
import { commonScopes } from '@/lib/domain/credential/types';
import { readAccessToken } from './access-token';

/** Far more than a token of ours has; a longer text is not looked into. */
const TOKEN_LENGTH_MAX = 4096;

/**
 * Makes the function that finds out who calls the management API, from the Authorization header (RFC 6750 §2.1). It throws
 * `unauthenticated` for a header or token that is missing, malformed, expired, of another issuer or audience, or whose
 * credential or secret is gone: never anything else, since only that makes the SDK fetch a new token.
 * @param issuer the public origin
 * @param now the clock
 */
export function createAuthenticate(
  issuer: string,
  now: () => Date = () => new Date(),
): (authorization: string | undefined) => Promise<Actor> {
  return async (authorization) => {
    if (!authorization) {
      throw new AppError('unauthenticated', 'This call needs an access token. Get one from /oauth/token.');
    }
    const token = /^bearer +([^\s]+) *$/i.exec(authorization)?.[1];
    const ctx = { ...newContext({ kind: 'anonymous' }), now };
    const claims =
      token === undefined || token.length > TOKEN_LENGTH_MAX ? undefined : await readAccessToken(ctx, token, issuer);
    const credential = claims && (await findLiveCredential(ctx, { id: claims.clientId, secretId: claims.secretId }));
    if (!claims || !credential) {
      throw new AppError(
        'unauthenticated',
        'The access token is not valid, has expired or was revoked. Get a new one from /oauth/token.',
      );
    }
    // What the credential lost since the token was signed, the token lost too.
    return { kind: 'apiClient', id: credential.id, scopes: commonScopes(credential.scopes, claims.scopes) };
  };
}
