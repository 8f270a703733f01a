import { asc, eq } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { notFound } from '@/lib/core/error';
import { asDate, asDateOrNull, database } from '@/lib/db/handle';
import { webhookEndpoint } from '@/lib/db/tables/webhook';
import { fromRow } from './row';
import type { ListedWebhookEndpoint, WebhookEndpoint } from './types';

/** One endpoint. @throws not_found */
export async function getWebhookEndpoint(ctx: Context, id: string): Promise<WebhookEndpoint> {
  requireManager(ctx);
  const [row] = await database().orm.select().from(webhookEndpoint).where(eq(webhookEndpoint.id, id));
  if (!row) throw notFound('webhook endpoint', id);
  return fromRow(row, ctx.now());
}

/** All endpoints, oldest first, with what waits and what was given up. There are few: see `WEBHOOK_LIMITS`. */
export async function listWebhookEndpoints(ctx: Context): Promise<ListedWebhookEndpoint[]> {
  requireManager(ctx);
  const { orm, sql } = database();
  const [rows, counts, lasts] = await Promise.all([
    orm.select().from(webhookEndpoint).orderBy(asc(webhookEndpoint.id)),
    sql.rows<{ id: string; pending: number; failed: number; oldest: string | null }>(
      `select endpoint_id as id, count(*) filter (where state = 'pending')::int as pending,
         count(*) filter (where state = 'failed')::int as failed, min(created_at) filter (where state = 'pending') as oldest
       from webhook_delivery where state in ('pending', 'failed') group by endpoint_id`,
    ),
    // One look into the index of states for each state: there is no index of times.
    sql.rows<{ endpoint_id: string; state: 'pending' | 'delivered' | 'failed'; created_at: string }>(
      `select distinct on (w.id) l.endpoint_id, l.state, l.created_at
       from webhook_endpoint w cross join (values ('pending'), ('delivered'), ('failed')) s(state) cross join lateral (
         select d.id, d.endpoint_id, d.state, d.created_at from webhook_delivery d
         where d.endpoint_id = w.id and d.state = s.state order by d.id desc limit 1) l
       order by w.id, l.id desc`,
    ),
  ]);
  const countOf = new Map(counts.map((count) => [count.id, count]));
  const lastOf = new Map(lasts.map((last) => [last.endpoint_id, last]));
  return rows.map((row) => {
    const count = countOf.get(row.id);
    const last = lastOf.get(row.id);
    return {
      ...fromRow(row, ctx.now()),
      pendingCount: count?.pending ?? 0,
      failedCount: count?.failed ?? 0,
      oldestPendingAt: asDateOrNull(count?.oldest ?? null),
      lastDelivery: last ? { at: asDate(last.created_at), state: last.state } : null,
    };
  });
}
