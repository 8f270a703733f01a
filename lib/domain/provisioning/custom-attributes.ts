import type { Json, JsonObject, ResourceType } from '@/lib/scim/attribute';
import { lookUp, readLookUpPath } from '@/lib/scim/look-up';
import type { PatchPath } from '@/lib/scim/syntax';
import type { AttributeMapping } from './types';

interface ReadMapping {
  readonly mapTo: string;
  readonly path: PatchPath;
}

/** A directory's mappings are the same list for as long as they are kept in memory, so paths are parsed once. */
const read = new WeakMap<readonly AttributeMapping[], { type: ResourceType; mappings: readonly ReadMapping[] }>();

/** What an application is told besides the attributes that everybody has, by the names that it chose. Without a value there is no member. */
export function customAttributes(
  doc: JsonObject,
  mappings: readonly AttributeMapping[],
  userType: ResourceType,
): Record<string, Json> {
  if (mappings.length === 0) return {};
  let known = read.get(mappings);
  if (known?.type !== userType) {
    known = { type: userType, mappings: readMappings(mappings, userType) };
    read.set(mappings, known);
  }
  const found: Record<string, Json> = {};
  for (const { mapTo, path } of known.mappings) {
    const value = lookUp(doc, path);
    if (value !== undefined && value !== null) found[mapTo] = value;
  }
  return found;
}

function readMappings(mappings: readonly AttributeMapping[], userType: ResourceType): ReadMapping[] {
  return mappings.flatMap(({ key, mapTo }) => {
    // What was declared once and is not any more names nothing now.
    const path = readLookUpPath(key, userType);
    return path === undefined ? [] : [{ mapTo, path }];
  });
}
