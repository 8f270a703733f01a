import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeManagementApi } from './api';
import { listMethods, listServices } from './descriptors';
import { listRoutes } from './rest-routes';
import { isObject } from './json-request';
import { answerOpenApiRequest, describeOpenApi } from './openapi';
import { PUBLIC_ORIGIN, startTestApi, type TestApi } from './services/testing';
import { fakeServices } from './testing';

const VERBS = ['get', 'put', 'post', 'delete', 'patch'] as const;

const { services } = describeManagementApi(PUBLIC_ORIGIN);
const document = describeOpenApi(services, PUBLIC_ORIGIN);

interface Operation {
  readonly verb: string;
  readonly path: string;
  readonly body: JsonObject;
}

function listOperations(of: JsonObject = document): Operation[] {
  return Object.entries(of['paths'] as Record<string, JsonObject>).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, body]) => ({ verb, path, body: body as JsonObject })),
  );
}

function operationOf(verb: string, path: string): JsonObject {
  const found = listOperations().find((one) => one.verb === verb && one.path === path);
  if (!found) throw new Error(`The document has no ${verb} ${path}.`);
  return found.body;
}

/** What a JSON pointer of the document names. */
function resolve(ref: string): JsonValue | undefined {
  let at: JsonValue | undefined = document;
  for (const name of ref.replace(/^#\//, '').split('/')) at = isObject(at) ? at[name] : undefined;
  return at;
}

/** The parameters of an operation, references resolved. */
function listParameters(operation: JsonObject): JsonObject[] {
  const parameters = (operation['parameters'] ?? []) as JsonObject[];
  return parameters.map((one) => (one['$ref'] === undefined ? one : (resolve(String(one['$ref'])) as JsonObject)));
}

function collectRefs(value: JsonValue | undefined, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) collectRefs(item, found);
  else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (key === '$ref') found.add(String(item));
      else collectRefs(item, found);
    }
  }
  return found;
}

const TYPES: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
};

/** What is wrong with `value`, by the keywords of JSON Schema that the document uses; a keyword that is not known is an error too. */
function findFaults(schema: JsonObject, value: JsonValue, path = '$'): string[] {
  return Object.entries(schema).flatMap(([keyword, rule]) => checkKeyword(schema, keyword, rule, value, path));
}

function checkKeyword(schema: JsonObject, keyword: string, rule: JsonValue, value: JsonValue, path: string): string[] {
  const fault = (isWrong: boolean) => (isWrong ? [`${path} breaks ${keyword} ${JSON.stringify(rule)}`] : []);
  const text = typeof value === 'string' ? value : undefined;
  const fields = isObject(value) ? value : {};
  const properties = (schema['properties'] ?? {}) as Record<string, JsonObject>;
  switch (keyword) {
    case '$ref':
      return findFaults(resolve(String(rule)) as JsonObject, value, path);
    case 'type':
      return fault(!TYPES[String(rule)]?.(value));
    case 'enum':
      return fault(!(rule as JsonValue[]).includes(value));
    case 'const':
      return fault(rule !== value);
    case 'anyOf':
      return fault(!(rule as JsonObject[]).some((one) => findFaults(one, value).length === 0));
    case 'required':
      return fault(!(rule as string[]).every((name) => name in fields));
    case 'properties':
      return Object.entries(properties).flatMap(([name, inner]) => {
        const item = fields[name];
        return item === undefined ? [] : findFaults(inner, item, `${path}.${name}`);
      });
    case 'additionalProperties':
      return Object.entries(fields).flatMap(([name, item]) => {
        if (name in properties || rule === true) return [];
        return isObject(rule) ? findFaults(rule, item, `${path}.${name}`) : [`${path}.${name} is not foreseen`];
      });
    case 'items':
      return Array.isArray(value)
        ? value.flatMap((item, at) => findFaults(rule as JsonObject, item, `${path}[${at}]`))
        : [];
    case 'minLength':
      return fault(text !== undefined && [...text].length < Number(rule));
    case 'maxLength':
      return fault(text !== undefined && [...text].length > Number(rule));
    case 'pattern':
      return fault(text !== undefined && !new RegExp(String(rule), 'u').test(text));
    case 'format':
      return fault(rule === 'date-time' && Number.isNaN(Date.parse(text ?? '')));
    case 'minimum':
      return fault(typeof value === 'number' && value < Number(rule));
    case 'maximum':
      return fault(typeof value === 'number' && value > Number(rule));
    case 'maxItems':
    case 'maxProperties':
      return fault((Array.isArray(value) ? value.length : Object.keys(fields).length) > Number(rule));
    case 'description':
      return [];
    default:
      return [`${path} has the keyword ${keyword}, which this test does not know`];
  }
}

function answerSchemaOf(verb: string, path: string, status: number): JsonObject {
  const responses = operationOf(verb, path)['responses'] as Record<string, JsonObject>;
  const content = responses[String(status)]?.['content'] as Record<string, JsonObject> | undefined;
  return content?.['application/json']?.['schema'] as JsonObject;
}

function bodySchemaOf(verb: string, path: string): JsonObject {
  const body = operationOf(verb, path)['requestBody'] as JsonObject;
  return (body['content'] as Record<string, JsonObject>)['application/json']?.['schema'] as JsonObject;
}

describe('the OpenAPI document', () => {
  test('has every REST route of what is built exactly once, and of our own only the one that follows events', () => {
    const built = new Set(
      listServices().flatMap(([name, service]) =>
        listMethods(service).filter(({ localName }) => localName in (services[name] ?? {})),
      ),
    );
    const routes = listRoutes().filter(({ method }) => built.has(method));
    const expected = routes.map(({ rule }) => `${rule.verb.toLowerCase()} ${rule.path}`);
    const listed = listOperations().map(({ verb, path }) => `${verb} ${path}`);
    expect(listed.toSorted()).toEqual([...expected, 'get /api/v1/announcements'].toSorted());
    expect(listed).toContain('post /api/v1/events/paginated');
    expect(listed).not.toContain('post /api/v1/events/frontend_events/{event_type}');
    const templates = listed.map((route) => route.replace(/\{\w+\}/g, '{}'));
    expect(new Set(templates).size).toBe(templates.length);
  });

  test('lists what is given to it, however little that is', () => {
    const fake = fakeServices();
    const operations = listOperations(describeOpenApi(fake, PUBLIC_ORIGIN));
    const methods = Object.values(fake).flatMap((service) => Object.keys(service as object));
    const listed = new Set(operations.map(({ body }) => String(body['operationId']).split('_')[1]?.toLowerCase()));
    expect([...listed].toSorted()).toEqual(methods.map((name) => name.toLowerCase()).toSorted());
    expect(describeOpenApi({}, PUBLIC_ORIGIN)['paths']).toEqual({});
  });

  test('has no reference that leads nowhere and no schema that nothing needs', () => {
    const refs = collectRefs(document);
    expect([...refs].filter((ref) => !isObject(resolve(ref)))).toEqual([]);
    const schemas = Object.keys(resolve('#/components/schemas') as JsonObject);
    expect(schemas.filter((name) => !refs.has(`#/components/schemas/${name}`))).toEqual([]);
    expect(schemas.length).toBeGreaterThan(50);
  });

  test('names each operation once, and only with the verbs of REST', () => {
    const operations = listOperations();
    const ids = operations.map(({ body }) => body['operationId']);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { verb, body } of operations) {
      expect(VERBS).toContain(verb);
      expect(body['summary']).toMatch(/^[A-Z][a-z]+( [a-z]+)*$/);
      expect(Object.keys(body['responses'] as JsonObject)).toContain('default');
    }
  });

  test('says what each operation does, what each field is, and which scope a call needs', () => {
    const operations = listOperations();
    const silent = operations.filter(({ body }) => !/^[A-Z].+\.$/.test(String(body['description'])));
    expect(silent.map(({ body }) => body['operationId'])).toEqual([]);
    const nameless = operations.flatMap(({ body }) =>
      listParameters(body)
        .filter(({ description, schema }) => !(description ?? (schema as JsonObject)['description']))
        .map(({ name }) => `${String(body['operationId'])}.${String(name)}`),
    );
    const unused =
      /^(OAuth|Oauth|PasswordLess|StaticAuth|WebAuth|GoogleDWD|Rp|Timeout|Attestation|Authenticator|Smart|OptionalScopes)/;
    for (const [name, schema] of Object.entries(resolve('#/components/schemas') as Record<string, JsonObject>)) {
      if (unused.test(name) || name === 'Error') continue;
      for (const [field, inner] of Object.entries((schema['properties'] ?? {}) as Record<string, JsonObject>)) {
        if (!inner['description']) nameless.push(`${name}.${field}`);
      }
    }
    expect(nameless).toEqual([]);
    const scopeOf = (verb: string, path: string) => operationOf(verb, path)['security'];
    expect(scopeOf('get', '/api/v1/organizations')).toEqual([{ oauth2: ['organizations:read'] }]);
    expect(scopeOf('put', '/api/v1/organizations/{id}/portal_links')).toEqual([{ oauth2: ['portal_links:write'] }]);
  });

  test('has each variable of a path as a parameter, and no parameter twice', () => {
    for (const { path, body } of listOperations()) {
      const parameters = listParameters(body);
      const names = parameters.map((parameter) => `${String(parameter['in'])} ${String(parameter['name'])}`);
      expect(new Set(names).size).toBe(names.length);
      const variables = [...path.matchAll(/\{(\w+)\}/g)].map((match) => `path ${match[1] ?? ''}`);
      expect(names.filter((name) => name.startsWith('path '))).toEqual(variables);
    }
  });

  test('says how to get a token', () => {
    expect(resolve('#/components/securitySchemes/oauth2/flows/clientCredentials')).toMatchObject({
      tokenUrl: `${PUBLIC_ORIGIN}/oauth/token`,
    });
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: PUBLIC_ORIGIN }], security: [{ oauth2: [] }] });
  });

  test('puts what is sent where the rules of the contract put it', () => {
    const list = operationOf('get', '/api/v1/organizations');
    expect(list['requestBody']).toBeUndefined();
    expect(list['parameters']).toContainEqual({
      name: 'page_size',
      in: 'query',
      schema: { type: 'integer', minimum: 0, description: 'How many to return. Lowered to 100 if larger.' },
    });
    const paginated = operationOf('post', '/api/v1/events/paginated');
    const names = listParameters(paginated).map(({ name }) => name);
    expect(names).toEqual(['page_size', 'page_token', 'Idempotency-Key']);
    expect(bodySchemaOf('post', '/api/v1/events/paginated')).toEqual({ $ref: '#/components/schemas/EventFilterInput' });
    const byExternalId = operationOf('get', '/api/v1/organizations:external/{external_id}');
    expect(listParameters(byExternalId).map(({ name }) => name)).toEqual(['external_id']);
  });

  test('holds a request to the rules that the API holds it to', () => {
    const schema = bodySchemaOf('post', '/api/v1/organizations');
    expect(findFaults(schema, { display_name: 'Acme', external_id: 'acme' })).toEqual([]);
    expect(findFaults(schema, {})).toHaveLength(1);
    expect(findFaults(schema, { display_name: '' })).toHaveLength(1);
    expect(findFaults(schema, { display_name: 'Acme', colour: 'red' })).toEqual(['$.colour is not foreseen']);
    expect(findFaults(schema, { display_name: 'Acme', region_code: 'MARS' })).toHaveLength(1);
  });
});

describe('a real answer', () => {
  let api: TestApi;
  let organizationId: string;

  beforeAll(async () => {
    api = await startTestApi();
    const { body } = await call('POST', '/api/v1/organizations', { display_name: 'Acme', metadata: { plan: 'gold' } });
    organizationId = (body['organization'] as JsonObject)['id'] as string;
  });

  afterAll(() => api.close());

  async function call(verb: string, path: string, body?: JsonObject): Promise<{ status: number; body: JsonObject }> {
    const response = await fetch(api.origin + path, {
      method: verb,
      headers: { authorization: `Bearer ${await api.fetchToken()}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as JsonObject };
  }

  test.each<[string, string, JsonObject | undefined, number]>([
    ['POST', '/api/v1/organizations', { display_name: 'Globex', external_id: 'globex' }, 201],
    ['GET', '/api/v1/organizations/{id}', undefined, 200],
    ['GET', '/api/v1/organizations', undefined, 200],
    ['PUT', '/api/v1/organizations/{id}/portal_links', undefined, 200],
    [
      'POST',
      '/api/v1/organizations/{organization_id}/directories',
      { directory_type: 'SCIM', directory_provider: 'OKTA' },
      200,
    ],
    ['POST', '/api/v1/events/paginated', {}, 200],
    ['POST', '/api/v1/roles', { name: 'viewer', display_name: 'Viewer' }, 201],
  ])('of %s %s is as its schema says', async (verb, path, body, status) => {
    const answer = await call(verb, path.replace(/\{\w+\}/, organizationId), body);
    expect(answer).toMatchObject({ status });
    const schema = answerSchemaOf(verb.toLowerCase(), path, status);
    expect(findFaults(schema, answer.body)).toEqual([]);
    expect(findFaults(schema, [])).not.toEqual([]);
    if (body) expect(findFaults(bodySchemaOf(verb.toLowerCase(), path), body)).toEqual([]);
  });

  test('to a call that is refused is an error as its schema says', async () => {
    const { status, body } = await call('POST', '/api/v1/organizations', { display_name: '' });
    expect(status).toBe(400);
    const schema = resolve('#/components/schemas/Error') as JsonObject;
    expect(findFaults(schema, body)).toEqual([]);
    expect(findFaults(schema, { message: 'no' })).not.toEqual([]);
  });
});

describe('the answer with the document', () => {
  const ask = (headers: Record<string, string> = {}) =>
    answerOpenApiRequest(new Request('http://localhost:3000/api/openapi.json', { headers }), PUBLIC_ORIGIN);

  test('is the document, at the public origin', async () => {
    const response = ask();
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual(document);
  });

  test('is short for those who have it', async () => {
    const etag = ask().headers.get('etag')!;
    expect(etag).toMatch(/^"[\w-]{20,}"$/);
    const again = ask({ 'if-none-match': `"other", W/${etag}` });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect(ask({ 'if-none-match': '"other"' }).status).toBe(200);
  });
});
