import { and, desc, eq, gt, isNull, lte, or } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { AppError, notFound } from '@/lib/core/error';
import { hashSecret, unseal } from '@/lib/core/seal';
import { database } from '@/lib/db/handle';
import { remember } from '@/lib/db/short-cache';
import { apiClient, apiClientSecret, signingKey } from '@/lib/db/tables/installation';
import { fromRows } from './row';
import { INTERNAL_SECRET_PURPOSE, SIGNING_KEY_PURPOSE } from './sealing';
import { describeKeys } from './signing-key';
import type { Credential, LiveCredential, PublicJwk, SigningKey } from './types';

/** How exact the time of last use is: a write for each call would cost more than it tells. */
const LAST_USE_MS = 60_000;

/** The API credentials, oldest first; the internal one is not among them. */
export async function listCredentials(ctx: Context): Promise<Credential[]> {
  requireManager(ctx);
  const { orm } = database();
  const [clients, secrets] = await Promise.all([
    orm.select().from(apiClient).where(eq(apiClient.isInternal, false)).orderBy(apiClient.createdAt, apiClient.id),
    orm.select().from(apiClientSecret),
  ]);
  return clients.map((row) => fromRows(row, secrets, ctx.now()));
}

/** One API credential. @throws not_found, also for the internal one */
export async function getCredential(ctx: Context, id: string): Promise<Credential> {
  requireManager(ctx);
  const { orm } = database();
  const [row] = await orm
    .select()
    .from(apiClient)
    .where(and(eq(apiClient.id, id), eq(apiClient.isInternal, false)));
  if (!row) throw notFound('credential', id);
  const secrets = await orm.select().from(apiClientSecret).where(eq(apiClientSecret.clientId, id));
  return fromRows(row, secrets, ctx.now());
}

/** The live credential with this id and secret, or undefined. Marks the secret as used. */
export async function authenticateCredential(
  ctx: Context,
  input: { id: string; secret: string },
): Promise<LiveCredential | undefined> {
  const now = ctx.now();
  const [row] = await database()
    .orm.update(apiClientSecret)
    .set({ lastUsedAt: now })
    .where(
      and(
        eq(apiClientSecret.clientId, input.id),
        eq(apiClientSecret.secretHash, hashSecret(input.secret)),
        isNull(apiClientSecret.revokedAt),
        or(isNull(apiClientSecret.expiresAt), gt(apiClientSecret.expiresAt, now)),
      ),
    )
    .returning();
  return row && findLiveCredential(ctx, { id: input.id, secretId: row.id });
}

/**
 * The credential that a token names, if it and the secret that the token was had for still live. Cached at most 2 s. Marks the secret as
 * used, to the minute.
 */
export async function findLiveCredential(
  ctx: Context,
  input: { id: string; secretId: string },
): Promise<LiveCredential | undefined> {
  const now = ctx.now();
  return remember<LiveCredential>(`credential:${input.id}:${input.secretId}`, now.getTime(), async () => {
    const [row] = await database()
      .orm.select({ scopes: apiClient.scopes, lastUsedAt: apiClientSecret.lastUsedAt })
      .from(apiClientSecret)
      .innerJoin(apiClient, eq(apiClient.id, apiClientSecret.clientId))
      .where(
        and(
          eq(apiClientSecret.id, input.secretId),
          eq(apiClient.id, input.id),
          isNull(apiClientSecret.revokedAt),
          or(isNull(apiClientSecret.expiresAt), gt(apiClientSecret.expiresAt, now)),
        ),
      );
    if (!row) return undefined;
    if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() >= LAST_USE_MS) {
      await database()
        .orm.update(apiClientSecret)
        .set({ lastUsedAt: now })
        .where(eq(apiClientSecret.id, input.secretId));
    }
    return { id: input.id, scopes: row.scopes, secretId: input.secretId };
  });
}

/** The id and secret that `/settings` uses to call this service. @throws unavailable before boot has made them */
export async function getInternalCredential(ctx: Context): Promise<{ clientId: string; clientSecret: string }> {
  if (ctx.actor.kind !== 'system') throw new AppError('permission_denied', 'Only the service itself may read this.');
  const [row] = await database().orm.select().from(apiClient).where(eq(apiClient.isInternal, true));
  if (!row?.sealedSecret) throw new AppError('unavailable', 'The service is still starting. Try again in a moment.');
  return { clientId: row.id, clientSecret: unseal(INTERNAL_SECRET_PURPOSE, row.sealedSecret) };
}

/** Public keys that a client may need: those that sign, and those that will. Anyone may ask. */
export async function listPublicKeys(ctx: Context): Promise<PublicJwk[]> {
  const rows = await database()
    .orm.select({ publicJwk: signingKey.publicJwk })
    .from(signingKey)
    .where(or(isNull(signingKey.retiredAt), gt(signingKey.retiredAt, ctx.now())))
    .orderBy(signingKey.createdAt);
  return rows.map((row) => row.publicJwk);
}

/** The key that signs now: the newest whose time has come. @throws unavailable before boot has made one */
export async function getSigningKey(
  ctx: Context,
): Promise<{ kid: string; algorithm: string; privateJwk: Record<string, unknown> }> {
  const now = ctx.now();
  const [row] = await database()
    .orm.select()
    .from(signingKey)
    .where(and(lte(signingKey.signsFrom, now), or(isNull(signingKey.retiredAt), gt(signingKey.retiredAt, now))))
    .orderBy(desc(signingKey.signsFrom))
    .limit(1);
  if (!row) throw new AppError('unavailable', 'The service is still starting. Try again in a moment.');
  const privateJwk = JSON.parse(unseal(SIGNING_KEY_PURPOSE, row.sealedPrivateJwk)) as Record<string, unknown>;
  return { kid: row.id, algorithm: row.algorithm, privateJwk };
}

/** The keys that sign access tokens, did lately, or will, in the order in which they sign. */
export async function listSigningKeys(ctx: Context): Promise<SigningKey[]> {
  requireManager(ctx);
  const now = ctx.now();
  const rows = await database()
    .orm.select()
    .from(signingKey)
    .where(or(isNull(signingKey.retiredAt), gt(signingKey.retiredAt, now)));
  return describeKeys(rows, now);
}
