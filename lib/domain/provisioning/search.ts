import { asDate, database, type SqlValue } from '@/lib/db/handle';
import type { ResourceType } from '@/lib/scim/attribute';
import { expiredCursor, invalidCursor } from '@/lib/scim/error';
import { type AttributePath, type Filter, targetAttribute } from '@/lib/scim/syntax';
import { compileFilter } from './filter-sql';
import { type FilterTarget, Parameters, type Rows, valuesOf } from './filter-values';
import { nearestPivot, rememberPivot } from './pivots';
import type { DirectoryScope, Found, Selection } from './types';

/** The table that a search reads: `alias` is what its columns are called by, `isVisible` what hides a row from every reader. */
export interface SearchTable {
  readonly name: 'dir_user' | 'dir_group';
  readonly alias: 'u' | 'g';
  readonly columns: string;
  readonly isVisible: string;
  readonly resourceType: ResourceType;
}

/** What a list is sorted by, as SQL: `type` is what its value is read back as. */
interface SortKey {
  readonly sql: string;
  readonly type: 'text' | 'jsonb' | 'boolean' | 'timestamptz';
}

/** One search on its way to a statement. */
interface Query {
  readonly table: SearchTable;
  readonly target: FilterTarget;
  readonly where: string;
  /** Absent for the order of ids, which is that of creation. */
  readonly key: SortKey | undefined;
  readonly isDescending: boolean;
  readonly limit: number;
}

interface Counted {
  readonly total: number;
  readonly page_key: string | null;
}

/**
 * Rows that match a filter, in a stable order: by the sort key and then by id, ascending (RFC 7644 §3.4.2.3). Page and total are of one
 * moment. Nothing is counted where the page shows that it is all.
 * @throws ScimError invalidCursor for a place that cannot be in this list, expiredCursor when one that must be looked up is gone
 */
export async function search<Row extends { readonly id: string }>(
  scope: DirectoryScope,
  table: SearchTable,
  selection: Selection,
): Promise<Found<Row>> {
  const parameters = new Parameters();
  const directory = parameters.bind(scope.directoryId, 'text');
  const target: FilterTarget = { resourceType: table.resourceType, baseUrl: selection.baseUrl, directory, parameters };
  const parts = [`${table.alias}.directory_id = ${directory}`];
  if (table.isVisible !== '') parts.push(table.isVisible);
  if (selection.filter) parts.push(compileFilter(selection.filter, target));
  const where = parts.join(' and ');
  const listName = JSON.stringify([table.name, where, parameters.values]);
  const key = selection.sort && sortKeyOf(selection.sort.path, target);
  const isDescending = selection.sort?.order === 'descending';
  const query: Query = { table, target, where, key, isDescending, limit: selection.limit };
  const isPrepared = key === undefined && (selection.filter === undefined || isLookUp(selection.filter));
  const run = (statement: string) => database().sql.rows<Row & Counted>(statement, parameters.values, { isPrepared });

  if (selection.after) {
    const after = await placeOf(scope, query, selection.after);
    return toFound(await run(pageAfter(query, after)), selection.limit);
  }
  if (isPrepared && selection.filter && selection.offset === 0) {
    const items = await lookUp<Row>(query);
    if (items.length < selection.limit) return { items, total: items.length };
  }
  if (selection.offset === 0 || key !== undefined) {
    const found = toFound(await run(pageAt(query, selection.offset)), selection.limit);
    if (key === undefined) remember(listName, selection.offset, found);
    return found;
  }
  const pivot = nearestPivot(listName, selection.offset);
  const found = toFound(await run(pageFrom(query, selection.offset, pivot)), selection.limit);
  remember(listName, selection.offset, found);
  return found;
}

/** The first rows by the shortest statement, which a directory sends before each change: when they are few they are all. */
function lookUp<Row extends object>({ table: { name, alias, columns }, target, where, limit }: Query): Promise<Row[]> {
  const { values } = target.parameters;
  return database().sql.rows<Row>(
    `select ${columns} from ${name} ${alias} where ${where} order by ${alias}.id limit $${values.length + 1}::int`,
    [...values, limit],
  );
}

function remember(listName: string, offset: number, { items, total }: Found<{ readonly id: string }>): void {
  const last = items.at(-1);
  if (last && offset + items.length < total)
    rememberPivot(listName, { position: offset + items.length, id: last.id }, total);
}

const LOOKED_UP = new Set(['id', 'userName', 'externalId', 'displayName', 'emails', 'members']);
const MAX_LOOK_UP_TERMS = 2;

/** Equality with what directories look up; these few statements are prepared, others are planned each time and forgotten. */
function isLookUp(filter: Filter): boolean {
  if (filter.kind === 'valuePath')
    return LOOKED_UP.has(filter.path.attribute.name) && isShortConjunction(filter.filter);
  return isShortConjunction(filter);
}

function isShortConjunction(filter: Filter): boolean {
  const parts = filter.kind === 'and' ? filter.filters : [filter];
  return parts.length <= MAX_LOOK_UP_TERMS && parts.every(isEquality);
}

function isEquality(filter: Filter): boolean {
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.path.isExtension) return false;
  return LOOKED_UP.has(filter.path.attribute.name);
}

function toFound<Row extends { readonly id: string }>(
  rows: readonly (Row & Counted & { id: string | null })[],
  limit: number,
): Found<Row> {
  const items = rows.filter((row) => row.id !== null);
  const last = items[limit - 1];
  const hasMore = items.length > limit;
  return {
    items: items.slice(0, limit),
    total: rows[0]?.total ?? 0,
    next: hasMore && last ? { id: last.id, key: last.page_key } : undefined,
  };
}

/**
 * The rows of a page, whose ids and keys `page` has found, with the total. Ids come first, so that columns are computed for the page
 * only; each row is then found by its key, whatever the planner takes the page's size to be.
 */
function readRows({ table: { alias, name, columns }, target, key, isDescending }: Query): string {
  return `select counted.total, page.page_key::text as page_key, found.*
    from counted left join page on true
      left join lateral (select ${columns} from ${name} ${alias}
        where ${alias}.directory_id = ${target.directory} and ${alias}.id = page.page_id limit 1) found on true
    order by ${key ? `page.page_key ${direction(isDescending)}, ` : ''}page.page_id`;
}

/** Ascending, what has no value comes last; descending, first (RFC 7644 §3.4.2.3). */
function direction(isDescending: boolean): string {
  return isDescending ? 'desc nulls first' : 'asc nulls last';
}

function selectIds({ table, where, key }: Query, condition = ''): string {
  return `select ${table.alias}.id as page_id, ${key?.sql ?? 'null'} as page_key from ${table.name} ${table.alias}
    where ${where}${condition}`;
}

function order({ key, isDescending }: Query): string {
  return `order by ${key ? `page_key ${direction(isDescending)}, ` : ''}page_id`;
}

function countAll({ table, where }: Query, condition = ''): string {
  return `(select count(*) from ${table.name} ${table.alias} where ${where}${condition})`;
}

/** The page at a place. A page that is not full, and not past the end, says what the total is. */
function pageAt(query: Query, offset: number): string {
  const { parameters } = query.target;
  const limit = parameters.bind(query.limit, 'int');
  const skipped = parameters.bind(offset, 'bigint');
  return `with page as materialized (${selectIds(query)} ${order(query)} offset ${skipped} limit ${limit}),
    counted as materialized (select (case when n.rows < ${limit} and (n.rows > 0 or ${skipped} = 0) then ${skipped} + n.rows
      else ${countAll(query)} end)::int as total from (select count(*) as rows from page) n)
    ${readRows(query)}`;
}

/**
 * The page at a place far into the list in the order of ids, read from a row that was once near it. How many rows are before that row
 * now is counted with the total, so that the page is exact whatever has come and gone since.
 */
function pageFrom(query: Query, offset: number, pivot: ReturnType<typeof nearestPivot>): string {
  const { table, target } = query;
  const { parameters } = target;
  const id = parameters.bind(pivot.id, 'text');
  const limit = parameters.bind(query.limit, 'bigint');
  const skipped = parameters.bind(offset, 'bigint');
  const column = `${table.alias}.id`;
  const pick = (expression: string) => `(select ${expression} from counted)`;
  // Everything is counted once, and of the rows on either side of the pivot the fewer.
  const before = pivot.isNearEnd
    ? `total - ${countAll(query, ` and ${column} > ${id}`)}`
    : countAll(query, ` and ${column} <= ${id}`);
  return `with whole as materialized (select ${countAll(query)} as total),
    counted as materialized (select total::int as total, ${before} as before from whole),
    page as materialized (select * from (
      select * from (${selectIds(query, ` and ${column} <= ${id}`)} order by ${column} desc
        offset ${pick(`greatest(before - ${skipped} - ${limit}, 0)`)}
        limit ${pick(`least(greatest(before - ${skipped}, 0), ${limit})`)}) left_of
      union all
      select * from (${selectIds(query, ` and ${column} > ${id}`)} order by ${column}
        offset ${pick(`greatest(${skipped} - before, 0)`)}
        limit ${pick(`case when ${skipped} >= total then 0 else least(greatest(${skipped} + ${limit} - before, 0), ${limit}) end`)}) right_of
      ) both_sides limit ${limit})
    ${readRows(query)}`;
}

/** A place in the list: an id, and the sort key of that row as text; null when the row has none. */
interface Place {
  readonly id: string;
  readonly key: string | null;
}

/** The page behind a place, which need not exist any more (RFC 9865). One more row than asked for tells whether another page follows. */
function pageAfter(query: Query, after: Place | undefined): string {
  const { parameters } = query.target;
  const limit = parameters.bind(query.limit + 1, 'int');
  const condition = after ? ` and ${behind(query, after)}` : '';
  const total = after
    ? `select ${countAll(query)}::int as total`
    : `select (case when n.rows < ${limit} then n.rows else ${countAll(query)} end)::int as total from (select count(*) as rows from page) n`;
  return `with page as materialized (${selectIds(query, condition)} ${order(query)} limit ${limit}),
    counted as materialized (${total})
    ${readRows(query)}`;
}

function behind({ table, target, key, isDescending }: Query, after: Place): string {
  const { parameters } = target;
  const laterId = `${table.alias}.id > ${parameters.bind(after.id, 'text')}`;
  if (!key) return laterId;
  if (after.key === null) {
    return isDescending
      ? `(${key.sql} is not null or (${key.sql} is null and ${laterId}))`
      : `(${key.sql} is null and ${laterId})`;
  }
  const value = bindKey(after.key, key.type, parameters);
  const later = isDescending ? `${key.sql} < ${value}` : `(${key.sql} > ${value} or ${key.sql} is null)`;
  return `(${later} or (${key.sql} = ${value} and ${laterId}))`;
}

/** Cursors come from outside: a key that is none of its type is refused here, since the database would fail. */
function bindKey(text: string, type: SortKey['type'], parameters: Parameters): string {
  const value = readKey(text, type);
  if (value === undefined) throw invalidCursor('The cursor is not one of this list; start again with an empty cursor.');
  return type === 'jsonb' ? `${parameters.bind(value, 'text')}::jsonb` : parameters.bind(value, type);
}

function readKey(text: string, type: SortKey['type']): SqlValue | undefined {
  switch (type) {
    case 'text':
      return /[\0\p{Surrogate}]/u.test(text) ? undefined : text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'jsonb':
      return /^(true|false|-?\d{1,400}(\.\d{1,400})?)$/.test(text) ? text : undefined;
    case 'timestamptz': {
      const moment = /^\d{4}-\d\d-\d\d /.test(text) ? asDate(text) : undefined;
      return moment && !Number.isNaN(moment.getTime()) ? moment : undefined;
    }
  }
}

/** Where a cursor points to. One whose sort key was too long to carry names a row, whose key is read. */
async function placeOf(
  scope: DirectoryScope,
  query: Query,
  after: NonNullable<Selection['after']>,
): Promise<Place | undefined> {
  if (after === 'start') return undefined;
  if (!query.key || after.key !== undefined) return { id: after.id, key: after.key ?? null };
  const parameters = new Parameters();
  const { name, alias, isVisible } = query.table;
  const [row] = await database().sql.rows<{ key: string | null }>(
    `select (${query.key.sql})::text as key from ${name} ${alias}
     where ${alias}.directory_id = ${parameters.bind(scope.directoryId, 'text')} and ${alias}.id = ${parameters.bind(after.id, 'text')}
       ${isVisible === '' ? '' : `and ${isVisible}`}`,
    parameters.values,
  );
  if (!row) throw expiredCursor('The resource that this cursor points to is gone; start again with an empty cursor.');
  return { id: after.id, key: row.key };
}

/** The value that resources are sorted by: of several the primary one or else the first. Undefined when all have the same. */
function sortKeyOf(path: AttributePath, target: FilterTarget): SortKey | undefined {
  const values = valuesOf(path, target);
  const isText = !['boolean', 'integer', 'decimal', 'dateTime'].includes(targetAttribute(path).type);
  const fromJson = (sql: string): SortKey =>
    isText ? { sql: `((${sql}) #>> '{}' collate "C")`, type: 'text' } : { sql: `(${sql})`, type: 'jsonb' };
  if ('one' in values) {
    const { one } = values;
    if (one.kind === 'fixed') return undefined;
    if (one.kind === 'json') return fromJson(one.sql);
    return { sql: one.sql, type: one.kind === 'moment' ? 'timestamptz' : one.kind };
  }
  const [first] = values.many;
  const firsts = values.many.map((rows) => firstOf(rows)).join(', ');
  if (first?.value.kind !== 'json') return { sql: `(coalesce(${firsts}) collate "C")`, type: 'text' };
  const primary = firstOf(first, `${first.item ?? 'null'} -> 'primary' = 'true'`);
  return fromJson(`coalesce(${primary}, ${firsts})`);
}

function firstOf({ from, where, order: place, value }: Rows, condition = 'true'): string {
  const sql = value.kind === 'fixed' ? `'${value.value}'::text` : value.sql;
  return `(select ${sql} from ${from} where ${where} and ${condition} and ${sql} is not null order by ${place} limit 1)`;
}
