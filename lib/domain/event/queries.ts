import { and, asc, count, desc, eq, gt, gte, inArray, lt, type SQL } from 'drizzle-orm';
import { type Context, requireManager, requireOrganization } from '@/lib/core/context';
import { AppError, invalidField } from '@/lib/core/error';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import { database } from '@/lib/db/handle';
import { event } from '@/lib/db/tables/event';
import { type AnnouncedEvent, EVENT_TYPES, type EventFilter, sourceOf } from './types';

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;
/** `n` in a page token. 15 digits fit a number exactly. */
const PAGE_KEY = /^\d{1,15}$/;

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

/**
 * A page of the events that the application is told of, newest first. Events that are written while a reader pages neither move nor
 * repeat those that it has yet to see. Types that do not exist match nothing.
 * @param page.isCounted whether `totalSize` is wanted; it is 0 otherwise
 * @throws invalid_argument for a range that ends before it starts, and for a page token that is not ours
 */
export async function listEvents(
  ctx: Context,
  filter: EventFilter = {},
  page: { pageSize?: number; pageToken?: string; isCounted?: boolean } = {},
): Promise<Page<AnnouncedEvent>> {
  if (filter.organizationId === undefined) requireManager(ctx);
  else requireOrganization(ctx, filter.organizationId);
  if (filter.startsAt && filter.endsAt && filter.endsAt < filter.startsAt) {
    throw invalidField('filter.end_time', 'The end of the range is before its start.');
  }
  const size = clampPageSize(page.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const position = readPageToken(page.pageToken);
  if (position && !PAGE_KEY.test(position.key)) {
    throw new AppError('invalid_argument', 'This page token is not valid. Start again without one.');
  }
  const types = narrowTypes(filter);
  if (types?.length === 0) return toPage<AnnouncedEvent>([], size, undefined, 0, () => '');
  const matches = and(...conditionsOf(filter, types));
  const isBackwards = position?.direction === 'before';
  const { orm } = database();
  const [rows, [total]] = await Promise.all([
    orm
      .select()
      .from(event)
      .where(
        and(matches, position && (isBackwards ? gt(event.n, Number(position.key)) : lt(event.n, Number(position.key)))),
      )
      .orderBy(isBackwards ? asc(event.n) : desc(event.n))
      .limit(size + 1),
    page.isCounted ? orm.select({ count: count() }).from(event).where(matches) : [],
  ]);
  return toPage(rows, size, position, total?.count ?? 0, ({ n }) => String(n));
}

/** The types that can match, undefined if all can: types that do not exist are not searched for in all of the history. */
function narrowTypes({ types, source }: EventFilter): string[] | undefined {
  if (!types?.length && source === undefined) return undefined;
  return EVENT_TYPES.filter(
    (type) => (!types?.length || types.includes(type)) && (source === undefined || sourceOf(type) === source),
  );
}

function conditionsOf(filter: EventFilter, types: readonly string[] | undefined): (SQL | undefined)[] {
  const { organizationId, resource, startsAt, endsAt } = filter;
  return [
    eq(event.isAnnounced, true),
    types && inArray(event.type, [...types]),
    organizationId === undefined ? undefined : eq(event.organizationId, organizationId),
    resource && and(eq(event.resourceId, resource.id), eq(event.object, resource.object)),
    startsAt && gte(event.occurredAt, startsAt),
    endsAt && lt(event.occurredAt, endsAt),
  ];
}
