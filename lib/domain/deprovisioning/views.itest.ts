import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { createGroup, updateGroup } from '../provisioning/commands';
import { listToldUsers, searchUsers } from '../provisioning/queries';
import { releaseDue, releaseHeld, restoreRemoved } from './commands';
import { listHeldPeople } from './queries';
import { newTestDirectory, type Seen, type TestDirectory } from './testing';
import type { RemovalPolicy } from './types';

const HOUR_MS = 3_600_000;
const PEOPLE = 6;
const RUNS = 20;

let db: Database;

beforeAll(async () => {
  db = await openTestDatabase();
});

afterAll(() => db.close());

const person = fc.nat({ max: PEOPLE - 1 });
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('create' as const), person, active: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('activity' as const), person, active: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rename' as const), person, title: fc.nat({ max: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('group' as const), people: fc.subarray([0, 1, 2, 3, 4, 5]) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('release all' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore all' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.nat({ max: 3 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const policy: fc.Arbitrary<Partial<RemovalPolicy>> = fc.record({
  announceAs: fc.constantFrom('delete', 'update'),
  isBreakerOn: fc.boolean(),
  breakerPeople: fc.constantFrom(0, 1, 2),
  breakerPercent: fc.constantFrom(0, 30),
  graceHours: fc.constantFrom(0, 2),
  seatOverflow: fc.constantFrom('refuse', 'hold'),
});

/** A naive application: it believes each announcement, and knows what a directory's person is by nothing else. */
class Application {
  readonly people = new Map<string, { active: boolean; data: Record<string, unknown>; version: number }>();

  hear({ id, type, data, version }: Seen): void {
    const known = this.people.get(id);
    expect(version, 'versions of a person rise').toBeGreaterThan(known?.version ?? 0);
    if (type === 'organization.directory.user_deleted') {
      expect(known, 'nobody is deleted whom it was never told of').toBeDefined();
      if (data['reason'] === 'deactivated') this.people.set(id, { active: false, data, version });
      else this.people.delete(id);
      return;
    }
    if (type === 'organization.directory.user_updated') {
      expect(known, 'nobody is updated whom it was never told of').toBeDefined();
    }
    this.people.set(id, { active: data['active'] === true, data, version });
  }
}

async function take(directory: TestDirectory, ids: Map<number, string>, group: string, taken: Step): Promise<void> {
  directory.pass(1000);
  const id = 'person' in taken ? ids.get(taken.person) : undefined;
  switch (taken.kind) {
    case 'create':
      if (!id || !(await isStored(directory, id))) {
        ids.set(taken.person, await directory.create(`person-${taken.person}`, { active: taken.active }));
      }
      return;
    case 'activity':
      return id ? directory.setActive(id, taken.active) : undefined;
    case 'rename':
      return id ? directory.change(id, { title: `Title ${taken.title}` }) : undefined;
    case 'delete':
      return id ? directory.remove(id) : undefined;
    case 'group': {
      const members = taken.people.map((n) => ids.get(n)).filter((member) => member !== undefined);
      const change = { add: members, remove: [], replace: true };
      await updateGroup(directory.system, directory, group, { steps: [{ kind: 'members', change }] });
      return;
    }
    case 'release':
      if (id) await releaseHeld(directory.operator, { ...directory, userIds: [id] });
      return;
    case 'restore':
      if (id) await restoreRemoved(directory.operator, { ...directory, userIds: [id] });
      return;
    case 'release all':
      await releaseHeld(directory.operator, directory);
      return;
    case 'restore all':
      await restoreRemoved(directory.operator, directory);
      return;
    case 'wait':
      directory.pass(taken.hours * HOUR_MS);
      await releaseDue(directory.system);
  }
}

const stored = async (directory: TestDirectory) =>
  (await searchUsers(directory, { offset: 0, limit: 100, baseUrl: '' })).items;
const isStored = async (directory: TestDirectory, id: string) =>
  (await stored(directory)).some((user) => user.id === id);

/** The list as an application pages through it, two at a time. */
async function listAll(directory: TestDirectory) {
  const found = [];
  let pageToken: string | undefined;
  let total = 0;
  do {
    const page = await listToldUsers(directory.operator, { ...directory, pageSize: 2, pageToken });
    found.push(...page.items);
    pageToken = page.nextPageToken;
    total = page.totalSize;
  } while (pageToken);
  expect(found).toHaveLength(total);
  return found;
}

test('the application’s view is what the announcements say, whatever is removed, held, undone, released and restored', async () => {
  await fc.assert(
    fc.asyncProperty(
      policy,
      fc.option(fc.constantFrom(2, 4)),
      fc.array(step, { minLength: 10, maxLength: 40, size: 'max' }),
      async (chosen, seats, steps) => {
        const directory = await newTestDirectory(chosen, seats);
        const group = (await createGroup(directory.system, directory, { doc: { displayName: 'Staff' }, members: [] }))
          .id;
        const application = new Application();
        const ids = new Map<number, string>();
        for (const taken of steps) {
          try {
            await take(directory, ids, group, taken);
          } catch (error) {
            const { code } = error as { code?: string };
            if (!['not_found', 'permission_denied', 'already_exists', 'invalid_argument'].includes(code ?? ''))
              throw error;
          }
          for (const seen of await directory.seen()) application.hear(seen);
          const listed = await listAll(directory);
          const active = listed.filter((user) => user.isActive);
          const believed = [...application.people].filter(([, { active: isActive }]) => isActive).sort();
          expect(active.map(({ id }) => id)).toEqual(believed.map(([id]) => id).sort());
          for (const user of active) {
            const { data } = application.people.get(user.id)!;
            expect(user.doc).toEqual(data['raw_attributes']);
            expect(user.groups.map(({ id }) => id)).toEqual((data['groups'] as { id: string }[]).map(({ id }) => id));
          }
          // Inactive people whom it knows are listed too; beside them only those of whom it has yet to hear.
          const inactive = listed.filter((user) => !user.isActive).map(({ id }) => id);
          for (const [id, { active: isActive }] of application.people) if (!isActive) expect(inactive).toContain(id);
        }
        // What is held is exactly what differs between the two views.
        const held = new Set(
          (await listHeldPeople(directory.operator, { ...directory }, { pageSize: 100 })).items.map((h) => h.userId),
        );
        const present = new Set((await stored(directory)).filter((user) => user.isActive).map(({ id }) => id));
        for (const [id, { active }] of application.people) expect(held.has(id)).toBe(active !== present.has(id));
        for (const id of present) if (!application.people.has(id)) expect(held.has(id)).toBe(true);
      },
    ),
    { numRuns: RUNS },
  );
}, 300_000);
