import { createHash } from 'node:crypto';
import type { Found, ListPlace, Selection } from '@/lib/domain/provisioning/types';
import type { JsonObject, ResourceType } from '@/lib/scim/attribute';
import { invalidCursor } from '@/lib/scim/error';
import { parseFilter } from '@/lib/scim/filter';
import { type ListQuery, listResponse, resolveSortPath } from '@/lib/scim/list';
import { project } from '@/lib/scim/project';

/** How a list reads one kind of resource. */
export interface Source {
  /** Names the list, so that a cursor of another one is refused. */
  readonly name: string;
  readonly resourceType: ResourceType;
  readonly directoryId: string;
  readonly baseUrl: string;
  /** A page of whole resources; members of groups only where the query shows them. */
  search(selection: Selection): Promise<Found<JsonObject>>;
}

/** Which resources of a source make a page. */
export type PageRequest = Pick<Selection, 'filter' | 'sort' | 'offset' | 'limit'> & { readonly cursor?: string };

export interface ListPage {
  /** As the client wants them. */
  readonly items: readonly JsonObject[];
  readonly total: number;
  readonly nextCursor?: string;
}

/**
 * Answers a list request about one type of resource (RFC 7644 §3.4.2, RFC 9865).
 * @throws ScimError invalidFilter, invalidValue, invalidCursor, expiredCursor
 */
export async function listResources(source: Source, query: ListQuery): Promise<JsonObject> {
  const page = await readPage(source, query, readRequest(query, source.resourceType));
  return listResponse({
    resources: [...page.items],
    totalResults: page.total,
    ...(query.cursor === undefined ? { startIndex: query.startIndex } : { nextCursor: page.nextCursor }),
  });
}

/** What a query asks of a type of resource. @throws ScimError invalidFilter, invalidValue */
export function readRequest(query: ListQuery, resourceType: ResourceType): PageRequest {
  const { filterText, sortBy, sortOrder, startIndex, count, cursor } = query;
  return {
    filter: filterText === undefined ? undefined : parseFilter(filterText, resourceType),
    sort: sortBy === undefined ? undefined : { path: resolveSortPath(sortBy, resourceType), order: sortOrder },
    offset: startIndex - 1,
    limit: count,
    cursor,
  };
}

/** A page of one source, projected. @throws ScimError invalidCursor, expiredCursor */
export async function readPage(source: Source, query: ListQuery, request: PageRequest): Promise<ListPage> {
  const { resourceType, baseUrl } = source;
  const { cursor, ...rest } = request;
  const after = cursor === undefined ? undefined : readCursor(cursor, source, query);
  const { items, total, next } = await source.search({ ...rest, after, baseUrl });
  return {
    items: items.map((item) => project(item, resourceType, query)),
    total,
    nextCursor: next && writeCursor(next, source, query),
  };
}

/** A sort key up to this many characters is part of the cursor; of a longer one the cursor names the row only. */
const MAX_CURSOR_KEY_CHARACTERS = 200;
const CURSOR_MARK_CHARACTERS = 8;

/** Ties a cursor to the list that it belongs to: it means nothing elsewhere (RFC 9865 §2). */
function markOf({ directoryId, name }: Source, { filterText, sortBy, sortOrder }: ListQuery): string {
  const list = JSON.stringify([directoryId, name, filterText ?? null, sortBy ?? null, sortOrder]);
  return createHash('sha256').update(list).digest('base64url').slice(0, CURSOR_MARK_CHARACTERS);
}

/** A cursor that points to the first resource of a list. */
export function startCursor(source: Source, query: ListQuery): string {
  return encode([markOf(source, query)]);
}

/** Whether a cursor points into this list. */
export function isCursorOf(source: Source, query: ListQuery, cursor: string): boolean {
  return decode(cursor)[0] === markOf(source, query);
}

function writeCursor({ id, key }: { id: string; key: string | null }, source: Source, query: ListQuery): string {
  const isLong = key !== null && key.length > MAX_CURSOR_KEY_CHARACTERS;
  return encode([markOf(source, query), id, ...(isLong ? [] : [key])]);
}

function readCursor(cursor: string, source: Source, query: ListQuery): 'start' | ListPlace {
  if (cursor === '') return 'start';
  const [mark, id, key] = decode(cursor);
  if (mark === markOf(source, query)) {
    if (id === undefined) return 'start';
    if (typeof id === 'string' && /^\w+$/.test(id)) {
      if (key === undefined) return { id };
      if (key === null || typeof key === 'string') return { id, key };
    }
  }
  throw invalidCursor('The cursor is not one of this list; start again with an empty cursor.');
}

function encode(parts: readonly (string | null)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function decode(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
