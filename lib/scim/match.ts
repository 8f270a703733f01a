import type { Attribute, Json, JsonObject } from './attribute';
import { isJsonObject, ownValue, toList } from './attribute';
import { parseInstant } from './filter';
import { compareByCodePoint, foldKey } from './fold';
import type { AttributePath, CompareFilter, CompareOperator, Filter } from './syntax';
import { targetAttribute } from './syntax';

/**
 * Whether a resource matches a filter. The resource has canonical names, as `representation` builds it or as it is
 * stored.
 *
 * A multi-valued attribute matches when one of its values does (RFC 7644 §3.4.2.2), also for `ne`. An attribute without
 * any value matches `ne` and nothing else. Texts are compared by code point, folded unless the attribute is case exact;
 * dates as instants.
 */
export function matches(filter: Filter, resource: JsonObject): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((part) => matches(part, resource));
    case 'or':
      return filter.filters.some((part) => matches(part, resource));
    case 'not':
      return !matches(filter.filter, resource);
    case 'present':
      return valuesAt(resource, filter.path).some(hasValue);
    case 'compare':
      return compareAny(filter, valuesAt(resource, filter.path));
    case 'valuePath':
      return toList(attributeAt(resource, filter.path)).some((element) => matchesElement(filter.filter, element));
  }
}

/** Whether one element of a multi-valued attribute matches the filter of a value path. */
export function matchesElement(filter: Filter, element: Json): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((part) => matchesElement(part, element));
    case 'or':
      return filter.filters.some((part) => matchesElement(part, element));
    case 'not':
      return !matchesElement(filter.filter, element);
    case 'present':
      return elementValues(element, filter.path).some(hasValue);
    case 'compare':
      return compareAny(filter, elementValues(element, filter.path));
    case 'valuePath':
      return false;
  }
}

/** The values that a path leads to: none, one, or those of all elements of a multi-valued attribute. */
export function valuesAt(resource: JsonObject, path: AttributePath): readonly Json[] {
  return toList(attributeAt(resource, path)).flatMap((element) => elementValues(element, path));
}

/** The whole value of the attribute of a path, whatever sub-attribute the path names. */
export function attributeAt(resource: JsonObject, path: AttributePath): Json | undefined {
  if (!path.isExtension) return ownValue(resource, path.attribute.name);
  const extension = ownValue(resource, path.schema);
  return isJsonObject(extension) ? ownValue(extension, path.attribute.name) : undefined;
}

function elementValues(element: Json, path: AttributePath): readonly Json[] {
  if (path.subAttribute === undefined) return [element];
  return isJsonObject(element) ? toList(ownValue(element, path.subAttribute.name)) : [];
}

/** `pr`: a text, list or object that is empty counts as no value (RFC 7644 table 3). */
function hasValue(value: Json): boolean {
  if (value === null || value === '') return false;
  if (Array.isArray(value)) return value.some(hasValue);
  return typeof value === 'object' ? Object.values(value).some(hasValue) : true;
}

function compareAny(filter: CompareFilter, values: readonly Json[]): boolean {
  if (values.length === 0) return filter.operator === 'ne';
  const attribute = targetAttribute(filter.path);
  return values.some((value) => compareValue(attribute, filter.operator, value, filter.value));
}

function compareValue(
  attribute: Attribute,
  operator: CompareOperator,
  actual: Json,
  expected: string | number | boolean,
): boolean {
  if (typeof actual === 'string' && typeof expected === 'string') {
    if (attribute.type === 'dateTime') return compareInstants(operator, actual, expected);
    return attribute.caseExact
      ? compareTexts(operator, actual, expected)
      : compareTexts(operator, foldKey(actual), foldKey(expected));
  }
  if (typeof actual === 'number' && typeof expected === 'number') return compareOrder(operator, actual - expected);
  return operator === 'ne' ? actual !== expected : operator === 'eq' && actual === expected;
}

function compareInstants(operator: CompareOperator, actual: string, expected: string): boolean {
  const left = parseInstant(actual);
  const right = parseInstant(expected);
  if (left === undefined || right === undefined) return operator === 'ne';
  return compareOrder(operator, left - right);
}

function compareTexts(operator: CompareOperator, actual: string, expected: string): boolean {
  switch (operator) {
    case 'eq':
      return actual === expected;
    case 'ne':
      return actual !== expected;
    case 'co':
      return actual.includes(expected);
    case 'sw':
      return actual.startsWith(expected);
    case 'ew':
      return actual.endsWith(expected);
    default:
      return compareOrder(operator, compareByCodePoint(actual, expected));
  }
}

function compareOrder(operator: CompareOperator, difference: number): boolean {
  switch (operator) {
    case 'eq':
      return difference === 0;
    case 'ne':
      return difference !== 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    default:
      return false;
  }
}
