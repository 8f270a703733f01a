import type { JsonObject, ResourceType } from '@/lib/scim/attribute';
import { type ListQuery, listResponse } from '@/lib/scim/list';
import { findAttribute, findSubAttribute } from '@/lib/scim/names';
import { GROUP_SCHEMA, USER_SCHEMA } from '@/lib/scim/schema';
import type { AttributePath, Filter } from '@/lib/scim/syntax';
import { answer, type Call } from './exchange';
import { GROUP_TYPE, groupSource } from './groups';
import type { ScimResponse } from './http';
import {
  isCursorOf,
  type ListPage,
  type PageRequest,
  readPage,
  readRequest,
  type Source,
  startCursor,
} from './listing';
import { userSource } from './users';

const anyTypes = new WeakMap<ResourceType, ResourceType>();

/** What a filter at the root may name: the attributes of users, and those that only groups have, as if in an extension. */
function anyTypeOf(userType: ResourceType): ResourceType {
  const known = anyTypes.get(userType);
  if (known) return known;
  const type: ResourceType = {
    id: 'Resource',
    name: 'Resource',
    description: 'A user or a group',
    endpoint: '/',
    schema: USER_SCHEMA,
    extensions: [...userType.extensions, { schema: GROUP_SCHEMA, required: false }],
  };
  anyTypes.set(userType, type);
  return type;
}

const NOTHING: Filter = { kind: 'or', filters: [] };
const EVERYTHING: Filter = { kind: 'and', filters: [] };

/** The path in one type, or undefined where the type has no such attribute. */
function pathIn(type: ResourceType, path: AttributePath): AttributePath | undefined {
  const isOfGroups = path.schema === GROUP_SCHEMA.id;
  if (type !== GROUP_TYPE) return isOfGroups ? undefined : path;
  if (path.isExtension && !isOfGroups) return undefined;
  const found = findAttribute(GROUP_TYPE, GROUP_SCHEMA.id, path.attribute.name);
  if (found === undefined || path.subAttribute === undefined) return found;
  const subAttribute = findSubAttribute(found.attribute, path.subAttribute.name);
  return subAttribute && { ...found, subAttribute };
}

/**
 * A filter at the root as it applies to one type. An attribute that the type does not have is one without a value (RFC 7644 §3.4.2.1).
 */
export function filterIn(type: ResourceType, filter: Filter): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { ...filter, filters: filter.filters.map((part) => filterIn(type, part)) };
    case 'not':
      return { ...filter, filter: filterIn(type, filter.filter) };
    case 'present': {
      const path = pathIn(type, filter.path);
      return path ? { ...filter, path } : NOTHING;
    }
    case 'compare': {
      const path = pathIn(type, filter.path);
      if (path) return { ...filter, path };
      return filter.operator === 'ne' ? EVERYTHING : NOTHING;
    }
    case 'valuePath': {
      const path = pathIn(type, filter.path);
      return path ? { ...filter, path, filter: filterIn(type, filter.filter) } : NOTHING;
    }
  }
}

/** One type's part of a list at the root. */
interface Part {
  readonly source: Source;
  readonly request: PageRequest;
}

/**
 * GET on the base and POST /.search: users, then groups, each in their order; `sortBy` sorts within a type, since the two have little in
 * common (RFC 7644 §3.4.2.1, §3.4.3). OneLogin asks the base when provisioning is switched on, and wants to see a list.
 */
export async function listEverything(call: Call, query: ListQuery): Promise<ScimResponse> {
  call.note.operation = 'List users and groups';
  const { filter, sort } = readRequest(query, anyTypeOf(call.userType));
  const partOf = (source: Source): Part => {
    const path = sort && pathIn(source.resourceType, sort.path);
    return {
      source: { ...source, name: `all ${source.name}` },
      request: {
        filter: filter && filterIn(source.resourceType, filter),
        sort: sort && path && { ...sort, path },
        offset: query.startIndex - 1,
        limit: query.count,
      },
    };
  };
  const [users, groups] = [partOf(userSource(call)), partOf(groupSource(call, query))];
  const list = query.cursor === undefined ? listByIndex : listByCursor;
  return answer(200, await list(users, groups, query));
}

async function listByIndex(users: Part, groups: Part, query: ListQuery): Promise<JsonObject> {
  const first = await readPage(users.source, query, users.request);
  const { offset, limit } = groups.request;
  const rest = { offset: Math.max(offset - first.total, 0), limit: limit - first.items.length };
  const second = await readPage(groups.source, query, { ...groups.request, ...rest });
  return listResponse({
    resources: [...first.items, ...second.items],
    totalResults: first.total + second.total,
    startIndex: query.startIndex,
  });
}

async function listByCursor(users: Part, groups: Part, query: ListQuery): Promise<JsonObject> {
  const { cursor = '' } = query;
  if (cursor !== '' && isCursorOf(groups.source, query, cursor)) {
    const page = await readPage(groups.source, query, { ...groups.request, cursor });
    return cursorResponse([page, await countOnly(users, query)], page.nextCursor);
  }
  const first = await readPage(users.source, query, { ...users.request, cursor });
  const room = query.count - first.items.length;
  if (first.nextCursor !== undefined || room === 0) {
    const second = await countOnly(groups, query);
    const begin = second.total > 0 ? startCursor(groups.source, query) : undefined;
    return cursorResponse([first, second], first.nextCursor ?? begin);
  }
  const second = await readPage(groups.source, query, { ...groups.request, cursor: '', limit: room });
  return cursorResponse([first, second], second.nextCursor);
}

function countOnly({ source, request }: Part, query: ListQuery): Promise<ListPage> {
  return readPage(source, query, { ...request, offset: 0, limit: 0 });
}

function cursorResponse(pages: readonly ListPage[], nextCursor: string | undefined): JsonObject {
  return listResponse({
    resources: pages.flatMap((page) => page.items),
    totalResults: pages.reduce((sum, page) => sum + page.total, 0),
    nextCursor,
  });
}
