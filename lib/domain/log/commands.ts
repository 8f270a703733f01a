import { newId } from '@/lib/core/id';
import { seal } from '@/lib/core/seal';
import { database } from '@/lib/db/handle';
import { redactBody, redactHeaders, redactText } from './redact';
import { BODIES_PURPOSE } from './sealing';
import type { Exchange, ExchangeBodies } from './types';
import { writer } from './writer';

/** Exchanges are written together this long after the first of a batch: a kill loses at most this much of the log. */
const BATCH_MS = 50;
const BATCH_ROWS = 250;
/** With this many rows waiting a request waits for the log, but only so long. */
const CROWDED_ROWS = 1000;
const MAX_WAIT_MS = 250;
/** With this many rows waiting bodies are dropped; with as many again, rows. Both are counted. */
const OVERFULL_ROWS = 4000;

/** An exchange as the adapter saw it, with its bodies as they were sent. */
export interface NewExchange extends Omit<Exchange, 'id'> {
  readonly bodies: {
    readonly requestHeaders: Readonly<Record<string, string>>;
    readonly requestBody: string | undefined;
    readonly responseHeaders: Readonly<Record<string, string>>;
    readonly responseBody: string | undefined;
  };
}

const optional = (text: string | null) => (text === null ? null : redactText(text));

/**
 * Adds an exchange to the next batch; it is in the table within about 50 ms. Secrets are removed here, before anything is kept. Resolves at
 * once, or within 250 ms while the log is behind.
 */
export async function recordExchange(exchange: NewExchange): Promise<void> {
  if (writer.waiting.length >= 2 * OVERFULL_ROWS) {
    writer.droppedRows += 1;
    return;
  }
  const keepsBodies = writer.waiting.length < OVERFULL_ROWS;
  if (!keepsBodies) writer.droppedBodies += 1;
  writer.waiting.push({
    created_at: exchange.createdAt.toISOString(),
    id: newId('exchange', exchange.createdAt),
    organization_id: exchange.organizationId,
    directory_id: exchange.directoryId,
    secret_id: exchange.secretId,
    provider: exchange.provider,
    request_id: exchange.requestId,
    method: exchange.method,
    path: redactText(exchange.path),
    operation: exchange.operation,
    resource_type: exchange.resourceType,
    resource_id: optional(exchange.resourceId),
    resource_name: optional(exchange.resourceName),
    status: exchange.status,
    scim_type: exchange.scimType,
    error_detail: optional(exchange.errorDetail),
    latency_ms: exchange.latencyMs,
    client_address: exchange.clientAddress,
    user_agent: optional(exchange.userAgent),
    sealed_bodies: keepsBodies ? sealBodies(exchange.bodies) : null,
  });
  if (writer.waiting.length >= BATCH_ROWS) void flushExchanges();
  else writer.timer ??= setTimeout(() => void flushExchanges(), BATCH_MS);
  if (writer.waiting.length >= CROWDED_ROWS) {
    await Promise.race([writer.writing, new Promise((resolve) => setTimeout(resolve, MAX_WAIT_MS))]);
  }
}

function sealBodies(bodies: NewExchange['bodies']): string {
  const kept: ExchangeBodies = {
    requestHeaders: redactHeaders(bodies.requestHeaders),
    requestBody: redactBody(bodies.requestBody),
    responseHeaders: redactHeaders(bodies.responseHeaders),
    responseBody: redactBody(bodies.responseBody),
  };
  return seal(BODIES_PURPOSE, JSON.stringify(kept));
}

/** Writes what waits, and resolves when all that was recorded before is in the table or counted as dropped. */
export function flushExchanges(): Promise<void> {
  clearTimeout(writer.timer);
  writer.timer = undefined;
  writer.writing = writer.writing.then(async () => {
    while (writer.waiting.length > 0) {
      const rows = writer.waiting.splice(0, BATCH_ROWS);
      try {
        await insertRows(rows);
      } catch (error) {
        writer.droppedRows += rows.length;
        console.error(`The provisioning log lost ${rows.length} exchanges:`, error);
      }
    }
  });
  return writer.writing;
}

async function insertRows(rows: readonly Record<string, unknown>[]): Promise<void> {
  await database().sql.rows(
    `insert into exchange select x.* from jsonb_to_recordset($1::text::jsonb) as x(
      created_at timestamptz, id text, organization_id text, directory_id text, secret_id text, provider text, request_id text,
      method text, path text, operation text, resource_type text, resource_id text, resource_name text, status int, scim_type text,
      error_detail text, latency_ms real, client_address text, user_agent text, sealed_bodies text)`,
    [JSON.stringify(rows)],
  );
}

/** Days that exchanges are kept. Facts, the events, are kept as long as their organization. */
const RETENTION_DAYS = 30;
const DAYS_AHEAD = 2;

/** Makes the partitions of the next days and drops those that are too old. Returns what was done, for the process log. */
export async function maintainPartitions(): Promise<string[]> {
  const [row] = await database().sql.rows<{ done: string[] }>('select maintain_exchange_partitions($1, $2) as done', [
    DAYS_AHEAD,
    RETENTION_DAYS,
  ]);
  return row?.done ?? [];
}
