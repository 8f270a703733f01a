import type { Attribute, Json, JsonObject, ResourceType } from './attribute';
import { isJsonObject, omitMember, toList } from './attribute';
import { equal } from './equal';
import { invalidValue } from './error';
import { findAttribute } from './names';
import type { PatchOperation } from './patch-operation';
import { canonicalSchemaUrn, isDiscarded, isKeptUndeclared, unwrapNullReference } from './quirks';
import { defineAttribute } from './schema';
import type { AttributePath } from './syntax';
import { assertStorableText } from './value';

/*
 * Attributes of extensions that no schema describes: they are kept as they were sent, so that nothing that a directory
 * says is lost, and shown, patched and removed by their names in any case. Nothing is known of their types, so they
 * cannot be filtered or sorted by.
 */

/** Most undeclared attributes in one request. */
export const MAX_UNDECLARED_ATTRIBUTES = 500;
/** Most that the undeclared attributes of one resource take as JSON, in bytes of UTF-8: each event repeats them. */
export const MAX_UNDECLARED_BYTES = 65_536;
/** Longest qualified name. */
const MAX_NAME_LENGTH = 512;

const ATTRIBUTE_NAME = /^[A-Za-z][\w-]*$/;
const ATTRIBUTE_PATH = /^([A-Za-z][\w-]*)(?:\.([A-Za-z$][\w-]*))?$/;

function startsWithDeclared(text: string, resourceType: ResourceType): string | undefined {
  const key = text.toLowerCase();
  const schemas = [resourceType.schema, ...resourceType.extensions.map(({ schema }) => schema)];
  return schemas.find(({ id }) => key.startsWith(`${id.toLowerCase()}:`))?.id;
}

/** The URN of a whole extension that no schema describes, or undefined when the text is no such name. */
export function readUndeclaredSchema(text: string, resourceType: ResourceType): string | undefined {
  const urn = canonicalSchemaUrn(text.trim(), resourceType.schema.id);
  if (urn.length > MAX_NAME_LENGTH || startsWithDeclared(urn, resourceType) !== undefined) return undefined;
  return isKeptUndeclared(urn) && !isDiscarded(urn.slice(urn.lastIndexOf(':') + 1).toLowerCase()) ? urn : undefined;
}

/** One attribute of an extension, by its name inside the extension. Undefined when no attribute is named like that. */
export function undeclaredAttribute(schema: string, name: string): AttributePath | undefined {
  if (!ATTRIBUTE_NAME.test(name) || name.length > MAX_NAME_LENGTH) return undefined;
  return { schema, isExtension: true, isUndeclared: true, attribute: defineAttribute(name, '') };
}

/** The path of a whole extension, declared or not, for its removal: as applyUndeclared finds it. */
export function wholeExtension(urn: string): AttributePath {
  const colon = urn.lastIndexOf(':');
  const attribute = defineAttribute(urn.slice(colon + 1), '');
  return { schema: urn.slice(0, colon), isExtension: true, isUndeclared: true, attribute };
}

/**
 * What a qualified name such as `urn:example:2.0:User:badge` or `…:badge.number` means where no schema has it: an attribute,
 * or a part of it, of the extension in front of the last colon. Undefined when the text is no such name.
 */
export function readUndeclaredPath(text: string, resourceType: ResourceType): AttributePath | undefined {
  const name = canonicalSchemaUrn(text.trim(), resourceType.schema.id);
  if (name.length > MAX_NAME_LENGTH) return undefined;
  const schema = startsWithDeclared(name, resourceType) ?? name.slice(0, Math.max(name.lastIndexOf(':'), 0));
  if (schema === resourceType.schema.id || !isKeptUndeclared(schema)) return undefined;
  const match = ATTRIBUTE_PATH.exec(name.slice(schema.length + 1));
  const path = undeclaredAttribute(schema, match?.[1] ?? '');
  if (path === undefined || match?.[2] === undefined) return path;
  return { ...path, subAttribute: defineAttribute(match[2], '') };
}

/**
 * The value to keep: as sent, except that null, empty lists and empty objects mean "unassigned" (RFC 7643 §2.5), and that
 * passwords are dropped.
 * @throws ScimError invalidValue for texts and numbers that cannot be stored
 */
export function readUndeclaredValue(raw: Json | undefined, where: string): Json | undefined {
  return keep(unwrapNullReference(raw ?? null), where);
}

function keep(raw: Json, where: string): Json | undefined {
  if (raw === null || typeof raw === 'boolean') return raw ?? undefined;
  if (typeof raw === 'number') {
    if (!Number.isFinite(raw)) throw invalidValue(`${where} holds a number that is too large.`);
    return raw;
  }
  if (typeof raw === 'string') {
    assertStorableText(raw, where, MAX_UNDECLARED_BYTES);
    return raw;
  }
  if (Array.isArray(raw)) {
    const list = raw.map((item) => keep(item, where)).filter((item) => item !== undefined);
    return list.length === 0 ? undefined : list;
  }
  const entries = Object.entries(raw).flatMap(([name, item]): [string, Json][] => {
    assertStorableText(name, where, MAX_NAME_LENGTH);
    if (isDiscarded(name.toLowerCase())) return [];
    const value = keep(item, where);
    return value === undefined ? [] : [[name, value]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The object's own member of that name, or the one whose name differs by case only; undefined when there is neither. */
function findMember(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  const key = name.toLowerCase();
  return Object.keys(object).find((candidate) => candidate.toLowerCase() === key);
}

/**
 * Applies an operation on an undeclared attribute. Returns the very same resource when nothing changes.
 *
 * Only the resource tells whether `urn:example:app:custom` is an attribute or a whole extension: it is what is there already.
 */
export function applyUndeclared(resource: JsonObject, { op, path, value }: PatchOperation): JsonObject {
  const { schema, attribute, subAttribute } = path;
  const whole = subAttribute === undefined ? findMember(resource, `${schema}:${attribute.name}`) : undefined;
  if (whole !== undefined && op === 'remove' && value === undefined) return omitMember(resource, whole);
  if (whole !== undefined && isJsonObject(value)) {
    return Object.entries(value).reduce((result, [name, item]) => {
      const part = undeclaredAttribute(whole, name);
      return part === undefined ? result : applyUndeclared(result, { op, path: part, value: item });
    }, resource);
  }
  const urn = findMember(resource, schema) ?? schema;
  const container = Object.hasOwn(resource, urn) ? resource[urn] : undefined;
  const before = isJsonObject(container) ? container : {};
  const after = changeMember(before, attribute, (current) =>
    subAttribute === undefined ? changeValue(current, op, value) : changePart(current, subAttribute, op, value),
  );
  if (after === before) return resource;
  return Object.keys(after).length === 0 ? omitMember(resource, urn) : { ...resource, [urn]: after };
}

function changeMember(
  object: JsonObject,
  attribute: Attribute,
  change: (before: Json | undefined) => Json | undefined,
): JsonObject {
  const name = findMember(object, attribute.name) ?? attribute.name;
  const before = Object.hasOwn(object, name) ? object[name] : undefined;
  const after = change(before);
  if (equal(before, after)) return object;
  const isGone = after === undefined || (isJsonObject(after) && Object.keys(after).length === 0);
  if (!isGone) return { ...object, [name]: after };
  return before === undefined ? object : omitMember(object, name);
}

function changePart(
  current: Json | undefined,
  part: Attribute,
  op: PatchOperation['op'],
  value: Json | undefined,
): Json | undefined {
  if (op === 'remove' && !isJsonObject(current)) return current;
  return changeMember(isJsonObject(current) ? current : {}, part, (before) => changeValue(before, op, value));
}

/** To add to a list is to append what it lacks, to add to an object is to merge (RFC 7644 §3.5.2.1). */
function changeValue(before: Json | undefined, op: PatchOperation['op'], value: Json | undefined): Json | undefined {
  if (op === 'remove') {
    if (value === undefined || !Array.isArray(before)) return undefined;
    const rest = before.filter((item) => !toList(value).some((named) => isNamed(item, named)));
    return rest.length === 0 ? undefined : rest;
  }
  if (value === undefined || op === 'replace') return value;
  if (Array.isArray(before)) {
    return [...before, ...toList(value).filter((item) => !before.some((present) => equal(present, item)))];
  }
  return isJsonObject(before) && isJsonObject(value) ? { ...before, ...value } : value;
}

/** Counts one more undeclared attribute of a request. @throws ScimError invalidValue */
export function countUndeclared(reading: { undeclaredCount: number }): void {
  reading.undeclaredCount += 1;
  if (reading.undeclaredCount > MAX_UNDECLARED_ATTRIBUTES) {
    throw invalidValue(`More than ${MAX_UNDECLARED_ATTRIBUTES} attributes belong to extensions that are not declared.`);
  }
}

/** An element is named by all of it, or by some of its members. */
function isNamed(element: Json, named: Json): boolean {
  if (!isJsonObject(element) || !isJsonObject(named)) return equal(element, named);
  return Object.entries(named).every(([name, value]) => Object.hasOwn(element, name) && equal(element[name], value));
}

/** Keeps what nobody described small enough to be told with each event. @throws ScimError invalidValue */
export function assertFewUndeclared(resource: JsonObject, resourceType: ResourceType): void {
  const encoder = new TextEncoder();
  let bytes = 0;
  for (const [name, value] of Object.entries(resource)) {
    if (!isJsonObject(value) || findAttribute(resourceType, resourceType.schema.id, name) !== undefined) continue;
    for (const [member, item] of Object.entries(value)) {
      if (findAttribute(resourceType, name, member) !== undefined) continue;
      bytes += encoder.encode(JSON.stringify([member, item])).length;
    }
  }
  if (bytes > MAX_UNDECLARED_BYTES) {
    throw invalidValue(
      `The attributes of extensions that are not declared take more than ${MAX_UNDECLARED_BYTES} bytes.`,
    );
  }
}
