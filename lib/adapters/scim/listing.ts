import type { IndexedMatch } from '@/lib/domain/provisioning/queries';
import type { JsonObject, ResourceType } from '@/lib/scim/attribute';
import { invalidCursor } from '@/lib/scim/error';
import { parseFilter } from '@/lib/scim/filter';
import { compareForSort, type ListQuery, listResponse, resolveSortPath } from '@/lib/scim/list';
import { matches } from '@/lib/scim/match';
import { project } from '@/lib/scim/project';
import type { Filter } from '@/lib/scim/syntax';

/** How a list reads one kind of resource. `represent` gives whole resources, with members where `withMembers` asks for them. */
export interface Source<Stored extends { readonly id: string }> {
  readonly resourceType: ResourceType;
  slice(slice: { offset: number; limit: number }): Promise<{ items: Stored[]; total: number }>;
  find(match: IndexedMatch): Promise<Stored[]>;
  represent(items: readonly Stored[], withMembers: boolean): Promise<JsonObject[]>;
  /** Whether the answer shows members. */
  readonly showsMembers: boolean;
}

/**
 * Answers a list request (RFC 7644 §3.4.2, RFC 9865). An index narrows what it can; the filter of `lib/scim` decides. Without a
 * filter and a sort order only the page itself is read.
 */
export async function listResources<Stored extends { readonly id: string }>(
  source: Source<Stored>,
  query: ListQuery,
): Promise<JsonObject> {
  const { resourceType } = source;
  const filter = query.filterText === undefined ? undefined : parseFilter(query.filterText, resourceType);
  const sortPath = query.sortBy === undefined ? undefined : resolveSortPath(query.sortBy, resourceType);
  const offset = query.cursor === undefined ? query.startIndex - 1 : readCursor(query.cursor);
  const toAnswer = (page: readonly JsonObject[], total: number) =>
    listResponse({
      resources: page.map((resource) => project(resource, resourceType, query)),
      totalResults: total,
      ...(query.cursor === undefined
        ? { startIndex: query.startIndex }
        : {
            nextCursor: offset + page.length < total && page.length > 0 ? writeCursor(offset + page.length) : undefined,
          }),
    });

  if (filter === undefined && sortPath === undefined) {
    const { items, total } = await source.slice({ offset, limit: query.count });
    return toAnswer(await source.represent(items, source.showsMembers), total);
  }
  const readsMembers = source.showsMembers || (filter !== undefined && mentionsMembers(filter));
  const candidates = await source.find(filter === undefined ? {} : (indexedPart(filter) ?? {}));
  const resources = await source.represent(candidates, readsMembers);
  const found = filter === undefined ? resources : resources.filter((resource) => matches(filter, resource));
  if (sortPath !== undefined) found.sort(compareForSort(sortPath, query.sortOrder));
  return toAnswer(found.slice(offset, offset + query.count), found.length);
}

/** Cursors count places: the order is stable, since ids ascend in time. */
function writeCursor(offset: number): string {
  return `p${offset}`;
}

function readCursor(cursor: string): number {
  if (cursor === '') return 0;
  if (!/^p\d{1,10}$/.test(cursor))
    throw invalidCursor('The cursor is not one of this service; start again with an empty cursor.');
  return Number(cursor.slice(1));
}

const INDEXED = new Set(['id', 'userName', 'externalId', 'displayName']);

/** Equalities of the filter that an index answers and that must hold for it to match; undefined when there are none. */
function indexedPart(filter: Filter): IndexedMatch | undefined {
  if (filter.kind === 'and') {
    const parts = filter.filters.map(indexedPart).filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : Object.assign({}, ...parts);
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || typeof filter.value !== 'string') return undefined;
  const { path } = filter;
  const isIndexed = !path.isExtension && path.subAttribute === undefined && INDEXED.has(path.attribute.name);
  // A person's display name is not unique and has no index; the whole filter decides there.
  const isIndexedHere = isIndexed && !(path.attribute.name === 'displayName' && path.schema.endsWith(':User'));
  return isIndexedHere ? { [path.attribute.name]: filter.value } : undefined;
}

function mentionsMembers(filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.some(mentionsMembers);
    case 'not':
      return mentionsMembers(filter.filter);
    default:
      return filter.path.attribute.name === 'members';
  }
}
