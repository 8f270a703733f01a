import { and, desc, eq } from 'drizzle-orm';
import { type Context, requireOrganization } from '@/lib/core/context';
import { database } from '@/lib/db/handle';
import { event } from '@/lib/db/tables/event';

/** An event as it was written. */
export interface RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly object: string;
  readonly resourceId: string;
  readonly version: number;
  readonly data: Record<string, unknown>;
  readonly previous: Record<string, unknown> | null;
  readonly actor: string;
  readonly requestId: string;
  readonly occurredAt: Date;
}

/** The latest `limit` events of an organization, newest first; of one resource when `resourceId` is given. */
export async function listRecentEvents(
  ctx: Context,
  input: { organizationId: string; resourceId?: string; limit: number },
): Promise<RecordedEvent[]> {
  requireOrganization(ctx, input.organizationId);
  return database()
    .orm.select()
    .from(event)
    .where(
      and(
        eq(event.organizationId, input.organizationId),
        input.resourceId === undefined ? undefined : eq(event.resourceId, input.resourceId),
      ),
    )
    .orderBy(desc(event.n))
    .limit(input.limit);
}
