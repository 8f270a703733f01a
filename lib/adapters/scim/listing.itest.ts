import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { purge } from '@/lib/adapters/jobs/loops';
import { systemContext } from '@/lib/core/context';
import { vacuumChangedTables } from '@/lib/db/vacuum';
import { deleteDirectory } from '@/lib/domain/directory/commands';
import { finishRuns } from '@/lib/domain/run/testing';
import type { JsonObject } from '@/lib/scim/attribute';
import { type ClientAnswer, operator, type ScimServer, startScim, type TestDirectory } from './testing';

let server: ScimServer;
let directory: TestDirectory;

beforeAll(async () => {
  server = await startScim();
});
afterAll(() => server.close());
beforeEach(async () => {
  directory = await server.newDirectory();
});

async function create(endpoint: string, body: JsonObject): Promise<string> {
  const { status, json } = await directory.send('POST', endpoint, body);
  expect(status, JSON.stringify(json)).toBe(201);
  return String(json['id']);
}

async function createPeople(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1)
    ids.push(await create('/Users', { userName: `u${at}@x.io`, title: at % 2 ? 'Odd' : 'even' }));
  return ids;
}

const idsOf = ({ json }: ClientAnswer) => (json['Resources'] as { id: string }[]).map(({ id }) => id);
const list = async (path: string): Promise<ClientAnswer> => {
  const answer = await directory.send('GET', path);
  expect(answer.status, JSON.stringify(answer.json)).toBe(200);
  return answer;
};
const find = (endpoint: string, filter: string) => list(`${endpoint}?filter=${encodeURIComponent(filter)}`);

/** Reads a list by cursor to its end; `between` runs after each page. */
async function walk(path: string, between: (page: number) => Promise<void> = async () => {}): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined = '';
  for (let page = 0; cursor !== undefined; page += 1) {
    const answer: ClientAnswer = await list(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`);
    ids.push(...idsOf(answer));
    cursor = answer.json['nextCursor'] as string | undefined;
    await between(page);
  }
  return ids;
}

describe('a look-up', () => {
  test('finds people by any of their addresses, in any case, and by address and type on one element only', async () => {
    const ann = await create('/Users', {
      userName: 'ann',
      emails: [
        { value: 'Ann@Work.io', type: 'work', primary: true },
        { value: 'Ann@Home.io', type: 'home' },
      ],
    });
    const bob = await create('/Users', { userName: 'bob', emails: [{ value: 'bob@work.io', type: 'Work' }] });
    expect(idsOf(await find('/Users', 'emails[type eq "work"].value eq "ann@work.IO"'))).toEqual([ann]);
    expect(idsOf(await find('/Users', 'emails.value eq "ann@home.io"'))).toEqual([ann]);
    expect(idsOf(await find('/Users', 'emails[type eq "work"].value eq "ann@home.io"'))).toEqual([]);
    expect(idsOf(await find('/Users', 'emails[type eq "work" and value eq "BOB@work.io"]'))).toEqual([bob]);
    const patch = { Operations: [{ op: 'replace', path: 'emails[type eq "home"].value', value: 'ann@new.io' }] };
    expect((await directory.send('PATCH', `/Users/${ann}`, patch)).status).toBe(200);
    expect(idsOf(await find('/Users', 'emails.value eq "ann@home.io"'))).toEqual([]);
    expect(idsOf(await find('/Users', 'emails.value eq "ann@new.io"'))).toEqual([ann]);
  });

  test('finds groups by member and people by group, and forgets both when the membership ends', async () => {
    const [a, b] = await createPeople(2);
    const group = await create('/Groups', { displayName: 'Sales', members: [{ value: a! }] });
    expect(idsOf(await find('/Groups', `id eq "${group}" and members eq "${a}"`))).toEqual([group]);
    expect(idsOf(await find('/Groups', `members.value eq "${b}"`))).toEqual([]);
    expect(idsOf(await find('/Users', 'groups.display eq "SALES"'))).toEqual([a]);
    await directory.send('DELETE', `/Groups/${group}`);
    expect(idsOf(await find('/Users', `groups.value eq "${group}"`))).toEqual([]);
    expect(idsOf(await find('/Users', 'groups pr'))).toEqual([]);
  });

  test('takes dates that no calendar of the database has', async () => {
    const [a] = await createPeople(1);
    expect(idsOf(await find('/Users', 'meta.created gt "-000001-01-01T00:00:00Z"'))).toEqual([a]);
    expect(idsOf(await find('/Users', 'meta.created gt "9999-12-31T23:59:59Z"'))).toEqual([]);
  });
});

describe('pages', () => {
  test('follow each other by index although people are deleted and created in between, and the total is of that moment', async () => {
    const ids = await createPeople(12);
    expect(idsOf(await list('/Users?startIndex=5&count=4'))).toEqual(ids.slice(4, 8));
    await directory.send('DELETE', `/Users/${ids[1]}`);
    const left = ids.toSpliced(1, 1);
    const deep = await list('/Users?startIndex=9&count=4');
    expect(idsOf(deep)).toEqual(left.slice(8, 12));
    expect(deep.json).toMatchObject({ totalResults: 11, startIndex: 9, itemsPerPage: 3 });
    const [late] = await createPeople(0).then(async () => [await create('/Users', { userName: 'late' })]);
    expect(idsOf(await list('/Users?startIndex=9&count=4'))).toEqual([...left.slice(8), late]);
    expect(idsOf(await list('/Users?startIndex=3&count=2'))).toEqual(left.slice(2, 4));
    expect((await list('/Users?startIndex=13&count=4')).json).toMatchObject({ totalResults: 12, Resources: [] });
  });

  test('by cursor neither skip nor repeat anybody who stays, whoever is deleted or created meanwhile', async () => {
    const ids = await createPeople(9);
    const seen = await walk('/Users?count=2', async (page) => {
      if (page === 0) await directory.send('DELETE', `/Users/${ids[1]}`);
      if (page === 1) await directory.send('DELETE', `/Users/${ids[3]}`);
      if (page === 2) await directory.send('DELETE', `/Users/${ids[7]}`);
    });
    expect(seen).toEqual(ids.filter((_, at) => at !== 7));
  });

  test('by cursor keep a sort order, with and without a value, both ways', async () => {
    const ids = await createPeople(5);
    const bare = await create('/Users', { userName: 'bare' });
    const long = await create('/Users', { userName: 'long', title: 'f'.repeat(5000) });
    const even = [ids[0], ids[2], ids[4]];
    const odd = [ids[1], ids[3]];
    expect(await walk('/Users?count=2&sortBy=title')).toEqual([...even, long, ...odd, bare]);
    expect(await walk('/Users?count=1&sortBy=title&sortOrder=descending')).toEqual([bare, ...odd, long, ...even]);
  });

  test('by cursor are refused where the cursor is of another list, made up, or points to someone who is gone', async () => {
    await createPeople(3);
    const long = await create('/Users', { userName: 'long', title: 'd'.repeat(5000) });
    const { json } = await list('/Users?count=1&cursor=');
    const cursor = String(json['nextCursor']);
    const other = await server.newDirectory();
    const refusals = [
      await directory.send('GET', `/Users?count=1&cursor=${cursor}&filter=active+eq+true`),
      await directory.send('GET', `/Users?count=1&cursor=${cursor}&sortBy=title`),
      await directory.send('GET', `/Groups?count=1&cursor=${cursor}`),
      await other.send('GET', `/Users?count=1&cursor=${cursor}`),
      await directory.send('GET', '/Users?cursor=p100'),
      await directory.send('GET', `/Users?cursor=${Buffer.from('{"a":1}').toString('base64url')}`),
    ];
    for (const refusal of refusals) expect([refusal.status, refusal.json['scimType']]).toEqual([400, 'invalidCursor']);
    for (const [sortBy, key] of [
      ['meta.created', '2026-02-31 00:00:00+00'],
      ['meta.created', 'now'],
      ['title', 'a\u0000'],
      ['active', 'maybe'],
    ] as const) {
      const page = await list(`/Users?count=1&cursor=&sortBy=${sortBy}`);
      const [mark, id] = JSON.parse(Buffer.from(String(page.json['nextCursor']), 'base64url').toString()) as string[];
      const forged = Buffer.from(JSON.stringify([mark, id, key])).toString('base64url');
      const answer = await directory.send('GET', `/Users?count=1&sortBy=${sortBy}&cursor=${forged}`);
      expect(answer.status, `${sortBy} ${key}`).toBeLessThan(500);
    }
    const first = await list('/Users?count=1&cursor=&sortBy=title');
    expect(idsOf(first)).toEqual([long]);
    await directory.send('DELETE', `/Users/${long}`);
    const gone = await directory.send('GET', `/Users?count=1&sortBy=title&cursor=${String(first.json['nextCursor'])}`);
    expect([gone.status, gone.json['scimType']]).toEqual([400, 'expiredCursor']);
  });
});

describe('the root', () => {
  test('lists users, then groups, by index and by cursor', async () => {
    const people = await createPeople(3);
    const groups = [await create('/Groups', { displayName: 'A' }), await create('/Groups', { displayName: 'B' })];
    const all = [...people, ...groups];
    const whole = await list('');
    expect(idsOf(whole)).toEqual(all);
    expect(whole.json).toMatchObject({ totalResults: 5, startIndex: 1, itemsPerPage: 5 });
    for (let startIndex = 1; startIndex <= 6; startIndex += 1) {
      const page = await list(`/?startIndex=${startIndex}&count=2`);
      expect(idsOf(page)).toEqual(all.slice(startIndex - 1, startIndex + 1));
      expect(page.json['totalResults']).toBe(5);
    }
    for (const count of [1, 2, 3, 4, 5, 9]) expect(await walk(`/?count=${count}`)).toEqual(all);
    expect((await directory.send('POST', '', {})).status).toBe(405);
  });

  test('is searched by POST; what a type does not have is without a value there', async () => {
    const [a, b] = await createPeople(2);
    const group = await create('/Groups', { displayName: 'Sales', members: [{ value: a! }] });
    const search = async (body: JsonObject) => {
      const answer = await directory.send('POST', '/.search', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
        ...body,
      });
      expect(answer.status, JSON.stringify(answer.json)).toBe(200);
      return idsOf(answer);
    };
    expect(await search({ filter: 'meta.resourceType eq "Group"' })).toEqual([group]);
    expect(await search({ filter: 'userName eq "U1@x.io" or displayName eq "sales"' })).toEqual([b, group]);
    expect(await search({ filter: 'title pr' })).toEqual([a, b]);
    expect(await search({ filter: 'title ne "even"' })).toEqual([b, group]);
    expect(await search({ filter: `members.value eq "${a}"` })).toEqual([group]);
    expect(await search({ filter: 'not (members pr)' })).toEqual([a, b]);
    expect(await search({ filter: 'urn:ietf:params:scim:schemas:core:2.0:Group:displayName pr' })).toEqual([group]);
    expect(await search({ sortBy: 'title', sortOrder: 'descending' })).toEqual([b, a, group]);
    expect(await search({ filter: 'emails[type eq "work"]', count: 0 })).toEqual([]);
    const refused = await directory.send('POST', '/.search', { filter: 'shoeSize eq 9' });
    expect([refused.status, refused.json['scimType']]).toEqual([400, 'invalidFilter']);
  });
});

describe('someone who comes back', () => {
  const events = async (id: string) => {
    const rows = await server.db.sql.rows<{ data: JsonObject }>(
      `select data from event where resource_id = $1 and type = 'organization.directory.user_created'`,
      [id],
    );
    return rows.map(({ data }) => data);
  };

  test('under the external id of a deleted person gets a new id, inherits nothing, and is told with the old one', async () => {
    const ann = { userName: 'ann', externalId: 'E1', title: 'CEO' };
    const first = await create('/Users', ann);
    await create('/Groups', { displayName: 'Board', members: [{ value: first }] });
    expect((await events(first))[0]).not.toHaveProperty('previous_id');
    await directory.send('DELETE', `/Users/${first}`);
    const second = await create('/Users', { userName: 'bob', externalId: 'E1' });
    expect(second).not.toBe(first);
    const { json } = await directory.send('GET', `/Users/${second}`);
    expect(json).not.toHaveProperty('title');
    expect(json).not.toHaveProperty('groups');
    expect((await events(second))[0]).toMatchObject({ id: second, previous_id: first, groups: [] });
    await directory.send('DELETE', `/Users/${second}`);
    const third = await create('/Users', ann);
    expect((await events(third))[0]).toMatchObject({ previous_id: second });
  });

  test('without an external id, under another one or in another directory is nobody who was there before', async () => {
    const first = await create('/Users', { userName: 'ann', externalId: 'E1' });
    const nameless = await create('/Users', { userName: 'bob' });
    await directory.send('DELETE', `/Users/${first}`);
    await directory.send('DELETE', `/Users/${nameless}`);
    const ids = [
      await create('/Users', { userName: 'ann', externalId: 'e1' }),
      await create('/Users', { userName: 'bob' }),
    ];
    directory = await server.newDirectory();
    ids.push(await create('/Users', { userName: 'ann', externalId: 'E1' }));
    for (const id of ids) expect((await events(id))[0]).not.toHaveProperty('previous_id');
  });
});

test('nothing remembers the people of a deleted directory', async () => {
  const id = await create('/Users', { userName: 'ann', externalId: 'E1' });
  await directory.send('DELETE', `/Users/${id}`);
  await create('/Users', { userName: 'bob', externalId: 'E2' });
  await deleteDirectory(operator, directory);
  await finishRuns(systemContext('test'));
  await purge();
  const [left] = await server.db.sql.rows<{ count: number }>(
    `select (select count(*) from dir_user_tombstone where directory_id = $1)::int
       + (select count(*) from dir_user where directory_id = $1)::int as count`,
    [directory.directoryId],
  );
  expect(left?.count).toBe(0);
});

describe('a large group', () => {
  test('is replaced by PUT; only those who come and go are told', async () => {
    await server.db.sql.rows(
      `insert into dir_user(directory_id, id, user_name, user_name_key, is_active, display_name, doc, comparable, profile, created_at, updated_at)
       select $1::text, 'diruser_' || n, 'u' || n, 'u' || n, true, 'u' || n, jsonb_build_object('userName', 'u' || n, 'active', true), '{}', '{}', now(), now()
       from generate_series(10000, 16009) n`,
      [directory.directoryId],
    );
    await vacuumChangedTables();
    const members = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => ({ value: `diruser_${from + at}` }));
    const id = await create('/Groups', { displayName: 'All' });
    const countEvents = async () => {
      const [row] = await server.db.sql.rows<{ people: number; groups: number }>(
        `select count(*) filter (where object = 'DirectoryUser')::int as people,
           count(*) filter (where object = 'DirectoryGroup')::int as groups from event where directory_id = $1`,
        [directory.directoryId],
      );
      return row!;
    };
    const put = async (from: number, to: number) => {
      const before = await countEvents();
      const { status, json } = await directory.send('PUT', `/Groups/${id}`, {
        displayName: 'All',
        members: members(from, to),
      });
      expect(status).toBe(200);
      expect((json['members'] as unknown[]).length).toBe(to - from);
      await finishRuns(systemContext('test'));
      const after = await countEvents();
      return [after.people - before.people, after.groups - before.groups];
    };
    expect(await put(10000, 15000)).toEqual([5000, 1]);
    expect(await put(10000, 15000)).toEqual([0, 0]);
    expect(await put(10005, 15005)).toEqual([10, 1]);
  });
});

test('a page of groups with more members than one answer holds is refused with what to do, and read without them', async () => {
  const scope = [directory.directoryId];
  await server.db.begin(async (tx) => {
    // A quarter of a million rows, without looking up for each of them whether its person exists.
    await tx.sql.rows('set local session_replication_role = replica');
    await tx.sql.rows(
      `insert into dir_user(directory_id, id, user_name, user_name_key, is_active, display_name, doc, comparable, profile, created_at, updated_at)
       select $1::text, 'diruser_9' || n, 'w' || n, 'w' || n, true, 'w' || n, '{}', '{}', '{}', now(), now() from generate_series(1, 2501) n`,
      scope,
    );
    await tx.sql.rows(
      `insert into dir_group(directory_id, id, display_name, display_name_key, doc, comparable, created_at, updated_at)
       select $1::text, 'dirgroup_9' || n, 'W' || n, 'w' || n, jsonb_build_object('displayName', 'W' || n), '{}', now(), now()
       from generate_series(1, 100) n`,
      scope,
    );
    for (let group = 1; group <= 100; group += 1) {
      await tx.sql.rows(
        `insert into membership(directory_id, group_id, user_id)
         select $1::text, 'dirgroup_9' || $2::text, 'diruser_9' || u from generate_series(1, 2501) u`,
        [directory.directoryId, String(group)],
      );
    }
  });
  await vacuumChangedTables();
  const filter = 'filter=displayName sw "W"&count=100';
  const refused = await directory.send('GET', `/Groups?${encodeURI(filter)}`);
  expect(refused.json).toMatchObject({
    status: '400',
    scimType: 'tooMany',
    detail: expect.stringContaining('excludedAttributes=members'),
  });
  const named = await directory.send('GET', `/Groups?${encodeURI(filter)}&excludedAttributes=members`);
  expect(named.json['Resources']).toHaveLength(100);
  const fewer = await directory.send('GET', `/Groups?${encodeURI(filter.replace('100', '2'))}`);
  expect((fewer.json['Resources'] as { members: unknown[] }[]).map(({ members }) => members.length)).toEqual([
    2501, 2501,
  ]);
  // A group alone is always answered, and a PATCH of it answers without its members.
  expect((await directory.send('GET', '/Groups/dirgroup_91')).json['members']).toHaveLength(2501);
}, 120_000);
