import type { Attribute, Json, JsonObject } from './attribute';
import { isJsonObject } from './attribute';
import { invalidValue } from './error';
import { parseInstant } from './filter';
import { findSubAttribute } from './names';
import {
  canonicalSubAttributeName,
  isAbsentText,
  isClearedReference,
  readBoolean,
  readNumber,
  unwrapSingleElement,
  unwrapValueObject,
  wrapBareValue,
} from './quirks';

/** Most elements of a multi-valued attribute other than members. */
export const MAX_VALUES = 1_000;
/** Most elements where they have no `value` to be told apart by, such as addresses: comparing them takes longer. */
export const MAX_VALUES_WITHOUT_KEY = 100;
/** Longest text, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 1_048_576;
/** Most names that are reported as ignored. */
export const MAX_IGNORED_NAMES = 50;

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Collects the names that a client sent and no schema has, each once. */
export class IgnoredNames {
  private readonly names = new Set<string>();

  add(name: string): void {
    if (this.names.size < MAX_IGNORED_NAMES) this.names.add(name.length > 200 ? `${name.slice(0, 200)}…` : name);
  }

  list(): string[] {
    return [...this.names];
  }
}

/**
 * Reads a value for an attribute: names in the schema's spelling, booleans and numbers as such, single values in lists,
 * read-only parts dropped, texts exactly as sent.
 * @param where the name of the attribute in messages
 * @returns the canonical value, or undefined when the value means "unassigned" (null, an empty list or object;
 * RFC 7643 §2.5)
 * @throws ScimError invalidValue when the value does not fit the attribute
 */
export function readValue(
  attribute: Attribute,
  raw: Json | undefined,
  where: string,
  ignored: IgnoredNames,
): Json | undefined {
  if (raw === undefined || raw === null) return undefined;
  if (!attribute.multiValued) return readSingle(attribute, raw, where, ignored);
  const list = Array.isArray(raw) ? raw : [raw];
  assertFewValues(attribute, list.length, where);
  const values: Json[] = [];
  for (const item of list) {
    if (Array.isArray(item)) throw invalidValue(`${where} holds a list inside a list.`);
    const value = readElement(attribute, item, where, ignored);
    if (value !== undefined) values.push(value);
  }
  assertOnePrimary(values, where);
  return values.length === 0 ? undefined : values;
}

/** Like readValue, for one element of a multi-valued attribute or the value of a single-valued one. */
export function readElement(
  attribute: Attribute,
  raw: Json | undefined,
  where: string,
  ignored: IgnoredNames,
): Json | undefined {
  if (raw === undefined || raw === null) return undefined;
  return readSingle(attribute, raw, where, ignored);
}

function readSingle(attribute: Attribute, raw: Json, where: string, ignored: IgnoredNames): Json | undefined {
  if (Array.isArray(raw)) {
    const element = unwrapSingleElement(raw);
    if (element === null) throw invalidValue(`${where} takes one value, not a list.`);
    if (element.value === undefined || element.value === null) return undefined;
    if (Array.isArray(element.value)) throw invalidValue(`${where} holds a list inside a list.`);
    return readSingle(attribute, element.value, where, ignored);
  }
  if (attribute.type === 'complex') return readComplex(attribute, raw, where, ignored);
  if (isJsonObject(raw)) {
    const inner = unwrapValueObject(raw);
    if (inner === undefined || isJsonObject(inner.value))
      throw invalidValue(`${where} takes a plain value, not an object.`);
    return inner.value === null ? undefined : readSingle(attribute, inner.value, where, ignored);
  }
  return readSimple(attribute, raw, where);
}

function readComplex(attribute: Attribute, raw: Json, where: string, ignored: IgnoredNames): JsonObject | undefined {
  if (!isJsonObject(raw)) {
    if (findSubAttribute(attribute, 'value') === undefined) throw invalidValue(`${where} takes an object.`);
    return readComplex(attribute, wrapBareValue(raw), where, ignored);
  }
  const result: JsonObject = {};
  for (const [name, rawSub] of Object.entries(raw)) {
    const subAttribute = findSubAttribute(attribute, canonicalSubAttributeName(attribute, name));
    if (subAttribute === undefined) {
      ignored.add(`${where}.${name}`);
      continue;
    }
    if (subAttribute.mutability === 'readOnly') continue;
    const value = readValue(subAttribute, rawSub, `${where}.${subAttribute.name}`, ignored);
    if (value === undefined) delete result[subAttribute.name];
    else result[subAttribute.name] = value;
  }
  if (Object.keys(result).length === 0 || isClearedReference(attribute, result)) return undefined;
  for (const subAttribute of attribute.subAttributes ?? []) {
    if (subAttribute.required && !Object.hasOwn(result, subAttribute.name)) {
      throw invalidValue(`${where}.${subAttribute.name} is required.`);
    }
  }
  return result;
}

function readSimple(attribute: Attribute, raw: string | number | boolean | null, where: string): Json | undefined {
  if (raw === null || isAbsentText(attribute.type, raw)) return undefined;
  switch (attribute.type) {
    case 'boolean': {
      const value = readBoolean(raw);
      if (value === undefined) throw invalidValue(`${where} must be true or false.`);
      return value;
    }
    case 'integer': {
      const value = readNumber(raw);
      if (value === undefined || !Number.isSafeInteger(value)) throw invalidValue(`${where} must be an integer.`);
      return value;
    }
    case 'decimal': {
      const value = readNumber(raw);
      if (value === undefined) throw invalidValue(`${where} must be a number.`);
      return value;
    }
    default:
      return readText(attribute, raw, where);
  }
}

function readText(attribute: Attribute, raw: string | number | boolean, where: string): string {
  if (typeof raw !== 'string') throw invalidValue(`${where} must be a string.`);
  assertStorableText(raw, where, attribute.maxLengthBytes ?? MAX_TEXT_BYTES);
  if (attribute.type === 'dateTime' && parseInstant(raw) === undefined) {
    throw invalidValue(`${where} must be a date and time such as "2026-01-31T08:00:00Z".`);
  }
  if (attribute.type === 'binary' && !BASE64.test(raw.replaceAll(/\s/g, ''))) {
    throw invalidValue(`${where} must be base64.`);
  }
  return raw;
}

/**
 * Refuses what a UTF-8 text column cannot hold: NUL and halves of surrogate pairs, and texts that are too long.
 * @throws ScimError invalidValue
 */
export function assertStorableText(text: string, where: string, maxLengthBytes: number): void {
  if (text.includes('\0')) throw invalidValue(`${where} contains a NUL character, which cannot be stored.`);
  if (/\p{Surrogate}/u.test(text))
    throw invalidValue(`${where} contains half of a surrogate pair, which is not a character.`);
  if (text.length * 3 > maxLengthBytes && new TextEncoder().encode(text).length > maxLengthBytes) {
    throw invalidValue(`${where} is longer than ${maxLengthBytes} bytes.`);
  }
}

/** Keeps lists short enough to be compared element by element. @throws ScimError invalidValue */
export function assertFewValues(attribute: Attribute, count: number, where: string): void {
  const hasKey = attribute.type !== 'complex' || findSubAttribute(attribute, 'value') !== undefined;
  const limit = hasKey ? MAX_VALUES : MAX_VALUES_WITHOUT_KEY;
  if (count > limit) throw invalidValue(`${where} has more than ${limit} values.`);
}

/** At most one element may be primary (RFC 7643 §2.4). @throws ScimError invalidValue */
export function assertOnePrimary(values: readonly Json[], where: string): void {
  let count = 0;
  for (const value of values) if (isJsonObject(value) && value['primary'] === true) count += 1;
  if (count > 1) throw invalidValue(`Only one value of ${where} can be primary.`);
}
