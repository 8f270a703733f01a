import type { Attribute, JsonObject, ResourceType, Schema } from './attribute';
import { MAX_BULK_OPERATIONS, MAX_BULK_PAYLOAD_BYTES } from './bulk';
import { listResponse, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './list';

export const SERVICE_PROVIDER_CONFIG_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
export const RESOURCE_TYPE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
export const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

/** What differs from one installation or directory to the next. */
export interface DiscoveryOptions {
  /** Absolute address of the directory's SCIM base, without a slash at the end. */
  readonly baseUrl: string;
  readonly resourceTypes: readonly ResourceType[];
  readonly documentationUri?: string;
  /** Seconds that a cursor stays good; left out when it does not expire. */
  readonly cursorTimeoutSeconds?: number;
}

/** `GET /ServiceProviderConfig` (RFC 7643 §5, RFC 9865 §4). */
export function serviceProviderConfig(options: DiscoveryOptions): JsonObject {
  return {
    schemas: [SERVICE_PROVIDER_CONFIG_SCHEMA],
    ...(options.documentationUri === undefined ? {} : { documentationUri: options.documentationUri }),
    patch: { supported: true },
    bulk: { supported: true, maxOperations: MAX_BULK_OPERATIONS, maxPayloadSize: MAX_BULK_PAYLOAD_BYTES },
    filter: { supported: true, maxResults: MAX_PAGE_SIZE },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: DEFAULT_PAGE_SIZE,
      maxPageSize: MAX_PAGE_SIZE,
      ...(options.cursorTimeoutSeconds === undefined ? {} : { cursorTimeout: options.cursorTimeoutSeconds }),
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'The token of this directory, sent in the Authorization header.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${options.baseUrl}/ServiceProviderConfig` },
  };
}

/** `GET /ResourceTypes` (RFC 7643 §6). */
export function listResourceTypes(options: DiscoveryOptions): JsonObject {
  return wholeList(options.resourceTypes.map((resourceType) => describeResourceType(resourceType, options.baseUrl)));
}

/** `GET /ResourceTypes/{name}`, the name in any case. Undefined when there is none. */
export function findResourceType(options: DiscoveryOptions, name: string): JsonObject | undefined {
  const found = options.resourceTypes.find((candidate) => candidate.id.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : describeResourceType(found, options.baseUrl);
}

function describeResourceType(resourceType: ResourceType, baseUrl: string): JsonObject {
  return {
    schemas: [RESOURCE_TYPE_SCHEMA],
    id: resourceType.id,
    name: resourceType.name,
    description: resourceType.description,
    endpoint: resourceType.endpoint,
    schema: resourceType.schema.id,
    schemaExtensions: resourceType.extensions.map(({ schema, required }) => ({ schema: schema.id, required })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${resourceType.id}` },
  };
}

/** `GET /Schemas` (RFC 7643 §7): the core schemas and all extensions, each once. */
export function listSchemas(options: DiscoveryOptions): JsonObject {
  return wholeList(schemasOf(options).map((schema) => describeSchema(schema, options.baseUrl)));
}

/** `GET /Schemas/{urn}`, the URN in any case. Undefined when there is none. */
export function findSchemaDocument(options: DiscoveryOptions, urn: string): JsonObject | undefined {
  const found = schemasOf(options).find((schema) => schema.id.toLowerCase() === urn.toLowerCase());
  return found === undefined ? undefined : describeSchema(found, options.baseUrl);
}

function schemasOf({ resourceTypes }: DiscoveryOptions): Schema[] {
  const schemas = new Map<string, Schema>();
  for (const { schema } of resourceTypes) schemas.set(schema.id, schema);
  for (const { extensions } of resourceTypes) for (const { schema } of extensions) schemas.set(schema.id, schema);
  return [...schemas.values()];
}

function describeSchema(schema: Schema, baseUrl: string): JsonObject {
  return {
    schemas: [SCHEMA_SCHEMA],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(describeAttribute),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

function describeAttribute(attribute: Attribute): JsonObject {
  return {
    name: attribute.name,
    type: attribute.type,
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
    ...(attribute.canonicalValues === undefined ? {} : { canonicalValues: [...attribute.canonicalValues] }),
    caseExact: attribute.caseExact,
    mutability: attribute.mutability,
    returned: attribute.returned,
    uniqueness: attribute.uniqueness,
    ...(attribute.referenceTypes === undefined ? {} : { referenceTypes: [...attribute.referenceTypes] }),
    ...(attribute.subAttributes === undefined ? {} : { subAttributes: attribute.subAttributes.map(describeAttribute) }),
  };
}

/** Discovery lists are never paged or filtered (RFC 7644 §4). */
function wholeList(resources: JsonObject[]): JsonObject {
  return listResponse({ resources, totalResults: resources.length, startIndex: 1 });
}
