import type { Context } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { database } from '@/lib/db/handle';
import type { LoopReport } from './types';

const ERROR_LENGTH_MAX = 1000;

/** Writes down how the loops of this process went since the last report. Errors of other replicas stay until one succeeds later. */
export async function reportLoops(ctx: Context, reports: readonly LoopReport[]): Promise<void> {
  if (ctx.actor.kind !== 'system') throw new AppError('permission_denied', 'Only the service itself may do this.');
  if (reports.length === 0) return;
  const rows = reports.map((report) => ({
    name: report.name,
    every_ms: report.everyMs,
    run_count: report.runCount,
    last_run_at: report.lastRunAt,
    last_error: report.lastError && shorten(report.lastError),
    last_error_at: report.lastErrorAt,
  }));
  await database().sql.rows(
    `insert into loop_state as s (name, every_ms, run_count, last_run_at, last_error, last_error_at)
     select name, every_ms, run_count, last_run_at, last_error, last_error_at from jsonb_to_recordset($1::text::jsonb) as x(
       name text, every_ms int, run_count bigint, last_run_at timestamptz, last_error text, last_error_at timestamptz)
     order by name
     on conflict (name) do update set every_ms = excluded.every_ms, run_count = s.run_count + excluded.run_count,
       last_run_at = greatest(s.last_run_at, excluded.last_run_at),
       last_error = coalesce(excluded.last_error, s.last_error), last_error_at = coalesce(excluded.last_error_at, s.last_error_at)`,
    [JSON.stringify(rows)],
  );
}

/** By code points, so that no half of one remains, which JSON columns refuse. */
function shorten(text: string): string {
  return Array.from(text.replaceAll('\0', '')).slice(0, ERROR_LENGTH_MAX).join('');
}
