import type { DescField, DescMessage, DescMethodUnary, JsonObject } from '@bufbuild/protobuf';
import { createHash } from 'node:crypto';
import { SCOPES } from '@/lib/domain/credential/types';
import { IDEMPOTENCY_LIMITS } from '@/lib/domain/idempotency/types';
import { ANNOUNCEMENTS_ANSWER, ANNOUNCEMENTS_OPERATION } from './announcements-openapi';
import { ANNOUNCEMENTS_PATH, ANNOUNCEMENTS_SCOPE } from './announcements';
import { describeManagementApi } from './api';
import { isPublic } from './caller';
import { listMethods, listServices, rpcPathOf } from './descriptors';
import type { ServiceImplementations, ServiceName } from './descriptors';
import { httpRulesOf } from './http-rules';
import type { HttpRule } from './http-rules';
import { createSchemaBook, describeField, isNeeded } from './openapi-schema';
import type { SchemaBook } from './openapi-schema';
import { METHOD_TEXTS } from './reference/method-texts';
import { successStatusOf } from './rest';
import { requiredScopeOf } from './scopes';

const OPENAPI_VERSION = '3.1.0';
const API_VERSION = '1';
const JSON_TYPE = 'application/json';
/** How deep a query parameter may name fields within fields: `filter.range.start`. */
const QUERY_DEPTH_MAX = 3;
const VARIABLE = /\{(\w+)\}/g;
const SECURITY_SCHEME = 'oauth2';
const ERROR: JsonObject = { $ref: '#/components/responses/Error' };

const IDEMPOTENCY_REF: JsonObject = { $ref: '#/components/parameters/IdempotencyKey' };
const IDEMPOTENCY_PARAMETER: JsonObject = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'A name of your choice for this request. For 24 hours the same request with the same key gets the same answer again and does ' +
    'nothing. Another request with it is refused.',
  schema: { type: 'string', minLength: 1, maxLength: IDEMPOTENCY_LIMITS.keyLengthMax },
};

/** The body of every error answer. */
const ERROR_SCHEMA: JsonObject = {
  type: 'object',
  required: ['code', 'message', 'error_code', 'request_info'],
  properties: {
    code: { type: 'integer', description: 'The gRPC code of the error.' },
    message: { type: 'string', description: 'What went wrong, for a person to read.' },
    error_code: { type: 'string', description: 'What went wrong, for a program to switch on. It stays the same.' },
    request_info: {
      type: 'object',
      properties: { request_id: { type: 'string', description: 'Quote it when you report a problem.' } },
    },
    validation_error_info: {
      type: 'object',
      description: 'The fields of the request that were refused.',
      properties: {
        field_violations: {
          type: 'array',
          items: {
            type: 'object',
            required: ['field', 'description'],
            properties: {
              field: { type: 'string' },
              description: { type: 'string' },
              constraint: { type: 'string' },
            },
          },
        },
      },
    },
  },
};

interface Written {
  readonly origin: string;
  readonly document: JsonObject;
  readonly text: string;
  readonly etag: string;
}

let cached: Written | undefined;

/** The OpenAPI document of this process, written at the first call. @param publicOrigin what the addresses in it are made from */
export function openApiDocument(publicOrigin: string): JsonObject {
  return writeOnce(publicOrigin).document;
}

function writeOnce(origin: string): Written {
  if (cached?.origin !== origin) {
    const document = describeOpenApi(describeManagementApi(origin).services, origin);
    const text = JSON.stringify(document);
    const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
    cached = { origin, document, text, etag };
  }
  return cached;
}

/**
 * Answers a GET of the OpenAPI document: 304 to those who have it already (RFC 9110 §13.1.2). It is written once per process.
 * @param publicOrigin what the addresses in it are made from
 */
export function answerOpenApiRequest(request: Request, publicOrigin: string): Response {
  const { text, etag } = writeOnce(publicOrigin);
  const headers = { etag, 'cache-control': 'no-cache', 'access-control-allow-origin': '*' };
  const known = request.headers.get('if-none-match')?.split(',') ?? [];
  if (known.some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')))) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(text, { headers: { ...headers, 'content-type': JSON_TYPE } });
}

/**
 * The REST side of the contract as an OpenAPI 3.1 document, read from the descriptors that the API itself obeys. It lists what
 * `services` answer, and nothing else.
 */
export function describeOpenApi(services: ServiceImplementations, publicOrigin: string): JsonObject {
  const book = createSchemaBook();
  const paths: Record<string, JsonObject> = {};
  const tags: JsonObject[] = [];
  for (const [name, service] of listServices()) {
    const built = listMethods(service).filter((method) => isBuilt(services, name, method));
    if (built.length > 0) tags.push({ name: tagOf(name) });
    for (const method of built) {
      for (const [at, rule] of httpRulesOf(method).entries()) {
        const operations = (paths[rule.path] ??= {});
        operations[rule.verb.toLowerCase()] = describeOperation(book, name, method, rule, at);
      }
    }
  }
  // Ours, beside the contract: whoever has the lists of events can follow them too.
  if (services.events) paths[ANNOUNCEMENTS_PATH] = { get: describeAnnouncements() };
  return {
    openapi: OPENAPI_VERSION,
    info: { title: 'Gatehouse API', version: API_VERSION },
    servers: [{ url: publicOrigin }],
    security: [{ [SECURITY_SCHEME]: [] }],
    tags,
    paths: Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: { [SECURITY_SCHEME]: describeSecurity(publicOrigin) },
      parameters: { IdempotencyKey: IDEMPOTENCY_PARAMETER },
      responses: {
        Error: {
          description: 'The call was refused or failed.',
          content: { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
      schemas: { ...book.schemas(), Error: ERROR_SCHEMA },
    },
  };
}

function describeAnnouncements(): JsonObject {
  return {
    ...ANNOUNCEMENTS_OPERATION,
    security: [{ [SECURITY_SCHEME]: [ANNOUNCEMENTS_SCOPE] }],
    responses: {
      200: {
        description: 'The call was done.',
        content: {
          [JSON_TYPE]: { schema: ANNOUNCEMENTS_ANSWER },
          'text/event-stream': { schema: { type: 'string' } },
        },
      },
      '4XX': ERROR,
      default: ERROR,
    },
  };
}

function isBuilt(services: ServiceImplementations, name: ServiceName, method: DescMethodUnary): boolean {
  return (services[name] as Readonly<Record<string, unknown>> | undefined)?.[method.localName] !== undefined;
}

function describeSecurity(publicOrigin: string): JsonObject {
  return {
    type: 'oauth2',
    flows: {
      clientCredentials: {
        tokenUrl: `${publicOrigin}/oauth/token`,
        scopes: Object.fromEntries(SCOPES.map((scope) => [scope, ''])),
      },
    },
  };
}

function describeOperation(
  book: SchemaBook,
  service: ServiceName,
  method: DescMethodUnary,
  rule: HttpRule,
  at: number,
): JsonObject {
  const inPath = new Set([...rule.path.matchAll(VARIABLE)].map((match) => match[1] ?? ''));
  const elsewhere = withAlternatives(method.input, inPath);
  const parameters = [
    ...pathParameters(book, method.input, inPath),
    ...queryParameters(book, method, rule, elsewhere),
    ...(rule.verb === 'POST' ? [IDEMPOTENCY_REF] : []),
  ];
  const body = describeBody(book, method.input, rule, elsewhere);
  const name = `${method.parent.name}_${method.name}`;
  const description = METHOD_TEXTS[name];
  return {
    operationId: at === 0 ? name : `${name}_${at + 1}`,
    summary: humanize(method.name),
    ...(description !== undefined && { description }),
    'x-rpc-path': rpcPathOf(method),
    tags: [tagOf(service)],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: body }),
    security: isPublic(method) ? [] : [{ [SECURITY_SCHEME]: [requiredScopeOf(method)] }],
    responses: {
      [successStatusOf(method)]: {
        description: 'The call was done.',
        content: { [JSON_TYPE]: { schema: answerSchema(book, method, rule) } },
      },
      '4XX': ERROR,
      default: ERROR,
    },
  };
}

/** The fields of the path and those that can only be given in place of them. */
function withAlternatives(input: DescMessage, inPath: ReadonlySet<string>): Set<string> {
  const chosen = new Set(input.fields.flatMap(({ name, oneof }) => (oneof && inPath.has(name) ? [oneof] : [])));
  const alternatives = input.fields.filter(({ oneof }) => oneof && chosen.has(oneof)).map(({ name }) => name);
  return new Set([...inPath, ...alternatives]);
}

function pathParameters(book: SchemaBook, input: DescMessage, inPath: ReadonlySet<string>): JsonObject[] {
  return [...inPath].map((name) => {
    const field = input.fields.find((one) => one.name === name);
    if (!field) throw new Error(`${input.typeName} has no field ${name}, which its path names.`);
    return { name, in: 'path', required: true, schema: describeField(book.fieldSchema(field, 'request'), field) };
  });
}

function queryParameters(
  book: SchemaBook,
  method: DescMethodUnary,
  rule: HttpRule,
  elsewhere: ReadonlySet<string>,
): JsonObject[] {
  if (rule.body === '*') return [];
  const fields = method.input.fields.filter(({ name }) => !elsewhere.has(name) && name !== rule.body);
  return fields.flatMap((field) => parametersOf(book, field, '', false, 1));
}

function parametersOf(
  book: SchemaBook,
  field: DescField,
  prefix: string,
  isOptional: boolean,
  depth: number,
): JsonObject[] {
  const name = prefix + field.name;
  if (field.fieldKind === 'map' || (field.fieldKind === 'list' && field.listKind === 'message')) return [];
  if (field.fieldKind === 'message' && field.message.typeName.startsWith('scalekit.')) {
    if (depth >= QUERY_DEPTH_MAX) return [];
    return field.message.fields.flatMap((inner) => parametersOf(book, inner, `${name}.`, true, depth + 1));
  }
  const isRequired = !isOptional && isNeeded(field);
  const schema = describeField(book.fieldSchema(field, 'request'), field);
  return [{ name, in: 'query', ...(isRequired && { required: true }), schema }];
}

function describeBody(
  book: SchemaBook,
  input: DescMessage,
  rule: HttpRule,
  elsewhere: ReadonlySet<string>,
): JsonObject | undefined {
  if (rule.body === undefined) return undefined;
  if (rule.body === '*') {
    const fields = input.fields.filter(({ name }) => !elsewhere.has(name));
    if (fields.length === 0) return undefined;
    const schema =
      elsewhere.size > 0 ? book.objectSchema(input, 'request', elsewhere) : book.messageSchema(input, 'request');
    return { required: fields.some(isNeeded), content: { [JSON_TYPE]: { schema } } };
  }
  const field = input.fields.find(({ name }) => name === rule.body);
  if (!field) throw new Error(`${input.typeName} has no field ${rule.body}, which its body fills.`);
  return { required: isNeeded(field), content: { [JSON_TYPE]: { schema: book.fieldSchema(field, 'request') } } };
}

function answerSchema(book: SchemaBook, { output }: DescMethodUnary, { responseBody }: HttpRule): JsonObject {
  const field = output.fields.find(({ name }) => name === responseBody);
  return field ? book.fieldSchema(field, 'response') : book.messageSchema(output, 'response');
}

/** `directories` as a heading. */
function tagOf(service: ServiceName): string {
  return service.charAt(0).toUpperCase() + service.slice(1);
}

/** `CreateOrganization` as a sentence: "Create organization". */
function humanize(name: string): string {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
