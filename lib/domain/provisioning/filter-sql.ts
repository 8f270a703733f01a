import type { SqlValue } from '@/lib/db/handle';
import type { Attribute, ResourceType } from '@/lib/scim/attribute';
import { parseInstant } from '@/lib/scim/filter';
import { matchesElement } from '@/lib/scim/match';
import type { AttributePath, CompareFilter, CompareOperator, Filter } from '@/lib/scim/syntax';
import { targetAttribute } from '@/lib/scim/syntax';
import { comparableText, SHOWN_NAME_KEY } from './comparable';

/** A statement's parameters; `bind` adds one and returns its placeholder. */
export class Parameters {
  readonly values: SqlValue[] = [];

  bind(value: SqlValue, type: string): string {
    return `$${this.values.push(value)}::${type}`;
  }
}

/** What a filter is compiled for. Rows of people are called `u`, of groups `g`. */
export interface FilterTarget {
  readonly resourceType: ResourceType;
  /** Address of the directory's SCIM base, for `meta.location` and `$ref`. */
  readonly baseUrl: string;
  /** Placeholder of the directory's id. */
  readonly directory: string;
  readonly parameters: Parameters;
}

/**
 * An expression with the value of a single attribute, null where there is none. `json` is of the comparable document; `text` is folded
 * unless the attribute is case exact; `fixed` is the same for every row.
 */
export type Operand =
  | {
      readonly kind: 'json' | 'text' | 'moment' | 'boolean';
      readonly sql: string;
      readonly isNullable?: boolean;
      /** A column that an index finds; it holds the same, except that it is null for the empty text. */
      readonly indexed?: string;
    }
  | { readonly kind: 'fixed'; readonly value: string };

/** Rows, one a value: `from` a join, `where` what ties it to the resource. `order` is the order of the list that clients see. */
export interface Rows {
  readonly from: string;
  readonly where: string;
  readonly order: string;
  readonly value: Operand;
  /** The element of the document that the value is of, as JSON. */
  readonly item?: string;
}

/** The values of an attribute: one at most, or those of rows. */
export type Values = { readonly one: Operand } | { readonly many: readonly Rows[] };

const quote = (name: string) => `'${name.replaceAll("'", "''")}'`;

/**
 * A filter as an SQL condition on a row, true or false and never null, with the meaning of `matches` in `lib/scim/match.ts`.
 * Values go into `target.parameters`.
 */
export function compileFilter(filter: Filter, target: FilterTarget): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return join(
        filter.kind,
        filter.filters.map((part) => compileFilter(part, target)),
      );
    case 'not':
      return `not ${compileFilter(filter.filter, target)}`;
    case 'present':
      return isExtensionList(filter.path) ? 'true' : present(valuesOf(filter.path, target));
    case 'compare':
      return compileCompare(filter, target);
    case 'valuePath':
      return compileValuePath(filter.path, filter.filter, target);
  }
}

function join(kind: 'and' | 'or', parts: readonly string[]): string {
  return parts.length === 0 ? String(kind === 'and') : `(${parts.join(` ${kind} `)})`;
}

/** `schemas` follows from the extensions that have a value. */
function isExtensionList(path: AttributePath): boolean {
  return !path.isExtension && path.attribute.name === 'schemas';
}

function compileCompare(filter: CompareFilter, target: FilterTarget): string {
  if (isExtensionList(filter.path)) return compileSchemas(filter, target);
  const condition = compare(valuesOf(filter.path, target), filter, target);
  return isEmailValue(filter) ? `(${emailLookUp(filter, target)} and ${condition})` : condition;
}

/** What `matchesElement` says of each URN that a resource may name, where the resource has that extension. */
function compileSchemas(filter: Filter, target: FilterTarget): string {
  const { schema, extensions } = target.resourceType;
  const alias = aliasOf(target);
  const parts = [String(matchesElement(filter, schema.id))];
  for (const extension of extensions) {
    const urn = extension.schema.id;
    if (matchesElement(filter, urn)) parts.push(`${alias}.comparable -> ${quote(urn)} is not null`);
  }
  return join('or', parts);
}

function compileValuePath(path: AttributePath, filter: Filter, target: FilterTarget): string {
  if (isExtensionList(path)) return compileSchemas(filter, target);
  const condition = join(
    'or',
    elementsOf(path, target).map(({ from, where, element }) =>
      exists(from, where, compileElement(filter, element, target)),
    ),
  );
  const parts = filter.kind === 'and' ? filter.filters : [filter];
  const address = parts.find(isEmailValue);
  return address === undefined ? condition : `(${emailLookUp(address, target)} and ${condition})`;
}

/** A filter on one element, whose parts `element` finds. */
function compileElement(filter: Filter, element: Element, target: FilterTarget): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return join(
        filter.kind,
        filter.filters.map((part) => compileElement(part, element, target)),
      );
    case 'not':
      return `not ${compileElement(filter.filter, element, target)}`;
    case 'present':
      return present(element(filter.path.subAttribute));
    case 'compare':
      return compare(element(filter.path.subAttribute), filter, target);
    case 'valuePath':
      return 'false';
  }
}

function exists(from: string, where: string, condition: string): string {
  return `exists (select 1 from ${from} where ${where} and ${condition})`;
}

function isEmailValue(filter: Filter): filter is CompareFilter & { value: string } {
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.path.isExtension) return false;
  return filter.path.attribute.name === 'emails' && filter.path.subAttribute?.name === 'value';
}

/**
 * True for everybody who has that address, by two indexes: most people have one address, so that the second is nearly empty. Each is asked
 * on its own, since a planner without statistics would rather read the whole directory than join them.
 */
function emailLookUp(filter: CompareFilter & { value: string }, { parameters, directory }: FilterTarget): string {
  const key = parameters.bind(String(comparableText(targetAttribute(filter.path), filter.value)), 'text');
  return `u.id in (select o.id from dir_user o where o.directory_id = ${directory} and o.primary_email_key = ${key}
    union all select o.id from (select x.directory_id, x.id from dir_user x where x.other_email_keys @> array[${key}] offset 0) o
      where o.directory_id = ${directory})`;
}

/** Finds the values below one element by sub-attribute; of the element itself without one. */
type Element = (subAttribute: Attribute | undefined) => Values;

interface Elements extends Omit<Rows, 'value'> {
  readonly element: Element;
}

const aliasOf = ({ resourceType }: FilterTarget) => (resourceType.name === 'User' ? 'u' : 'g');

/** The elements of a list in a JSON expression. A value alone is a list of one. */
function jsonRows(list: string, alias: string): Omit<Rows, 'value'> & { readonly item: string } {
  return {
    from: `jsonb_path_query(${list}, '$[*]') with ordinality as ${alias}(item, place)`,
    where: 'true',
    order: `${alias}.place`,
    item: `${alias}.item`,
  };
}

/** The values below a JSON expression by sub-attribute. */
function jsonElement(item: string): Element {
  return (subAttribute) => {
    if (subAttribute === undefined) return { one: { kind: 'json', sql: item, isNullable: true } };
    const sql = `${item} -> ${quote(subAttribute.name)}`;
    if (!subAttribute.multiValued) return { one: { kind: 'json', sql: `(${sql})`, isNullable: true } };
    const rows = jsonRows(sql, 's');
    return { many: [{ ...rows, value: { kind: 'json', sql: rows.item } }] };
  };
}

/** Where the elements of a multi-valued attribute are: rows of memberships, or a list in the comparable document. */
function elementsOf(path: AttributePath, target: FilterTarget): Elements[] {
  const { attribute, isExtension } = path;
  if (!isExtension && attribute.name === 'groups' && target.resourceType.name === 'User') return [groupsOfUser(target)];
  if (!isExtension && attribute.name === 'members' && target.resourceType.name === 'Group')
    return membersOfGroup(target);
  const rows = jsonRows(documentPart(path, target), 'e');
  return [{ ...rows, element: jsonElement(rows.item) }];
}

function documentPart(path: AttributePath, target: FilterTarget): string {
  const container = path.isExtension ? ` -> ${quote(path.schema)}` : '';
  return `${aliasOf(target)}.comparable${container} -> ${quote(path.attribute.name)}`;
}

function reference(
  parts: { id: string; collection: string; display: string; type: string },
  target: FilterTarget,
): Element {
  return (subAttribute) => {
    switch (subAttribute?.name) {
      case '$ref':
        return { one: location(`${target.baseUrl}/${parts.collection}/`, parts.id, target) };
      case 'display':
        return { one: { kind: 'text', sql: parts.display } };
      case 'type':
        return { one: { kind: 'fixed', value: parts.type } };
      default:
        return { one: { kind: 'text', sql: parts.id } };
    }
  };
}

function location(prefix: string, id: string, { parameters }: FilterTarget): Operand {
  return { kind: 'text', sql: `(${parameters.bind(prefix, 'text')} || ${id})` };
}

function groupsOfUser(target: FilterTarget): Elements {
  return {
    from: `membership m join dir_group mg on mg.directory_id = m.directory_id and mg.id = m.group_id and mg.deleting_at is null`,
    where: 'm.directory_id = u.directory_id and m.user_id = u.id',
    order: 'mg.display_name_key, mg.id',
    element: reference(
      { id: 'm.group_id', collection: 'Groups', display: 'mg.display_name_key', type: 'direct' },
      target,
    ),
  };
}

const SHOWN_NAME = `(coalesce(mu.comparable ->> '${SHOWN_NAME_KEY}', mu.comparable ->> 'displayName', '') collate "C")`;

function membersOfGroup(target: FilterTarget): Elements[] {
  return [
    {
      from: 'membership m join dir_user mu on mu.directory_id = m.directory_id and mu.id = m.user_id',
      where: 'm.directory_id = g.directory_id and m.group_id = g.id',
      order: 'm.user_id',
      element: reference({ id: 'm.user_id', collection: 'Users', display: SHOWN_NAME, type: 'user' }, target),
    },
    {
      from: `group_nesting n join dir_group mg on mg.directory_id = n.directory_id and mg.id = n.member_group_id and mg.deleting_at is null`,
      where: 'n.directory_id = g.directory_id and n.group_id = g.id',
      order: 'n.member_group_id',
      element: reference(
        { id: 'n.member_group_id', collection: 'Groups', display: 'mg.display_name_key', type: 'group' },
        target,
      ),
    },
  ];
}

/** The values that a path leads to. */
export function valuesOf(path: AttributePath, target: FilterTarget): Values {
  const column = path.isExtension ? undefined : columnOf(path, target);
  if (column !== undefined) return { one: column };
  if (!path.attribute.multiValued) return jsonElement(documentPart(path, target))(path.subAttribute);
  return {
    many: elementsOf(path, target).flatMap(({ from, where, order, item, element }): Rows[] => {
      const below = element(path.subAttribute);
      if ('one' in below) return [{ from, where, order, item, value: below.one }];
      return below.many.map((rows) => ({
        from: `${from} cross join ${rows.from}`,
        where,
        order: `${order}, ${rows.order}`,
        item,
        value: rows.value,
      }));
    }),
  };
}

/** Attributes that are columns, of people and of groups. */
function columnOf({ attribute, subAttribute }: AttributePath, target: FilterTarget): Operand | undefined {
  const alias = aliasOf(target);
  const isUser = alias === 'u';
  switch (attribute.name) {
    case 'id':
      return { kind: 'text', sql: `${alias}.id` };
    case 'externalId':
      return {
        kind: 'text',
        sql: `((${alias}.doc ->> 'externalId') collate "C")`,
        isNullable: true,
        indexed: `${alias}.external_id`,
      };
    case 'userName':
      return isUser ? { kind: 'text', sql: 'u.user_name_key' } : undefined;
    case 'active':
      return isUser ? { kind: 'boolean', sql: 'u.is_active' } : undefined;
    case 'displayName':
      return isUser ? undefined : { kind: 'text', sql: 'g.display_name_key' };
    case 'meta':
      return metaColumn(subAttribute?.name, target);
    default:
      return undefined;
  }
}

function metaColumn(name: string | undefined, target: FilterTarget): Operand {
  const alias = aliasOf(target);
  switch (name) {
    case 'created':
      return { kind: 'moment', sql: `${alias}.created_at` };
    case 'lastModified':
      return { kind: 'moment', sql: `${alias}.updated_at` };
    case 'version':
      return { kind: 'text', sql: `(('W/"' || ${alias}.version || '"') collate "C")` };
    case 'location':
      return location(`${target.baseUrl}${target.resourceType.endpoint}/`, `${alias}.id`, target);
    default:
      return { kind: 'fixed', value: target.resourceType.name };
  }
}

const HAS_LEAF = `'$.** ? (@.type() == "number" || @.type() == "boolean" || (@.type() == "string" && @ != ""))'`;

function present(values: Values): string {
  if ('one' in values) return presentOne(values.one);
  return join(
    'or',
    values.many.map(({ from, where, value }) => exists(from, where, presentOne(value))),
  );
}

/** `pr`: a text, list or object that is empty counts as no value (RFC 7644 table 3). */
function presentOne(operand: Operand): string {
  switch (operand.kind) {
    case 'json':
      return `coalesce(jsonb_path_exists(${operand.sql}, ${HAS_LEAF}), false)`;
    case 'text':
      return `(${operand.sql} is not null and ${operand.sql} <> '')`;
    default:
      return 'true';
  }
}

/** Whether one of the values compares as the filter says; without any value, whether it says `ne` (RFC 7644 §3.4.2.2). */
function compare(values: Values, filter: CompareFilter, target: FilterTarget): string {
  const isNe = filter.operator === 'ne';
  if ('one' in values) {
    const { one } = values;
    if (filter.operator === 'eq' && filter.value !== '' && one.kind === 'text' && one.indexed !== undefined) {
      return `(${one.indexed} is not null and ${compareOne({ kind: 'text', sql: one.indexed }, filter, target)})`;
    }
    const condition = compareOne(one, filter, target);
    if (one.kind === 'fixed' || !one.isNullable) return condition;
    return isNe ? `(${one.sql} is null or ${condition})` : `(${one.sql} is not null and ${condition})`;
  }
  const some = values.many.map(({ from, where, value }) => {
    const condition = compareOne(value, filter, target);
    const isNullable = value.kind !== 'fixed' && value.isNullable;
    return exists(from, where, isNullable ? `${value.sql} is not null and ${condition}` : condition);
  });
  if (!isNe) return join('or', some);
  const any = values.many.map(({ from, where, value }) =>
    exists(from, where, value.kind !== 'fixed' && value.isNullable ? `${value.sql} is not null` : 'true'),
  );
  return `(${join('or', some)} or not ${join('or', any)})`;
}

const SQL_OPERATORS: Readonly<Partial<Record<CompareOperator, string>>> = {
  eq: '=',
  ne: '<>',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
};

/** Moments outside these years compare with every stored one as their bound does; the database cannot read all of them. */
const FIRST_MOMENT_MS = Date.UTC(1000, 0, 1);
const LAST_MOMENT_MS = Date.UTC(9999, 0, 1);

/** A comparison with a value that is not null. */
function compareOne(operand: Operand, filter: CompareFilter, { parameters }: FilterTarget): string {
  const { operator, value } = filter;
  const attribute = targetAttribute(filter.path);
  switch (operand.kind) {
    case 'fixed': {
      const actual = parameters.bind(String(comparableText(attribute, operand.value)), 'text');
      return compareText(`${actual} collate "C"`, operator, comparableText(attribute, String(value)), parameters);
    }
    case 'text':
      return compareText(operand.sql, operator, comparableText(attribute, String(value)), parameters);
    case 'boolean':
      return (operator === 'eq') === (value === true) ? operand.sql : `not ${operand.sql}`;
    case 'moment': {
      const instant = Math.min(Math.max(parseInstant(String(value)) ?? 0, FIRST_MOMENT_MS), LAST_MOMENT_MS);
      return `${operand.sql} ${SQL_OPERATORS[operator] ?? '='} ${parameters.bind(new Date(instant), 'timestamptz')}`;
    }
    case 'json': {
      const expected = typeof value === 'string' ? comparableText(attribute, value) : value;
      if (typeof expected === 'string') return compareJsonText(operand.sql, operator, expected, parameters);
      return compareJsonScalar(operand.sql, operator, expected, parameters);
    }
  }
}

function compareText(
  sql: string,
  operator: CompareOperator,
  expected: string | number,
  parameters: Parameters,
): string {
  const bound = parameters.bind(String(expected), 'text');
  switch (operator) {
    case 'co':
      return `strpos(${sql}, ${bound}) > 0`;
    case 'sw':
      return `starts_with(${sql}, ${bound})`;
    case 'ew':
      return `right(${sql}, length(${bound})) = ${bound}`;
    default:
      return `${sql} ${SQL_OPERATORS[operator] ?? '='} ${bound}`;
  }
}

/** A value of another type is unequal and nothing else. */
function compareJsonText(sql: string, operator: CompareOperator, expected: string, parameters: Parameters): string {
  if (operator === 'eq' || operator === 'ne') {
    return `${sql} ${SQL_OPERATORS[operator] ?? '='} to_jsonb(${parameters.bind(expected, 'text')})`;
  }
  const text = `(${sql} #>> '{}') collate "C"`;
  return `(jsonb_typeof(${sql}) = 'string' and ${compareText(text, operator, expected, parameters)})`;
}

/** Numbers and booleans, which JSON compares by itself without a cast that could fail. */
function compareJsonScalar(
  sql: string,
  operator: CompareOperator,
  expected: number | boolean,
  parameters: Parameters,
): string {
  const comparison = `${sql} ${SQL_OPERATORS[operator] ?? '='} ${parameters.bind(JSON.stringify(expected), 'text')}::jsonb`;
  if (operator === 'eq' || operator === 'ne') return comparison;
  return `(jsonb_typeof(${sql}) = ${quote(typeof expected)} and ${comparison})`;
}
