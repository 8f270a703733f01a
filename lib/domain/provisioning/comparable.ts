import {
  type Attribute,
  isJsonObject,
  type Json,
  type JsonObject,
  type ResourceType,
  toList,
} from '@/lib/scim/attribute';
import { parseInstant } from '@/lib/scim/filter';
import { foldKey } from '@/lib/scim/fold';
import { findAttribute, findSubAttribute } from '@/lib/scim/names';

/** Attributes that have a column of their own, or whose exact text in `doc` is all that a filter needs. */
const ELSEWHERE: Readonly<Record<string, ReadonlySet<string>>> = {
  User: new Set(['userName', 'externalId', 'active']),
  Group: new Set(['displayName', 'externalId']),
};

/** Member of a person's comparable document: the key of the name that groups show, where it is not that of `displayName`. */
export const SHOWN_NAME_KEY = '$shown';

/**
 * The document in the form that filters and sorting compare in the database: texts that are not case exact as their `foldKey`, dates as
 * milliseconds since 1970, lists as lists, everything else as it is. Equal to what `lib/scim/match.ts` compares in memory.
 */
export function comparableOf(doc: JsonObject, resourceType: ResourceType): JsonObject {
  const core = resourceType.schema.id;
  const elsewhere = ELSEWHERE[resourceType.name];
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(doc)) {
    const isExtension = resourceType.extensions.some(({ schema }) => schema.id === name);
    if (isExtension && isJsonObject(value)) {
      const extension = comparableMembers(value, (member) => findAttribute(resourceType, name, member)?.attribute);
      if (Object.keys(extension).length > 0) result[name] = extension;
    } else if (!elsewhere?.has(name)) {
      const attribute = findAttribute(resourceType, core, name)?.attribute;
      if (attribute) result[name] = comparableValue(attribute, value);
    }
  }
  return result;
}

function comparableMembers(object: JsonObject, find: (name: string) => Attribute | undefined): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(object)) {
    const attribute = find(name);
    if (attribute) result[name] = comparableValue(attribute, value);
  }
  return result;
}

function comparableValue(attribute: Attribute, value: Json): Json {
  return attribute.multiValued
    ? toList(value).map((item) => comparableItem(attribute, item))
    : comparableItem(attribute, value);
}

function comparableItem(attribute: Attribute, value: Json): Json {
  if (isJsonObject(value)) return comparableMembers(value, (name) => findSubAttribute(attribute, name));
  return typeof value === 'string' ? comparableText(attribute, value) : value;
}

/** A text as the database compares it with others of that attribute. */
export function comparableText(attribute: Attribute, text: string): string | number {
  if (attribute.type === 'dateTime') return parseInstant(text) ?? text;
  return attribute.caseExact ? text : foldKey(text);
}
