import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  declareExtensions,
  deleteDirectory,
  disableDirectory,
  enableDirectory,
  regenerateSecret,
} from '@/lib/domain/directory/commands';
import { flushExchanges } from '@/lib/domain/log/commands';
import { getExchange, listExchanges } from '@/lib/domain/log/queries';
import { deleteOrganization, setFeatures } from '@/lib/domain/organization/commands';
import { listRecentEvents } from '@/lib/domain/event/queries';
import { type ClientAnswer, operator, type ScimServer, startScim, type TestDirectory } from './testing';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

let server: ScimServer;
let directory: TestDirectory;

beforeAll(async () => {
  server = await startScim();
});
afterAll(() => server.close());
beforeEach(async () => {
  directory = await server.newDirectory();
});

function ann(userName = 'ann@acme.com') {
  return {
    schemas: [USER],
    userName,
    externalId: '00u1',
    name: { givenName: 'Ann', familyName: 'Lee' },
    emails: [{ value: userName, type: 'work', primary: true }],
    active: true,
    password: 'Sup3r-Secret!',
    groups: [],
  };
}

async function createUser(userName: string): Promise<string> {
  const { status, json } = await directory.send('POST', '/Users', ann(userName));
  expect(status).toBe(201);
  return String(json['id']);
}

function expectError(answer: ClientAnswer, status: number, scimType?: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/scim+json; charset=utf-8');
  expect(answer.json['schemas']).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error']);
  expect(answer.json['status']).toBe(String(status));
  expect(answer.json['scimType']).toBe(scimType);
  expect(String(answer.json['detail'])).toMatch(/request req_\d{21}/);
}

async function eventTypes(resourceId: string): Promise<string[]> {
  const events = await listRecentEvents(operator, { organizationId: directory.organizationId, resourceId, limit: 50 });
  return events.map((event) => event.type.replace('organization.directory.', '')).toReversed();
}

describe('users', () => {
  test('a created user is answered 201 with a location, a version and no password, and can be read there', async () => {
    const created = await directory.send('POST', '/Users', ann());
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`${directory.baseUrl}/Users/${String(created.json['id'])}`);
    expect(created.headers.get('etag')).toBe('W/"1"');
    expect(JSON.stringify(created.json)).not.toContain('Sup3r-Secret!');
    const read = await directory.send('GET', `/Users/${String(created.json['id'])}`);
    expect(read.json).toEqual(created.json);
    expect(read.json).toMatchObject({
      userName: 'ann@acme.com',
      externalId: '00u1',
      active: true,
      meta: { resourceType: 'User' },
    });
  });

  test('a userName is unique in a directory without regard to case, and free in another one', async () => {
    await createUser('ann@acme.com');
    expectError(await directory.send('POST', '/Users', ann('ANN@Acme.com')), 409, 'uniqueness');
    const other = await server.newDirectory();
    expect((await other.send('POST', '/Users', ann())).status).toBe(201);
  });

  test('a lookup by userName finds the user in any case, and nobody else', async () => {
    const id = await createUser('Ann@Acme.com');
    await createUser('bob@acme.com');
    const found = await directory.send('GET', `/Users?filter=${encodeURIComponent('userName eq "ann@ACME.com"')}`);
    expect(found.json).toMatchObject({
      totalResults: 1,
      itemsPerPage: 1,
      startIndex: 1,
      Resources: [{ id, userName: 'Ann@Acme.com' }],
    });
    const none = await directory.send('GET', '/Users?filter=userName+eq+%22nobody%22&');
    expect(none.status).toBe(200);
    expect(none.json).toMatchObject({ totalResults: 0, Resources: [] });
  });

  test('a filter that is not understood is refused and never answered with everybody', async () => {
    await createUser('ann@acme.com');
    for (const filter of ['userName', 'userName eq ', 'shoeSize eq "9"', '(userName eq "a"', 'userName is "a"']) {
      expectError(await directory.send('GET', `/Users?filter=${encodeURIComponent(filter)}`), 400, 'invalidFilter');
    }
  });

  test('deactivating with the string "False" keeps the user readable, findable and says so once', async () => {
    const id = await createUser('ann@acme.com');
    const body = { schemas: [PATCH], Operations: [{ op: 'Replace', path: 'active', value: 'False' }] };
    const first = await directory.send('PATCH', `/Users/${id}`, body);
    expect(first.status).toBe(200);
    expect(first.json['active']).toBe(false);
    const again = await directory.send('PATCH', `/Users/${id}`, body);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    const found = await directory.send('GET', '/Users?filter=active+eq+false');
    expect(found.json).toMatchObject({ totalResults: 1, Resources: [{ id, active: false }] });
    expect(await eventTypes(id)).toEqual(['user_created', 'user_deleted']);
  });

  test('a deactivated user who comes back is announced again under the same id', async () => {
    const id = await createUser('ann@acme.com');
    const set = (active: boolean) => ({ Operations: [{ op: 'replace', value: { active } }] });
    await directory.send('PATCH', `/Users/${id}`, set(false));
    const back = await directory.send('PATCH', `/Users/${id}`, set(true));
    expect(back.json).toMatchObject({ id, active: true });
    expect(await eventTypes(id)).toEqual(['user_created', 'user_deleted', 'user_created']);
  });

  test('a PUT without active leaves a deactivated user deactivated', async () => {
    const id = await createUser('ann@acme.com');
    await directory.send('PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', value: { active: false } }] });
    const put = await directory.send('PUT', `/Users/${id}`, {
      schemas: [USER],
      userName: 'ann@acme.com',
      title: 'CTO',
    });
    expect(put.json).toMatchObject({ active: false, title: 'CTO' });
    expect(put.json).not.toHaveProperty('externalId');
  });

  test('a deleted user is gone, and one created again is someone new', async () => {
    const id = await createUser('ann@acme.com');
    expect((await directory.send('DELETE', `/Users/${id}`)).status).toBe(204);
    expectError(await directory.send('GET', `/Users/${id}`), 404);
    expectError(await directory.send('DELETE', `/Users/${id}`), 404);
    expect(await createUser('ann@acme.com')).not.toBe(id);
    expect(await eventTypes(id)).toEqual(['user_created', 'user_deleted']);
  });

  test('a change with If-Match is made only to that version', async () => {
    const id = await createUser('ann@acme.com');
    const body = (title: string) => ({ Operations: [{ op: 'replace', path: 'title', value: title }] });
    const first = await directory.send('PATCH', `/Users/${id}`, body('One'), { 'if-match': 'W/"1"' });
    expect(first.headers.get('etag')).toBe('W/"2"');
    expectError(await directory.send('PATCH', `/Users/${id}`, body('Two'), { 'if-match': 'W/"1"' }), 412);
    expectError(await directory.send('DELETE', `/Users/${id}`, undefined, { 'if-match': 'W/"1"' }), 412);
    const read = await directory.send('GET', `/Users/${id}`, undefined, { 'if-none-match': 'W/"2"' });
    expect(read.status).toBe(304);
  });

  test('20 parallel PATCHes of different attributes of one user lose nothing', async () => {
    const id = await createUser('ann@acme.com');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        directory.send('PATCH', `/Users/${id}`, {
          Operations: [{ op: 'add', path: 'phoneNumbers', value: [{ value: `+1${i}`, type: `t${i}` }] }],
        }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 200));
    const { json } = await directory.send('GET', `/Users/${id}`);
    expect(json['phoneNumbers']).toHaveLength(20);
    expect(await eventTypes(id)).toHaveLength(21);
  });

  test('emoji, right-to-left and decomposed text come back as sent', async () => {
    const displayName = 'Zoë 👩‍🚀 שלום e\u0301';
    const { json } = await directory.send('POST', '/Users', { ...ann(), displayName });
    expect(json['displayName']).toBe(displayName);
  });
});

describe('custom extensions', () => {
  const URN = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';
  const declare = () =>
    declareExtensions(operator, {
      ...directory,
      extensions: [
        {
          urn: URN,
          attributes: [
            { name: 'badge', type: 'string', isMultiValued: false },
            { name: 'level', type: 'integer', isMultiValued: false },
          ],
        },
      ],
    });

  test('a declared attribute is stored, patched as Entra does, found by filter and described; elsewhere it is neither', async () => {
    await declare();
    const created = await directory.send('POST', '/Users', {
      ...ann(),
      [URN]: { badge: 'A-1', level: 3, unknown: true },
    });
    const id = String(created.json['id']);
    expect(created.json).toMatchObject({ schemas: [USER, URN], [URN]: { badge: 'A-1', level: 3, unknown: true } });
    const patched = await directory.send('PATCH', `/Users/${id}`, {
      Operations: [
        { op: 'Replace', path: `${URN}:badge`, value: 'B-2' },
        { op: 'Remove', path: `${URN}:unknown` },
      ],
    });
    expect(patched.json[URN]).toEqual({ badge: 'B-2', level: 3 });
    const find = (filter: string) => directory.send('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    expect((await find(`${URN}:badge eq "b-2" and ${URN}:level ge 3`)).json['totalResults']).toBe(1);
    expect((await find(`${URN}:level gt 3`)).json['totalResults']).toBe(0);
    expect((await directory.send('GET', `/Schemas/${URN}`)).json).toMatchObject({ id: URN });
    expect((await directory.send('GET', '/ResourceTypes/User')).json['schemaExtensions']).toContainEqual({
      schema: URN,
      required: false,
    });
    const other = await server.newDirectory();
    expectError(
      await other.send('GET', `/Users?filter=${encodeURIComponent(`${URN}:badge pr`)}`),
      400,
      'invalidFilter',
    );
    expectError(await other.send('GET', `/Schemas/${URN}`), 404);
  });

  test('extensions that cannot work are refused with what is wrong', async () => {
    const badge = { name: 'badge', type: 'string' as const, isMultiValued: false };
    for (const extensions of [
      [{ urn: 'not a urn', attributes: [badge] }],
      [{ urn: 'urn:ietf:params:scim:schemas:core:2.0:User', attributes: [badge] }],
      [{ urn: URN, attributes: [badge, { ...badge, name: 'BADGE' }] }],
      [{ urn: URN, attributes: [] }],
      [
        { urn: URN, attributes: [badge] },
        { urn: URN.toUpperCase(), attributes: [badge] },
      ],
    ]) {
      await expect(declareExtensions(operator, { ...directory, extensions })).rejects.toMatchObject({
        code: 'invalid_argument',
      });
    }
  });
});

describe('groups', () => {
  test('members are added, removed and replaced in the ways of Okta and Entra', async () => {
    const [a, b, c] = [await createUser('a@x.io'), await createUser('b@x.io'), await createUser('c@x.io')];
    const created = await directory.send('POST', '/Groups', {
      schemas: [GROUP],
      displayName: 'Sales',
      members: [{ value: a }],
    });
    expect(created.status).toBe(201);
    const id = String(created.json['id']);
    const members = async () => {
      const { json } = await directory.send('GET', `/Groups/${id}`);
      return ((json['members'] ?? []) as { value: string }[]).map((member) => member.value);
    };
    const patch = (operation: object) =>
      directory.send('PATCH', `/Groups/${id}`, { schemas: [PATCH], Operations: [operation] });
    expect(
      (
        await patch({
          op: 'Add',
          path: 'members',
          value: [
            { $ref: null, value: b },
            { $ref: null, value: a },
          ],
        })
      ).status,
    ).toBe(204);
    expect(await members()).toEqual([a, b]);
    expect((await patch({ op: 'replace', value: { id, displayName: 'Sales EMEA' } })).status).toBe(204);
    expect(await members()).toEqual([a, b]);
    expect((await patch({ op: 'Remove', path: 'members', value: [{ value: a }] })).status).toBe(204);
    expect(await members()).toEqual([b]);
    expect((await patch({ op: 'remove', path: `members[value eq "${b}"]` })).status).toBe(204);
    expect((await patch({ op: 'remove', path: `members[value eq "${b}"]` })).status).toBe(204);
    expect(await members()).toEqual([]);
    expect((await patch({ op: 'replace', path: 'members', value: [{ value: b }, { value: c }] })).status).toBe(204);
    expect(await members()).toEqual([b, c]);
    const user = await directory.send('GET', `/Users/${c}`);
    expect(user.json['groups']).toMatchObject([{ value: id, display: 'Sales EMEA', type: 'direct' }]);
  });

  test('an unknown member is refused with its id before anything changes', async () => {
    const a = await createUser('a@x.io');
    const { json } = await directory.send('POST', '/Groups', { displayName: 'Sales', members: [{ value: a }] });
    const id = String(json['id']);
    const answer = await directory.send('PATCH', `/Groups/${id}`, {
      Operations: [
        { op: 'replace', value: { displayName: 'Renamed' } },
        { op: 'replace', path: 'members', value: [{ value: 'diruser_404' }] },
      ],
    });
    expectError(answer, 400, 'invalidValue');
    expect(String(answer.json['detail'])).toContain('diruser_404');
    const read = await directory.send('GET', `/Groups/${id}`);
    expect(read.json).toMatchObject({ displayName: 'Sales', members: [{ value: a }] });
    expectError(
      await directory.send('POST', '/Groups', { displayName: 'New', members: [{ value: 'x' }] }),
      400,
      'invalidValue',
    );
    expect((await directory.send('GET', '/Groups?filter=displayName+eq+%22New%22')).json['totalResults']).toBe(0);
  });

  test('50 parallel one-member adds to one group leave 50 members, each announced', async () => {
    const users = await Promise.all(Array.from({ length: 50 }, (_, i) => createUser(`u${i}@x.io`)));
    const { json } = await directory.send('POST', '/Groups', { displayName: 'All' });
    const id = String(json['id']);
    const answers = await Promise.all(
      users.map((value) =>
        directory.send('PATCH', `/Groups/${id}`, { Operations: [{ op: 'add', path: 'members', value: [{ value }] }] }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([204]));
    const read = await directory.send('GET', `/Groups/${id}`);
    expect(read.json['members']).toHaveLength(50);
    expect(await eventTypes(users[7]!)).toEqual(['user_created', 'user_updated']);
  });

  test('a group is not listed with its members when the client excludes them', async () => {
    const a = await createUser('a@x.io');
    await directory.send('POST', '/Groups', { displayName: 'Sales', members: [{ value: a }] });
    const list = await directory.send('GET', '/Groups?excludedAttributes=members&filter=displayName eq "sales"');
    expect(list.json['totalResults']).toBe(1);
    expect(JSON.stringify(list.json)).not.toContain(a);
  });

  test('a deleted group is gone for its members too, and its name is free again', async () => {
    const a = await createUser('a@x.io');
    const { json } = await directory.send('POST', '/Groups', { displayName: 'Sales', members: [{ value: a }] });
    expect((await directory.send('DELETE', `/Groups/${String(json['id'])}`)).status).toBe(204);
    expectError(await directory.send('GET', `/Groups/${String(json['id'])}`), 404);
    expect((await directory.send('GET', `/Users/${a}`)).json).not.toHaveProperty('groups');
    expect(await eventTypes(a)).toEqual(['user_created', 'user_updated', 'user_updated']);
    expect((await directory.send('POST', '/Groups', { displayName: 'sales' })).status).toBe(201);
  });

  test('a group can be a member of a group', async () => {
    const inner = await directory.send('POST', '/Groups', { displayName: 'Inner' });
    const outer = await directory.send('POST', '/Groups', {
      displayName: 'Outer',
      members: [{ value: inner.json['id'] }],
    });
    expect(outer.status).toBe(201);
    const read = await directory.send('GET', `/Groups/${String(outer.json['id'])}`);
    expect(read.json['members']).toMatchObject([{ value: inner.json['id'], type: 'Group', display: 'Inner' }]);
  });
});

describe('access', () => {
  test('no token, an unknown one and one of another directory get the same 401', async () => {
    const other = await server.newDirectory();
    const answers = await Promise.all([
      directory.send('GET', '/Users', undefined, { authorization: '' }),
      directory.send('GET', '/Users', undefined, { authorization: 'Bearer scim_wrong' }),
      directory.send('GET', '/Users', undefined, { authorization: `Bearer ${other.token}` }),
    ]);
    for (const answer of answers) {
      expectError(answer, 401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
    expect(new Set(answers.map((a) => String(a.json['detail']).replace(/req_\d+/, ''))).size).toBe(1);
  });

  test("a disabled directory's token is refused with 403 and a reason, and works again once enabled", async () => {
    await enableDirectory(operator, directory);
    await disableDirectory(operator, directory);
    const refused = await directory.send('GET', '/Users');
    expectError(refused, 403);
    expect(String(refused.json['detail'])).toContain('disabled');
    await enableDirectory(operator, directory);
    expect((await directory.send('GET', '/Users')).status).toBe(200);
  });

  test('a regenerated token replaces the old one at once', async () => {
    const { token } = await regenerateSecret(operator, directory);
    expectError(await directory.send('GET', '/Users'), 401);
    expect((await directory.send('GET', '/Users', undefined, { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  test('with the feature switched off the endpoint answers 403, with the directory or organization deleted 401', async () => {
    await directory.send('GET', '/Users');
    await setFeatures(operator, { id: directory.organizationId, features: [{ name: 'dir_sync', enabled: false }] });
    expectError(await directory.send('GET', '/Users'), 403);
    await setFeatures(operator, { id: directory.organizationId, features: [{ name: 'dir_sync', enabled: true }] });
    expect((await directory.send('GET', '/Users')).status).toBe(200);
    const other = await server.newDirectory();
    await other.send('GET', '/Users');
    await deleteDirectory(operator, other);
    expectError(await other.send('GET', '/Users'), 401);
    await deleteOrganization(operator, { id: directory.organizationId });
    expectError(await directory.send('GET', '/Users'), 401);
  });

  test('ids of another directory do not exist here', async () => {
    const other = await server.newDirectory();
    const theirs = await other.send('POST', '/Users', ann());
    const id = String(theirs.json['id']);
    expectError(await directory.send('GET', `/Users/${id}`), 404);
    expectError(await directory.send('DELETE', `/Users/${id}`), 404);
    expectError(
      await directory.send('POST', '/Groups', { displayName: 'G', members: [{ value: id }] }),
      400,
      'invalidValue',
    );
  });
});

describe('bad input', () => {
  test('malformed bodies are refused in the protocol’s own shape', async () => {
    expectError(await directory.send('POST', '/Users', '{"userName": '), 400, 'invalidSyntax');
    expectError(await directory.send('POST', '/Users', '[]'), 400, 'invalidSyntax');
    expectError(await directory.send('POST', '/Users', new Uint8Array([0x7b, 0xff, 0x7d])), 400, 'invalidSyntax');
    expectError(await directory.send('POST', '/Users', { active: true }), 400, 'invalidValue');
    expectError(await directory.send('POST', '/Users', { userName: 'a\u0000b' }), 400, 'invalidValue');
    expectError(await directory.send('POST', '/Users', '{"userName":"a\\ud800"}'), 400, 'invalidValue');
    expectError(await directory.send('POST', '/Users', 'userName=ann', { 'content-type': 'text/plain' }), 415);
    expectError(await directory.send('GET', '/Users?startIndex=abc'), 400, 'invalidValue');
    expectError(await directory.send('GET', '/Shoes'), 404);
    expectError(await directory.send('GET', '/Users/%E0%A4%A'), 404);
    expectError(await directory.send('PUT', '/Users', {}), 405);
    expectError(await directory.send('GET', '/Me'), 501);
  });

  test('gzip bodies are read, and a body that unzips beyond the limit is refused', async () => {
    const zipped = { 'content-encoding': 'gzip' };
    expect((await directory.send('POST', '/Users', gzipSync(JSON.stringify(ann())), zipped)).status).toBe(201);
    expectError(await directory.send('POST', '/Users', gzipSync(Buffer.alloc(20 * 1024 * 1024, 32)), zipped), 413);
    expectError(await directory.send('POST', '/Users', Buffer.from('not gzip'), zipped), 400, 'invalidSyntax');
    expectError(await directory.send('POST', '/Users', Buffer.alloc(17 * 1024 * 1024, 32)), 413);
  });
});

describe('discovery and paging', () => {
  test('discovery documents describe what is served', async () => {
    const config = await directory.send('GET', '/ServiceProviderConfig');
    expect(config.json).toMatchObject({ patch: { supported: true }, etag: { supported: true } });
    const schemas = await directory.send('GET', '/Schemas');
    expect((schemas.json['Resources'] as { id: string }[]).map((schema) => schema.id)).toContain(USER);
    expect((await directory.send('GET', `/Schemas/${USER}`)).json['id']).toBe(USER);
    expect((await directory.send('GET', '/ResourceTypes/Group')).json['endpoint']).toBe('/Groups');
  });

  test('pages are disjoint, complete and in a stable order; count 0 and past the end are empty', async () => {
    for (let i = 0; i < 7; i += 1) await createUser(`u${i}@x.io`);
    const page = async (query: string) => (await directory.send('GET', `/Users?${query}`)).json;
    const ids = async (query: string) => ((await page(query))['Resources'] as { id: string }[]).map((user) => user.id);
    const all = await ids('');
    expect(all).toHaveLength(7);
    expect([
      ...(await ids('startIndex=1&count=3')),
      ...(await ids('startIndex=4&count=3')),
      ...(await ids('startIndex=7&count=3')),
    ]).toEqual(all);
    expect(await page('count=0')).toMatchObject({ totalResults: 7, itemsPerPage: 0, Resources: [] });
    expect(await page('startIndex=50')).toMatchObject({ totalResults: 7, Resources: [] });
    const byName = (await page('sortBy=userName&sortOrder=descending&count=2'))['Resources'] as { userName: string }[];
    expect(byName.map((user) => user.userName)).toEqual(['u6@x.io', 'u5@x.io']);
  });

  test('a bulk request beyond the limit that discovery tells is refused', async () => {
    const { json } = await directory.send('GET', '/ServiceProviderConfig');
    const { maxPayloadSize } = json['bulk'] as { maxPayloadSize: number };
    const bulk = (filler: number) => ({
      Operations: [{ method: 'POST', path: '/Users', bulkId: 'u', data: { ...ann(), title: 'x'.repeat(filler) } }],
    });
    expectError(await directory.send('POST', '/Bulk', bulk(maxPayloadSize)), 413);
    expect((await directory.send('POST', '/Bulk', bulk(1000))).status).toBe(200);
  });

  test('bulk operations refer to each other by bulkId', async () => {
    const { json } = await directory.send('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'u', data: ann() },
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'g',
          data: { displayName: 'Sales', members: [{ value: 'bulkId:u' }] },
        },
        { method: 'DELETE', path: '/Users/diruser_404' },
      ],
    });
    expect((json['Operations'] as { status: string }[]).map((operation) => operation.status)).toEqual([
      '201',
      '201',
      '404',
    ]);
    const groups = await directory.send('GET', '/Groups');
    expect(groups.json['Resources']).toMatchObject([{ displayName: 'Sales', members: [{ display: 'Ann Lee' }] }]);
  });
});

describe('the log', () => {
  test('each exchange is kept in words, without secrets, and refused ones too', async () => {
    const id = await createUser('ann@acme.com');
    await directory.send('PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', value: { active: false } }] });
    await directory.send('GET', '/Users', undefined, { authorization: 'Bearer scim_wrong' });
    await flushExchanges();
    const page = await listExchanges(operator, { directoryId: directory.directoryId });
    expect(page.items.map((item) => [item.operation, item.status])).toEqual([
      ['Refused: wrong token', 401],
      ['Deactivate user', 200],
      ['Create user', 201],
    ]);
    expect(page.items[2]).toMatchObject({ resourceName: 'ann@acme.com', resourceId: id, provider: 'okta' });
    const { bodies } = await getExchange(operator, page.items[2]!.id);
    expect(bodies?.requestBody).toContain('ann@acme.com');
    const everything = JSON.stringify(await server.db.sql.rows('select * from exchange')) + JSON.stringify(bodies);
    expect(everything).not.toContain('Sup3r-Secret!');
    expect(everything).not.toContain(directory.token);
  });
});
