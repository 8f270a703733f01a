import type { JsonObject, ResourceType } from './attribute';
import { isJsonObject, ownValue } from './attribute';
import { formatEtag } from './etag';
import { USER_URN } from './schema';

/** A group that a user belongs to, or a member of a group, for the outside. */
export interface ReferenceRow {
  readonly id: string;
  readonly display?: string;
  readonly type?: string;
  /** Absolute address. */
  readonly location?: string;
}

export interface RepresentationInput {
  readonly id: string;
  /** The stored document, as readResource and applyPatch give it. */
  readonly document: JsonObject;
  readonly created: Date;
  readonly lastModified: Date;
  /** Counts up with each change; becomes the weak entity tag in `meta.version`. */
  readonly version: number | bigint | string;
  /** Absolute address of the resource. */
  readonly location: string;
  /** Of a user; left out when undefined. */
  readonly groups?: readonly ReferenceRow[];
  /** Of a group; left out when undefined, so that a large group need not be read. */
  readonly members?: readonly ReferenceRow[];
}

/**
 * The whole resource as the outside sees it, before projection: `schemas` names the core schema and the extensions that
 * have a value (RFC 7643 §3.3), `meta` is complete (§3.1), and empty lists of groups are left out as unassigned (§2.5).
 */
export function representResource(input: RepresentationInput, resourceType: ResourceType): JsonObject {
  const { document } = input;
  const extensions = resourceType.extensions.map(({ schema }) => schema.id).filter((urn) => hasMembers(document, urn));
  const { externalId, ...attributes } = document;
  return {
    schemas: [resourceType.schema.id, ...extensions],
    id: input.id,
    ...(externalId === undefined ? {} : { externalId }),
    ...attributes,
    ...referencesOf(input, resourceType),
    meta: {
      resourceType: resourceType.name,
      created: input.created.toISOString(),
      lastModified: input.lastModified.toISOString(),
      location: input.location,
      version: formatEtag(input.version),
    },
  };
}

function hasMembers(document: JsonObject, urn: string): boolean {
  const extension = ownValue(document, urn);
  return isJsonObject(extension) && Object.keys(extension).length > 0;
}

function referencesOf(input: RepresentationInput, resourceType: ResourceType): JsonObject {
  if (resourceType.schema.id === USER_URN) {
    return input.groups === undefined || input.groups.length === 0
      ? {}
      : { groups: input.groups.map((row) => reference(row, 'direct')) };
  }
  return input.members === undefined ? {} : { members: input.members.map((row) => reference(row, 'User')) };
}

function reference(row: ReferenceRow, defaultType: string): JsonObject {
  return {
    value: row.id,
    ...(row.location === undefined ? {} : { $ref: row.location }),
    ...(row.display === undefined ? {} : { display: row.display }),
    type: row.type ?? defaultType,
  };
}
