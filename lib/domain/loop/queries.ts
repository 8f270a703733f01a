import { type Context, requireManager } from '@/lib/core/context';
import { asDateOrNull, database } from '@/lib/db/handle';
import type { LoopBacklog, LoopState } from './types';

/** Backlogs by the name of the loop that works them off: events without a place, announcements a consumer has not read, due deliveries. */
const BACKLOGS = `select 'announcements' as name, count(*)::int as count, min(e.occurred_at) as oldest
    from (select n from event_outbox order by n limit 10000) o join event e on e.n = o.n
  union all
  select c.name, (h.seq - c.seq)::int, (select a.announced_at from announcement a where a.seq > c.seq order by a.seq limit 1)
    from consumer_cursor c, consumer_cursor h where h.name = 'announcements' and c.name <> 'announcements'
  union all
  select 'webhook-deliveries', count(*)::int, min(d.due_at)
    from webhook_delivery d join webhook_endpoint w on w.id = d.endpoint_id and w.is_enabled
    where d.state = 'pending' and d.due_at <= $1::timestamptz`;

/** The background loops, by name, with what waits for them. */
export async function listLoops(ctx: Context): Promise<LoopState[]> {
  requireManager(ctx);
  const { sql } = database();
  const now = ctx.now();
  const [rows, backlogs] = await Promise.all([
    sql.rows<{
      name: string;
      every_ms: number;
      run_count: string;
      last_run_at: string | null;
      last_error: string | null;
      last_error_at: string | null;
    }>('select * from loop_state order by name'),
    sql.rows<{ name: string; count: number; oldest: string | null }>(BACKLOGS, [now]),
  ]);
  const backlogOf = new Map<string, LoopBacklog>(
    backlogs.map(({ name, count, oldest }) => {
      const since = asDateOrNull(oldest);
      return [name, { count, lagMs: since ? Math.max(0, now.getTime() - since.getTime()) : 0 }];
    }),
  );
  return rows.map((row) => ({
    name: row.name,
    everyMs: row.every_ms,
    runCount: Number(row.run_count),
    lastRunAt: asDateOrNull(row.last_run_at),
    lastError: row.last_error,
    lastErrorAt: asDateOrNull(row.last_error_at),
    backlog: backlogOf.get(row.name) ?? null,
  }));
}

/** The database that everything is kept in. */
export async function readDatabase(ctx: Context): Promise<{ engine: 'embedded' | 'server'; version: string }> {
  requireManager(ctx);
  const { engine, sql } = database();
  const [row] = await sql.rows<{ version: string }>(`select current_setting('server_version') as version`);
  return { engine, version: row?.version ?? '' };
}
