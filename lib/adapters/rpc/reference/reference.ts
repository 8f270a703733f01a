import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { isObject } from '../json-request';
import { openApiDocument } from '../openapi';

/** One value that is sent or answered. */
export interface ReferenceField {
  readonly name: string;
  /** In words: "text", "list of objects", "one of ACTIVE, INACTIVE". */
  readonly type: string;
  readonly description: string;
  readonly isRequired: boolean;
  /** What a value is held to: "1 to 200 characters". */
  readonly limits: readonly string[];
  /** The fields of an object, or of the objects of a list. */
  readonly fields: readonly ReferenceField[];
}

export interface ReferenceParameter extends ReferenceField {
  readonly place: 'path' | 'query' | 'header';
}

/** A way in which a call is refused. */
export interface ReferenceError {
  readonly status: number;
  readonly code: string;
  readonly when: string;
}

/** One REST route of one method. */
export interface ReferenceMethod {
  /** `<Service>_<Method>`, with `_2` behind it for a second route of the method. */
  readonly id: string;
  /** The last part of its page's address. */
  readonly slug: string;
  readonly service: string;
  readonly title: string;
  readonly description: string;
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Where gRPC and Connect find the same method, if it is one of the contract. */
  readonly rpcPath: string | undefined;
  /** What an API credential needs, besides `admin`. */
  readonly scope: string | undefined;
  readonly parameters: readonly ReferenceParameter[];
  readonly hasBody: boolean;
  /** Whether the body is a list of objects with these fields. */
  readonly isBodyList: boolean;
  readonly body: readonly ReferenceField[];
  readonly status: number;
  readonly answer: readonly ReferenceField[];
  readonly errors: readonly ReferenceError[];
}

export interface ReferenceService {
  readonly name: string;
  readonly methods: readonly ReferenceMethod[];
}

const JSON_TYPE = 'application/json';
/** How deep objects within objects are opened. Deeper ones are named only. */
const DEPTH_MAX = 4;
/** What someone who provisions people reads first. Services that are not here follow. */
const ORDER = ['Organizations', 'Directories', 'Events', 'Users', 'Roles', 'Domains', 'Connections', 'Clients'];
const PARTS_UNUSED = /^Of a kind of connection/;

let read: { readonly origin: string; readonly services: readonly ReferenceService[] } | undefined;

/** Every route of the API by service, read from the OpenAPI document. @param publicOrigin what the document is written for */
export function readReference(publicOrigin: string): readonly ReferenceService[] {
  if (read?.origin !== publicOrigin)
    read = { origin: publicOrigin, services: readServices(openApiDocument(publicOrigin)) };
  return read.services;
}

/** The route whose page ends in `slug`. */
export function findMethod(services: readonly ReferenceService[], slug: string): ReferenceMethod | undefined {
  return services.flatMap(({ methods }) => methods).find((method) => method.slug === slug);
}

/** The services with those routes whose name, path, id or description holds every word of `search`. */
export function searchReference(services: readonly ReferenceService[], search: string): readonly ReferenceService[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return services
    .map(({ name, methods }) => ({
      name,
      methods: methods.filter((method) => {
        const text = [method.title, method.id, method.verb, method.path, method.description, name]
          .join(' ')
          .toLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ methods }) => methods.length > 0);
}

function readServices(document: JsonObject): ReferenceService[] {
  const byName = new Map<string, ReferenceMethod[]>();
  for (const [path, item] of Object.entries(document['paths'] as Record<string, JsonObject>)) {
    for (const [verb, operation] of Object.entries(item)) {
      const method = readMethod(document, verb, path, operation as JsonObject);
      byName.set(method.service, [...(byName.get(method.service) ?? []), method]);
    }
  }
  const placeOf = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return [...byName]
    .map(([name, methods]) => ({ name, methods }))
    .toSorted((a, b) => placeOf(a.name) - placeOf(b.name) || (a.name < b.name ? -1 : 1));
}

function readMethod(document: JsonObject, verb: string, path: string, operation: JsonObject): ReferenceMethod {
  const id = textOf(operation['operationId']);
  const [, name = id, copy] = id.split('_');
  const summary = textOf(operation['summary']);
  const responses = operation['responses'] as Record<string, JsonObject>;
  const status = Object.keys(responses).find((code) => /^2\d\d$/.test(code)) ?? '200';
  const bodySchema = contentSchema(operation['requestBody']);
  const parameters = ((operation['parameters'] ?? []) as JsonObject[]).map((one) => readParameter(document, one));
  const [service = ''] = (operation['tags'] ?? []) as string[];
  const security = (operation['security'] as JsonObject[])[0];
  const [scope] = security ? (Object.values(security)[0] as string[]) : [];
  return {
    id,
    slug: summary.toLowerCase().replaceAll(' ', '-') + (copy ? `-${copy}` : ''),
    service,
    title: titleOf(summary, path),
    description: textOf(operation['description']),
    verb: verb.toUpperCase() as ReferenceMethod['verb'],
    path,
    rpcPath: textOf(operation['x-rpc-path']) || undefined,
    scope,
    parameters,
    hasBody: bodySchema !== undefined,
    isBodyList: bodySchema?.['type'] === 'array',
    body: bodySchema ? fieldsOf(document, (bodySchema['items'] as JsonObject | undefined) ?? bodySchema, 0) : [],
    status: Number(status),
    answer: fieldsOf(document, contentSchema(responses[status]) ?? {}, 0),
    errors: errorsOf({ name, service, scope, path, takesInput: parameters.length > 0 || bodySchema !== undefined }),
  };
}

/** Where one method has two routes, the one by external id says so. */
function titleOf(summary: string, path: string): string {
  return path.includes(':external/') && !summary.includes('external') ? `${summary} by external id` : summary;
}

function readParameter(document: JsonObject, given: JsonObject): ReferenceParameter {
  const parameter = resolve(document, given);
  const schema = parameter['schema'] as JsonObject;
  const field = readField(document, textOf(parameter['name']), schema, parameter['required'] === true, DEPTH_MAX);
  const description = textOf(parameter['description']) || field.description;
  return { ...field, description, place: parameter['in'] as ReferenceParameter['place'] };
}

function fieldsOf(document: JsonObject, given: JsonObject, depth: number): ReferenceField[] {
  const schema = resolve(document, given);
  const required = (schema['required'] ?? []) as string[];
  const properties = (schema['properties'] ?? {}) as Record<string, JsonObject>;
  return Object.entries(properties).map(([name, inner]) =>
    readField(document, name, inner, required.includes(name), depth),
  );
}

function readField(
  document: JsonObject,
  name: string,
  given: JsonObject,
  isRequired: boolean,
  depth: number,
): ReferenceField {
  const schema = resolve(document, withoutEmpty(given));
  const item = schema['type'] === 'array' ? resolve(document, schema['items'] as JsonObject) : schema;
  const description = textOf(given['description']);
  const isOpened = depth < DEPTH_MAX && !PARTS_UNUSED.test(description);
  return {
    name,
    type: typeOf(schema, item),
    description,
    isRequired,
    limits: limitsOf(schema),
    fields: isOpened ? fieldsOf(document, item, depth + 1) : [],
  };
}

function typeOf(schema: JsonObject, item: JsonObject): string {
  const single = singleTypeOf(item);
  if (schema === item) return single;
  return `list of ${single === 'text' ? 'texts' : single === 'object' ? 'objects' : single}`;
}

function singleTypeOf(schema: JsonObject): string {
  if (Array.isArray(schema['enum'])) return `one of ${schema['enum'].map(String).join(', ')}`;
  if (schema['format'] === 'date-time') return 'time, RFC 3339';
  if (isObject(schema['additionalProperties'])) return 'names and values';
  switch (schema['type']) {
    case 'string':
      return 'text';
    case 'integer':
      return 'whole number';
    case 'number':
      return 'number';
    case 'boolean':
      return 'true or false';
    case 'object':
      return 'object';
    default:
      return 'any';
  }
}

function limitsOf(schema: JsonObject): string[] {
  const { minLength, maxLength, pattern, maxItems, maxProperties, format } = schema;
  const limits: string[] = [];
  if (typeof maxLength === 'number') {
    limits.push(
      typeof minLength === 'number' ? `${minLength} to ${maxLength} characters` : `up to ${maxLength} characters`,
    );
  } else if (typeof minLength === 'number') limits.push(`at least ${minLength} characters`);
  if (typeof pattern === 'string') limits.push(`matches ${pattern}`);
  if (typeof maxItems === 'number') limits.push(`up to ${maxItems}`);
  if (typeof maxProperties === 'number') limits.push(`up to ${maxProperties} names`);
  if (format === 'email' || format === 'uri') limits.push(format === 'email' ? 'an email address' : 'an address (URI)');
  return limits;
}

function errorsOf(of: {
  name: string;
  service: string;
  scope: string | undefined;
  path: string;
  takesInput: boolean;
}): ReferenceError[] {
  const errors: ReferenceError[] = [];
  const add = (status: number, code: string, when: string) => errors.push({ status, code, when });
  if (of.takesInput) add(400, 'VALIDATION_ERROR', 'A field is wrong. The body names it.');
  if (of.service === 'Directories') add(400, 'FEATURE_DISABLED', 'Provisioning is off for the organization.');
  add(401, 'UNAUTHENTICATED', 'There is no access token, or it is not valid any more.');
  if (of.scope) add(403, 'MISSING_SCOPE', `The access token has neither ${of.scope} nor admin.`);
  if (of.path.includes('{')) add(404, 'RESOURCE_NOT_FOUND', 'There is nothing with this id, or it is deleted.');
  if (/^Create(?!.*Secret)/.test(of.name)) {
    add(409, 'RESOURCE_ALREADY_EXISTS', 'There is one already. The message names the clash.');
  }
  add(429, 'RATE_LIMITED', 'Too many calls. Retry-After says how many seconds to wait.');
  return errors;
}

function contentSchema(holder: JsonValue | undefined): JsonObject | undefined {
  if (!isObject(holder) || !isObject(holder['content'])) return undefined;
  const content = holder['content'][JSON_TYPE];
  return isObject(content) && isObject(content['schema']) ? content['schema'] : undefined;
}

/** A schema that may be left empty is written as "empty, or this": this. */
function withoutEmpty(schema: JsonObject): JsonObject {
  const choices = schema['anyOf'];
  if (!Array.isArray(choices)) return schema;
  return choices.filter(isObject).find((choice) => choice['const'] === undefined) ?? schema;
}

function resolve(document: JsonObject, schema: JsonObject): JsonObject {
  if (typeof schema['$ref'] !== 'string') return schema;
  let at: JsonValue | undefined = document;
  for (const name of schema['$ref'].replace(/^#\//, '').split('/')) at = isObject(at) ? at[name] : undefined;
  return isObject(at) ? at : {};
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
