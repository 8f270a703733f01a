import { type Context, requireManager, requireOrganization } from '@/lib/core/context';
import { notFound } from '@/lib/core/error';
import { timeOfId } from '@/lib/core/id';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import { unseal } from '@/lib/core/seal';
import { asDate, database } from '@/lib/db/handle';
import { BODIES_PURPOSE } from './sealing';
import type { Exchange, ExchangeBodies, LogLosses } from './types';
import { writer } from './writer';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 200;

const COLUMNS = `created_at, id, organization_id, directory_id, secret_id, provider, request_id, method, path, operation,
  resource_type, resource_id, resource_name, status, scim_type, error_detail, latency_ms, client_address, user_agent`;

interface Row {
  readonly created_at: string;
  readonly id: string;
  readonly organization_id: string | null;
  readonly directory_id: string | null;
  readonly secret_id: string | null;
  readonly provider: string | null;
  readonly request_id: string;
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly resource_type: 'User' | 'Group' | null;
  readonly resource_id: string | null;
  readonly resource_name: string | null;
  readonly status: number;
  readonly scim_type: string | null;
  readonly error_detail: string | null;
  readonly latency_ms: number;
  readonly client_address: string | null;
  readonly user_agent: string | null;
}

function fromRow(row: Row): Exchange {
  return {
    id: row.id,
    createdAt: asDate(row.created_at),
    organizationId: row.organization_id,
    directoryId: row.directory_id,
    secretId: row.secret_id,
    provider: row.provider,
    requestId: row.request_id,
    method: row.method,
    path: row.path,
    operation: row.operation,
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    resourceName: row.resource_name,
    status: row.status,
    scimType: row.scim_type,
    errorDetail: row.error_detail,
    latencyMs: row.latency_ms,
    clientAddress: row.client_address,
    userAgent: row.user_agent,
  };
}

/** What the log can be asked for. Undefined filters match everything. */
export interface ExchangeFilter {
  readonly organizationId?: string;
  readonly directoryId?: string;
  readonly outcome?: 'ok' | 'failed';
  /** Part of the operation's words, the resource's name or id, the path or the request id. */
  readonly text?: string;
}

/**
 * A page of exchanges, newest first. The total is not counted: `totalSize` is 0. Without `organizationId` only managers may ask.
 */
export async function listExchanges(
  ctx: Context,
  filter: ExchangeFilter,
  page: { pageSize?: number; pageToken?: string } = {},
): Promise<Page<Exchange>> {
  if (filter.organizationId === undefined) requireManager(ctx);
  else requireOrganization(ctx, filter.organizationId);
  const size = clampPageSize(page.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const position = readPageToken(page.pageToken);
  const isBackwards = position?.direction === 'before';
  const values: (string | number | Date)[] = [];
  const add = (value: string | number | Date) => `$${values.push(value)}`;
  const conditions: string[] = [];
  if (filter.organizationId) conditions.push(`organization_id = ${add(filter.organizationId)}::text`);
  if (filter.directoryId) conditions.push(`directory_id = ${add(filter.directoryId)}::text`);
  if (filter.outcome) conditions.push(filter.outcome === 'ok' ? 'status < 400' : 'status >= 400');
  if (filter.text?.trim()) {
    const pattern = `${add(`%${filter.text.trim().replace(/[\\%_]/g, '\\$&')}%`)}::text`;
    conditions.push(
      `(resource_name ilike ${pattern} or operation ilike ${pattern} or path ilike ${pattern} or resource_id like ${pattern} or request_id like ${pattern})`,
    );
  }
  const time = position && timeOfId(position.key);
  if (position && time) {
    const sign = isBackwards ? '>' : '<';
    conditions.push(`(created_at, id) ${sign} (${add(time)}::timestamptz, ${add(position.key)}::text)`);
  }
  const order = isBackwards ? 'asc' : 'desc';
  const rows = await database().sql.rows<Row>(
    `select ${COLUMNS} from exchange ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
     order by created_at ${order}, id ${order} limit ${add(size + 1)}::int`,
    values,
  );
  return toPage(rows.map(fromRow), size, position, 0, (item) => item.id);
}

/** One exchange with its bodies; `bodies` is null where none were kept. @throws not_found */
export async function getExchange(
  ctx: Context,
  id: string,
): Promise<{ exchange: Exchange; bodies: ExchangeBodies | null }> {
  requireManager(ctx);
  const time = timeOfId(id);
  const rows =
    time === undefined
      ? []
      : await database().sql.rows<Row & { sealed_bodies: string | null }>(
          `select ${COLUMNS}, sealed_bodies from exchange where created_at = $1::timestamptz and id = $2::text`,
          [time, id],
        );
  const [row] = rows;
  if (!row) throw notFound('exchange', id);
  const bodies =
    row.sealed_bodies === null ? null : (JSON.parse(unseal(BODIES_PURPOSE, row.sealed_bodies)) as ExchangeBodies);
  return { exchange: fromRow(row), bodies };
}

/** The exchange of a request, or undefined if none was kept. */
export async function findExchangeOfRequest(ctx: Context, requestId: string): Promise<Exchange | undefined> {
  requireManager(ctx);
  const [row] = await database().sql.rows<Row>(`select ${COLUMNS} from exchange where request_id = $1::text limit 1`, [
    requestId,
  ]);
  return row && fromRow(row);
}

/** When the directory last called, by any of its exchanges, or undefined if it never did. */
export async function findLastExchange(
  ctx: Context,
  directory: { organizationId: string; id: string },
): Promise<Exchange | undefined> {
  const page = await listExchanges(
    ctx,
    { organizationId: directory.organizationId, directoryId: directory.id },
    { pageSize: 1 },
  );
  return page.items[0];
}

/** What the log of this process has dropped since it started. */
export function readLogLosses(): LogLosses {
  return { droppedBodies: writer.droppedBodies, droppedRows: writer.droppedRows };
}
