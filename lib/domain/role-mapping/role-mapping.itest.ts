import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newContext, systemContext } from '@/lib/core/context';
import { database, type Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { createDirectory } from '../directory/commands';
import { createOrganization } from '../organization/commands';
import { createGroup, createUser, deleteGroup, updateGroup, updateUser } from '../provisioning/commands';
import type { DirectoryScope } from '../provisioning/types';
import { createRole, deleteRole, setDefaultRoles, updateRole } from '../role/commands';
import { listRuns } from '../run/queries';
import { addManyPeople, finishRuns } from '../run/testing';
import { assignRoles } from './commands';
import { explainRoles, listMappedGroups, previewRoleMapping, streamRoleChanges } from './queries';

const ctx = systemContext('test');
let db: Database;
let scope: DirectoryScope;

beforeAll(async () => {
  db = await openTestDatabase();
  for (const [name, priority] of Object.entries({ owner: 10, editor: 20, viewer: 30, guest: 40 })) {
    await createRole(ctx, { name, displayName: name, priority });
  }
});

afterAll(() => db.close());

beforeEach(async () => {
  const { id: organizationId } = await createOrganization(ctx, { displayName: 'Acme' });
  const { id: directoryId } = await createDirectory(ctx, { organizationId, provider: 'okta' });
  scope = { organizationId, directoryId };
});

let made = 0;
const addPerson = async (more: object = {}) =>
  (await createUser(ctx, scope, { userName: `p${(made += 1)}@acme.test`, ...more })).id;
const addPeople = (count: number) => Promise.all(Array.from({ length: count }, () => addPerson()));
const addGroup = async (members: readonly string[], displayName = `Group ${(made += 1)}`) =>
  (await createGroup(ctx, scope, { doc: { displayName }, members })).id;
const setActive = (id: string, active: boolean) =>
  updateUser(ctx, scope, id, { apply: (current) => ({ ...current, active }) });
const map = (mapping: Readonly<Record<string, readonly string[]>>) =>
  assignRoles(ctx, { ...scope, ...choose(mapping) });
const choose = (mapping: Readonly<Record<string, readonly string[]>>) => ({
  assignments: Object.entries(mapping).flatMap(([groupId, names]) => names.map((roleName) => ({ groupId, roleName }))),
});

interface Told {
  readonly type: string;
  readonly version: number;
  readonly data: { readonly roles: { role_name: string }[]; readonly groups: { id: string }[] };
  readonly previous: Record<string, unknown> | null;
  readonly request_id: string;
}

/** The events of a person, the newest first. */
const eventsOf = (id: string) =>
  database().sql.rows<Told>(
    'select type, version::int as version, data, previous, request_id from event where resource_id = $1::text order by n desc',
    [id],
  );
const rolesTold = async (id: string) => (await eventsOf(id))[0]?.data.roles.map(({ role_name: name }) => name);
const countEvents = async (id: string) => (await eventsOf(id)).length;

describe('a role mapping', () => {
  test('gives the people of a group its roles, the effective one first, and tells them in the same transaction', async () => {
    const [ada, grace] = [await addPerson(), await addPerson()];
    const group = await addGroup([ada!]);
    await map({ [group]: ['viewer', 'owner'] });
    expect(await rolesTold(ada!)).toEqual(['owner', 'viewer']);
    const [told] = await eventsOf(ada!);
    expect(told).toMatchObject({ type: 'organization.directory.user_updated', version: 3, previous: { roles: [] } });
    expect(told!.previous).not.toHaveProperty('groups');
    expect(told!.request_id).toBe(ctx.requestId);
    expect(await countEvents(grace!)).toBe(1);
  });

  test('assigned again tells nobody', async () => {
    const ada = await addPerson();
    const group = await addGroup([ada]);
    await map({ [group]: ['viewer'] });
    const before = await countEvents(ada);
    await map({ [group]: ['viewer'] });
    expect(await countEvents(ada)).toBe(before);
  });

  test('replaced as a whole tells only those whose roles differ', async () => {
    const [ada, grace] = [await addPerson(), await addPerson()];
    const [first, second] = [await addGroup([ada!, grace!]), await addGroup([grace!])];
    await map({ [first]: ['viewer'], [second]: ['viewer'] });
    const before = await countEvents(grace!);
    await map({ [second]: ['viewer'] });
    expect(await rolesTold(ada!)).toEqual([]);
    expect(await countEvents(grace!)).toBe(before);
  });

  test('of unknown groups or roles is refused with each of them, and nothing changes', async () => {
    const group = await addGroup([]);
    const other = await createOrganization(ctx, { displayName: 'Other' });
    await createRole(ctx, { name: 'theirs', displayName: 'Theirs', organizationId: other.id });
    const assignments = [
      { groupId: 'dirgroup_1', roleName: 'viewer' },
      { groupId: group, roleName: 'theirs' },
      { groupId: group, roleName: 'viewer' },
      { groupId: group },
    ];
    await expect(assignRoles(ctx, { ...scope, assignments })).rejects.toMatchObject({
      code: 'invalid_argument',
      fieldViolations: [
        { field: 'role_assignments.assignments[0].group_id' },
        { field: 'role_assignments.assignments[1].role_name' },
        { field: 'role_assignments.assignments[3].role_name' },
      ],
    });
    expect((await listMappedGroups(ctx, scope))[0]?.roles).toEqual([]);
  });

  test('is followed when people join, leave, are deactivated and return', async () => {
    const ada = await addPerson();
    const group = await addGroup([]);
    await map({ [group]: ['editor'] });
    const change = (add: string[], remove: string[]) =>
      updateGroup(ctx, scope, group, { steps: [{ kind: 'members', change: { add, remove, replace: false } }] });
    await change([ada], []);
    expect(await rolesTold(ada)).toEqual(['editor']);
    expect((await eventsOf(ada))[0]?.previous).toEqual({ groups: [], roles: [] });
    await setActive(ada, false);
    expect(await rolesTold(ada)).toEqual([]);
    await setActive(ada, true);
    expect((await eventsOf(ada))[0]?.type).toBe('organization.directory.user_created');
    expect(await rolesTold(ada)).toEqual(['editor']);
    await change([], [ada]);
    expect(await rolesTold(ada)).toEqual([]);
    expect((await eventsOf(ada))[0]?.previous).toMatchObject({ roles: [{ role_name: 'editor' }] });
  });

  test('does not reach through nested groups', async () => {
    const ada = await addPerson();
    const inner = await addGroup([ada]);
    const outer = await addGroup([inner]);
    await map({ [outer]: ['owner'] });
    expect(await rolesTold(ada)).toEqual([]);
    const explained = await explainRoles(ctx, { ...scope, userId: ada });
    expect(explained).toMatchObject({ rule: 'none', roles: [], nestedIn: [{ id: outer, roleNames: ['owner'] }] });
    const [mapped] = (await listMappedGroups(ctx, scope)).filter(({ id }) => id === outer);
    expect(mapped).toMatchObject({ memberCount: 0, nestedGroupCount: 1, roles: [{ name: 'owner' }] });
  });

  test('loses the roles of a group that is deleted, and each of its people is told once', async () => {
    const ada = await addPerson();
    const [group, other] = [await addGroup([ada]), await addGroup([ada])];
    await map({ [group]: ['owner'], [other]: ['viewer'] });
    const before = await countEvents(ada);
    await deleteGroup(ctx, scope, group);
    expect(await rolesTold(ada)).toEqual(['viewer']);
    expect(await countEvents(ada)).toBe(before + 1);
    const [told] = await eventsOf(ada);
    expect(told!.previous).toMatchObject({ roles: [{ role_name: 'owner' }, { role_name: 'viewer' }] });
  });

  test('of another organization does not exist for a portal session, its own it may edit', async () => {
    const other = await createOrganization(ctx, { displayName: 'Other' });
    const session = (organizationId: string) =>
      newContext({ kind: 'portalSession', id: 'ps_1', linkId: 'lnk_1', organizationId, features: ['dir_sync'] });
    const group = await addGroup([]);
    const input = { ...scope, ...choose({ [group]: ['viewer'] }) };
    await expect(assignRoles(session(other.id), input)).rejects.toMatchObject({ code: 'not_found' });
    await expect(previewRoleMapping(session(other.id), input)).rejects.toMatchObject({ code: 'not_found' });
    await expect(listMappedGroups(session(other.id), scope)).rejects.toMatchObject({ code: 'not_found' });
    expect(await assignRoles(session(scope.organizationId), input)).toHaveLength(1);
  });
});

describe('a preview', () => {
  test('says who gains and who loses, and applying it does just that', async () => {
    const [stays, gains, swaps, inactive] = await addPeople(4);
    const [first, second] = [await addGroup([stays!, swaps!, inactive!]), await addGroup([stays!, gains!, swaps!])];
    await map({ [first]: ['viewer'] });
    await setActive(inactive!, false);
    const wanted = { [second]: ['viewer', 'editor'] };
    const preview = await previewRoleMapping(ctx, { ...scope, ...choose(wanted) });
    expect(preview).toMatchObject({ changing: 3, gaining: 3, losing: 0, nextPageToken: '' });
    expect(preview.roles).toEqual([
      { name: 'editor', gaining: 3, losing: 0 },
      { name: 'viewer', gaining: 1, losing: 0 },
    ]);
    expect(preview.people.map(({ userId, before, after }) => [userId, before, after])).toEqual(
      [
        [stays, ['viewer'], ['editor', 'viewer']],
        [gains, [], ['editor', 'viewer']],
        [swaps, ['viewer'], ['editor', 'viewer']],
      ].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    );
    const counts = await Promise.all([stays, gains, swaps, inactive].map((id) => countEvents(id!)));
    await map(wanted);
    const after = await Promise.all([stays, gains, swaps, inactive].map((id) => countEvents(id!)));
    expect(after.map((count, at) => count - counts[at]!)).toEqual([1, 1, 1, 0]);
    for (const { userId, after: roles } of preview.people) expect(await rolesTold(userId)).toEqual(roles);
  });

  test('knows the default that those fall back to, and pages; the file has everyone', async () => {
    const people = (await addPeople(30)).sort();
    const group = await addGroup(people);
    await createRole(ctx, { name: 'joined', displayName: 'Joined', organizationId: scope.organizationId });
    await setDefaultRoles(ctx, { organizationId: scope.organizationId, member: 'joined' });
    await map({ [group]: ['owner'] });
    const first = await previewRoleMapping(ctx, { ...scope, assignments: [], pageSize: 20 });
    expect(first).toMatchObject({ changing: 30, gaining: 30, losing: 30, removed: [{ groupId: group }], added: [] });
    expect(first.people).toHaveLength(20);
    expect(first.people[0]).toMatchObject({ before: ['owner'], after: ['joined'] });
    const pageToken = first.nextPageToken;
    const second = await previewRoleMapping(ctx, { ...scope, assignments: [], pageSize: 20, pageToken });
    expect([...first.people, ...second.people].map(({ userId }) => userId)).toEqual(people);
    expect(second.nextPageToken).toBe('');
    const all = [];
    for await (const batch of streamRoleChanges(ctx, { ...scope, assignments: [] })) all.push(...batch);
    expect(all).toEqual([...first.people, ...second.people]);
  });
});

describe('roles that people of directories have', () => {
  test('are the default of the organization, else of the environment, for who is in no mapped group', async () => {
    const [ada, grace] = await addPeople(2);
    const group = await addGroup([ada!]);
    await map({ [group]: ['owner'] });
    await setDefaultRoles(ctx, { member: 'guest' });
    expect([await rolesTold(ada!), await rolesTold(grace!)]).toEqual([['owner'], ['guest']]);
    await createRole(ctx, { name: 'member', displayName: 'Member', organizationId: scope.organizationId });
    await setDefaultRoles(ctx, { organizationId: scope.organizationId, member: 'member' });
    expect([await rolesTold(ada!), await rolesTold(grace!)]).toEqual([['owner'], ['member']]);
    const late = await addPerson();
    expect(await rolesTold(late)).toEqual(['member']);
    expect(await rolesTold(await addPerson({ active: false }))).toEqual([]);
    const explain = (userId: string) => explainRoles(ctx, { ...scope, userId });
    expect(await explain(late)).toMatchObject({
      rule: 'organization_default',
      roles: [{ name: 'member', groups: [] }],
    });
    expect(await explain(ada!)).toMatchObject({
      rule: 'mapping',
      roles: [{ name: 'owner', groups: [{ id: group }] }],
      groups: [{ id: group, roleNames: ['owner'] }],
    });
    await setActive(ada!, false);
    expect(await explain(ada!)).toMatchObject({ rule: 'inactive', roles: [] });
  });

  test('change their order with the priority of a role, and only those are told who have it', async () => {
    const [ada, grace] = await addPeople(2);
    const [both, one] = [await addGroup([ada!]), await addGroup([grace!])];
    await map({ [both]: ['editor', 'viewer'], [one]: ['editor'] });
    const before = await countEvents(grace!);
    await updateRole(ctx, { name: 'viewer', priority: 5 });
    expect(await rolesTold(ada!)).toEqual(['viewer', 'editor']);
    expect(await countEvents(grace!)).toBe(before);
    await updateRole(ctx, { name: 'viewer', priority: 30 });
    expect(await rolesTold(ada!)).toEqual(['editor', 'viewer']);
  });

  test('of one priority have the organization’s first, then go by name', async () => {
    const ada = await addPerson();
    const group = await addGroup([ada]);
    const organizationId = scope.organizationId;
    await createRole(ctx, { name: 'zebra', displayName: 'Z', organizationId, priority: 20 });
    await createRole(ctx, { name: `apple${(made += 1)}`, displayName: 'A', priority: 20 });
    await map({ [group]: ['editor', 'zebra', `apple${made}`] });
    expect(await rolesTold(ada)).toEqual(['zebra', `apple${made}`, 'editor']);
  });

  test('keep a role from being deleted while a group is mapped to it, unless another takes its place', async () => {
    const ada = await addPerson();
    const group = await addGroup([ada]);
    const name = `temporary${(made += 1)}`;
    await createRole(ctx, { name, displayName: 'Temporary' });
    await map({ [group]: [name, 'viewer'] });
    await expect(deleteRole(ctx, { name })).rejects.toMatchObject({
      code: 'failed_precondition',
      errorCode: 'ROLE_IS_MAPPED',
    });
    await deleteRole(ctx, { name, replacement: 'owner' });
    expect(await rolesTold(ada)).toEqual(['owner', 'viewer']);
    expect((await eventsOf(ada))[0]?.previous).toEqual({ roles: [{ role_name: 'viewer' }, { role_name: name }] });
  });
});

describe('consequences for more than 1,000 people', () => {
  const addMany = (count: number) => addManyPeople(ctx, scope, count);

  const toldBy = (requestId: string) =>
    database().sql.rows<{ id: string; roles: string; groups: number }>(
      `select resource_id as id, data->'roles' as roles, jsonb_array_length(data->'groups') as groups from event
       where request_id = $1::text and type = 'organization.directory.user_updated' order by n`,
      [requestId],
    );

  test('are left to a run that is written with the change, tells each person once and goes on after a crash', async () => {
    const people = await addMany(1201);
    const join = newContext({ kind: 'system', id: 'join' });
    const group = await createGroup(join, scope, { doc: { displayName: 'All' }, members: people });
    expect(await toldBy(join.requestId)).toEqual([]);
    const { items } = await listRuns(ctx, { organizationId: scope.organizationId });
    expect(items).toMatchObject([
      { kind: 'members', subjectId: group.id, total: 1201, done: 0, finishedAt: null, requestId: join.requestId },
    ]);
    // A person who changes meanwhile is told of their groups at once, and not again by the run.
    const early = people[700]!;
    await updateUser(ctx, scope, early, { apply: (current) => ({ ...current, title: 'Boss' }) });
    expect((await eventsOf(early))[0]?.data.groups).toMatchObject([{ id: group.id }]);
    await breakAfter(2, () => finishRuns(ctx));
    const broken = await toldBy(join.requestId);
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.length).toBeLessThan(1200);
    await finishRuns(ctx);
    const told = await toldBy(join.requestId);
    expect(told.map(({ id }) => id)).toEqual(people.filter((id) => id !== early));
    expect(told.every(({ groups }) => groups === 1)).toBe(true);
    expect(await countEvents(early)).toBe(2);
    const [done] = (await listRuns(ctx, { organizationId: scope.organizationId })).items;
    expect(done).toMatchObject({ done: 1201, told: 1200, finishedAt: expect.any(Date) });
  });

  /** Ends `work` as a kill would, when it opens its transaction number `count + 1`. */
  async function breakAfter(count: number, work: () => Promise<void>): Promise<void> {
    const begin = db.begin;
    let opened = 0;
    db.begin = async (inside) => {
      if ((opened += 1) > count) throw new Error('killed');
      return begin.call(db, inside) as ReturnType<typeof inside>;
    };
    await expect(work()).rejects.toThrow('killed');
    db.begin = begin;
  }

  test('of a mapping, a default, a priority and a deleted group are told by runs too, each to those concerned', async () => {
    const people = await addMany(1101);
    const outsider = await addPerson();
    const group = await addGroup(people);
    await finishRuns(ctx);
    const kinds: string[] = [];
    const doAndRun = async (work: (as: typeof ctx) => Promise<unknown>) => {
      const as = newContext({ kind: 'system', id: 'cause' });
      await work(as);
      const open = await listRuns(ctx, { directoryId: scope.directoryId, isOpen: true });
      kinds.push(...open.items.map(({ kind }) => kind));
      await finishRuns(ctx);
      return (await toldBy(as.requestId)).map(({ id }) => id);
    };
    const { organizationId } = scope;
    for (const name of ['early', 'late']) await createRole(ctx, { name, displayName: name, organizationId });
    const { assignments } = choose({ [group]: ['late', 'early'] });
    expect(await doAndRun((as) => assignRoles(as, { ...scope, assignments }))).toEqual(people);
    expect(await doAndRun((as) => updateRole(as, { name: 'late', organizationId, priority: 3 }))).toEqual(people);
    expect(await rolesTold(people[5]!)).toEqual(['late', 'early']);
    expect(await doAndRun((as) => deleteGroup(as, scope, group))).toEqual(people);
    await createRole(ctx, { name: 'everyone', displayName: 'Everyone', organizationId });
    const everyone = [...people, outsider].sort();
    expect(await doAndRun((as) => setDefaultRoles(as, { organizationId, member: 'everyone' }))).toEqual(everyone);
    expect(kinds).toEqual(['role_mapping', 'roles', 'group_deleted', 'roles']);
    expect(await rolesTold(people[1100]!)).toEqual(['everyone']);
  });
});
