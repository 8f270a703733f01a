import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createRpc } from './router';
import { GOOD_TOKEN, fakeAuthenticate, fakeServices } from './testing';

type Json = Record<string, unknown>;

let rest: (request: Request) => Promise<Response>;

beforeEach(() => {
  rest = createRpc({ authenticate: fakeAuthenticate, services: fakeServices() }).rest;
});

async function call(verb: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const isText = typeof body === 'string' || body === undefined;
  const response = await rest(
    new Request(`http://localhost:3000/api/v1${path}`, {
      method: verb,
      headers: { authorization: `Bearer ${GOOD_TOKEN}`, 'content-type': 'application/json', ...headers },
      body: isText ? body : JSON.stringify(body),
    }),
  );
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: (text ? JSON.parse(text) : undefined) as Json };
}

const violationsOf = (json: Json) =>
  (json['validation_error_info'] as { field_violations: { field: string }[] } | undefined)?.field_violations.map(
    ({ field }) => field,
  );

describe('a REST call', () => {
  it('creates with the body as the organization and answers 201 in snake_case', async () => {
    const { status, json, headers } = await call('POST', '/organizations', {
      display_name: 'Acme',
      externalId: 'acme/1',
      metadata: { plan: 'gold' },
    });
    expect(status).toBe(201);
    expect(json).toEqual({
      organization: {
        id: 'org_1',
        create_time: '2023-11-14T22:13:20Z',
        display_name: 'Acme',
        region_code: 'REGION_CODE_UNSPECIFIED',
        external_id: 'acme/1',
        metadata: { plan: 'gold' },
      },
    });
    expect(headers.get('x-request-id')).toMatch(/^req_\d+$/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('answers empty strings and lists rather than leaving them out', async () => {
    const { json } = await call('GET', '/organizations?page_size=500');
    expect(json).toEqual({ next_page_token: '', prev_page_token: '', organizations: [], total_size: 100 });
  });

  it('answers a portal link with expireTime beside expire_time, and leaves out features it does not know', async () => {
    const { status, json } = await call(
      'PUT',
      '/organizations/org_1/portal_links?features=SSO&features=directory_sync&features=domain_verification&features=passkeys',
    );
    expect(status).toBe(200);
    expect(json).toEqual({
      link: {
        id: 'org_1',
        location: 'https://example.com/magicLink/2-1-3',
        expire_time: '1970-01-01T00:01:00Z',
        expireTime: '1970-01-01T00:01:00Z',
      },
    });
    const bySentBody = await call('PUT', '/organizations/org_1/portal_links', { features: ['scim', 'nonsense'] });
    expect((bySentBody.json['link'] as Json)['location']).toBe('https://example.com/magicLink/1');
  });

  it('fills fields from path, body selector and query', async () => {
    await call('POST', '/organizations', { display_name: 'Acme', external_id: 'acme' });
    const settings = await call('PATCH', '/organizations/org_1/settings', {
      features: [{ name: 'sso', enabled: true }],
    });
    expect(settings.json['organization']).toMatchObject({ settings: { features: [{ name: 'sso', enabled: true }] } });
    const enabled = await call('PATCH', '/organizations/org_1/directories/dir_7:enable');
    expect(enabled.json).toEqual({ enabled: true, error_message: 'org_1/dir_7' });
    const roles = await call('POST', '/organizations/org_1/users/usr_1/roles', [{ role_name: 'admin' }]);
    expect(roles.json['roles']).toMatchObject([{ name: 'admin' }]);
    const users = await call(
      'GET',
      '/organizations/org_1/directories/dir_1/users?pageSize=500&updated_after=2025-01-31T09:30:00+01:00&directory_group_id=dirgroup_1',
    );
    expect(users.json).toMatchObject({
      total_size: 100,
      users: [{ updated_at: '2025-01-31T08:30:00Z', family_name: 'dirgroup_1' }],
    });
    const filtered = await call('GET', '/organizations?external_id=other');
    expect(filtered.json['organizations']).toEqual([]);
  });

  it('takes a path value over the same field in a body', async () => {
    const { json } = await call('PATCH', '/organizations/org_1/directories/dir_7:enable', { id: 'dir_9' });
    expect(json['error_message']).toBe('org_1/dir_7');
  });

  it('refuses a body that would slip fields in by its prototype, as any field that there is not', async () => {
    const body = JSON.parse('{"display_name":"Acme","__proto__":{"slug":"acme"}}') as object;
    const { status, json } = await call('POST', '/organizations', body);
    expect([status, json['error_code']]).toEqual([400, 'VALIDATION_ERROR']);
    const root = JSON.parse('{"__proto__":{"features":["sso"]}}') as object;
    expect((await call('PUT', '/organizations/org_1/portal_links', root)).status).toBe(400);
  });

  it('answers an empty message as an empty object', async () => {
    await call('POST', '/organizations', { display_name: 'Acme' });
    const { status, json } = await call('DELETE', '/organizations/org_1');
    expect([status, json]).toEqual([200, {}]);
  });

  it('keeps the request id of the caller if it is sane', async () => {
    expect(
      (await call('GET', '/organizations', undefined, { 'x-request-id': 'abc-1' })).headers.get('x-request-id'),
    ).toBe('abc-1');
    const strange = await call('GET', '/organizations', undefined, { 'x-request-id': 'a b<script>' });
    expect(strange.headers.get('x-request-id')).toMatch(/^req_/);
  });
});

describe('a REST error', () => {
  it.each<[string, string, string, unknown, number, string, string[] | undefined]>([
    [
      'an unknown body field',
      'POST',
      '/organizations',
      { display_name: 'A', colour: 'red' },
      400,
      'VALIDATION_ERROR',
      ['organization.colour'],
    ],
    [
      'a wrong type',
      'POST',
      '/organizations',
      { display_name: 7 },
      400,
      'VALIDATION_ERROR',
      ['organization.display_name'],
    ],
    [
      'a wrong nested type',
      'PATCH',
      '/organizations/org_1/settings',
      { features: [{ name: 'a' }, { enabled: 'x' }] },
      400,
      'VALIDATION_ERROR',
      ['settings.features[1].enabled'],
    ],
    [
      'an unknown enum name',
      'POST',
      '/organizations',
      { display_name: 'A', region_code: 'MARS' },
      400,
      'VALIDATION_ERROR',
      ['organization.region_code'],
    ],
    [
      'a rule not met',
      'POST',
      '/organizations',
      { display_name: '' },
      400,
      'VALIDATION_ERROR',
      ['organization.display_name'],
    ],
    ['a missing body', 'POST', '/organizations', undefined, 400, 'VALIDATION_ERROR', ['organization']],
    [
      'an unknown query parameter',
      'GET',
      '/organizations?pagesize=5',
      undefined,
      400,
      'VALIDATION_ERROR',
      ['pagesize'],
    ],
    ['a number that is none', 'GET', '/organizations?page_size=ten', undefined, 400, 'VALIDATION_ERROR', ['page_size']],
    ['a negative page size', 'GET', '/organizations?page_size=-1', undefined, 400, 'VALIDATION_ERROR', ['page_size']],
    [
      'a parameter given twice',
      'GET',
      '/organizations?page_size=1&page_size=2',
      undefined,
      400,
      'VALIDATION_ERROR',
      ['page_size'],
    ],
    [
      'a time that is none',
      'GET',
      '/organizations/o/directories/dir_1/users?updated_after=yesterday',
      undefined,
      400,
      'VALIDATION_ERROR',
      ['updated_after'],
    ],
    ['JSON that is not', 'POST', '/organizations', '{"display_name":', 400, 'VALIDATION_ERROR', undefined],
    ['a list where an object is expected', 'PATCH', '/roles:set_defaults', [], 501, 'UNIMPLEMENTED', undefined],
    ['JSON nested beyond reason', 'POST', '/organizations', '['.repeat(100_000), 400, 'VALIDATION_ERROR', undefined],
    ['an unknown id', 'GET', '/organizations/org_404', undefined, 404, 'RESOURCE_NOT_FOUND', undefined],
    ['a rate limit', 'GET', '/organizations:search?query=acme', undefined, 429, 'RATE_LIMITED', undefined],
    ['a method that is not built', 'GET', '/users/me', undefined, 501, 'UNIMPLEMENTED', undefined],
    ['an unknown path', 'GET', '/planets', undefined, 404, 'ROUTE_NOT_FOUND', undefined],
    ['a wrong verb', 'DELETE', '/organizations', undefined, 405, 'METHOD_NOT_ALLOWED', undefined],
  ])('for %s has its status, code and fields', async (_, verb, path, body, status, errorCode, fields) => {
    const answer = await call(verb, path, body, { 'x-request-id': 'req-7' });
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ error_code: errorCode, request_info: { request_id: 'req-7' } });
    expect(answer.json['message']).toMatch(/\w\.?$/);
    expect(answer.json['code']).toBeTypeOf('number');
    expect(violationsOf(answer.json)).toEqual(fields);
  });

  it('says when to come back after a rate limit', async () => {
    expect((await call('GET', '/organizations:search?query=acme')).headers.get('retry-after')).toBe('3');
  });

  it('asks for a token before it looks at anything else', async () => {
    const answer = await call('POST', '/organizations', '{"broken', { authorization: '' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.json['error_code']).toBe('UNAUTHENTICATED');
  });

  it('does not tell the cause of a fault, which the log has once', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { status, json } = await call('GET', '/organizations/org_1/directories/dir_1', undefined, {
      'x-request-id': 'req-7',
    });
    expect(status).toBe(500);
    expect(JSON.stringify(json)).not.toContain('hunter2');
    expect(json).toMatchObject({ error_code: 'INTERNAL', message: expect.stringContaining('req-7') as string });
    expect(log).toHaveBeenCalledOnce();
    expect(String(log.mock.calls[0]?.[1])).toContain('hunter2');
    log.mockRestore();
  });

  it('refuses a body that is too large or not JSON by its own status', async () => {
    const large = await call('POST', '/organizations', { display_name: 'x'.repeat(5 * 1024 * 1024) });
    expect([large.status, large.json['error_code']]).toEqual([413, 'MESSAGE_TOO_LARGE']);
    const form = await call('POST', '/organizations', 'display_name=Acme', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect([form.status, form.json['error_code']]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it('names the verbs a path takes', async () => {
    const { headers } = await call('POST', '/organizations/org_1');
    expect(headers.get('allow')).toBe('DELETE, GET, HEAD, OPTIONS, PATCH');
    const options = await call('OPTIONS', '/organizations/org_1');
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'DELETE, GET, HEAD, OPTIONS, PATCH']);
  });
});

describe('HEAD', () => {
  it('answers as GET does, without the body, and never acts', async () => {
    const head = await call('HEAD', '/organizations');
    expect([head.status, head.json, head.headers.get('content-type')]).toEqual([200, undefined, 'application/json']);
    const sync = '/organizations/org_1/directories/dir_1:sync';
    expect((await call('HEAD', sync)).status).toBe(405);
    expect((await call('GET', sync)).status).toBe(200);
  });
});
