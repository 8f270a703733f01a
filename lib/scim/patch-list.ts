import type { Attribute, Json, JsonObject } from './attribute';
import { isJsonObject, omitMember, toList } from './attribute';
import { equal } from './equal';
import { noTarget } from './error';
import { compareByCodePoint, foldKey } from './fold';
import { matchesElement } from './match';
import { findSubAttribute } from './names';
import type { PatchOperation } from './patch-operation';
import { isNamedForRemoval, pinnedByFilter } from './quirks';
import type { PatchPath } from './syntax';
import { formatPath } from './syntax';
import { assertFewValues, assertOnePrimary } from './value';

/** A `$ref` belongs to the `value` it came with and does not outlive it. */
export function setSubAttribute(attribute: Attribute, object: JsonObject, name: string, value: Json): JsonObject {
  if (equal(object[name], value)) return object;
  const isNewValue =
    name === 'value' && Object.hasOwn(object, '$ref') && findSubAttribute(attribute, '$ref') !== undefined;
  return { ...(isNewValue ? omitMember(object, '$ref') : object), [name]: value };
}

/** The object, or undefined when nothing is left of it: a reference without `value` refers to nothing. */
export function dropIfEmpty(attribute: Attribute, object: JsonObject): JsonObject | undefined {
  const isEmpty =
    Object.keys(object).length === 0 || (Object.keys(object).length === 1 && Object.hasOwn(object, '$ref'));
  return isEmpty || (attribute.name === 'manager' && !Object.hasOwn(object, 'value')) ? undefined : object;
}

/**
 * Applies one operation to a multi-valued attribute (RFC 7644 §3.5.2). Returns the very same value when nothing changes.
 * @throws ScimError noTarget or invalidValue
 */
export function applyToList(before: Json | undefined, operation: PatchOperation): Json | undefined {
  const elements = toList(before);
  const next =
    operation.path.filter === undefined ? changeList(elements, operation) : changeSelected(elements, operation);
  if (next.length === elements.length && next.every((item, index) => item === elements[index])) return before;
  assertFewValues(operation.path.attribute, next.length, formatPath(operation.path));
  const list = handOverPrimary(elements, next, operation.path);
  return list.length === 0 ? undefined : list;
}

function changeList(elements: readonly Json[], { op, path, value }: PatchOperation): readonly Json[] {
  const { attribute, subAttribute } = path;
  if (subAttribute !== undefined) {
    const name = subAttribute.name;
    if (op === 'remove' || value === undefined) return withoutSubAttribute(attribute, elements, name);
    if (elements.length === 0) return [{ [name]: value }];
    return elements.map((element) =>
      isJsonObject(element) ? setSubAttribute(attribute, element, name, value) : element,
    );
  }
  if (op === 'add') return mergeElements(attribute, elements, toList(value));
  if (op === 'replace') return keepEqual(elements, toList(value));
  if (value === undefined) return [];
  const named = toList(value);
  return elements.filter((element) => !named.some((item) => isNamedForRemoval(attribute, element, item)));
}

/** The new list, with the old objects where nothing changed, so that unchanged elements keep their identity. */
function keepEqual(elements: readonly Json[], values: readonly Json[]): readonly Json[] {
  return values.map((value, index) => (equal(elements[index], value) ? elements[index]! : value));
}

function withoutSubAttribute(attribute: Attribute, elements: readonly Json[], name: string): readonly Json[] {
  return elements.flatMap((element): Json[] => {
    if (!isJsonObject(element) || !Object.hasOwn(element, name)) return [element];
    const rest = dropIfEmpty(attribute, omitMember(element, name));
    return rest === undefined ? [] : [rest];
  });
}

function changeSelected(elements: readonly Json[], operation: PatchOperation): readonly Json[] {
  const { op, path, value } = operation;
  const filter = path.filter!;
  const isSelected = elements.map((element) => matchesElement(filter, element));
  if (!isSelected.includes(true)) {
    // What is to be gone is gone already; RFC 7644 §3.5.2.2 names no error for it.
    return op === 'remove' || value === undefined ? elements : [...elements, createElement(operation, value)];
  }
  return elements.flatMap((element, index): readonly Json[] => {
    if (!isSelected[index]) return [element];
    if (path.subAttribute !== undefined) {
      if (op === 'remove' || value === undefined)
        return withoutSubAttribute(path.attribute, [element], path.subAttribute.name);
      return isJsonObject(element)
        ? [setSubAttribute(path.attribute, element, path.subAttribute.name, value)]
        : [element];
    }
    if (op === 'remove' || value === undefined) return [];
    if (!isJsonObject(element) || !isJsonObject(value)) return [value];
    if (op === 'add') return [mergeObjects(element, value)];
    const replaced = { ...pinnedByFilter(filter), ...value };
    return [equal(element, replaced) ? element : replaced];
  });
}

/** RFC 7644 §3.5.2.3 asks for noTarget here; a filter of equalities says what the element must be instead. */
function createElement({ path }: PatchOperation, value: Json): Json {
  const pins = pinnedByFilter(path.filter!);
  if (pins === undefined) throw noTarget(`No value of ${formatPath(path)} matches the filter of the path.`);
  if (path.subAttribute !== undefined) return { ...pins, [path.subAttribute.name]: value };
  return isJsonObject(value) ? { ...pins, ...value } : value;
}

/**
 * Adds what is not there yet. The same `value` and `type` is the same element (RFC 7643 §2.4) and is completed; a bare
 * value is there already whatever its type. Looks each addition up instead of comparing it with every element.
 */
function mergeElements(attribute: Attribute, elements: readonly Json[], additions: readonly Json[]): readonly Json[] {
  const result = [...elements];
  const positions = new Map<string, number>();
  const values = new Set<Json>();
  const present = new Set<string>();
  const remember = (element: Json, position: number): void => {
    const key = elementKey(attribute, element);
    if (!positions.has(key)) positions.set(key, position);
    present.add(exactKey(element));
    if (isJsonObject(element) && element['value'] !== undefined) values.add(element['value']);
  };
  result.forEach(remember);
  for (const addition of additions) {
    if (present.has(exactKey(addition))) continue;
    const position = positions.get(elementKey(attribute, addition));
    const same = position === undefined ? undefined : result[position];
    if (position !== undefined && same !== undefined) {
      if (!isJsonObject(same) || !isJsonObject(addition)) continue;
      result[position] = mergeObjects(same, addition);
      present.delete(exactKey(same));
      present.add(exactKey(result[position]));
    } else if (!isBareValue(addition) || !values.has(addition['value']!)) {
      remember(addition, result.length);
      result.push(addition);
    }
  }
  return result;
}

function isBareValue(element: Json): element is JsonObject {
  return isJsonObject(element) && element['value'] !== undefined && Object.keys(element).length === 1;
}

/** Equal for elements that are the same one: value and type, or everything where there is no value. */
function elementKey(attribute: Attribute, element: Json): string {
  if (!isJsonObject(element)) return JSON.stringify(comparable(attribute, element));
  if (element['value'] === undefined) return exactKey(element);
  const value = comparable(findSubAttribute(attribute, 'value'), element['value']);
  const type = comparable(findSubAttribute(attribute, 'type'), element['type'] ?? null);
  return JSON.stringify([value, type]);
}

function exactKey(element: Json): string {
  return JSON.stringify(isJsonObject(element) ? Object.entries(element).sort(byName) : element);
}

function comparable(attribute: Attribute | undefined, value: Json): Json {
  return typeof value === 'string' && attribute?.caseExact !== true ? foldKey(value) : value;
}

function byName([left]: readonly [string, Json], [right]: readonly [string, Json]): number {
  return compareByCodePoint(left, right);
}

function mergeObjects(element: JsonObject, addition: JsonObject): JsonObject {
  const merged = { ...element, ...addition };
  return equal(element, merged) ? element : merged;
}

/**
 * When an operation makes an element primary, the others cease to be (RFC 7644 §3.5.2). Two at once contradict each
 * other.
 */
function handOverPrimary(before: readonly Json[], after: readonly Json[], path: PatchPath): Json[] {
  const isPrimary = (element: Json): boolean => isJsonObject(element) && element['primary'] === true;
  const wasThere = new Set(before);
  const made = after.filter((element) => isPrimary(element) && !wasThere.has(element));
  if (made.length === 0) return [...after];
  assertOnePrimary(made, formatPath(path));
  return after.map((element) =>
    isJsonObject(element) && isPrimary(element) && element !== made[0] ? { ...element, primary: false } : element,
  );
}
