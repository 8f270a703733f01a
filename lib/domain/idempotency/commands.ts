import { randomUUID } from 'node:crypto';
import { actorName, type Context } from '@/lib/core/context';
import { AppError, invalidField } from '@/lib/core/error';
import { seal, unseal } from '@/lib/core/seal';
import { asDate, database } from '@/lib/db/handle';
import { type Claim, IDEMPOTENCY_LIMITS, type StoredAnswer } from './types';

const PURPOSE = 'idempotency-answer';
const FIELD = 'Idempotency-Key';
const PRINTABLE = /^[\x21-\x7e]+$/;
/** A key may vanish between being found taken and being read: when it is given up or purged. */
const TRIES = 3;
const RETRY_AFTER_SECONDS = 1;

/**
 * Takes `key` for one request of the acting credential; of several at once, one has it. A key that was answered gives that answer to the
 * same request again. A request that ended without an answer, because its process died or it took too long, may have been done or not:
 * it is not done again.
 * @param input.requestHash what the request asks for, so that a key is not used for two things
 * @throws invalid_argument for a key that is too long or not printable; already_exists (`IDEMPOTENCY_KEY_REUSED`) for a key of another
 *   request; version_conflict (`IDEMPOTENCY_KEY_IN_USE`) while the first request is at work, and (`IDEMPOTENCY_KEY_UNCERTAIN`) once no
 *   answer of it can come any more
 */
export async function claimKey(ctx: Context, input: { key: string; requestHash: string }): Promise<Claim> {
  const { key, requestHash } = input;
  if (key.length > IDEMPOTENCY_LIMITS.keyLengthMax || !PRINTABLE.test(key)) {
    throw invalidField(FIELD, `${FIELD} must be 1 to ${IDEMPOTENCY_LIMITS.keyLengthMax} printable characters.`);
  }
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const claim = await insertClaim(ctx, key, requestHash);
    if (claim) return { kind: 'claimed', key, claim };
    const answer = await readAnswer(ctx, key, requestHash);
    if (answer) return { kind: 'answered', answer };
  }
  throw inUse();
}

/** Keeps the answer to the request that holds the key, sealed. Does nothing if the key is no longer its own. */
export async function storeAnswer(
  ctx: Context,
  input: { key: string; claim: string; answer: StoredAnswer },
): Promise<void> {
  const { key, claim, answer } = input;
  await database().sql.rows(
    'update idempotency_key set status = $4, sealed_body = $5 where actor = $1 and key = $2 and claim = $3',
    [actorName(ctx.actor), key, claim, answer.status, seal(PURPOSE, answer.body)],
  );
}

/** Gives the key up, so that the request can be tried again. Does nothing if the key is no longer its own. */
export async function releaseKey(ctx: Context, input: { key: string; claim: string }): Promise<void> {
  await database().sql.rows('delete from idempotency_key where actor = $1 and key = $2 and claim = $3', [
    actorName(ctx.actor),
    input.key,
    input.claim,
  ]);
}

/** Forgets the answers that are no longer repeated. */
export async function purgeIdempotencyKeys(ctx: Context): Promise<void> {
  await database().sql.rows('delete from idempotency_key where created_at <= $1', [expiryAt(ctx)]);
}

/** The name of the new claim, or undefined if the key is taken. */
async function insertClaim(ctx: Context, key: string, requestHash: string): Promise<string | undefined> {
  const now = ctx.now();
  const [row] = await database().sql.rows<{ claim: string }>(
    `insert into idempotency_key as k (actor, key, request_hash, claim, created_at) values ($1, $2, $3, $4, $5)
     on conflict (actor, key) do update set request_hash = excluded.request_hash, claim = excluded.claim, status = null,
       sealed_body = null, created_at = excluded.created_at
     where k.created_at <= $6
     returning k.claim`,
    [actorName(ctx.actor), key, requestHash, randomUUID(), now, expiryAt(ctx)],
  );
  return row?.claim;
}

async function readAnswer(ctx: Context, key: string, requestHash: string): Promise<StoredAnswer | undefined> {
  const [row] = await database().sql.rows<{
    request_hash: string;
    status: number | null;
    sealed_body: string | null;
    created_at: string;
  }>('select request_hash, status, sealed_body, created_at from idempotency_key where actor = $1 and key = $2', [
    actorName(ctx.actor),
    key,
  ]);
  if (!row) return undefined;
  if (row.request_hash !== requestHash) {
    throw new AppError(
      'already_exists',
      `This ${FIELD} was used for another request. Send a new key, or repeat that request as it was.`,
      { errorCode: 'IDEMPOTENCY_KEY_REUSED' },
    );
  }
  if (row.status === null || row.sealed_body === null) {
    const diesAtMs = asDate(row.created_at).getTime() + IDEMPOTENCY_LIMITS.claimMs;
    throw ctx.now().getTime() < diesAtMs ? inUse() : uncertain();
  }
  return { status: row.status, body: unseal(PURPOSE, row.sealed_body) };
}

function expiryAt(ctx: Context): Date {
  return new Date(ctx.now().getTime() - IDEMPOTENCY_LIMITS.keepMs);
}

function inUse(): AppError {
  return new AppError(
    'version_conflict',
    `The first request with this ${FIELD} is still at work. Ask again in a moment.`,
    {
      errorCode: 'IDEMPOTENCY_KEY_IN_USE',
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    },
  );
}

function uncertain(): AppError {
  return new AppError(
    'version_conflict',
    `The first request with this ${FIELD} ended without an answer, and may have been done. Look whether it was; if not, send it with a new key.`,
    { errorCode: 'IDEMPOTENCY_KEY_UNCERTAIN' },
  );
}
