import type { Attribute, ResourceType, Schema } from './attribute';
import { canonicalSchemaUrn } from './quirks';
import { COMMON_ATTRIBUTES } from './schema';
import type { AttributePath } from './syntax';

export type ResolvedName =
  | { readonly kind: 'attribute'; readonly path: AttributePath }
  | { readonly kind: 'schema'; readonly schema: Schema; readonly isExtension: boolean };

interface Definition {
  readonly schema: Schema;
  readonly isExtension: boolean;
  readonly attributes: ReadonlyMap<string, AttributePath>;
}

interface NameIndex {
  /** Longest URN first, so that a URN which begins with another one wins. */
  readonly definitions: readonly (Definition & { readonly urn: string })[];
  readonly unqualified: ReadonlyMap<string, AttributePath>;
}

/** No attribute of any schema has a name near this long. */
const MAX_NAME_LENGTH = 512;

const indexes = new WeakMap<ResourceType, NameIndex>();
const subIndexes = new WeakMap<Attribute, ReadonlyMap<string, Attribute>>();

/** Attribute names are compared without regard to case (RFC 7643 §2.1). ASCII only, as the grammar is. */
function nameKey(name: string): string {
  return name.toLowerCase();
}

function indexSchema(schema: Schema, isExtension: boolean): Definition {
  const attributes = new Map<string, AttributePath>();
  const all = isExtension ? schema.attributes : [...COMMON_ATTRIBUTES, ...schema.attributes];
  for (const attribute of all) attributes.set(nameKey(attribute.name), { schema: schema.id, isExtension, attribute });
  return { schema, isExtension, attributes };
}

function indexOf(resourceType: ResourceType): NameIndex {
  const known = indexes.get(resourceType);
  if (known !== undefined) return known;
  const core = indexSchema(resourceType.schema, false);
  const extensions = resourceType.extensions.map((extension) => indexSchema(extension.schema, true));
  const unqualified = new Map<string, AttributePath>();
  // An extension attribute named without its URN is found too, unless a schema before it has that name (Entra's plain
  // `manager`): core first, then the extensions in their order.
  for (const definition of [core, ...extensions]) {
    for (const [key, path] of definition.attributes) {
      if (!unqualified.has(key)) unqualified.set(key, path);
    }
  }
  const definitions = [core, ...extensions]
    .map((definition) => ({ ...definition, urn: nameKey(definition.schema.id) }))
    .sort((left, right) => right.urn.length - left.urn.length);
  const index = { definitions, unqualified };
  indexes.set(resourceType, index);
  return index;
}

/** The sub-attribute of that name in any case, or undefined. */
export function findSubAttribute(attribute: Attribute, name: string): Attribute | undefined {
  let index = subIndexes.get(attribute);
  if (index === undefined) {
    index = new Map((attribute.subAttributes ?? []).map((sub) => [nameKey(sub.name), sub]));
    subIndexes.set(attribute, index);
  }
  return index.get(nameKey(name));
}

/** The top-level attribute of that exact place: `schema` is a URN as in AttributePath, the name in any case. */
export function findAttribute(resourceType: ResourceType, schema: string, name: string): AttributePath | undefined {
  const definition = indexOf(resourceType).definitions.find((candidate) => candidate.schema.id === schema);
  return definition?.attributes.get(nameKey(name));
}

/** The schema of the resource type with that URN in any case, or undefined. */
export function findSchema(
  resourceType: ResourceType,
  urn: string,
): Extract<ResolvedName, { kind: 'schema' }> | undefined {
  const key = nameKey(canonicalSchemaUrn(urn, resourceType.schema.id));
  const definition = indexOf(resourceType).definitions.find((candidate) => candidate.urn === key);
  if (definition === undefined) return undefined;
  return { kind: 'schema', schema: definition.schema, isExtension: definition.isExtension };
}

/** `name` or `name.sub` below a schema. */
function resolveBelow(attributes: ReadonlyMap<string, AttributePath>, text: string): AttributePath | undefined {
  const dot = text.indexOf('.');
  if (dot < 0) return attributes.get(nameKey(text));
  const path = attributes.get(nameKey(text.slice(0, dot)));
  if (path === undefined) return undefined;
  const subAttribute = findSubAttribute(path.attribute, text.slice(dot + 1));
  return subAttribute === undefined ? undefined : { ...path, subAttribute };
}

/**
 * Finds what a name in a path, filter, projection or body means: `userName`, `name.givenName`, a schema URN, or a URN
 * with an attribute behind its last colon, in any case (RFC 7644 §3.10). The dot in a URN's `2.0` separates nothing.
 * Undefined when the schemas have no such name.
 */
export function resolveName(resourceType: ResourceType, text: string): ResolvedName | undefined {
  if (text.length > MAX_NAME_LENGTH) return undefined;
  const index = indexOf(resourceType);
  const direct = index.unqualified.get(nameKey(text));
  if (direct !== undefined) return { kind: 'attribute', path: direct };
  const canonical = canonicalSchemaUrn(text, resourceType.schema.id);
  const key = nameKey(canonical);
  for (const definition of index.definitions) {
    if (!key.startsWith(definition.urn)) continue;
    if (key.length === definition.urn.length) {
      return { kind: 'schema', schema: definition.schema, isExtension: definition.isExtension };
    }
    if (key[definition.urn.length] !== ':') continue;
    const path = resolveBelow(definition.attributes, canonical.slice(definition.urn.length + 1));
    if (path !== undefined) return { kind: 'attribute', path };
  }
  const path = resolveBelow(index.unqualified, text);
  return path === undefined ? undefined : { kind: 'attribute', path };
}

/** Finds `name` or `name.sub` inside one schema, for the members of an extension object. */
export function resolveInSchema(resourceType: ResourceType, schema: Schema, text: string): AttributePath | undefined {
  if (text.length > MAX_NAME_LENGTH) return undefined;
  const definition = indexOf(resourceType).definitions.find((candidate) => candidate.schema.id === schema.id);
  return definition === undefined ? undefined : resolveBelow(definition.attributes, text);
}
