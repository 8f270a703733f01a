import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemContext } from '@/lib/core/context';
import { database, type Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { createDirectory } from '../directory/commands';
import { createOrganization } from '../organization/commands';
import { createGroup, createUser, deleteGroup, deleteUser, updateGroup, updateUser } from '../provisioning/commands';
import { createRole, setDefaultRoles, updateRole } from '../role/commands';
import { advanceRun } from '../run/commands';
import { finishRuns } from '../run/testing';
import { assignRoles } from './commands';
import { explainRoles } from './queries';

/** A few people are many here, so that consequences are told by runs as often as at once. */
vi.mock('../run/types', async (load) => ({ ...(await load<typeof import('../run/types')>()), TOLD_AT_ONCE: 2 }));

const ctx = systemContext('test');
let db: Database;

beforeAll(async () => {
  db = await openTestDatabase();
});

afterAll(() => db.close());

/** Sequences of changes. `npm test` runs a few; a larger number finds rarer things. */
const RUNS = Number(process.env['GATEHOUSE_TEST_RUNS'] ?? 12);
/** Each sequence is some hundred statements. */
const TIMEOUT_MS = 30_000 + RUNS * 10_000;
const ROLE_COUNT = 5;
const index = fc.nat({ max: 30 });
const indexes = fc.array(index, { maxLength: 6 });

/** Indexes name one of what there is, by the remainder; what has nothing to name does nothing. */
const step = fc.oneof(
  fc.record({ do: fc.constant('join' as const), isActive: fc.boolean() }),
  fc.record({ do: fc.constant('activate' as const), who: index, isActive: fc.boolean() }),
  fc.record({ do: fc.constant('leave' as const), who: index }),
  fc.record({ do: fc.constant('group' as const), members: indexes }),
  fc.record({
    do: fc.constant('members' as const),
    group: index,
    add: indexes,
    remove: indexes,
    replace: fc.boolean(),
  }),
  fc.record({ do: fc.constant('ungroup' as const), group: index }),
  fc.record({ do: fc.constant('map' as const), pairs: fc.array(fc.tuple(index, index), { maxLength: 6 }) }),
  fc.record({ do: fc.constant('default' as const), role: index, isEnvironment: fc.boolean() }),
  fc.record({ do: fc.constant('priority' as const), role: index, priority: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('batch' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface ModelRole {
  readonly name: string;
  readonly isOfEnvironment: boolean;
  priority: number;
}

/** What roles people have, said as simply as can be. */
class Model {
  readonly people = new Map<string, { isActive: boolean }>();
  readonly groups = new Map<string, { members: Set<string>; roles: Set<string> }>();
  readonly roles: ModelRole[] = [];
  environmentDefault: string | undefined;
  organizationDefault: string | undefined;

  groupsOf(id: string): string[] {
    return [...this.groups].filter(([, { members }]) => members.has(id)).map(([group]) => group);
  }

  rolesOf(id: string): string[] {
    if (!this.people.get(id)?.isActive) return [];
    const names = new Set(this.groupsOf(id).flatMap((group) => [...(this.groups.get(group)?.roles ?? [])]));
    const given = this.roles.filter(({ name }) => names.has(name));
    given.sort(
      (a, b) =>
        a.priority - b.priority || Number(a.isOfEnvironment) - Number(b.isOfEnvironment) || (a.name < b.name ? -1 : 1),
    );
    const fallback = this.organizationDefault ?? this.environmentDefault;
    return given.length > 0 ? given.map(({ name }) => name) : fallback === undefined ? [] : [fallback];
  }
}

let made = 0;

async function start() {
  const model = new Model();
  const { id: organizationId } = await createOrganization(ctx, { displayName: 'Acme' });
  const { id: directoryId } = await createDirectory(ctx, { organizationId, provider: 'okta' });
  // The environment is one for all runs of the property, and so are its default and its role.
  const [known] = await database().sql.rows<{ name: string; priority: number; is_default: boolean }>(
    `select r.name, r.priority, exists (select 1 from default_role d where d.role_id = r.id and d.scope = 'environment') as is_default
     from role r where organization_id is null`,
  );
  if (!known) await createRole(ctx, { name: 'everywhere', displayName: 'Everywhere', priority: 2 });
  model.roles.push({ name: 'everywhere', isOfEnvironment: true, priority: known?.priority ?? 2 });
  if (known?.is_default) model.environmentDefault = 'everywhere';
  for (let at = 1; at < ROLE_COUNT; at += 1) {
    const name = `role${at}`;
    await createRole(ctx, { name, displayName: name, organizationId, priority: 2 });
    model.roles.push({ name, isOfEnvironment: false, priority: 2 });
  }
  const scope = { organizationId, directoryId };
  const pick = <T>(from: readonly T[], at: number): T | undefined => from[at % Math.max(from.length, 1)];
  const pickPeople = (places: readonly number[]) => [
    ...new Set(places.flatMap((at) => pick([...model.people.keys()], at) ?? [])),
  ];

  async function perform(next: Step): Promise<void> {
    switch (next.do) {
      case 'join': {
        const { isActive: active } = next;
        const { id } = await createUser(ctx, scope, { userName: `p${(made += 1)}@acme.test`, active });
        return void model.people.set(id, { isActive: active });
      }
      case 'activate': {
        const id = pick([...model.people.keys()], next.who);
        if (id === undefined) return;
        await updateUser(ctx, scope, id, { apply: (doc) => ({ ...doc, active: next.isActive }) });
        return void model.people.set(id, { isActive: next.isActive });
      }
      case 'leave': {
        const id = pick([...model.people.keys()], next.who);
        if (id === undefined) return;
        await deleteUser(ctx, scope, id);
        model.people.delete(id);
        return model.groups.forEach(({ members }) => members.delete(id));
      }
      case 'group': {
        const members = pickPeople(next.members);
        const { id } = await createGroup(ctx, scope, { doc: { displayName: `G${(made += 1)}` }, members });
        return void model.groups.set(id, { members: new Set(members), roles: new Set() });
      }
      case 'members': {
        const id = pick([...model.groups.keys()], next.group);
        const group = id === undefined ? undefined : model.groups.get(id);
        if (id === undefined || !group) return;
        const change = { add: pickPeople(next.add), remove: pickPeople(next.remove), replace: next.replace };
        await updateGroup(ctx, scope, id, { steps: [{ kind: 'members', change }] });
        if (change.replace) group.members = new Set();
        else change.remove.forEach((each) => group.members.delete(each));
        return change.add.forEach((each) => group.members.add(each));
      }
      case 'ungroup': {
        const id = pick([...model.groups.keys()], next.group);
        if (id === undefined) return;
        await deleteGroup(ctx, scope, id);
        return void model.groups.delete(id);
      }
      case 'map': {
        const assignments = next.pairs.flatMap(([group, role]) => {
          const groupId = pick([...model.groups.keys()], group);
          return groupId === undefined ? [] : [{ groupId, roleName: pick(model.roles, role)!.name }];
        });
        await assignRoles(ctx, { ...scope, assignments });
        model.groups.forEach((group) => (group.roles = new Set()));
        return assignments.forEach(({ groupId, roleName }) => model.groups.get(groupId)?.roles.add(roleName));
      }
      case 'default': {
        if (next.isEnvironment) {
          await setDefaultRoles(ctx, { member: 'everywhere' });
          model.environmentDefault = 'everywhere';
          return;
        }
        const { name } = pick(model.roles, next.role)!;
        await setDefaultRoles(ctx, { organizationId, member: name });
        model.organizationDefault = name;
        return;
      }
      case 'priority': {
        const role = pick(model.roles, next.role)!;
        const { name, isOfEnvironment } = role;
        await updateRole(ctx, { name, priority: next.priority, ...(!isOfEnvironment && { organizationId }) });
        role.priority = next.priority;
        return;
      }
      case 'batch':
        return void (await advanceRun(ctx));
    }
  }

  async function check(): Promise<void> {
    for (const id of model.people.keys()) {
      const explained = await explainRoles(ctx, { ...scope, userId: id });
      expect(explained.roles.map(({ name }) => name)).toEqual(model.rolesOf(id));
      const [told] = await database().sql.rows<{
        roles: { role_name: string }[];
        groups: { id: string }[];
        version: number;
      }>(
        `select data->'roles' as roles, data->'groups' as groups, version::int as version from event
         where resource_id = $1::text order by n desc limit 1`,
        [id],
      );
      expect(told?.roles.map(({ role_name: name }) => name)).toEqual(model.rolesOf(id));
      expect(told?.groups.map((group) => group.id).sort()).toEqual(model.groupsOf(id).sort());
    }
  }
  return { perform, check };
}

test(
  'resolved roles, and what was told last of each person, equal a naive model after any changes, once runs are done',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30, size: 'max' }), async (steps) => {
        const { perform, check } = await start();
        for (const each of steps) await perform(each);
        await finishRuns(ctx);
        await check();
        // With nothing left to tell, telling everyone again tells nobody.
        const [again] = await database().sql.rows<{ told: number }>(
          `select coalesce(sum(tell_people(d.organization_id, d.id, array[u.id], 'test', 'again')), 0)::int as told
         from dir_user u join directory d on d.id = u.directory_id`,
        );
        expect(again?.told).toBe(0);
      }),
      { numRuns: RUNS },
    );
  },
  TIMEOUT_MS,
);
