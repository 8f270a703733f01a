import { and, asc, count, desc, eq, getTableColumns, gt, gte, inArray, lt, lte, type SQL } from 'drizzle-orm';
import { type Context, requireManager, requireOrganization } from '@/lib/core/context';
import { AppError, invalidField, notFound } from '@/lib/core/error';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import { database } from '@/lib/db/handle';
import { announcement, consumerCursor, event } from '@/lib/db/tables/event';
import { announceEvents } from './commands';
import {
  type AnnouncedEvent,
  type AnnouncementFilter,
  type AnnouncementPage,
  EVENT_TYPES,
  type EventFilter,
  sourceOf,
} from './types';

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;
/** `seq` in a page token. 15 digits fit a number exactly. */
const PAGE_KEY = /^\d{1,15}$/;
const DEFAULT_STRETCH = 100;
const MAX_STRETCH = 1000;
const ANNOUNCED_COLUMNS = { ...getTableColumns(event), seq: announcement.seq };

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

/** An event, and its place in the order of announcements if it has one. */
export interface EventDetail extends RecordedEvent {
  readonly organizationId: string | null;
  readonly directoryId: string | null;
  /** False for a fact that the application is not told, or not yet. */
  readonly isAnnounced: boolean;
  readonly seq: number | null;
  readonly announcedAt: Date | null;
}

const DETAIL_COLUMNS = { ...ANNOUNCED_COLUMNS, announcedAt: announcement.announcedAt };

/** One event, announced or not. @throws not_found */
export async function getEvent(ctx: Context, id: string): Promise<EventDetail> {
  requireManager(ctx);
  const [row] = await database()
    .orm.select(DETAIL_COLUMNS)
    .from(event)
    .leftJoin(announcement, eq(announcement.n, event.n))
    .where(eq(event.id, id));
  if (!row) throw notFound('event', id);
  return row;
}

/** How far the events of a request are from its beginning at most. What a run tells of later is left out. */
const REQUEST_WINDOW_MS = 120_000;

/** The first `limit` events that a request caused while it ran, in order, announced or not. */
export async function listEventsOfRequest(
  ctx: Context,
  input: { requestId: string; startedAt: Date; limit: number },
): Promise<EventDetail[]> {
  requireManager(ctx);
  const at = input.startedAt.getTime();
  return database()
    .orm.select(DETAIL_COLUMNS)
    .from(event)
    .leftJoin(announcement, eq(announcement.n, event.n))
    .where(
      and(
        eq(event.requestId, input.requestId),
        // The times of events are indexed, their requests are not.
        gte(event.occurredAt, new Date(at - REQUEST_WINDOW_MS)),
        lt(event.occurredAt, new Date(at + REQUEST_WINDOW_MS)),
      ),
    )
    .orderBy(asc(event.n))
    .limit(input.limit);
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
 * A page of the events that the application is told of, the last announced first; what was committed before the call is in it. Events
 * that are announced while a reader pages neither move nor repeat those that it has yet to see. Types that do not exist match nothing.
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
  if (!position) while (await announceEvents());
  const { orm } = database();
  const { seq } = announcement;
  const [rows, [total]] = await Promise.all([
    orm
      .select(ANNOUNCED_COLUMNS)
      .from(announcement)
      .innerJoin(event, eq(event.n, announcement.n))
      .where(and(matches, position && (isBackwards ? gt(seq, Number(position.key)) : lt(seq, Number(position.key)))))
      .orderBy(isBackwards ? asc(seq) : desc(seq))
      .limit(size + 1),
    page.isCounted
      ? orm.select({ count: count() }).from(announcement).innerJoin(event, eq(event.n, announcement.n)).where(matches)
      : [],
  ]);
  return toPage(rows, size, position, total?.count ?? 0, (item) => String(item.seq));
}

/**
 * The next announcements after `after`, ascending: what a consumer needs to stay in step. Everything that was committed before the call
 * is there; nothing ever appears behind a cursor that was given out.
 * @param input.after the cursor of the page before; 0 starts at the first announcement, `latest` behind the last
 * @param input.limit 100 unless given, 1,000 at most
 * @throws invalid_argument for a cursor that this installation has not reached, such as one from before a restored backup
 */
export async function readAnnouncements(
  ctx: Context,
  filter: AnnouncementFilter,
  input: { after: number | 'latest'; limit?: number },
): Promise<AnnouncementPage> {
  if (filter.organizationId === undefined) requireManager(ctx);
  else requireOrganization(ctx, filter.organizationId);
  while (await announceEvents());
  const { orm } = database();
  const [last] = await orm.select().from(consumerCursor).where(eq(consumerCursor.name, 'announcements'));
  const head = last?.seq ?? 0;
  const after = input.after === 'latest' ? head : input.after;
  if (after > head) {
    throw invalidField('after', `There are ${head} announcements yet. Use a cursor that an earlier answer gave.`);
  }
  const types = narrowTypes(filter);
  if (after === head || types?.length === 0) return { events: [], cursor: head, hasMore: false };
  const size = clampPageSize(input.limit, DEFAULT_STRETCH, MAX_STRETCH);
  const { organizationId, directoryId } = filter;
  const rows = await orm
    .select(ANNOUNCED_COLUMNS)
    .from(announcement)
    .innerJoin(event, eq(event.n, announcement.n))
    .where(
      and(
        gt(announcement.seq, after),
        lte(announcement.seq, head),
        types && inArray(announcement.type, types),
        organizationId === undefined ? undefined : eq(announcement.organizationId, organizationId),
        directoryId === undefined ? undefined : eq(announcement.directoryId, directoryId),
      ),
    )
    .orderBy(asc(announcement.seq))
    .limit(size + 1);
  const events = rows.slice(0, size);
  const hasMore = rows.length > size;
  return { events, cursor: hasMore ? events.at(-1)!.seq : head, hasMore };
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
    types && inArray(announcement.type, [...types]),
    organizationId === undefined ? undefined : eq(announcement.organizationId, organizationId),
    resource && and(eq(event.resourceId, resource.id), eq(event.object, resource.object)),
    startsAt && gte(event.occurredAt, startsAt),
    endsAt && lt(event.occurredAt, endsAt),
  ];
}
