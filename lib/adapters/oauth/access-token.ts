import { randomUUID } from 'node:crypto';
import {
  type CryptoKey,
  importJWK,
  type JWK,
  jwtVerify,
  type ProtectedHeaderParameters,
  decodeProtectedHeader,
  SignJWT,
} from 'jose';
import type { Context } from '@/lib/core/context';
import { getSigningKey, listPublicKeys } from '@/lib/domain/credential/queries';
import { ACCESS_TOKEN_SECONDS, API_AUDIENCE, type LiveCredential } from '@/lib/domain/credential/types';

/** How long a public key is believed to be listed still. */
const KEYS_MS = 2000;
/** Clocks of replicas may differ this much. */
const CLOCK_TOLERANCE_SECONDS = 5;

interface VerifyingKey {
  readonly key: CryptoKey;
  readonly algorithm: string;
}

/** What an access token of ours says. */
export interface AccessTokenClaims {
  readonly clientId: string;
  /** The secret that the token was had for. */
  readonly secretId: string;
  readonly scopes: readonly string[];
}

const signingKeys = new Map<string, CryptoKey>();
const verifyingKeys = new Map<string, VerifyingKey>();
let listedAtMs = Number.NEGATIVE_INFINITY;

/**
 * A new access token for `credential` with its scopes: a JWT that any client can check against `/keys`. The SDK reads `scopes`; `sid`
 * names the secret, so that revoking it ends the token.
 * @param issuer the public origin
 */
export async function signAccessToken(ctx: Context, credential: LiveCredential, issuer: string): Promise<string> {
  const { kid, algorithm, privateJwk } = await getSigningKey(ctx);
  let key = signingKeys.get(kid);
  if (!key) {
    key = (await importJWK(privateJwk as JWK, algorithm)) as CryptoKey;
    signingKeys.set(kid, key);
  }
  const nowSeconds = Math.floor(ctx.now().getTime() / 1000);
  return new SignJWT({ scopes: [...credential.scopes], sid: credential.secretId })
    .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT' })
    .setIssuer(issuer)
    .setSubject(credential.id)
    .setAudience(API_AUDIENCE)
    .setIssuedAt(nowSeconds)
    .setNotBefore(nowSeconds)
    .setExpirationTime(nowSeconds + ACCESS_TOKEN_SECONDS)
    .setJti(randomUUID())
    .sign(key);
}

/**
 * What `token` says, or undefined unless it is signed by a listed key, for this API, by `issuer`, and now is within its life.
 * Whether its credential still lives is not looked at.
 */
export async function readAccessToken(
  ctx: Context,
  token: string,
  issuer: string,
): Promise<AccessTokenClaims | undefined> {
  const header = readHeader(token);
  const known = header?.kid === undefined ? undefined : await findKey(ctx, header.kid);
  if (!known) return undefined;
  try {
    const { payload } = await jwtVerify(token, known.key, {
      algorithms: [known.algorithm],
      issuer,
      audience: API_AUDIENCE,
      currentDate: ctx.now(),
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['sub', 'exp'],
    });
    const { sub, sid, scopes } = payload;
    if (typeof sub !== 'string' || typeof sid !== 'string' || !Array.isArray(scopes)) return undefined;
    return { clientId: sub, secretId: sid, scopes: scopes.filter((scope) => typeof scope === 'string') };
  } catch {
    return undefined;
  }
}

function readHeader(token: string): ProtectedHeaderParameters | undefined {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return undefined;
  }
}

/** The listed public key with this id. One that is not known is looked for at once: another replica may just have begun to use it. */
async function findKey(ctx: Context, kid: string): Promise<VerifyingKey | undefined> {
  const nowMs = ctx.now().getTime();
  const isFresh = nowMs - listedAtMs < KEYS_MS && nowMs >= listedAtMs;
  if (isFresh && verifyingKeys.has(kid)) return verifyingKeys.get(kid);
  const listed = new Map<string, VerifyingKey>();
  for (const jwk of (await listPublicKeys(ctx)) as JWK[]) {
    if (jwk.kid === undefined || jwk.alg === undefined) continue;
    const imported = verifyingKeys.get(jwk.kid) ?? {
      key: (await importJWK(jwk, jwk.alg)) as CryptoKey,
      algorithm: jwk.alg,
    };
    listed.set(jwk.kid, imported);
  }
  verifyingKeys.clear();
  for (const [id, key] of listed) verifyingKeys.set(id, key);
  listedAtMs = nowMs;
  return verifyingKeys.get(kid);
}
