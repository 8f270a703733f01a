import type { ResourceType } from './attribute';
import { invalidPath } from './error';
import type { FilterLimits } from './filter';
import { parsePathText } from './filter';
import { findSubAttribute, resolveName } from './names';
import type { AttributePath, PatchPath } from './syntax';
import { formatPath } from './syntax';

const PATH_LIMITS: FilterLimits = { maxLength: 16_384, maxTerms: 16 };
/** A path may list the members to remove one by one (`members[value eq "a" or value eq "b" …]`). */
const MEMBERS_PATH_LIMITS: FilterLimits = { maxLength: 1_048_576, maxTerms: 20_000 };

/** A path that names a whole schema: an extension, or the core schema itself. */
export interface SchemaPath {
  readonly kind: 'schema';
  readonly schema: string;
  readonly isExtension: boolean;
}

/**
 * Parses a PATCH path that names an attribute (RFC 7644 §3.5.2 figure 7, §3.10): any case, URN-qualified or not, with an
 * optional value filter and sub-attribute.
 * @throws ScimError invalidPath when it is malformed or names nothing; invalidFilter when its filter is broken.
 */
export function parsePath(text: string, resourceType: ResourceType): PatchPath {
  const path = parsePathOrSchema(text, resourceType);
  if ('kind' in path) throw invalidPath(`"${shorten(text)}" names a schema; name one of its attributes.`);
  return path;
}

/** Like parsePath, and also takes the URN of a schema alone. */
export function parsePathOrSchema(text: string, resourceType: ResourceType): PatchPath | SchemaPath {
  const trimmed = text.trim();
  const parsed = parsePathText(trimmed, resourceType, (name) => {
    const path = resolveOrFail(name, resourceType);
    return { path, limits: path.attribute.name === 'members' ? MEMBERS_PATH_LIMITS : PATH_LIMITS };
  });
  if (parsed.filter === undefined) {
    const resolved = resolveName(resourceType, parsed.name);
    if (resolved?.kind === 'schema') {
      return { kind: 'schema', schema: resolved.schema.id, isExtension: resolved.isExtension };
    }
    return resolveOrFail(parsed.name, resourceType);
  }
  const path = resolveOrFail(parsed.name, resourceType);
  if (parsed.subAttributeName === undefined) return { ...path, filter: parsed.filter };
  const subAttribute = findSubAttribute(path.attribute, parsed.subAttributeName);
  if (subAttribute === undefined) {
    throw invalidPath(`${formatPath(path)} has no sub-attribute "${shorten(parsed.subAttributeName)}".`);
  }
  return { ...path, filter: parsed.filter, subAttribute };
}

function resolveOrFail(name: string, resourceType: ResourceType): AttributePath {
  const resolved = resolveName(resourceType, name);
  if (resolved?.kind !== 'attribute') {
    throw invalidPath(`${resourceType.name} has no attribute "${shorten(name)}".`);
  }
  return resolved.path;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
