import type { Attribute, Json, JsonObject, ResourceType } from './attribute';
import { isJsonObject, omitMember, ownValue, toList } from './attribute';
import { equal } from './equal';
import { invalidPath, invalidSyntax, invalidValue, mutability, noTarget, ScimError } from './error';
import { isMembersPath, readMembers } from './members';
import { findSubAttribute, resolveInSchema, resolveName } from './names';
import { applyToList, dropIfEmpty, setSubAttribute } from './patch-list';
import type { PatchOperation } from './patch-operation';
import { parsePathOrSchema } from './path';
import {
  canonicalSubAttributeName,
  isDiscarded,
  isEmptyPatchAccepted,
  isToleratedReadOnly,
  readOperationName,
} from './quirks';
import { GROUP_URN } from './schema';
import type { AttributePath, PatchPath } from './syntax';
import { formatPath } from './syntax';
import {
  applyUndeclared,
  assertFewUndeclared,
  countUndeclared,
  readUndeclaredPath,
  readUndeclaredSchema,
  readUndeclaredValue,
  undeclaredAttribute,
  wholeExtension,
} from './undeclared';
import { assertImmutableKept, assertRequired } from './validate';
import { IgnoredNames, readElement, readValue } from './value';

export const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
/** Most operations in one PATCH, as sent. */
export const MAX_PATCH_OPERATIONS = 500;
/** The same for groups, where some clients send an operation for each member. */
export const MAX_GROUP_PATCH_OPERATIONS = 20_000;

/** Most attributes that one PATCH may change besides members, path-less values counted by their members: each looks at a list. */
export const MAX_PATCH_CHANGES = 1_000;
/** Most values besides members that one PATCH names for removal: each is compared with those that are there. */
export const MAX_PATCH_REMOVALS = 5_000;

/** What a PATCH body says. */
export interface ReadPatch {
  /** In order. Path-less values are taken apart into one operation per attribute. */
  readonly operations: PatchOperation[];
  /** Names in path-less values that no schema has; they have no effect. */
  readonly ignored: string[];
  /** True when a password was sent and dropped. */
  readonly passwordPresent: boolean;
}

type OperationName = PatchOperation['op'];

interface Reading {
  readonly resourceType: ResourceType;
  readonly operations: PatchOperation[];
  readonly ignored: IgnoredNames;
  undeclaredCount: number;
  changeCount: number;
  removalCount: number;
  passwordPresent: boolean;
}

/**
 * Reads the body of a PATCH (RFC 7644 §3.5.2) into canonical operations: paths resolved, values read as their
 * attributes, every provider's way of writing normalised.
 * @throws ScimError invalidSyntax, invalidPath, invalidFilter, invalidValue, mutability or noTarget
 */
export function readPatch(body: unknown, resourceType: ResourceType): ReadPatch {
  if (!isJsonObject(body)) throw invalidSyntax('The body of a PATCH must be a JSON object with "Operations".');
  const list = memberInAnyCase(body, 'operations');
  if (!Array.isArray(list)) throw invalidSyntax('A PATCH needs "Operations", a list of operations.');
  if (list.length === 0 && !isEmptyPatchAccepted()) throw invalidSyntax('A PATCH needs at least one operation.');
  const limit = resourceType.schema.id === GROUP_URN ? MAX_GROUP_PATCH_OPERATIONS : MAX_PATCH_OPERATIONS;
  if (list.length > limit) throw invalidSyntax(`A PATCH takes at most ${limit} operations; send several.`);
  const reading: Reading = {
    resourceType,
    operations: [],
    ignored: new IgnoredNames(),
    undeclaredCount: 0,
    changeCount: 0,
    removalCount: 0,
    passwordPresent: false,
  };
  for (const item of list) readOperation(reading, item);
  return {
    operations: reading.operations,
    ignored: reading.ignored.list(),
    passwordPresent: reading.passwordPresent,
  };
}

function memberInAnyCase(object: JsonObject, key: string): Json | undefined {
  for (const [name, value] of Object.entries(object)) if (name.toLowerCase() === key) return value;
  return undefined;
}

function readOperation(reading: Reading, item: Json): void {
  if (!isJsonObject(item)) throw invalidSyntax('Each operation must be an object with "op".');
  const op = readOperationName(memberInAnyCase(item, 'op'));
  if (op === undefined) throw invalidSyntax('The "op" of an operation is add, replace or remove.');
  const value = memberInAnyCase(item, 'value');
  const pathText = memberInAnyCase(item, 'path') ?? '';
  if (typeof pathText !== 'string') throw invalidPath('The "path" of an operation must be a string.');
  if (pathText.trim() === '') {
    // RFC 7644 §3.5.2.2: a remove without a path has no target.
    if (op === 'remove') throw noTarget('A remove needs a "path" that says what to remove.');
    readPathless(reading, op, value);
    return;
  }
  const undeclared = findUndeclared(reading, pathText);
  if (undeclared !== undefined) {
    const isSchema = undeclared.attribute.name.toLowerCase() === reading.resourceType.name.toLowerCase();
    if (op !== 'remove' && isSchema && isJsonObject(value)) readUndeclaredObject(reading, op, pathText.trim(), value);
    else addUndeclared(reading, op, undeclared, value);
    return;
  }
  const path = parsePathOrSchema(pathText, reading.resourceType);
  if ('kind' in path) {
    if (op === 'remove') removeSchema(reading, path.schema, path.isExtension);
    else readSchemaValue(reading, op, path.schema, value);
    return;
  }
  if (path.attribute.name === 'schemas' && !path.isExtension) return;
  assertWritable(path);
  addOperation(reading, op, path, value, true);
}

function push(reading: Reading, operation: PatchOperation): void {
  reading.operations.push(operation);
  if (isMembersPath(operation.path)) return;
  reading.changeCount += 1;
  if (operation.op === 'remove') reading.removalCount += toList(operation.value).length;
  if (reading.changeCount > MAX_PATCH_CHANGES) {
    throw invalidSyntax(`A PATCH changes at most ${MAX_PATCH_CHANGES} attributes; send several.`);
  }
  if (reading.removalCount > MAX_PATCH_REMOVALS) {
    throw invalidSyntax(`A PATCH names at most ${MAX_PATCH_REMOVALS} values to remove; send several.`);
  }
}

function readPathless(reading: Reading, op: OperationName, value: Json | undefined): void {
  if (!isJsonObject(value)) {
    throw invalidValue(`A path-less ${op} needs "value", an object of the attributes to ${op}.`);
  }
  for (const [name, item] of Object.entries(value)) {
    const undeclared = findUndeclared(reading, name);
    const urn = isJsonObject(item) ? readUndeclaredSchema(name, reading.resourceType) : undefined;
    if (undeclared !== undefined || urn !== undefined) {
      if (urn !== undefined && isJsonObject(item)) readUndeclaredObject(reading, op, urn, item);
      else if (undeclared !== undefined) addUndeclared(reading, op, undeclared, item);
      continue;
    }
    let path;
    try {
      path = parsePathOrSchema(name, reading.resourceType);
    } catch (error) {
      // A broken filter is never taken for a name.
      if (!(error instanceof ScimError) || error.scimType !== 'invalidPath') throw error;
      reading.ignored.add(name);
      continue;
    }
    if ('kind' in path) readSchemaValue(reading, op, path.schema, item);
    else addFromObject(reading, op, path, item);
  }
}

/** The members of an extension object: `{"urn:…:User": {"department": "x"}}`, or a path that is such a URN. */
function readSchemaValue(reading: Reading, op: OperationName, urn: string, value: Json | undefined): void {
  const { resourceType } = reading;
  const isExtension = urn !== resourceType.schema.id;
  if (value === null && op === 'replace') {
    removeSchema(reading, urn, isExtension);
    return;
  }
  if (value === null) return;
  if (!isJsonObject(value)) throw invalidValue(`${urn} takes an object.`);
  const schemas = [resourceType.schema, ...resourceType.extensions.map((extension) => extension.schema)];
  const schema = schemas.find((candidate) => candidate.id === urn)!;
  for (const [name, item] of Object.entries(value)) {
    const path = resolveInSchema(resourceType, schema, name);
    if (path !== undefined) addFromObject(reading, op, path, item);
    else if (isExtension) readUndeclaredObject(reading, op, urn, { [name]: item });
    else reading.ignored.add(`${urn}:${name}`);
  }
}

function removeSchema(reading: Reading, urn: string, isExtension: boolean): void {
  if (!isExtension) throw mutability(`${urn} is the schema of the resource and cannot be removed.`);
  push(reading, { op: 'remove', path: wholeExtension(urn) });
}

/** What a name means that no schema has, where it belongs to an extension. */
function findUndeclared({ resourceType }: Reading, name: string): AttributePath | undefined {
  return resolveName(resourceType, name.trim()) === undefined ? readUndeclaredPath(name, resourceType) : undefined;
}

function readUndeclaredObject(reading: Reading, op: OperationName, urn: string, value: JsonObject): void {
  for (const [name, item] of Object.entries(value)) {
    const path = undeclaredAttribute(urn, name);
    if (path === undefined) reading.ignored.add(`${urn}:${name}`);
    else addUndeclared(reading, op, path, item);
  }
}

function addUndeclared(reading: Reading, op: OperationName, path: AttributePath, value: Json | undefined): void {
  if (isDiscarded(path.attribute.name.toLowerCase())) {
    reading.passwordPresent ||= op !== 'remove' && value !== null && value !== undefined && value !== '';
    return;
  }
  countUndeclared(reading);
  const where = formatPath(path);
  if (op !== 'remove' && value === undefined) throw invalidValue(`The ${op} of ${where} needs a "value".`);
  const read = readUndeclaredValue(value, where);
  if (read !== undefined) push(reading, { op, path, value: read });
  // An empty list names nothing to remove; elsewhere what is empty is unassigned, and to add it changes nothing.
  else if (op === 'replace' || (op === 'remove' && !Array.isArray(value))) push(reading, { op: 'remove', path });
}

/** An attribute inside a path-less value. */
function addFromObject(reading: Reading, op: OperationName, path: PatchPath, value: Json): void {
  if (!path.isExtension && isToleratedReadOnly(path.attribute.name) && path.attribute.mutability === 'readOnly') return;
  assertWritable(path);
  // Serialisers write null for what they were not given; only a list, or a path, says something about members.
  if (isMembersPath(path) && value === null) return;
  addOperation(reading, op, path, value, false);
}

/** RFC 7644 §3.5.2: a client must not modify a read-only attribute. */
function assertWritable(path: PatchPath): void {
  if (path.attribute.mutability === 'readOnly' || path.subAttribute?.mutability === 'readOnly') {
    throw mutability(`${formatPath(path)} is read-only.`);
  }
}

function addOperation(
  reading: Reading,
  op: OperationName,
  path: PatchPath,
  value: Json | undefined,
  isValueRequired: boolean,
): void {
  const { attribute, subAttribute } = path;
  if (isDiscarded(attribute.name)) {
    reading.passwordPresent ||= op !== 'remove' && value !== null && value !== undefined && value !== '';
    return;
  }
  const where = formatPath(path);
  if (op === 'remove') {
    addRemoval(reading, path, value);
    return;
  }
  if (value === undefined && isValueRequired) throw invalidValue(`The ${op} of ${where} needs a "value".`);
  if (isMembersPath(path)) {
    const members = readMembers(value).map((member) => ({ ...member }));
    push(reading, { op, path, value: members });
    return;
  }
  if (subAttribute === undefined && path.filter === undefined && isMergedObject(attribute, value)) {
    addSubOperations(reading, op, path, value);
    return;
  }
  const target = subAttribute ?? attribute;
  const isElement = path.filter !== undefined && subAttribute === undefined;
  const read = isElement
    ? readSelectedElement(attribute, value, where, reading.ignored)
    : readValue(target, value, where, reading.ignored);
  if (read !== undefined && !(read === '' && target.required)) {
    push(reading, { op, path, value: read });
    return;
  }
  // RFC 7643 §2.5: null and the empty list mean unassigned. To add nothing changes nothing.
  if (target.required) throw invalidValue(`${where} is required.`);
  if (op === 'replace') push(reading, { op: 'remove', path });
}

function readSelectedElement(
  attribute: Attribute,
  value: Json | undefined,
  where: string,
  ignored: IgnoredNames,
): Json | undefined {
  const list = toList(value);
  if (list.length > 1) throw invalidValue(`${where} with a filter takes one value.`);
  return readElement(attribute, list[0], where, ignored);
}

/**
 * A single complex attribute without `value` (such as `name`) is merged sub-attribute by sub-attribute (RFC 7644
 * §3.5.2.1, §3.5.2.3). One with `value` (such as `manager`) is a reference and is exchanged as a whole.
 */
function isMergedObject(attribute: Attribute, value: Json | undefined): value is JsonObject | Json[] {
  if (attribute.type !== 'complex' || attribute.multiValued) return false;
  if (findSubAttribute(attribute, 'value') !== undefined) return false;
  return isJsonObject(value) || (Array.isArray(value) && value.length === 1 && isJsonObject(value[0]));
}

function addSubOperations(reading: Reading, op: OperationName, path: PatchPath, value: JsonObject | Json[]): void {
  const object = Array.isArray(value) ? value[0] : value;
  if (!isJsonObject(object)) return;
  for (const [name, item] of Object.entries(object)) {
    const subAttribute = findSubAttribute(path.attribute, canonicalSubAttributeName(path.attribute, name));
    if (subAttribute === undefined) reading.ignored.add(`${formatPath(path)}.${name}`);
    else if (subAttribute.mutability !== 'readOnly') addOperation(reading, op, { ...path, subAttribute }, item, false);
  }
}

function addRemoval(reading: Reading, path: PatchPath, value: Json | undefined): void {
  const { attribute, subAttribute, filter } = path;
  // RFC 7644 §3.5.2.2: a required attribute cannot be removed.
  if ((subAttribute ?? attribute).required && filter === undefined) {
    throw mutability(`${formatPath(path)} is required and cannot be removed.`);
  }
  const namesElements = attribute.multiValued && subAttribute === undefined && filter === undefined;
  if (!namesElements || value === undefined || value === null) {
    push(reading, { op: 'remove', path });
    return;
  }
  const named = isMembersPath(path)
    ? readMembers(value).map((member) => ({ ...member }))
    : toList(value).map((item) => readElement(attribute, item, formatPath(path), reading.ignored) ?? null);
  push(reading, { op: 'remove', path, value: named.filter((item) => item !== null) });
}

/**
 * Applies operations to a document, all or none. Pure: neither the document nor the operations change. `changed` is
 * false when the result equals the document, in which case the document itself is returned.
 *
 * Members of a group are not part of its document: split the operations with planGroupPatch first.
 * @throws ScimError noTarget, mutability or invalidValue
 */
export function applyPatch(
  resource: JsonObject,
  operations: readonly PatchOperation[],
  resourceType: ResourceType,
): { readonly resource: JsonObject; readonly changed: boolean } {
  let current = resource;
  for (const operation of operations) current = applyOperation(current, operation);
  if (current === resource || equal(current, resource)) return { resource, changed: false };
  assertRequired(current, resourceType);
  assertFewUndeclared(current, resourceType);
  assertImmutableKept(resource, current, resourceType);
  return { resource: current, changed: true };
}

function applyOperation(resource: JsonObject, operation: PatchOperation): JsonObject {
  const { path } = operation;
  if (isMembersPath(path)) throw new TypeError('Operations on members are planned by planGroupPatch.');
  if (path.isUndeclared) return applyUndeclared(resource, operation);
  if (!path.isExtension) return applyToContainer(resource, operation);
  const extension = ownValue(resource, path.schema);
  const before = isJsonObject(extension) ? extension : {};
  const after = applyToContainer(before, operation);
  if (after === before) return resource;
  return Object.keys(after).length === 0 ? omitMember(resource, path.schema) : { ...resource, [path.schema]: after };
}

function applyToContainer(container: JsonObject, operation: PatchOperation): JsonObject {
  const { attribute } = operation.path;
  const before = ownValue(container, attribute.name);
  const after = attribute.multiValued ? applyToList(before, operation) : applyToSingle(before, operation);
  if (after === before) return container;
  return after === undefined ? omitMember(container, attribute.name) : { ...container, [attribute.name]: after };
}

function applyToSingle(before: Json | undefined, { op, path, value }: PatchOperation): Json | undefined {
  if (path.subAttribute === undefined) return op === 'remove' ? undefined : value;
  const object = isJsonObject(before) ? before : undefined;
  if (op === 'remove' || value === undefined) {
    if (object === undefined || !Object.hasOwn(object, path.subAttribute.name)) return before;
    return dropIfEmpty(path.attribute, omitMember(object, path.subAttribute.name));
  }
  return setSubAttribute(path.attribute, object ?? {}, path.subAttribute.name, value);
}
