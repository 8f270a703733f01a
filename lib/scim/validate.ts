import type { Attribute, Json, JsonObject, ResourceType, Schema } from './attribute';
import { isJsonObject, ownValue } from './attribute';
import { equal } from './equal';
import { invalidSyntax, invalidValue, mutability } from './error';
import type { MemberReference } from './members';
import { isMembersPath, readMembers } from './members';
import { resolveInSchema, resolveName } from './names';
import { isDiscarded, isMisplacedSchema } from './quirks';
import { GROUP_URN } from './schema';
import type { AttributePath } from './syntax';
import { formatPath } from './syntax';
import {
  applyUndeclared,
  assertFewUndeclared,
  countUndeclared,
  readUndeclaredPath,
  readUndeclaredSchema,
  readUndeclaredValue,
  undeclaredAttribute,
} from './undeclared';
import { IgnoredNames, readValue } from './value';

/** What a POST or PUT body says, in canonical form. */
export interface ReadResource {
  /**
   * The document to store: attribute names in the schema's spelling, extensions under their URN, undeclared ones as sent.
   * Without `schemas`, `id`, `meta`, `password`, `User.groups` and `Group.members`.
   */
  readonly resource: JsonObject;
  /**
   * Group members, each once. Undefined when a replace does not name them or gives null, which leaves them as they are;
   * an empty list removes them all. A create without members has an empty list. Always undefined for a user.
   */
  readonly members?: readonly MemberReference[];
  /** Names that no schema has, as they were sent; their values are dropped. */
  readonly ignored: string[];
  /** True when a password was sent and dropped. */
  readonly passwordPresent: boolean;
}

interface Draft {
  resource: JsonObject;
  readonly ignored: IgnoredNames;
  undeclaredCount: number;
  members: readonly MemberReference[] | undefined;
  passwordPresent: boolean;
}

/**
 * Reads the body of a POST (RFC 7644 §3.3) or PUT (§3.5.1).
 *
 * Names may be in any case, dotted, or qualified by a URN, and core attributes may stand below the core URN. A name that
 * occurs twice counts the last time. Read-only attributes are ignored as §3.3 asks. Null and empty lists mean absent.
 * Texts come back exactly as sent.
 * @throws ScimError invalidSyntax when the body is not such a resource; invalidValue when a value does not fit or a
 * required one is missing
 */
export function readResource(body: unknown, resourceType: ResourceType, mode: 'create' | 'replace'): ReadResource {
  if (!isJsonObject(body)) throw invalidSyntax(`The body must be a JSON object that describes a ${resourceType.name}.`);
  const draft: Draft = {
    resource: {},
    ignored: new IgnoredNames(),
    undeclaredCount: 0,
    members: undefined,
    passwordPresent: false,
  };
  for (const [name, value] of Object.entries(body)) {
    if (name.toLowerCase() === 'schemas') assertSchemas(value, resourceType);
    else assignNamed(draft, resourceType, name, value);
  }
  assertRequired(draft.resource, resourceType);
  assertFewUndeclared(draft.resource, resourceType);
  const isGroup = resourceType.schema.id === GROUP_URN;
  const members = draft.members ?? (isGroup && mode === 'create' ? [] : undefined);
  return {
    resource: draft.resource,
    ...(members === undefined ? {} : { members }),
    ignored: draft.ignored.list(),
    passwordPresent: draft.passwordPresent,
  };
}

function assignNamed(draft: Draft, resourceType: ResourceType, name: string, value: Json): void {
  const resolved = resolveName(resourceType, name);
  if (resolved === undefined) assignUnknown(draft, resourceType, name, value);
  else if (resolved.kind === 'attribute') assign(draft, resolved.path, value);
  else assignSchema(draft, resourceType, resolved.schema, value);
}

/** The members of an extension object, or of the core URN taken as one. */
function assignSchema(draft: Draft, resourceType: ResourceType, schema: Schema, value: Json): void {
  if (value === null) return;
  if (!isJsonObject(value)) throw invalidValue(`${schema.id} takes an object.`);
  for (const [name, item] of Object.entries(value)) {
    const path = resolveInSchema(resourceType, schema, name);
    if (path !== undefined) assign(draft, path, item);
    else if (schema === resourceType.schema) draft.ignored.add(`${schema.id}:${name}`);
    else assignUndeclared(draft, undeclaredAttribute(schema.id, name), `${schema.id}:${name}`, item);
  }
}

/** A name that no schema has: kept where it belongs to an extension, ignored elsewhere. */
function assignUnknown(draft: Draft, resourceType: ResourceType, name: string, value: Json): void {
  const urn = isJsonObject(value) ? readUndeclaredSchema(name, resourceType) : undefined;
  if (urn === undefined || !isJsonObject(value)) {
    assignUndeclared(draft, readUndeclaredPath(name, resourceType), name, value);
    return;
  }
  for (const [member, item] of Object.entries(value)) {
    assignUndeclared(draft, undeclaredAttribute(urn, member), `${urn}:${member}`, item);
  }
}

function assignUndeclared(draft: Draft, path: AttributePath | undefined, name: string, raw: Json): void {
  if (path === undefined) {
    draft.ignored.add(name);
    return;
  }
  if (isDiscarded(path.attribute.name.toLowerCase())) {
    draft.passwordPresent ||= raw !== null && raw !== '';
    return;
  }
  countUndeclared(draft);
  const value = readUndeclaredValue(raw, formatPath(path));
  draft.resource = applyUndeclared(draft.resource, {
    op: value === undefined ? 'remove' : 'replace',
    path,
    ...(value === undefined ? {} : { value }),
  });
}

function assign(draft: Draft, path: AttributePath, raw: Json): void {
  const { attribute, subAttribute } = path;
  if (isDiscarded(attribute.name)) {
    draft.passwordPresent ||= raw !== null && raw !== '';
    return;
  }
  if (attribute.mutability === 'readOnly' || subAttribute?.mutability === 'readOnly') return;
  if (isMembersPath(path) && subAttribute === undefined) {
    draft.members = raw === null ? undefined : readMembers(raw);
    return;
  }
  const container = containerFor(draft.resource, path);
  const where = formatPath(path);
  if (subAttribute === undefined) {
    setMember(container, attribute.name, readValue(attribute, raw, where, draft.ignored));
  } else if (attribute.multiValued) {
    draft.ignored.add(where);
  } else {
    const current = ownValue(container, attribute.name);
    const next: JsonObject = isJsonObject(current) ? { ...current } : {};
    setMember(next, subAttribute.name, readValue(subAttribute, raw, where, draft.ignored));
    setMember(container, attribute.name, Object.keys(next).length === 0 ? undefined : next);
  }
  if (path.isExtension && Object.keys(container).length === 0) delete draft.resource[path.schema];
}

function containerFor(resource: JsonObject, path: AttributePath): JsonObject {
  if (!path.isExtension) return resource;
  const extension = ownValue(resource, path.schema);
  if (isJsonObject(extension)) return extension;
  const created: JsonObject = {};
  resource[path.schema] = created;
  return created;
}

function setMember(object: JsonObject, name: string, value: Json | undefined): void {
  if (value === undefined) delete object[name];
  else object[name] = value;
}

/** `schemas` is derived, never stored; it must only not contradict the endpoint. */
function assertSchemas(value: Json, resourceType: ResourceType): void {
  if (value === null) return;
  const urns = Array.isArray(value) ? value : [value];
  for (const urn of urns) {
    if (typeof urn !== 'string') throw invalidSyntax('"schemas" must be a list of schema URNs.');
    if (isMisplacedSchema(urn, resourceType.schema.id)) {
      throw invalidSyntax(`${urn} is not a schema of ${resourceType.name}; send ${resourceType.schema.id}.`);
    }
  }
}

/**
 * Checks that every required attribute has a value (RFC 7643 §2.2): those of the core schema, and those of an extension
 * that is required or present. Group members are not in the document and not checked.
 * @throws ScimError invalidValue
 */
export function assertRequired(resource: JsonObject, resourceType: ResourceType): void {
  assertRequiredIn(resource, resourceType.schema.attributes, '');
  for (const { schema, required } of resourceType.extensions) {
    const extension = ownValue(resource, schema.id);
    if (isJsonObject(extension)) assertRequiredIn(extension, schema.attributes, `${schema.id}:`);
    else if (required) throw invalidValue(`${schema.id} is required.`);
  }
}

function assertRequiredIn(container: JsonObject, attributes: readonly Attribute[], prefix: string): void {
  for (const attribute of attributes) {
    if (!attribute.required || attribute.mutability === 'readOnly') continue;
    const value = ownValue(container, attribute.name);
    if (value === undefined || value === '') throw invalidValue(`${prefix}${attribute.name} is required.`);
  }
}

/**
 * Checks that immutable attributes which had a value keep it (RFC 7644 §3.5.1, §3.5.2).
 * @throws ScimError mutability
 */
export function assertImmutableKept(before: JsonObject, after: JsonObject, resourceType: ResourceType): void {
  assertImmutableIn(before, after, resourceType.schema.attributes, '');
  for (const { schema } of resourceType.extensions) {
    const old = ownValue(before, schema.id);
    const current = ownValue(after, schema.id);
    if (!isJsonObject(old)) continue;
    assertImmutableIn(old, isJsonObject(current) ? current : {}, schema.attributes, `${schema.id}:`);
  }
}

function assertImmutableIn(
  before: JsonObject,
  after: JsonObject,
  attributes: readonly Attribute[],
  prefix: string,
): void {
  for (const attribute of attributes) {
    const old = ownValue(before, attribute.name);
    if (old === undefined) continue;
    const current = ownValue(after, attribute.name);
    if (attribute.mutability === 'immutable' && !equal(old, current)) {
      throw mutability(`${prefix}${attribute.name} cannot be changed once it is set.`);
    }
    if (attribute.type === 'complex' && !attribute.multiValued && isJsonObject(old)) {
      const name = `${prefix}${attribute.name}.`;
      assertImmutableIn(old, isJsonObject(current) ? current : {}, attribute.subAttributes ?? [], name);
    }
  }
}
