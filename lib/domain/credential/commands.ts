import { and, eq, gt, isNull, lte, sql } from 'drizzle-orm';
import { actorName, type Context, requireManager } from '@/lib/core/context';
import { AppError, invalidField, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { hashSecret, newSecret, seal, unseal } from '@/lib/core/seal';
import { brokenUniqueConstraint } from '@/lib/db/fault';
import { database, type Tx } from '@/lib/db/handle';
import { forgetCredentials } from '@/lib/db/short-cache';
import { apiClient, apiClientSecret, signingKey } from '@/lib/db/tables/installation';
import { getCredential } from './queries';
import { secretFromRow } from './row';
import { readName, readScopes, requireFuture, requireHeld } from './rules';
import { INTERNAL_SECRET_PURPOSE, SIGNING_KEY_PURPOSE } from './sealing';
import { type KeyPair, newKeyPair } from './signing-key';
import { type Credential, CREDENTIAL_LIMITS, type NewCredential, SIGNING_KEYS } from './types';

const SUFFIX_LENGTH = 4;
/** Names of the locks that keep replicas from doing the same at once. */
const INTERNAL_CREDENTIAL_LOCK = 724_412;
const SIGNING_KEY_LOCK = 724_413;

/** A secret of a credential. */
interface SecretRef {
  readonly id: string;
  readonly secretId: string;
}

async function insertSecret(
  ctx: Context,
  tx: Tx,
  input: { clientId: string; plainSecret: string; expiresAt?: Date },
): Promise<string> {
  const id = newId('secret');
  await tx.orm.insert(apiClientSecret).values({
    id,
    clientId: input.clientId,
    secretHash: hashSecret(input.plainSecret),
    suffix: input.plainSecret.slice(-SUFFIX_LENGTH),
    createdBy: actorName(ctx.actor),
    createdAt: ctx.now(),
    expiresAt: input.expiresAt,
  });
  return id;
}

/**
 * Makes an API credential with one secret, which lives until `expiresAt` if that is given. Without scopes it may do everything.
 * @throws invalid_argument; permission_denied for an API credential that gives a scope that it does not hold
 */
export async function createCredential(
  ctx: Context,
  input: { name: string; scopes?: readonly string[]; expiresAt?: Date },
): Promise<NewCredential> {
  requireManager(ctx);
  const name = readName(input.name);
  const scopes = readScopes(input.scopes ?? ['admin']);
  requireHeld(ctx, scopes);
  requireFuture(ctx, input.expiresAt);
  const { expiresAt } = input;
  return insertCredential(ctx, { id: newId('credential'), name, scopes, plainSecret: newSecret(), expiresAt });
}

/** Changes the name or the scopes of a credential; its access tokens lose at once what it loses. @throws as createCredential; not_found */
export async function updateCredential(
  ctx: Context,
  input: { id: string; name?: string; scopes?: readonly string[] },
): Promise<Credential> {
  const credential = await requireOwn(ctx, input.id);
  const scopes = input.scopes && readScopes(input.scopes);
  requireHeld(ctx, scopes ?? []);
  // Only what is given: a new name must not bring back scopes that are being taken away.
  const changes = {
    ...(input.name !== undefined && { name: readName(input.name) }),
    ...(scopes && { scopes: [...scopes] }),
  };
  if (Object.keys(changes).length === 0) return credential;
  await database().orm.update(apiClient).set(changes).where(eq(apiClient.id, input.id));
  await forgetCredentials();
  return getCredential(ctx, input.id);
}

/**
 * Makes the first API credential from values that were given at set-up, exactly as given. Does nothing if the id is known.
 */
export async function ensureGivenCredential(ctx: Context, input: { id: string; secret: string }): Promise<void> {
  requireManager(ctx);
  const [known] = await database().orm.select().from(apiClient).where(eq(apiClient.id, input.id));
  if (known) return;
  const given = { id: input.id, name: 'Given at set-up', scopes: ['admin'], plainSecret: input.secret };
  await insertCredential(ctx, given).catch((error: unknown) => {
    // Another replica, started at the same moment, made it.
    if (brokenUniqueConstraint(error) === undefined) throw error;
  });
}

async function insertCredential(
  ctx: Context,
  input: { id: string; name: string; scopes: readonly string[]; plainSecret: string; expiresAt?: Date },
): Promise<NewCredential> {
  const { id, name, plainSecret, expiresAt } = input;
  const secretId = await database().begin(async (tx) => {
    await tx.orm.insert(apiClient).values({
      id,
      name,
      scopes: [...input.scopes],
      createdBy: actorName(ctx.actor),
      createdAt: ctx.now(),
    });
    return insertSecret(ctx, tx, { clientId: id, plainSecret, expiresAt });
  });
  return { credential: await getCredential(ctx, id), secretId, plainSecret };
}

/** The credential, if the actor may change it: an API credential only one that can do no more than itself. */
async function requireOwn(ctx: Context, id: string): Promise<Credential> {
  const credential = await getCredential(ctx, id);
  requireHeld(ctx, credential.scopes);
  return credential;
}

/**
 * Adds a secret to a credential; the others go on working.
 * @throws not_found; invalid_argument; failed_precondition (`TOO_MANY_SECRETS`) with five live ones
 */
export async function addCredentialSecret(
  ctx: Context,
  input: { id: string; expiresAt?: Date },
): Promise<NewCredential> {
  await requireOwn(ctx, input.id);
  requireFuture(ctx, input.expiresAt);
  const plainSecret = newSecret();
  const secretId = await database().begin(async (tx) => {
    await requireRoom(ctx, tx, input.id);
    return insertSecret(ctx, tx, { clientId: input.id, plainSecret, expiresAt: input.expiresAt });
  });
  return { credential: await getCredential(ctx, input.id), secretId, plainSecret };
}

/**
 * Replaces a live secret by a new one. The old one works for `overlapSeconds` more, so that a deployment can be moved over, or ends when
 * it would have ended anyway.
 * @throws not_found; invalid_argument; failed_precondition for a secret that is not live, or (`TOO_MANY_SECRETS`) with five others
 */
export async function rotateCredentialSecret(
  ctx: Context,
  input: SecretRef & { overlapSeconds: number },
): Promise<NewCredential> {
  await requireOwn(ctx, input.id);
  const { overlapSeconds } = input;
  if (!(overlapSeconds >= 0 && overlapSeconds <= CREDENTIAL_LIMITS.overlapSecondsMax)) {
    throw invalidField('overlap_seconds', 'The old secret may go on working for up to 30 days.');
  }
  const now = ctx.now();
  const endsAt = new Date(now.getTime() + overlapSeconds * 1000);
  const plainSecret = newSecret();
  const secretId = await database().begin(async (tx) => {
    await lockCredential(tx, input.id);
    const [old] = await tx.orm.select().from(apiClientSecret).where(isSecret(input));
    if (!old) throw notFound('secret', input.secretId);
    if (!secretFromRow(old, now).isLive) {
      throw new AppError('failed_precondition', 'This secret does not work any more. Add a new one instead.');
    }
    const expiresAt = old.expiresAt && old.expiresAt < endsAt ? old.expiresAt : endsAt;
    await tx.orm.update(apiClientSecret).set({ expiresAt }).where(isSecret(input));
    await requireRoom(ctx, tx, input.id);
    return insertSecret(ctx, tx, { clientId: input.id, plainSecret });
  });
  await forgetCredentials();
  return { credential: await getCredential(ctx, input.id), secretId, plainSecret };
}

function isSecret({ id, secretId }: SecretRef) {
  return and(eq(apiClientSecret.id, secretId), eq(apiClientSecret.clientId, id));
}

/** Of several changes to one credential, one at a time: secrets are counted. @throws not_found */
async function lockCredential(tx: Tx, id: string): Promise<void> {
  const rows = await tx.orm.select({ id: apiClient.id }).from(apiClient).where(eq(apiClient.id, id)).for('update');
  if (rows.length === 0) throw notFound('credential', id);
}

/** Locks the credential, and throws unless it may have one more secret. */
async function requireRoom(ctx: Context, tx: Tx, id: string): Promise<void> {
  await lockCredential(tx, id);
  const rows = await tx.orm.select().from(apiClientSecret).where(eq(apiClientSecret.clientId, id));
  const live = rows.filter((row) => secretFromRow(row, ctx.now()).isLive);
  if (live.length < CREDENTIAL_LIMITS.liveSecretsMax) return;
  throw new AppError('failed_precondition', 'Five secrets are in use already. Revoke one before you make another.', {
    errorCode: 'TOO_MANY_SECRETS',
    resource: { name: id },
  });
}

/** Revokes a secret: calls that it signed for are refused at once. Revoking twice is the same as once. @throws not_found */
export async function revokeCredentialSecret(ctx: Context, input: SecretRef): Promise<void> {
  await requireOwn(ctx, input.id);
  const [row] = await database()
    .orm.update(apiClientSecret)
    .set({ revokedAt: sql`coalesce(${apiClientSecret.revokedAt}, ${ctx.now().toISOString()}::timestamptz)` })
    .where(isSecret(input))
    .returning();
  if (!row) throw notFound('secret', input.secretId);
  await forgetCredentials();
}

/** Revokes a secret and forgets that it was there. @throws not_found */
export async function deleteCredentialSecret(ctx: Context, input: SecretRef): Promise<void> {
  await requireOwn(ctx, input.id);
  const rows = await database().orm.delete(apiClientSecret).where(isSecret(input)).returning();
  if (rows.length === 0) throw notFound('secret', input.secretId);
  await forgetCredentials();
}

/** Deletes a credential with all its secrets: its calls are refused at once. @throws not_found */
export async function deleteCredential(ctx: Context, input: { id: string }): Promise<void> {
  await requireOwn(ctx, input.id);
  await database().orm.delete(apiClient).where(eq(apiClient.id, input.id));
  await forgetCredentials();
}

/** Makes the credential that `/settings` uses, if there is none: sealed, never listed. */
export async function ensureInternalCredential(ctx: Context): Promise<void> {
  requireManager(ctx);
  await database().begin(async (tx) => {
    // One replica at a time: the credential must be one.
    await tx.sql.rows('select pg_advisory_xact_lock($1::bigint)', [INTERNAL_CREDENTIAL_LOCK]);
    const [known] = await tx.orm.select().from(apiClient).where(eq(apiClient.isInternal, true));
    if (known) return;
    const id = newId('credential');
    const plainSecret = newSecret();
    await tx.orm.insert(apiClient).values({
      id,
      name: 'Internal',
      scopes: ['admin'],
      isInternal: true,
      sealedSecret: seal(INTERNAL_SECRET_PURPOSE, plainSecret),
      createdBy: actorName(ctx.actor),
      createdAt: ctx.now(),
    });
    await insertSecret(ctx, tx, { clientId: id, plainSecret });
  });
}

/**
 * Keeps the keys that sign access tokens in order: there is one that signs, and one that is listed and will sign after it; one that
 * signs no more leaves the list when its last token is dead, and is then deleted. Safe in several replicas at once.
 */
export async function ensureSigningKeys(ctx: Context): Promise<void> {
  requireManager(ctx);
  const now = ctx.now();
  // Made outside the transaction, since that waits for a worker, and only where they are missing, since it takes a while.
  let spare: KeyPair[] = [];
  while (!(await arrangeSigningKeys(now, spare))) spare = [await newKeyPair(), await newKeyPair()];
}

/** Returns false, and changes nothing, if more keys are missing than `spare` has. */
function arrangeSigningKeys(now: Date, spare: readonly KeyPair[]): Promise<boolean> {
  return database().begin(async (tx) => {
    await tx.sql.rows('select pg_advisory_xact_lock($1::bigint)', [SIGNING_KEY_LOCK]);
    const known = await tx.orm
      .select()
      .from(signingKey)
      .where(isNull(signingKey.retiredAt))
      .orderBy(signingKey.signsFrom);
    const current = known.findLast(({ signsFrom }) => signsFrom <= now);
    const signedFrom = current?.signsFrom ?? now;
    const waiting = known.find(({ signsFrom }) => signsFrom > now);
    const signsFromMs = Math.max(signedFrom.getTime() + SIGNING_KEYS.periodMs, now.getTime() + SIGNING_KEYS.leadMs);
    const missing = [...(current ? [] : [now]), ...(waiting ? [] : [new Date(signsFromMs)])];
    if (missing.length > spare.length) return false;
    for (const [at, signsFrom] of missing.entries()) {
      await tx.orm.insert(signingKey).values({ ...spare[at]!, createdAt: now, signsFrom });
    }
    await tx.orm.delete(signingKey).where(lte(signingKey.retiredAt, now));
    for (const old of known.filter(({ signsFrom }) => signsFrom < signedFrom)) {
      const successor = known.find(({ signsFrom }) => signsFrom > old.signsFrom);
      const endedAt = successor?.signsFrom ?? now;
      const retiredAt = new Date(endedAt.getTime() + SIGNING_KEYS.lingerMs);
      await tx.orm.update(signingKey).set({ retiredAt }).where(eq(signingKey.id, old.id));
    }
    return true;
  });
}

/**
 * Has the next key sign from now on, before its time. Tokens signed until now stay valid, and clients that asked for `/keys` since it was
 * listed notice nothing.
 */
export async function rotateSigningKey(ctx: Context): Promise<void> {
  requireManager(ctx);
  await ensureSigningKeys(ctx);
  const now = ctx.now();
  await database()
    .orm.update(signingKey)
    .set({ signsFrom: now })
    .where(and(isNull(signingKey.retiredAt), gt(signingKey.signsFrom, now)));
  await ensureSigningKeys(ctx);
}

/**
 * Throws `failed_precondition` if what is sealed in the database cannot be read with the secret of this process: better no start than
 * one after which every token request fails.
 */
export async function requireReadableSeals(ctx: Context): Promise<void> {
  requireManager(ctx);
  const { orm } = database();
  const keys = await orm.select({ sealed: signingKey.sealedPrivateJwk }).from(signingKey);
  const [internal] = await orm
    .select({ sealed: apiClient.sealedSecret })
    .from(apiClient)
    .where(eq(apiClient.isInternal, true));
  try {
    for (const { sealed } of keys) unseal(SIGNING_KEY_PURPOSE, sealed);
    if (internal?.sealed) unseal(INTERNAL_SECRET_PURPOSE, internal.sealed);
  } catch (error) {
    throw new AppError(
      'failed_precondition',
      'GATEHOUSE_SECRET is not the one that this database was set up with. Set it to that one, or restore the file "secret" of the data folder from the same backup as the database.',
      { cause: error },
    );
  }
}
