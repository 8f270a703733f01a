import { type Json, type JsonObject, type ResourceType, toList } from './attribute';
import { ScimError } from './error';
import { attributeAt, matchesElement, valuesAt } from './match';
import { parsePathOrSchema } from './path';
import type { PatchPath } from './syntax';
import { targetAttribute } from './syntax';
import { readUndeclaredPath } from './undeclared';

/**
 * What a path such as `title`, `emails[type eq "work"].value` or `urn:…:User:badge` names, in the syntax of PATCH (RFC 7644 §3.5.2);
 * also an attribute of an extension that no schema describes. Undefined when it names nothing, or what is never shown.
 */
export function readLookUpPath(text: string, resourceType: ResourceType): PatchPath | undefined {
  let path: PatchPath | undefined;
  try {
    const parsed = parsePathOrSchema(text, resourceType);
    path = 'kind' in parsed ? undefined : parsed;
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    path = readUndeclaredPath(text, resourceType);
  }
  return path === undefined || targetAttribute(path).returned === 'never' ? undefined : path;
}

/**
 * The value that a path leads to, or undefined where there is none: of an attribute with many values all of them, and with a filter the
 * first that it selects.
 */
export function lookUp(resource: JsonObject, path: PatchPath): Json | undefined {
  const { filter, attribute, subAttribute } = path;
  if (filter !== undefined) {
    const element = toList(attributeAt(resource, path)).find((each) => matchesElement(filter, each));
    if (element === undefined) return undefined;
    return subAttribute === undefined
      ? element
      : valuesAt({ [attribute.name]: element }, { ...path, isExtension: false })[0];
  }
  if (subAttribute === undefined) return attributeAt(resource, path);
  const values = valuesAt(resource, path);
  return attribute.multiValued || subAttribute.multiValued
    ? values.length === 0
      ? undefined
      : [...values]
    : values[0];
}
