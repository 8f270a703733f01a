import type { Json, JsonObject, ResourceType } from './attribute';
import { isJsonObject } from './attribute';
import { invalidCount, invalidCursor, invalidSyntax, invalidValue } from './error';
import { parseInstant } from './filter';
import { compareByCodePoint, foldKey } from './fold';
import { attributeAt, valuesAt } from './match';
import { findSubAttribute, resolveName } from './names';
import type { Projection } from './project';
import { readProjection } from './project';
import type { AttributePath } from './syntax';
import { targetAttribute } from './syntax';

export const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const SEARCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

/** Resources on a page when the client does not say. Okta and Entra page by 100. */
export const DEFAULT_PAGE_SIZE = 100;
/** Most resources on a page, whatever the client says. */
export const MAX_PAGE_SIZE = 1_000;
/** Largest index that is told apart; a larger startIndex is past the end of any directory. */
export const MAX_START_INDEX = 2_147_483_647;
/** Longest cursor that this service makes. */
const MAX_CURSOR_LENGTH = 1_024;

export interface ListQuery extends Projection {
  /** As sent; parse it with parseFilter. Absent when there is none. */
  readonly filterText?: string;
  /** 1 or more (RFC 7644 §3.4.2.4). 1 when a cursor is used. */
  readonly startIndex: number;
  /** 0 to MAX_PAGE_SIZE. */
  readonly count: number;
  /** As sent; resolve it with resolveSortPath. */
  readonly sortBy?: string;
  readonly sortOrder: 'ascending' | 'descending';
  /** Present when the client pages by cursor (RFC 9865); empty for the first page. */
  readonly cursor?: string;
}

/**
 * Reads the query string of a list request (RFC 7644 §3.4.2, RFC 9865 §2). Parameter names in any case; of repeated ones
 * the first counts; unknown ones are ignored, as Entra's feature flag has to be.
 * @throws ScimError invalidValue for numbers that are none, invalidCount when a cursor is used, invalidCursor
 */
export function readListQuery(params: URLSearchParams): ListQuery {
  const values = new Map<string, Json>();
  for (const [name, value] of params) {
    const key = name.toLowerCase();
    if (!values.has(key)) values.set(key, value);
  }
  return readQuery(values, readProjection(params));
}

/**
 * Reads the body of `POST /.search` (RFC 7644 §3.4.3); the same meaning as the query string.
 * @throws ScimError invalidSyntax when the body is no object, and as readListQuery does
 */
export function readSearchRequest(body: unknown): ListQuery {
  if (!isJsonObject(body)) throw invalidSyntax('The body of a search must be a JSON object.');
  const values = new Map<string, Json>();
  for (const [name, value] of Object.entries(body)) if (value !== null) values.set(name.toLowerCase(), value);
  return readQuery(values, readProjection(body));
}

function readQuery(values: ReadonlyMap<string, Json>, projection: Projection): ListQuery {
  const cursor = readCursor(readText(values, 'cursor'));
  const filterText = readText(values, 'filter');
  const sortBy = readText(values, 'sortby');
  return {
    ...projection,
    ...(filterText === undefined ? {} : { filterText }),
    startIndex: cursor === undefined ? readStartIndex(values.get('startindex')) : 1,
    count: readCount(values.get('count'), cursor !== undefined),
    ...(sortBy === undefined || sortBy.trim() === '' ? {} : { sortBy: sortBy.trim() }),
    sortOrder: readSortOrder(readText(values, 'sortorder')),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function readText(values: ReadonlyMap<string, Json>, name: string): string | undefined {
  const value = values.get(name);
  if (value === undefined || typeof value === 'string') return value;
  throw invalidValue(`"${name}" must be a string.`);
}

/** An integer of any size, or undefined when absent or empty; NaN when it is no integer. */
function readInteger(value: Json | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number.NaN;
  return typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : Number.NaN;
}

function readStartIndex(value: Json | undefined): number {
  const index = readInteger(value) ?? 1;
  if (Number.isNaN(index)) throw invalidValue('"startIndex" must be an integer.');
  return Math.min(Math.max(index, 1), MAX_START_INDEX);
}

function readCount(value: Json | undefined, hasCursor: boolean): number {
  const count = readInteger(value) ?? DEFAULT_PAGE_SIZE;
  if (Number.isNaN(count)) {
    throw hasCursor ? invalidCount('"count" must be an integer.') : invalidValue('"count" must be an integer.');
  }
  return Math.min(Math.max(count, 0), MAX_PAGE_SIZE);
}

/** Cursors are made of the unreserved characters of RFC 3986 (RFC 9865 §2). */
function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  if (cursor.length > MAX_CURSOR_LENGTH || !/^[\w.~-]*$/.test(cursor)) {
    throw invalidCursor('The cursor is not one of this service; start again with an empty cursor.');
  }
  return cursor;
}

function readSortOrder(text: string | undefined): 'ascending' | 'descending' {
  const order = text?.trim().toLowerCase() ?? '';
  if (order === '' || order === 'ascending') return 'ascending';
  if (order === 'descending') return 'descending';
  throw invalidValue('"sortOrder" is ascending or descending.');
}

/**
 * The attribute that `sortBy` names. A complex attribute stands for its `value`.
 * @throws ScimError invalidValue when it is unknown, never returned, or has no single value
 */
export function resolveSortPath(sortBy: string, resourceType: ResourceType): AttributePath {
  const resolved = resolveName(resourceType, sortBy);
  if (resolved?.kind !== 'attribute')
    throw invalidValue(`${resourceType.name} has no attribute to sort by "${sortBy.slice(0, 80)}".`);
  const { path } = resolved;
  const target = targetAttribute(path);
  if (target.returned === 'never') throw invalidValue(`${target.name} cannot be sorted by.`);
  if (target.type !== 'complex') return path;
  const value = findSubAttribute(target, 'value');
  if (value === undefined || path.subAttribute !== undefined) {
    throw invalidValue(`${target.name} has parts; name the one to sort by.`);
  }
  return { ...path, subAttribute: value };
}

/**
 * A comparison of resources by one attribute (RFC 7644 §3.4.2.3): of several values the primary one or else the first
 * counts; texts by code point, folded unless case exact; resources without the value come last when ascending and first
 * when descending.
 */
export function compareForSort(
  path: AttributePath,
  order: 'ascending' | 'descending',
): (left: JsonObject, right: JsonObject) => number {
  const direction = order === 'ascending' ? 1 : -1;
  return (left, right) => direction * compareKeys(sortKey(left, path), sortKey(right, path));
}

/** The value that a resource is sorted by: a folded or exact text, a number, an instant in ms; undefined without one. */
export function sortKey(resource: JsonObject, path: AttributePath): string | number | undefined {
  const attribute = targetAttribute(path);
  const whole = attributeAt(resource, path);
  const primary = Array.isArray(whole)
    ? whole.find((element) => isJsonObject(element) && element['primary'] === true)
    : undefined;
  const preferred =
    isJsonObject(primary) && path.subAttribute !== undefined ? primary[path.subAttribute.name] : undefined;
  const value = preferred ?? valuesAt(resource, path)[0];
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  if (attribute.type === 'dateTime') return parseInstant(value);
  return attribute.caseExact ? value : foldKey(value);
}

function compareKeys(left: string | number | undefined, right: string | number | undefined): number {
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  if (typeof left === 'string' && typeof right === 'string') return compareByCodePoint(left, right);
  return Number(left) - Number(right);
}

export interface ListResponseInput {
  readonly resources: readonly JsonObject[];
  /** Absent only when a cursor is used and the total is not known (RFC 9865 §2). */
  readonly totalResults?: number;
  /** As the query read it; leave it out when a cursor is used. */
  readonly startIndex?: number;
  readonly nextCursor?: string;
  readonly previousCursor?: string;
}

/** A ListResponse (RFC 7644 §3.4.2): integer counters, and `Resources` also when it is empty. */
export function listResponse(input: ListResponseInput): JsonObject {
  return {
    schemas: [LIST_SCHEMA],
    ...(input.totalResults === undefined ? {} : { totalResults: input.totalResults }),
    ...(input.startIndex === undefined ? {} : { startIndex: input.startIndex }),
    itemsPerPage: input.resources.length,
    ...(input.nextCursor === undefined ? {} : { nextCursor: input.nextCursor }),
    ...(input.previousCursor === undefined ? {} : { previousCursor: input.previousCursor }),
    Resources: [...input.resources],
  };
}
