import { and, eq, isNull, sql } from 'drizzle-orm';
import { exportJWK, generateKeyPair } from 'jose';
import { actorName, type Context, requireManager } from '@/lib/core/context';
import { AppError, invalidField, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { hashSecret, newSecret, seal } from '@/lib/core/seal';
import { brokenUniqueConstraint } from '@/lib/db/fault';
import { database, type Tx } from '@/lib/db/handle';
import { forgetCredentials } from '@/lib/db/short-cache';
import { apiClient, apiClientSecret, signingKey } from '@/lib/db/tables/installation';
import { getCredential } from './queries';
import { INTERNAL_SECRET_PURPOSE, SIGNING_KEY_PURPOSE } from './sealing';
import { type NewCredential, SCOPES } from './types';

const MAX_NAME_LENGTH = 100;
const MAX_LIVE_SECRETS = 5;
const SUFFIX_LENGTH = 4;
const SIGNING_ALGORITHM = 'EdDSA';

async function insertSecret(ctx: Context, tx: Tx, clientId: string, plainSecret: string): Promise<void> {
  await tx.orm.insert(apiClientSecret).values({
    id: newId('secret'),
    clientId,
    secretHash: hashSecret(plainSecret),
    suffix: plainSecret.slice(-SUFFIX_LENGTH),
    createdBy: actorName(ctx.actor),
    createdAt: ctx.now(),
  });
}

/** Makes an API credential with one secret. @throws invalid_argument */
export async function createCredential(ctx: Context, input: { name: string }): Promise<NewCredential> {
  requireManager(ctx);
  const name = input.name.trim();
  if (name === '' || name.length > MAX_NAME_LENGTH || name.includes('\u0000')) {
    throw invalidField('name', `Give the credential a name of 1 to ${MAX_NAME_LENGTH} characters.`);
  }
  return insertCredential(ctx, { id: newId('credential'), name, plainSecret: newSecret() });
}

/**
 * Makes the first API credential from values that were given at set-up, exactly as given. Does nothing if the id is known.
 */
export async function ensureGivenCredential(ctx: Context, input: { id: string; secret: string }): Promise<void> {
  requireManager(ctx);
  const [known] = await database().orm.select().from(apiClient).where(eq(apiClient.id, input.id));
  if (known) return;
  await insertCredential(ctx, { id: input.id, name: 'Given at set-up', plainSecret: input.secret }).catch(
    (error: unknown) => {
      // Another replica, started at the same moment, made it.
      if (brokenUniqueConstraint(error) === undefined) throw error;
    },
  );
}

async function insertCredential(
  ctx: Context,
  input: { id: string; name: string; plainSecret: string },
): Promise<NewCredential> {
  await database().begin(async (tx) => {
    await tx.orm.insert(apiClient).values({
      id: input.id,
      name: input.name,
      scopes: [...SCOPES],
      createdBy: actorName(ctx.actor),
      createdAt: ctx.now(),
    });
    await insertSecret(ctx, tx, input.id, input.plainSecret);
  });
  return { credential: await getCredential(ctx, input.id), plainSecret: input.plainSecret };
}

/** Adds a secret to a credential; the others go on working. @throws not_found; failed_precondition with five live ones */
export async function addCredentialSecret(ctx: Context, input: { id: string }): Promise<NewCredential> {
  const credential = await getCredential(ctx, input.id);
  if (credential.secrets.filter((secret) => secret.isLive).length >= MAX_LIVE_SECRETS) {
    throw new AppError('failed_precondition', 'Five secrets are in use already. Revoke one before you make another.');
  }
  const plainSecret = newSecret();
  await database().begin((tx) => insertSecret(ctx, tx, input.id, plainSecret));
  return { credential: await getCredential(ctx, input.id), plainSecret };
}

/** Revokes a secret: calls that it signed for are refused at once. Revoking twice is the same as once. @throws not_found */
export async function revokeCredentialSecret(ctx: Context, input: { id: string; secretId: string }): Promise<void> {
  await getCredential(ctx, input.id);
  const [row] = await database()
    .orm.update(apiClientSecret)
    .set({ revokedAt: sql`coalesce(${apiClientSecret.revokedAt}, ${ctx.now().toISOString()}::timestamptz)` })
    .where(and(eq(apiClientSecret.id, input.secretId), eq(apiClientSecret.clientId, input.id)))
    .returning();
  if (!row) throw notFound('secret', input.secretId);
  await forgetCredentials();
}

/** Deletes a credential with all its secrets: its calls are refused at once. @throws not_found */
export async function deleteCredential(ctx: Context, input: { id: string }): Promise<void> {
  await getCredential(ctx, input.id);
  await database().orm.delete(apiClient).where(eq(apiClient.id, input.id));
  await forgetCredentials();
}

/** Makes the credential that `/settings` uses, if there is none: sealed, never listed. */
export async function ensureInternalCredential(ctx: Context): Promise<void> {
  requireManager(ctx);
  await database().begin(async (tx) => {
    // One replica at a time: the credential must be one.
    await tx.sql.rows('select pg_advisory_xact_lock(724412)');
    const [known] = await tx.orm.select().from(apiClient).where(eq(apiClient.isInternal, true));
    if (known) return;
    const id = newId('credential');
    const plainSecret = newSecret();
    await tx.orm.insert(apiClient).values({
      id,
      name: 'Internal',
      scopes: [...SCOPES],
      isInternal: true,
      sealedSecret: seal(INTERNAL_SECRET_PURPOSE, plainSecret),
      createdBy: actorName(ctx.actor),
      createdAt: ctx.now(),
    });
    await insertSecret(ctx, tx, id, plainSecret);
  });
}

/** Makes the first key that signs access tokens, if there is none. */
export async function ensureSigningKey(ctx: Context): Promise<void> {
  requireManager(ctx);
  const { privateKey, publicKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const id = newId('signingKey');
  const publicJwk = { ...(await exportJWK(publicKey)), kid: id, alg: SIGNING_ALGORITHM, use: 'sig' };
  const sealedPrivateJwk = seal(SIGNING_KEY_PURPOSE, JSON.stringify(await exportJWK(privateKey)));
  await database().begin(async (tx) => {
    await tx.sql.rows('select pg_advisory_xact_lock(724413)');
    const [known] = await tx.orm.select().from(signingKey).where(isNull(signingKey.retiredAt)).limit(1);
    if (known) return;
    const now = ctx.now();
    await tx.orm.insert(signingKey).values({
      id,
      algorithm: SIGNING_ALGORITHM,
      publicJwk,
      sealedPrivateJwk,
      createdAt: now,
      signsFrom: now,
    });
  });
}
