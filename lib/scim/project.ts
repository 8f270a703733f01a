import type { Attribute, Json, JsonObject, ResourceType } from './attribute';
import { isJsonObject } from './attribute';
import { findAttribute, findSubAttribute, resolveName } from './names';
import { isDiscarded } from './quirks';

/** Which attributes a client wants (RFC 7644 §3.9), as it named them. */
export interface Projection {
  readonly attributes?: readonly string[];
  readonly excludedAttributes?: readonly string[];
}

/** Most names in one list; the schemas have fewer. */
const MAX_NAMES = 500;

/** Names selected below one container: all of an attribute, or some of its sub-attributes. */
class Selection {
  private readonly schemas = new Set<string>();
  private readonly attributes = new Map<string, Set<string> | 'all'>();
  /** Names that no schema has, in lower case. */
  private readonly others = new Set<string>();

  constructor(resourceType: ResourceType, names: readonly string[]) {
    for (const name of names) this.add(resourceType, name);
  }

  private add(resourceType: ResourceType, name: string): void {
    const resolved = resolveName(resourceType, name.trim());
    if (resolved === undefined) {
      this.others.add(name.trim().toLowerCase());
      return;
    }
    if (resolved.kind === 'schema') {
      this.schemas.add(resolved.schema.id);
      return;
    }
    const { schema, attribute, subAttribute } = resolved.path;
    const key = `${schema}:${attribute.name}`;
    if (subAttribute === undefined) {
      this.attributes.set(key, 'all');
      return;
    }
    const current = this.attributes.get(key);
    if (current === 'all') return;
    if (current === undefined) this.attributes.set(key, new Set([subAttribute.name]));
    else current.add(subAttribute.name);
  }

  of(schema: string, attribute: Attribute): ReadonlySet<string> | 'all' | undefined {
    return this.schemas.has(schema) ? 'all' : this.attributes.get(`${schema}:${attribute.name}`);
  }

  /** Whether an attribute of an extension is selected that no schema describes. */
  hasUndeclared(urn: string, name: string): boolean {
    const key = urn.toLowerCase();
    return this.schemas.has(urn) || this.others.has(key) || this.others.has(`${key}:${name.toLowerCase()}`);
  }
}

interface Wanted {
  readonly included?: Selection;
  readonly excluded?: Selection;
}

function readWanted(resourceType: ResourceType, projection: Projection): Wanted {
  const { attributes, excludedAttributes } = projection;
  return {
    ...(attributes === undefined ? {} : { included: new Selection(resourceType, attributes) }),
    ...(excludedAttributes === undefined ? {} : { excluded: new Selection(resourceType, excludedAttributes) }),
  };
}

/**
 * Reads `attributes` and `excludedAttributes` from a query string or from the body of a search, in any case, as a comma
 * list, a JSON list, or repeated parameters. Empty lists count as absent.
 */
export function readProjection(source: URLSearchParams | JsonObject): Projection {
  const attributes = readNames(source, 'attributes');
  const excludedAttributes = readNames(source, 'excludedattributes');
  return {
    ...(attributes.length === 0 ? {} : { attributes }),
    ...(excludedAttributes.length === 0 ? {} : { excludedAttributes }),
  };
}

function readNames(source: URLSearchParams | JsonObject, key: string): string[] {
  const entries: Iterable<[string, Json]> = source instanceof URLSearchParams ? source : Object.entries(source);
  const names: string[] = [];
  for (const [name, value] of entries) {
    if (name.toLowerCase() !== key) continue;
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item === 'string') names.push(...item.split(',').map((part) => part.trim()));
    }
  }
  return names.filter((name) => name !== '').slice(0, MAX_NAMES);
}

/**
 * A copy of the resource with the attributes that this client gets (RFC 7644 §3.9, RFC 7643 §7 `returned`): `always` in
 * any case, `never` in none, `request` only when named, `default` unless a list says otherwise. When both lists are
 * given, what is excluded is taken from what is asked for. Unknown names have no effect. `schemas` stays as it is.
 */
export function project(resource: JsonObject, resourceType: ResourceType, projection: Projection = {}): JsonObject {
  const isWhole = projection.attributes === undefined && projection.excludedAttributes === undefined;
  if (isWhole && returnsEverything(resourceType) && !Object.hasOwn(resource, 'password')) return { ...resource };
  const wanted = readWanted(resourceType, projection);
  const core = resourceType.schema.id;
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(resource)) {
    // Whatever else is an object in a document is an extension, described or not.
    if (isJsonObject(value) && findAttribute(resourceType, core, name) === undefined) {
      const projected = projectContainer(value, resourceType, name, wanted);
      if (Object.keys(projected).length > 0) result[name] = projected;
      continue;
    }
    const projected = projectNamed(name, value, resourceType, core, wanted);
    if (projected !== undefined) result[name] = projected;
  }
  return result;
}

const wholeTypes = new WeakMap<ResourceType, boolean>();

/** True when every attribute, except the password, is returned unless a client says otherwise. */
function returnsEverything(resourceType: ResourceType): boolean {
  let answer = wholeTypes.get(resourceType);
  if (answer === undefined) {
    const schemas = [resourceType.schema, ...resourceType.extensions.map((extension) => extension.schema)];
    const isShown = (attribute: Attribute): boolean =>
      isDiscarded(attribute.name) ||
      ((attribute.returned === 'default' || attribute.returned === 'always') &&
        (attribute.subAttributes ?? []).every(isShown));
    answer = schemas.every((schema) => schema.attributes.every(isShown));
    wholeTypes.set(resourceType, answer);
  }
  return answer;
}

/** Whether the projection lets any part of a core attribute through, so that its rows need not be read otherwise. */
export function isRequested(resourceType: ResourceType, projection: Projection, name: string): boolean {
  const core = resourceType.schema.id;
  const path = findAttribute(resourceType, core, name);
  if (path === undefined) return false;
  return decide(path.attribute, core, readWanted(resourceType, projection)).kind !== 'none';
}

function projectContainer(
  container: JsonObject,
  resourceType: ResourceType,
  schema: string,
  wanted: Wanted,
): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(container)) {
    const projected =
      findAttribute(resourceType, schema, name) === undefined
        ? projectUndeclared(name, value, schema, wanted)
        : projectNamed(name, value, resourceType, schema, wanted);
    if (projected !== undefined) result[name] = projected;
  }
  return result;
}

/** What no schema describes is returned by default (RFC 7643 §7). */
function projectUndeclared(name: string, value: Json, urn: string, wanted: Wanted): Json | undefined {
  if (wanted.excluded?.hasUndeclared(urn, name)) return undefined;
  return wanted.included === undefined || wanted.included.hasUndeclared(urn, name) ? value : undefined;
}

function projectNamed(
  name: string,
  value: Json,
  resourceType: ResourceType,
  schema: string,
  wanted: Wanted,
): Json | undefined {
  const path = findAttribute(resourceType, schema, name);
  if (path === undefined || isDiscarded(path.attribute.name)) return undefined;
  const decision = decide(path.attribute, schema, wanted);
  if (decision.kind === 'none') return undefined;
  if (path.attribute.type !== 'complex') return value;
  return projectComplex(path.attribute, value, decision);
}

interface Decision {
  readonly kind: 'none' | 'whole' | 'parts';
  /** Sub-attributes to keep; undefined keeps all. */
  readonly kept?: ReadonlySet<string>;
  readonly dropped?: ReadonlySet<string>;
}

function decide(attribute: Attribute, schema: string, wanted: Wanted): Decision {
  if (attribute.returned === 'always') return { kind: 'whole' };
  if (attribute.returned === 'never') return { kind: 'none' };
  const included = wanted.included?.of(schema, attribute);
  const excluded = wanted.excluded?.of(schema, attribute);
  if (excluded === 'all') return { kind: 'none' };
  const isDefault = wanted.included === undefined && attribute.returned === 'default';
  if (included === undefined && !isDefault) return { kind: 'none' };
  return {
    kind: 'parts',
    ...(included instanceof Set ? { kept: included } : {}),
    ...(excluded === undefined ? {} : { dropped: excluded }),
  };
}

function projectComplex(attribute: Attribute, value: Json, decision: Decision): Json | undefined {
  if (Array.isArray(value)) {
    const elements = value.flatMap((element): Json[] => {
      const projected = projectComplex(attribute, element, decision);
      return projected === undefined ? [] : [projected];
    });
    return elements.length === 0 && value.length > 0 ? undefined : elements;
  }
  if (!isJsonObject(value)) return value;
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const subAttribute = findSubAttribute(attribute, name);
    if (subAttribute === undefined || subAttribute.returned === 'never') continue;
    if (subAttribute.returned === 'always' || keepsPart(subAttribute, decision)) result[name] = item;
  }
  return Object.keys(result).length === 0 ? undefined : result;
}

function keepsPart(subAttribute: Attribute, decision: Decision): boolean {
  if (decision.dropped?.has(subAttribute.name)) return false;
  if (decision.kept !== undefined) return decision.kept.has(subAttribute.name);
  return subAttribute.returned !== 'request';
}
