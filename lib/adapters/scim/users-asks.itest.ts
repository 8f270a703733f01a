import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listRecentEvents } from '@/lib/domain/event/queries';
import type { JsonObject } from '@/lib/scim/attribute';
import { type ClientAnswer, operator, type ScimServer, startScim, type TestDirectory } from './testing';

let server: ScimServer;
let directory: TestDirectory;

beforeAll(async () => {
  server = await startScim();
});
afterAll(() => server.close());
beforeEach(async () => {
  directory = await server.newDirectory('custom');
});

async function create(type: 'Users' | 'Groups', body: object): Promise<string> {
  const { status, json } = await directory.send('POST', `/${type}`, body);
  expect(status, JSON.stringify(json)).toBe(201);
  return String(json['id']);
}

const createUser = (userName: string, more: object = {}) => create('Users', { userName, ...more });
const createGroup = (displayName: string, members: readonly string[] = []) =>
  create('Groups', { displayName, members: members.map((value) => ({ value })) });

const patch = (path: string, ...Operations: object[]) => directory.send('PATCH', path, { Operations });
const read = async (path: string) => (await directory.send('GET', path)).json;

async function find(type: 'Users' | 'Groups', filter: string, more = ''): Promise<JsonObject[]> {
  const { status, json } = await directory.send('GET', `/${type}?filter=${encodeURIComponent(filter)}${more}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return json['Resources'] as JsonObject[];
}

const idsOf = (resources: readonly JsonObject[]) => resources.map((resource) => String(resource['id']));

async function membersOf(id: string): Promise<string[]> {
  const { members } = await read(`/Groups/${id}`);
  return (members as { value: string }[]).map((member) => member.value).sort();
}

function expectRefused(answer: ClientAnswer, status: number, scimType: string): void {
  expect(answer.json).toMatchObject({ status: String(status), scimType });
  expect(answer.status).toBe(status);
}

describe('a 2xx means that it was done', () => {
  const cannot: [string, string, object][] = [
    [
      'change a member in place',
      'mutability',
      { op: 'replace', path: 'members[value eq "$user"].display', value: 'x' },
    ],
    [
      'put one member in the place of another',
      'mutability',
      { op: 'replace', path: 'members[value eq "$user"]', value: { value: 'x' } },
    ],
    ['choose members by what is not their id', 'invalidFilter', { op: 'remove', path: 'members[display sw "a"]' }],
    ['write what no schema has', 'invalidPath', { op: 'add', path: 'colour', value: 'red' }],
    ['change the id', 'mutability', { op: 'replace', path: 'id', value: 'x' }],
    ['remove nothing in particular', 'noTarget', { op: 'remove' }],
    ['do what is no operation', 'invalidSyntax', { op: 'move', path: 'displayName', value: 'x' }],
    ['remove the name', 'mutability', { op: 'remove', path: 'displayName' }],
    ['set the name to a list', 'invalidValue', { op: 'replace', path: 'displayName', value: ['a', 'b'] }],
  ];
  test.each(cannot)(
    'an operation to %s is refused, and so is what came with it',
    async (_what, scimType, operation) => {
      const user = await createUser('ann');
      const group = await createGroup('Sales', [user]);
      const before = await read(`/Groups/${group}`);
      const asked = JSON.parse(JSON.stringify(operation).replace('$user', user)) as object;
      expectRefused(
        await patch(`/Groups/${group}`, { op: 'replace', path: 'externalId', value: 'new' }, asked),
        400,
        scimType,
      );
      expect(await read(`/Groups/${group}`)).toEqual(before);
    },
  );

  test.each(['Users', 'Groups'] as const)(
    'what belongs to an extension that nobody declared is kept for %s, shown, and told to the application',
    async (type) => {
      const urn = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';
      const body = { userName: 'ann', displayName: 'Ann', [urn]: { badge: 'A-1', sites: [{ city: 'Oslo' }] } };
      const id = await create(type, body);
      await patch(
        `/${type}/${id}`,
        { op: 'Replace', path: `${urn}:badge`, value: 'B-2' },
        { op: 'Add', path: `${urn.toUpperCase()}:LEVEL`, value: '3' },
      );
      const kept = { badge: 'B-2', sites: [{ city: 'Oslo' }], LEVEL: '3' };
      expect((await read(`/${type}/${id}`))[urn]).toEqual(kept);
      expect(await read(`/${type}/${id}?attributes=${urn}:badge`)).toMatchObject({ id, [urn]: { badge: 'B-2' } });
      expect(await find(type, `id eq "${id}"`)).toMatchObject([{ [urn]: kept }]);
      const [event] = await listRecentEvents(operator, {
        organizationId: directory.organizationId,
        resourceId: id,
        limit: 1,
      });
      expect(event).toMatchObject({ version: 2, data: { raw_attributes: { [urn]: kept } } });
      await directory.send('PUT', `/${type}/${id}`, { userName: 'ann', displayName: 'Ann' });
      expect(await read(`/${type}/${id}`)).not.toHaveProperty(urn);
      expectRefused(
        await directory.send('GET', `/${type}?filter=${encodeURIComponent(`${urn}:badge pr`)}`),
        400,
        'invalidFilter',
      );
    },
  );

  test('what a PUT or POST answers is what the next read shows', async () => {
    const [a, b] = [await createUser('a'), await createUser('b')];
    const created = await directory.send('POST', '/Groups', { displayName: 'Sales', members: [{ value: a }] });
    const path = `/Groups/${String(created.json['id'])}`;
    expect(await read(path)).toEqual(created.json);
    const replaced = await directory.send('PUT', path, { displayName: 'Sales', members: [{ value: b }, { value: a }] });
    expect(await read(path)).toEqual(replaced.json);
    expect(await membersOf(String(created.json['id']))).toEqual([a, b].sort());
    const user = await directory.send('PUT', `/Users/${a}`, { userName: 'a', title: 'CTO' });
    expect(await read(`/Users/${a}`)).toEqual(user.json);
  });
});

describe('members', () => {
  test('stay when a change does not name them', async () => {
    const user = await createUser('ann');
    const group = await createGroup('Sales', [user]);
    await patch(`/Groups/${group}`, { op: 'replace', value: { displayName: 'Sales EMEA' } });
    await patch(`/Groups/${group}`, { op: 'replace', value: { displayName: 'Sales APAC', members: null } });
    await patch(`/Groups/${group}`, { op: 'add', path: 'externalId', value: 'e1' });
    await directory.send('PUT', `/Groups/${group}`, { displayName: 'Sales', externalId: 'e2' });
    expect(await membersOf(group)).toEqual([user]);
  });

  test('are a set: added twice, in one request or in several, each is there once', async () => {
    const user = await createUser('ann');
    const twice = [{ value: user }, { value: user, display: 'Ann' }];
    const group = await create('Groups', { displayName: 'Sales', members: twice });
    await patch(
      `/Groups/${group}`,
      { op: 'add', path: 'members', value: twice },
      { op: 'add', value: { members: twice } },
    );
    await directory.send('PUT', `/Groups/${group}`, { displayName: 'Sales', members: twice });
    expect(await membersOf(group)).toEqual([user]);
  });

  test('all go by a removal that names none, and none by one that names an empty list', async () => {
    const users = [await createUser('a'), await createUser('b')];
    const group = await createGroup('Sales', users);
    await patch(`/Groups/${group}`, { op: 'Remove', path: 'members', value: [] });
    expect(await membersOf(group)).toEqual([...users].sort());
    await patch(`/Groups/${group}`, { op: 'remove', path: 'members' });
    expect(await membersOf(group)).toEqual([]);
  });

  test('are people unless they are groups, whatever the client says of them', async () => {
    const user = await createUser('ann');
    const inner = await createGroup('Inner');
    const outer = await create('Groups', {
      displayName: 'Outer',
      members: [{ value: user }, { value: inner, type: 'User' }],
    });
    expect((await read(`/Groups/${outer}`))['members']).toMatchObject([
      { value: user, type: 'User', $ref: `${directory.baseUrl}/Users/${user}` },
      { value: inner, type: 'Group', $ref: `${directory.baseUrl}/Groups/${inner}` },
    ]);
  });

  test('of one group changed by many requests at once end as if one had waited for the other', async () => {
    const stay = await Promise.all(Array.from({ length: 10 }, (_, i) => createUser(`stay${i}`)));
    const go = await Promise.all(Array.from({ length: 10 }, (_, i) => createUser(`go${i}`)));
    const come = await Promise.all(Array.from({ length: 10 }, (_, i) => createUser(`come${i}`)));
    const group = await createGroup('Sales', [...stay, ...go]);
    const answers = await Promise.all([
      ...come.map((value) => patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [{ value }] })),
      ...go.map((value) => patch(`/Groups/${group}`, { op: 'remove', path: `members[value eq "${value}"]` })),
      ...stay.map((value, i) =>
        patch(
          `/Groups/${group}`,
          { op: 'replace', value: { externalId: `e${i}` } },
          { op: 'add', path: 'members', value: [{ value }] },
        ),
      ),
      ...stay.map((id) => patch(`/Users/${id}`, { op: 'replace', path: 'title', value: 'x' })),
    ]);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200, 204]));
    expect(await membersOf(group)).toEqual([...stay, ...come].sort());
    const events = await listRecentEvents(operator, {
      organizationId: directory.organizationId,
      resourceId: group,
      limit: 100,
    });
    const changed = (side: 'added' | 'removed') =>
      events
        .flatMap((event) => (event.data['members'] as { added: string[]; removed: string[] } | undefined)?.[side] ?? [])
        .sort();
    expect(changed('added')).toEqual([...stay, ...go, ...come].sort());
    expect(changed('removed')).toEqual([...go].sort());
  });
});

describe('who is who', () => {
  test('a change of a group never reaches another one of the same external id, and a lookup shows both', async () => {
    const user = await createUser('ann');
    const [one, two] = [
      await create('Groups', { displayName: 'Sales', externalId: 'e' }),
      await create('Groups', { displayName: 'Sales 2', externalId: 'e' }),
    ];
    await patch(`/Groups/${two}`, { op: 'add', path: 'members', value: [{ value: user }] });
    expect(await membersOf(one)).toEqual([]);
    expect(idsOf(await find('Groups', 'externalId eq "e"'))).toEqual([one, two]);
    expect(idsOf(await find('Groups', 'displayName eq "Sales"'))).toEqual([one]);
  });

  test('two people may have one e-mail address, and creating the second leaves the first alone', async () => {
    const emails = [{ value: 'office@acme.example', type: 'work', primary: true }];
    const first = await createUser('ann', { emails, externalId: 'a1' });
    const before = await read(`/Users/${first}`);
    const second = await createUser('bob', { emails });
    expect(second).not.toBe(first);
    expect(await read(`/Users/${first}`)).toEqual(before);
    expect(idsOf(await find('Users', 'emails.value eq "OFFICE@acme.example"'))).toEqual([first, second]);
  });

  test.each([
    ['ann@acme.example', 'ANN@Acme.example'],
    ['josé@acme.example', 'JOSE\u0301@acme.example'],
    ['ΣΟΦΟΣ', 'σοφος'],
  ])('%s and %s are one name for uniqueness and for lookups, and come back as they were sent', async (name, other) => {
    const id = await createUser(name);
    expectRefused(await directory.send('POST', '/Users', { userName: other }), 409, 'uniqueness');
    expect(await find('Users', `userName eq "${other}"`)).toMatchObject([{ id, userName: name }]);
    expect((await directory.send('PUT', `/Users/${id}`, { userName: other })).json['userName']).toBe(other);
    expect((await patch(`/Users/${id}`, { op: 'replace', path: 'userName', value: name })).json['userName']).toBe(name);
  });

  test('a rename onto a name that is taken is refused with the reason, and changes nothing', async () => {
    await createUser('ann');
    const bob = await createUser('bob', { title: 'CTO' });
    await createGroup('Sales');
    const group = await createGroup('Support', [bob]);
    const before = [await read(`/Users/${bob}`), await read(`/Groups/${group}`)];
    expectRefused(
      await patch(`/Users/${bob}`, { op: 'replace', value: { userName: 'ANN', title: 'CEO' } }),
      409,
      'uniqueness',
    );
    expectRefused(await directory.send('PUT', `/Users/${bob}`, { userName: 'Ann' }), 409, 'uniqueness');
    expectRefused(
      await patch(
        `/Groups/${group}`,
        { op: 'remove', path: 'members' },
        { op: 'replace', path: 'displayName', value: 'SALES' },
      ),
      409,
      'uniqueness',
    );
    expectRefused(
      await directory.send('PUT', `/Groups/${group}`, { displayName: 'sales', members: [] }),
      409,
      'uniqueness',
    );
    expect([await read(`/Users/${bob}`), await read(`/Groups/${group}`)]).toEqual(before);
  });

  test('one of many creations of one name at once succeeds, and the others are told why not', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => directory.send('POST', '/Users', { userName: i % 2 ? 'ann' : 'ANN' })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array.from({ length: 11 }, () => 409)]);
    for (const answer of answers) if (answer.status === 409) expect(answer.json['scimType']).toBe('uniqueness');
    expect(await find('Users', 'userName eq "ann"')).toHaveLength(1);
  });

  test('the external id is kept, told apart by case, and found with or without quotes', async () => {
    const [number, lower, upper] = [
      await createUser('a', { externalId: '4711' }),
      await createUser('b', { externalId: 'id-x' }),
      await createUser('c', { externalId: 'ID-X' }),
    ];
    expect(idsOf(await find('Users', 'externalId eq "4711"'))).toEqual([number]);
    expect(idsOf(await find('Users', 'externalId eq 4711'))).toEqual([number]);
    expect(idsOf(await find('Users', 'externalId eq "id-x"'))).toEqual([lower]);
    expect(idsOf(await find('Users', 'externalId eq "ID-X"'))).toEqual([upper]);
  });

  test('somebody who was deleted can be created again as before, and inherits nothing', async () => {
    const id = await createUser('ann', { externalId: 'e1', title: 'CEO' });
    const group = await createGroup('Admins', [id]);
    await directory.send('DELETE', `/Users/${id}`);
    expect(await membersOf(group)).toEqual([]);
    const again = await createUser('ann', { externalId: 'e1' });
    expect(again).not.toBe(id);
    const user = await read(`/Users/${again}`);
    expect(user).not.toHaveProperty('title');
    expect(user).not.toHaveProperty('groups');
    expect((await directory.send('GET', `/Users/${id}`)).status).toBe(404);
  });

  test('the deactivated are in every list and found by every filter', async () => {
    const emails = [{ value: 'ann@acme.example', type: 'work' }];
    const id = await createUser('ann', { externalId: 'e1', emails });
    const group = await createGroup('Sales', [id]);
    await patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false });
    const filters = [
      'userName eq "ann"',
      'externalId eq "e1"',
      'emails[type eq "work"].value eq "ann@acme.example"',
      'active eq false',
      'active eq "False"',
      `id eq "${id}"`,
    ];
    for (const filter of filters) expect(await find('Users', filter)).toMatchObject([{ id, active: false }]);
    expect(await find('Users', 'active eq true')).toEqual([]);
    expect((await read('/Users'))['totalResults']).toBe(1);
    expect(await membersOf(group)).toEqual([id]);
  });
});

describe('lists', () => {
  test('a condition on one element is not met by two elements together', async () => {
    const id = await createUser('ann', {
      emails: [
        { value: 'work@x.io', type: 'work' },
        { value: 'home@x.io', type: 'home' },
      ],
    });
    expect(idsOf(await find('Users', 'emails[type eq "work"].value eq "WORK@x.io"'))).toEqual([id]);
    expect(idsOf(await find('Users', 'emails[type eq "home" and value eq "home@x.io"]'))).toEqual([id]);
    expect(await find('Users', 'emails[type eq "work"].value eq "home@x.io"')).toEqual([]);
  });

  test('need no paging parameters, and filtered or sorted pages neither overlap nor leave anybody out', async () => {
    const names = Array.from({ length: 11 }, (_, i) => `u${String(i).padStart(2, '0')}`);
    for (const name of names) await createUser(name, { title: Number(name.slice(1)) % 2 ? 'odd' : 'even' });
    const page = (query: string) => read(`/Users?${query}`);
    expect((await page(''))['Resources']).toHaveLength(11);
    for (const [query, total] of [
      ['', 11],
      ['filter=title+eq+%22even%22&', 6],
      ['sortBy=userName&sortOrder=descending&', 11],
      ['filter=userName+sw+%22u0%22&sortBy=title&', 10],
    ] as const) {
      const seen: string[] = [];
      for (let start = 1; start <= total; start += 4) {
        const { Resources, totalResults, startIndex, itemsPerPage } = await page(`${query}startIndex=${start}&count=4`);
        expect({ totalResults, startIndex }).toEqual({ totalResults: total, startIndex: start });
        expect(itemsPerPage).toBe((Resources as JsonObject[]).length);
        seen.push(...idsOf(Resources as JsonObject[]));
      }
      expect(new Set(seen).size).toBe(total);
      expect(seen).toHaveLength(total);
      expect(await page(`${query}count=0`)).toMatchObject({ totalResults: total, itemsPerPage: 0, Resources: [] });
      expect(await page(`${query}startIndex=${total + 1}`)).toMatchObject({ totalResults: total, Resources: [] });
    }
  });
});

describe('what is lost is told of', () => {
  test('somebody who leaves a group, by any request, is told of without it', async () => {
    const ways: ((group: string, user: string) => Promise<ClientAnswer>)[] = [
      (group, user) => patch(`/Groups/${group}`, { op: 'remove', path: `members[value eq "${user}"]` }),
      (group, user) => patch(`/Groups/${group}`, { op: 'Remove', path: 'members', value: [{ value: user }] }),
      (group) => patch(`/Groups/${group}`, { op: 'replace', path: 'members', value: [] }),
      (group) => directory.send('PUT', `/Groups/${group}`, { displayName: 'Admins', members: [] }),
      (group) => directory.send('DELETE', `/Groups/${group}`),
    ];
    for (const leave of ways) {
      const user = await createUser(`user${ways.indexOf(leave)}`);
      const group = await createGroup('Admins', [user]);
      expect((await leave(group, user)).status).toBeLessThan(300);
      const [latest, earlier] = await listRecentEvents(operator, {
        organizationId: directory.organizationId,
        resourceId: user,
        limit: 2,
      });
      expect(earlier?.data['groups']).toMatchObject([{ id: group }]);
      expect(latest).toMatchObject({ type: 'organization.directory.user_updated', data: { groups: [] } });
      await directory.send('DELETE', `/Groups/${group}`);
    }
  });

  test('a deactivation and a deletion give different reasons, and a deletion says whether access was lost by it', async () => {
    const latest = async (resourceId: string) =>
      (await listRecentEvents(operator, { organizationId: directory.organizationId, resourceId, limit: 1 }))[0];
    const [ann, bob] = [await createUser('ann'), await createUser('bob')];
    await patch(`/Users/${ann}`, { op: 'replace', path: 'active', value: false });
    expect(await latest(ann)).toMatchObject({
      type: 'organization.directory.user_deleted',
      data: { reason: 'deactivated', active: false },
    });
    await directory.send('DELETE', `/Users/${ann}`);
    await directory.send('DELETE', `/Users/${bob}`);
    expect(await latest(ann)).toMatchObject({ data: { reason: 'deleted', was_active: false } });
    expect(await latest(bob)).toMatchObject({ data: { reason: 'deleted', was_active: true } });
  });
});
