import { type Context, requireManager } from '@/lib/core/context';
import { AppError, invalidField, notFound } from '@/lib/core/error';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import { asDate, asDateOrNull, database, type SqlValue } from '@/lib/db/handle';
import type { EventType } from '../event/types';
import { getEnvironmentId } from '../operator/queries';
import { PAYLOAD_COLUMNS, type PayloadRow, payloadOf } from './payload';
import type { Delivery, DeliveryDetail, DeliveryFilter, DeliveryStatus } from './types';

const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 100;
/** A delivery's id in a page token. */
const PAGE_KEY = /^whd_\d{1,25}$/;

interface DeliveryRow {
  readonly id: string;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly type: EventType;
  readonly organization_id: string | null;
  readonly seq: string | null;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly due_at: string | null;
  readonly is_waiting: boolean;
  readonly is_being_sent: boolean;
  readonly attempt_count: number;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly created_at: string;
  readonly finished_at: string | null;
}

const COLUMNS = `d.id, d.endpoint_id, d.event_id, d.type, d.organization_id, d.seq::text as seq, d.state, d.due_at, d.is_waiting,
  d.state = 'pending' and d.lease_token is not null as is_being_sent, d.attempt_count, d.last_status, d.last_error, d.created_at, d.finished_at`;

function fromRow(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    type: row.type,
    organizationId: row.organization_id,
    seq: row.seq === null ? null : Number(row.seq),
    isTest: row.seq === null,
    status: statusOf(row),
    attemptCount: row.attempt_count,
    // While it is being sent, it falls due at the end of its lease.
    nextAttemptAt: row.state === 'pending' && !row.is_being_sent ? asDateOrNull(row.due_at) : null,
    isBeingSent: row.is_being_sent,
    isWaiting: row.is_waiting,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: asDate(row.created_at),
    finishedAt: asDateOrNull(row.finished_at),
  };
}

function statusOf({ state, attempt_count }: DeliveryRow): DeliveryStatus {
  if (state !== 'pending') return state;
  return attempt_count === 0 ? 'queued' : 'retrying';
}

const STATUS_SQL: Readonly<Record<DeliveryStatus, string>> = {
  queued: `d.state = 'pending' and d.attempt_count = 0`,
  retrying: `d.state = 'pending' and d.attempt_count > 0`,
  delivered: `d.state = 'delivered'`,
  failed: `d.state = 'failed'`,
};

/** A page of deliveries, the latest first. @throws invalid_argument for a range that ends before it starts */
export async function listDeliveries(
  ctx: Context,
  filter: DeliveryFilter = {},
  page: { pageSize?: number; pageToken?: string } = {},
): Promise<Page<Delivery>> {
  requireManager(ctx);
  const { startsAt, endsAt } = filter;
  if (startsAt && endsAt && endsAt < startsAt) throw invalidField('to', 'The end of the range is before its start.');
  const size = clampPageSize(page.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const position = readPageToken(page.pageToken);
  if (position && !PAGE_KEY.test(position.key)) {
    throw new AppError('invalid_argument', 'This page token is not valid. Start again without one.');
  }
  const isBackwards = position?.direction === 'before';
  const values: SqlValue[] = [];
  const bind = (value: SqlValue, type: string) => `$${values.push(value)}::${type}`;
  const conditions = [
    filter.endpointId !== undefined && `d.endpoint_id = ${bind(filter.endpointId, 'text')}`,
    filter.status && STATUS_SQL[filter.status],
    filter.type !== undefined && `d.type = ${bind(filter.type, 'text')}`,
    filter.organizationId !== undefined && `d.organization_id = ${bind(filter.organizationId, 'text')}`,
    startsAt && `d.created_at >= ${bind(startsAt, 'timestamptz')}`,
    endsAt && `d.created_at < ${bind(endsAt, 'timestamptz')}`,
    position && `d.id ${isBackwards ? '>' : '<'} ${bind(position.key, 'text')}`,
  ].filter((condition) => typeof condition === 'string');
  const rows = await database().sql.rows<DeliveryRow>(
    `select ${COLUMNS} from webhook_delivery d where ${conditions.join(' and ') || 'true'}
     order by d.id ${isBackwards ? 'asc' : 'desc'} limit ${size + 1}`,
    values,
    { isPrepared: false },
  );
  return toPage(rows.map(fromRow), size, position, 0, ({ id }) => id);
}

/** One delivery with its payload and attempts. @throws not_found */
export async function getDelivery(ctx: Context, id: string): Promise<DeliveryDetail> {
  requireManager(ctx);
  const { sql } = database();
  const [[row], attempts, environmentId] = await Promise.all([
    sql.rows<DeliveryRow & PayloadRow>(
      `select ${COLUMNS}, ${PAYLOAD_COLUMNS} from webhook_delivery d left join event e on e.n = d.n where d.id = $1::text`,
      [id],
    ),
    sql.rows<{
      number: number;
      started_at: string;
      latency_ms: number;
      status: number | null;
      error: string | null;
      request_headers: Record<string, string>;
      is_out_of_order: boolean;
      answer: string;
    }>('select * from webhook_attempt where delivery_id = $1::text order by number desc', [id]),
    getEnvironmentId(),
  ]);
  if (!row) throw notFound('delivery', id);
  return {
    ...fromRow(row),
    payload: payloadOf(row, environmentId, attempts[0]?.is_out_of_order ?? false),
    attempts: attempts.map((attempt) => ({
      number: attempt.number,
      startedAt: asDate(attempt.started_at),
      latencyMs: attempt.latency_ms,
      status: attempt.status,
      error: attempt.error,
      requestHeaders: attempt.request_headers,
      isOutOfOrder: attempt.is_out_of_order,
      answer: attempt.answer,
    })),
  };
}
