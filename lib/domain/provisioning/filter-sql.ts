import { parseInstant } from '@/lib/scim/filter';
import { matchesElement } from '@/lib/scim/match';
import type { AttributePath, CompareFilter, CompareOperator, Filter } from '@/lib/scim/syntax';
import { targetAttribute } from '@/lib/scim/syntax';
import { comparableText } from './comparable';
import {
  aliasOf,
  type Element,
  elementsOf,
  type FilterTarget,
  type Operand,
  type Parameters,
  quote,
  type Values,
  valuesOf,
} from './filter-values';

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
