import { type Context, requireManager } from '@/lib/core/context';
import { AppError, invalidField, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { retryDeadlocks } from '@/lib/db/change';
import { asDateOrNull, database, type Tx } from '@/lib/db/handle';
import { wake } from '@/lib/db/wake';
import { EVENT_TYPES, toEnvelope } from '../event/types';
import { getEnvironmentId } from '../operator/queries';
import { readSigningSecrets } from '../webhook/commands';
import { getWebhookEndpoint } from '../webhook/queries';
import { outcomeOf } from './outcome';
import { type PayloadRow, payloadOf } from './payload';
import { sampleEvent } from './sample';
import * as sql from './statements';
import {
  type AttemptResult,
  type ClaimedDelivery,
  DELIVERY_KEPT_DAYS,
  ORDER_WAIT_SECONDS,
  REMOVAL_WAIT_SECONDS,
} from './types';

/** Announcements that are turned into deliveries in one transaction. */
const FAN_OUT_BATCH = 500;
/** Announcements of a range that are made into deliveries in one transaction, and failed deliveries that fall due in one. */
const REPLAY_BATCH = 2000;
/** An attempt takes 10 seconds at most; a worker that died leaves its deliveries to others after this long. */
const LEASE_SECONDS = 30;
const PURGE_BATCH = 5000;
const DAY_MS = 86_400_000;

const later = (time: Date, seconds: number) => new Date(time.getTime() + seconds * 1000);

function requireService(ctx: Context): void {
  if (ctx.actor.kind !== 'system') throw new AppError('permission_denied', 'Only the service itself may do this.');
}

async function makeDeliveries(tx: Tx, now: Date, first: number, last: number, endpointId: string | null) {
  const made = await tx.sql.rows(sql.MAKE_DELIVERIES, [
    first,
    last,
    now,
    later(now, ORDER_WAIT_SECONDS),
    later(now, REMOVAL_WAIT_SECONDS),
    endpointId,
  ]);
  return made.length;
}

/**
 * Turns the next announcements into deliveries, each for every endpoint that wants it, exactly once over all replicas.
 * @returns whether more may be waiting
 */
export async function fanOutAnnouncements(ctx: Context): Promise<boolean> {
  requireService(ctx);
  const { sql: client } = database();
  const [behind] = await client.rows(
    `select 1 from consumer_cursor w, consumer_cursor a where w.name = 'webhooks' and a.name = 'announcements' and w.seq < a.seq`,
  );
  if (!behind) return false;
  const { made, isFull } = await retryDeadlocks(() =>
    database().begin(async (tx) => {
      await tx.sql.rows(sql.LOCK_ORDER);
      const [cursor] = await tx.sql.rows<{ seq: string }>(
        `select seq::text as seq from consumer_cursor where name = 'webhooks' for update`,
      );
      const from = Number(cursor!.seq);
      const [end] = await tx.sql.rows<{ seq: string | null }>(sql.END_OF_BATCH, [from, FAN_OUT_BATCH]);
      if (!end || end.seq === null) return { made: 0, isFull: false };
      const last = Number(end.seq);
      const count = await makeDeliveries(tx, ctx.now(), from + 1, last, null);
      await tx.sql.rows(`update consumer_cursor set seq = $1::bigint where name = 'webhooks'`, [last]);
      return { made: count, isFull: last - from === FAN_OUT_BATCH };
    }),
  );
  if (made > 0) wake('deliveries');
  return isFull;
}

interface ClaimRow extends PayloadRow {
  readonly id: string;
  readonly endpoint_id: string;
  readonly round_attempts: number;
  readonly url: string;
  readonly sealed_secret: string;
  readonly sealed_previous_secret: string | null;
  readonly previous_secret_until: string | null;
  readonly is_out_of_order: boolean;
}

/**
 * Takes deliveries that are due, for this worker alone until its lease ends.
 * @param input.leaseToken says who has them; one per worker
 * @param input.free how many more of each busy endpoint the worker can send, by id
 * @param input.freeElsewhere the same for any other endpoint
 */
export async function claimDeliveries(
  ctx: Context,
  input: { leaseToken: string; free: ReadonlyMap<string, number>; freeElsewhere: number },
): Promise<ClaimedDelivery[]> {
  requireService(ctx);
  const now = ctx.now();
  const rows = await database().sql.rows<ClaimRow>(sql.CLAIM_DELIVERIES, [
    [...input.free.keys()],
    [...input.free.values()].map(String),
    input.freeElsewhere,
    now,
    later(now, LEASE_SECONDS),
    input.leaseToken,
  ]);
  if (rows.length === 0) return [];
  const environmentId = await getEnvironmentId();
  return rows.map((row) => ({
    id: row.id,
    endpointId: row.endpoint_id,
    url: row.url,
    secrets: readSigningSecrets(
      {
        current: row.sealed_secret,
        previous: row.sealed_previous_secret,
        previousUntil: asDateOrNull(row.previous_secret_until),
      },
      now,
    ),
    eventId: row.event_id,
    body: JSON.stringify(payloadOf(row, environmentId, row.is_out_of_order)),
    isOutOfOrder: row.is_out_of_order,
    roundAttempts: row.round_attempts,
  }));
}

/**
 * Writes down what came of deliveries that this worker claimed: arrived, to be tried again, or given up. What waited for one of them falls
 * due; an endpoint that is gone is disabled, one whose delivery was given up is flagged.
 * @param random 0 to 1, for the jitter
 */
export async function settleDeliveries(
  ctx: Context,
  input: { leaseToken: string; results: readonly AttemptResult[] },
  random: () => number = Math.random,
): Promise<void> {
  requireService(ctx);
  const now = ctx.now();
  const outcomes = input.results.map((result) => ({ result, ...outcomeOf(result, now, random) }));
  const settled = JSON.stringify(
    outcomes.map(({ result, state, dueAt }) => ({
      id: result.delivery.id,
      state,
      due_at: dueAt,
      finished_at: state === 'pending' ? null : now,
      status: result.status,
      error: result.error,
      started_at: result.startedAt,
      latency_ms: Math.round(result.latencyMs),
      request_headers: result.requestHeaders,
      is_out_of_order: result.delivery.isOutOfOrder,
      answer: result.answer,
    })),
  );
  const endpointsOf = (test: (outcome: (typeof outcomes)[number]) => boolean) => [
    ...new Set(outcomes.filter(test).map(({ result }) => result.delivery.endpointId)),
  ];
  const gone = endpointsOf(({ isGone }) => isGone);
  const flagged = endpointsOf(({ state }) => state === 'failed');
  await retryDeadlocks(() =>
    database().begin(async (tx) => {
      await tx.sql.rows(sql.SHARE_ORDER);
      const over = await tx.sql.rows<{ order_key: string }>(sql.SETTLE_DELIVERIES, [settled, input.leaseToken]);
      if (over.length > 0) {
        await tx.sql.rows(sql.RELEASE_NEXT, [over.map((row) => row.order_key), now]);
      }
      if (flagged.length > 0) {
        await tx.sql.rows(
          `update webhook_endpoint set flagged_at = coalesce(flagged_at, $2::timestamptz) where id = any($1::text[])`,
          [flagged, now],
        );
      }
      if (gone.length > 0) {
        await tx.sql.rows(
          `update webhook_endpoint set is_enabled = false, disabled_reason = 'gone', updated_at = $2::timestamptz
           where id = any($1::text[]) and is_enabled`,
          [gone, now],
        );
      }
    }),
  );
}

/**
 * Sends an endpoint an event of a type of its own, or of `type`, made up and marked as a test: `data.test` is true and it has no place in the
 * order. @returns the delivery's id @throws not_found; invalid_argument for a type that does not exist; failed_precondition if disabled
 */
export async function sendTestEvent(ctx: Context, endpointId: string, type?: string): Promise<string> {
  requireManager(ctx);
  const endpoint = await getWebhookEndpoint(ctx, endpointId);
  if (!endpoint.isEnabled)
    throw new AppError('failed_precondition', 'This endpoint is disabled. Enable it, then test.');
  const known = EVENT_TYPES.find(
    (one) => one === (type ?? endpoint.eventTypes[0] ?? 'organization.directory.user_created'),
  );
  if (!known) throw invalidField('type', 'There is no such event type. Choose from the list of types.');
  const now = ctx.now();
  const event = sampleEvent(ctx, known, endpoint.organizationIds[0] ?? null);
  const id = newId('webhookDelivery', now);
  await database().sql.rows(
    `insert into webhook_delivery(id, endpoint_id, event_id, type, organization_id, order_key, test_envelope, due_at, created_at)
     values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text::jsonb, $8::timestamptz, $8::timestamptz)`,
    [
      id,
      endpointId,
      event.id,
      known,
      event.organizationId,
      `${endpointId}:Test:${event.id}`,
      JSON.stringify(toEnvelope(event, await getEnvironmentId())),
      now,
    ],
  );
  wake('deliveries');
  return id;
}

/** Sends a delivery again at once, with a whole new round of attempts. @throws not_found; failed_precondition if its endpoint is disabled */
export async function replayDelivery(ctx: Context, id: string): Promise<void> {
  requireManager(ctx);
  const [found] = await database().sql.rows<{ is_enabled: boolean }>(
    `select w.is_enabled from webhook_delivery d join webhook_endpoint w on w.id = d.endpoint_id where d.id = $1::text`,
    [id],
  );
  if (!found) throw notFound('delivery', id);
  requireEnabled(found.is_enabled);
  await database().begin(async (tx) => {
    await tx.sql.rows(sql.LOCK_ORDER);
    await tx.sql.rows(sql.REPLAY_ONE, [id, ctx.now()]);
  });
  wake('deliveries');
}

function requireEnabled(isEnabled: boolean): void {
  if (!isEnabled) throw new AppError('failed_precondition', 'This endpoint is disabled. Enable it, then replay.');
}

/**
 * Sends everything again that was given up for an endpoint, in order, and takes its flag off.
 * @returns how many @throws not_found; failed_precondition if it is disabled
 */
export async function replayFailedDeliveries(ctx: Context, endpointId: string): Promise<number> {
  requireManager(ctx);
  const endpoint = await getWebhookEndpoint(ctx, endpointId);
  requireEnabled(endpoint.isEnabled);
  let count = 0;
  for (let last = REPLAY_BATCH; last === REPLAY_BATCH;) {
    last = await replayTogether(ctx, endpointId, (tx, now) =>
      tx.sql.rows(sql.REPLAY_FAILED, [endpointId, now, REPLAY_BATCH]),
    );
    count += last;
  }
  await database().sql.rows('update webhook_endpoint set flagged_at = null where id = $1::text', [endpointId]);
  wake('deliveries');
  return count;
}

async function replayTogether(
  ctx: Context,
  endpointId: string,
  work: (tx: Tx, now: Date) => Promise<readonly unknown[]>,
): Promise<number> {
  const now = ctx.now();
  return database().begin(async (tx) => {
    await tx.sql.rows(sql.LOCK_ORDER);
    const { length } = await work(tx, now);
    await tx.sql.rows(sql.QUEUE_BEHIND, [
      endpointId,
      now,
      later(now, ORDER_WAIT_SECONDS),
      later(now, REMOVAL_WAIT_SECONDS),
    ]);
    return length;
  });
}

/**
 * Sends an endpoint everything again that was announced in a range of time and that it wants, also what it was never sent, such as while it
 * was disabled. @returns how many deliveries @throws not_found; invalid_argument for a range that ends before it starts; failed_precondition
 * if the endpoint is disabled
 */
export async function replayRange(ctx: Context, endpointId: string, range: { from: Date; to: Date }): Promise<number> {
  requireManager(ctx);
  const endpoint = await getWebhookEndpoint(ctx, endpointId);
  requireEnabled(endpoint.isEnabled);
  if (range.to < range.from) throw invalidField('to', 'The end of the range is before its start.');
  const [stretch] = await database().sql.rows<{ first: string | null; last: string | null }>(sql.STRETCH_OF, [
    range.from,
    range.to,
  ]);
  if (!stretch || stretch.first === null || stretch.last === null) return 0;
  const end = Number(stretch.last);
  let count = 0;
  for (let first = Number(stretch.first); first <= end; first += REPLAY_BATCH) {
    const last = Math.min(first + REPLAY_BATCH - 1, end);
    count += await replayTogether(ctx, endpointId, async (tx, now) => {
      const again = await tx.sql.rows(sql.REPLAY_STRETCH, [endpointId, now, first, last]);
      const made = await makeDeliveries(tx, now, first, last, endpointId);
      return [...again, ...Array.from({ length: made })];
    });
  }
  wake('deliveries');
  return count;
}

/** Removes what arrived 30 days ago; what was given up stays until somebody replays it. @returns whether more may be left */
export async function purgeDeliveries(ctx: Context): Promise<boolean> {
  requireService(ctx);
  const gone = await database().sql.rows(
    `delete from webhook_delivery where id in (
       select id from webhook_delivery where state = 'delivered' and finished_at < $1::timestamptz limit ${PURGE_BATCH}) returning 1`,
    [new Date(ctx.now().getTime() - DELIVERY_KEPT_DAYS * DAY_MS)],
  );
  return gone.length === PURGE_BATCH;
}
