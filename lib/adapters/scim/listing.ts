import { createHash } from 'node:crypto';
import type { Found, ListPlace, Selection } from '@/lib/domain/provisioning/types';
import type { JsonObject, ResourceType } from '@/lib/scim/attribute';
import { invalidCursor } from '@/lib/scim/error';
import { parseFilter } from '@/lib/scim/filter';
import { type ListQuery, listResponse, resolveSortPath } from '@/lib/scim/list';
import { project } from '@/lib/scim/project';
import type { Filter } from '@/lib/scim/syntax';

/** How a list reads one kind of resource. */
export interface Source {
  readonly resourceType: ResourceType;
  readonly directoryId: string;
  readonly baseUrl: string;
  /** A page of whole resources; members of groups only where the query shows them. */
  search(selection: Selection): Promise<Found<JsonObject>>;
}

/**
 * Answers a list request about one type of resource (RFC 7644 §3.4.2, RFC 9865).
 * @throws ScimError invalidFilter, invalidValue, invalidCursor, expiredCursor
 */
export async function listResources(source: Source, query: ListQuery): Promise<JsonObject> {
  const filter = query.filterText === undefined ? undefined : parseFilter(query.filterText, source.resourceType);
  const page = await readPage(source, query, filter);
  return listResponse({
    resources: [...page.items],
    totalResults: page.total,
    ...(query.cursor === undefined ? { startIndex: query.startIndex } : { nextCursor: page.nextCursor }),
  });
}

export interface ListPage {
  /** Projected. */
  readonly items: readonly JsonObject[];
  readonly total: number;
  readonly nextCursor?: string;
}

/** The page that a query asks for; `offset` stands for its start index where that counts other resources too. */
export async function readPage(
  source: Source,
  query: ListQuery,
  filter: Filter | undefined,
  offset = query.startIndex - 1,
  limit = query.count,
): Promise<ListPage> {
  const { resourceType, baseUrl } = source;
  const sort = query.sortBy === undefined ? undefined : resolveSort(query.sortBy, query, resourceType);
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor, source, query);
  const { items, total, next } = await source.search({ filter, sort, after, offset, limit, baseUrl });
  return {
    items: items.map((item) => project(item, resourceType, query)),
    total,
    nextCursor: next && writeCursor(next, source, query),
  };
}

function resolveSort(sortBy: string, query: ListQuery, resourceType: ResourceType): Selection['sort'] {
  return { path: resolveSortPath(sortBy, resourceType), order: query.sortOrder };
}

/** A sort key up to this many characters is part of the cursor; of a longer one the cursor names the row only. */
const MAX_CURSOR_KEY_CHARACTERS = 200;
const CURSOR_MARK_CHARACTERS = 8;

/** Ties a cursor to the list that it belongs to: it means nothing elsewhere (RFC 9865 §2). */
function markOf({ directoryId, resourceType }: Source, { filterText, sortBy, sortOrder }: ListQuery): string {
  const list = JSON.stringify([directoryId, resourceType.name, filterText ?? null, sortBy ?? null, sortOrder]);
  return createHash('sha256').update(list).digest('base64url').slice(0, CURSOR_MARK_CHARACTERS);
}

function writeCursor(place: { id: string; key: string | null }, source: Source, query: ListQuery): string {
  const isLong = place.key !== null && place.key.length > MAX_CURSOR_KEY_CHARACTERS;
  const parts = [markOf(source, query), place.id, ...(isLong ? [] : [place.key])];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function readCursor(cursor: string, source: Source, query: ListQuery): 'start' | ListPlace {
  if (cursor === '') return 'start';
  const [mark, id, key] = parseCursor(cursor);
  const isOurs = mark === markOf(source, query) && typeof id === 'string' && /^\w+$/.test(id);
  if (!isOurs || !(key === undefined || key === null || typeof key === 'string')) {
    throw invalidCursor('The cursor is not one of this list; start again with an empty cursor.');
  }
  return key === undefined ? { id } : { id, key };
}

function parseCursor(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
