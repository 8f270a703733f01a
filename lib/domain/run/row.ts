import type { run } from '@/lib/db/tables/run';
import type { Run, RunKind } from './types';

/** A run as its row tells it. */
export function fromRow(row: typeof run.$inferSelect): Run {
  const { id, organizationId, directoryId, subjectId, actor, requestId, total, done, told, error } = row;
  const { startedAt, updatedAt, finishedAt } = row;
  const subject = { id, kind: row.kind as RunKind, organizationId, directoryId, subjectId, actor, requestId };
  return { ...subject, total, done, told, error, startedAt, updatedAt, finishedAt };
}
