import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newContext } from '@/lib/core/context';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { deleteDirectory } from '../directory/commands';
import { listRecentEvents } from '../event/queries';
import { deleteOrganization } from '../organization/commands';
import { createRole } from '../role/commands';
import { assignRoles } from '../role-mapping/commands';
import { createGroup, updateGroup } from '../provisioning/commands';
import { getUser, listToldUsers } from '../provisioning/queries';
import { finishRuns } from '../run/testing';
import { listRuns } from '../run/queries';
import { releaseDue, releaseHeld, restoreRemoved, setAdminPolicy, setOperatorPolicy } from './commands';
import { canDecide, getRemovalPolicy, listHeldPeople, summarizeHeld } from './queries';
import { newTestDirectory, recordedOf, type TestDirectory } from './testing';
import type { RemovalPolicy } from './types';

const HOUR_MS = 3_600_000;
/** Every removal of this directory is one too many. */
const HOLD_ALL: Partial<RemovalPolicy> = { breakerPeople: 0, breakerPercent: 0 };

let db: Database;

beforeAll(async () => {
  db = await openTestDatabase();
});

afterAll(() => db.close());

/** Two people who were announced, anna and ben, in a directory. */
async function newPair(policy: Partial<RemovalPolicy> = HOLD_ALL) {
  const directory = await newTestDirectory(policy);
  const [anna, ben] = [await directory.create('anna'), await directory.create('ben')];
  await directory.seen();
  directory.pass(HOUR_MS);
  return { directory, anna, ben };
}

async function newGroup(directory: TestDirectory, displayName: string, members: string[]): Promise<string> {
  return (await createGroup(directory.system, directory, { doc: { displayName }, members })).id;
}

const toldUsers = async (directory: TestDirectory) => (await listToldUsers(directory.operator, directory)).items;
const heldIds = async (directory: TestDirectory) =>
  (await listHeldPeople(directory.operator, directory)).items.map(({ userId }) => userId);

describe('someone whose removal is held', () => {
  test('is gone for the directory, and for the application there, active and in their groups', async () => {
    const { directory, anna, ben } = await newPair();
    const group = await newGroup(directory, 'Staff', [anna, ben]);
    await directory.seen();
    await directory.setActive(anna, false);
    await directory.remove(ben);
    await expect(getUser(directory, ben)).rejects.toMatchObject({ code: 'not_found' });
    expect((await getUser(directory, anna)).isActive).toBe(false);
    const since = directory.now;
    const groups = [{ id: group, displayName: 'Staff' }];
    expect(await toldUsers(directory)).toMatchObject([
      { id: anna, isActive: true, groups, removalPendingSince: since, email: 'anna@example.com' },
      { id: ben, isActive: true, groups, removalPendingSince: since },
    ]);
    const inGroup = await listToldUsers(directory.operator, { ...directory, groupId: group });
    expect(inGroup).toMatchObject({ totalSize: 2, items: [{ id: anna }, { id: ben }] });
    expect(await directory.told()).toEqual([]);
  });

  test('is told of in order when they are released, and of what happened in between', async () => {
    const { directory, anna, ben } = await newPair();
    await directory.setActive(anna, false);
    await directory.remove(ben);
    await directory.change(anna, { title: 'untold' });
    await directory.remove(anna);
    expect(await releaseHeld(directory.operator, { ...directory, userIds: [anna] })).toBe(1);
    expect(await directory.told()).toEqual(['user_deleted deactivated anna', 'user_deleted deleted was_inactive anna']);
    expect(await releaseHeld(directory.operator, { ...directory, userIds: [anna] })).toBe(0);
    expect(await releaseHeld(directory.operator, directory)).toBe(1);
    expect(await directory.told()).toEqual(['user_deleted deleted ben']);
    expect(await toldUsers(directory)).toEqual([]);
  });

  test('is announced inactive and stays listed so when a deactivation is released', async () => {
    const { directory, anna } = await newPair({ ...HOLD_ALL, announceAs: 'update' });
    await directory.setActive(anna, false);
    await releaseHeld(directory.operator, directory);
    expect(await directory.told()).toEqual(['user_updated inactive anna']);
    expect((await toldUsers(directory))[0]).toMatchObject({ id: anna, isActive: false, removalPendingSince: null });
    await directory.setActive(anna, true);
    expect(await directory.told()).toEqual(['user_updated anna']);
  });

  test('who is brought back by the directory never left: nothing is told', async () => {
    const { directory, anna } = await newPair();
    await directory.setActive(anna, false);
    await directory.setActive(anna, true);
    expect(await directory.told()).toEqual([]);
    expect(await heldIds(directory)).toEqual([]);
    expect(await recordedOf(anna)).toEqual(['user_created', 'user_deleted (untold)', 'user_updated (untold)']);
    await directory.change(anna, { title: 'told again' });
    expect(await directory.told()).toEqual(['user_updated anna']);
  });

  test('who is brought back with other attributes is told of by one update that says what was told before', async () => {
    const { directory, anna } = await newPair();
    await directory.setActive(anna, false);
    await directory.change(anna, { title: 'Lead' });
    await newGroup(directory, 'Staff', [anna]);
    await directory.setActive(anna, true);
    const seen = await directory.seen();
    expect(seen.map(({ type }) => type)).toEqual(['organization.directory.user_updated']);
    expect(seen[0]).toMatchObject({
      version: 5,
      data: { active: true, title: 'Lead', groups: [{ name: 'Staff' }] },
      previous: { title: null, groups: [] },
    });
    expect(Object.keys(seen[0]!.previous!).sort()).toEqual(['groups', 'raw_attributes', 'title']);
  });

  test('who is restored is active for both, keeps their id and groups, and nothing is told; removed again they are held again', async () => {
    const { directory, anna, ben } = await newPair();
    const group = await newGroup(directory, 'Staff', [anna, ben]);
    await directory.seen();
    await directory.setActive(anna, false);
    await directory.remove(ben);
    expect(await restoreRemoved(directory.operator, directory)).toEqual({ restored: [anna, ben], failed: [] });
    expect(await directory.told()).toEqual([]);
    for (const id of [anna, ben]) {
      expect(await getUser(directory, id)).toMatchObject({ isActive: true, groups: [{ id: group }] });
    }
    expect(await heldIds(directory)).toEqual([]);
    expect((await listRecentEvents(directory.operator, { ...directory, resourceId: ben, limit: 1 }))[0]).toMatchObject({
      type: 'organization.directory.user_updated',
      actor: 'operator:acc_test',
    });
    directory.pass(1000);
    await directory.remove(ben);
    expect(await heldIds(directory)).toEqual([ben]);
  });

  test('who was told to be gone can be restored too, and is announced again under the same id', async () => {
    const { directory, anna, ben } = await newPair({});
    await directory.setActive(anna, false);
    await directory.remove(ben);
    await directory.seen();
    const { operator } = directory;
    expect((await restoreRemoved(operator, { ...directory, userIds: [anna, ben] })).restored).toEqual([anna, ben]);
    const seen = await directory.seen();
    expect(seen.map(({ id, type, version }) => [id, type, version])).toEqual([
      [anna, 'organization.directory.user_created', 3],
      [ben, 'organization.directory.user_created', 3],
    ]);
    await directory.change(ben, { title: 'as usual' });
    expect(await directory.told()).toEqual(['user_updated ben']);
  });

  test('who cannot be restored since somebody has their name is named with the reason, and stays held', async () => {
    const { directory, anna, ben } = await newPair();
    await directory.remove(anna);
    await directory.remove(ben);
    await directory.create('Anna');
    const { restored, failed } = await restoreRemoved(directory.operator, directory);
    expect(restored).toEqual([ben]);
    expect(failed).toEqual([{ userId: anna, message: expect.stringContaining('userName anna') }]);
    expect(await heldIds(directory)).toEqual([anna]);
  });

  test('keeps the next one with their name apart: a new id, which is told at once', async () => {
    const { directory, anna } = await newPair();
    await directory.remove(anna);
    const next = await directory.create('anna');
    expect((await directory.seen()).map(({ id }) => id)).toEqual([next]);
    expect((await toldUsers(directory)).map(({ id }) => id)).toContain(anna);
    await releaseHeld(directory.operator, directory);
    expect((await directory.seen()).map(({ id }) => id)).toEqual([anna]);
  });
});

describe('a grace period', () => {
  test('tells of a removal when it is over and not before, of an undone one never', async () => {
    const { directory, anna, ben } = await newPair({ graceHours: 24 });
    await directory.setActive(anna, false);
    await directory.remove(ben);
    directory.pass(24 * HOUR_MS - 1);
    await releaseDue(directory.system);
    expect(await directory.told()).toEqual([]);
    expect(await restoreRemoved(directory.operator, { ...directory, userIds: [ben] })).toMatchObject({
      restored: [ben],
    });
    directory.pass(1);
    await releaseDue(directory.system);
    expect(await directory.told()).toEqual(['user_deleted deactivated anna']);
    expect(await heldIds(directory)).toEqual([]);
  });

  test('is not ended by a decision about the others, and waits for one when the breaker trips meanwhile', async () => {
    const { directory, anna, ben } = await newPair({ graceHours: 1 });
    await directory.setActive(anna, false);
    await setOperatorPolicy(directory.operator, { ...directory, choice: HOLD_ALL });
    await directory.setActive(ben, false);
    directory.pass(2 * HOUR_MS);
    await releaseDue(directory.system);
    expect(await directory.told()).toEqual([]);
    await releaseHeld(directory.operator, directory);
    expect(await directory.told()).toEqual(['user_deleted deactivated ben']);
    await releaseDue(directory.system);
    expect(await directory.told()).toEqual(['user_deleted deactivated anna']);
  });
});

describe('seats', () => {
  test('refuse who would be one too many, and free up when someone leaves', async () => {
    const directory = await newTestDirectory({}, 2);
    const anna = await directory.create('anna');
    await directory.create('ben');
    const refused = { code: 'permission_denied', errorCode: 'SEAT_LIMIT_REACHED' };
    await expect(directory.create('carla')).rejects.toMatchObject(refused);
    const carla = await directory.create('carla', { active: false });
    await expect(directory.setActive(carla, true)).rejects.toMatchObject(refused);
    await directory.setActive(anna, false);
    await directory.setActive(carla, true);
    await expect(directory.setActive(anna, true)).rejects.toMatchObject(refused);
    expect(await directory.told()).toEqual([
      'user_created anna',
      'user_created ben',
      'user_deleted deactivated anna',
      'user_created carla',
    ]);
  });

  test('are given to exactly as many as there are, however many come at once', async () => {
    const directory = await newTestDirectory({}, 150);
    const names = Array.from({ length: 170 }, (_, n) => `person-${n}`);
    const results = await Promise.allSettled(names.map((name) => directory.create(name)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(150);
    expect(await directory.seen()).toHaveLength(150);
  }, 60_000);

  test('hold who is one too many where the policy says so: the application hears of them on release, in order', async () => {
    const directory = await newTestDirectory({ seatOverflow: 'hold' }, 1);
    await directory.create('anna');
    const ben = await directory.create('ben');
    await directory.change(ben, { title: 'Lead' });
    await newGroup(directory, 'Staff', [ben]);
    expect(await directory.told()).toEqual(['user_created anna']);
    expect((await toldUsers(directory)).map(({ displayName }) => displayName)).toEqual(['anna']);
    expect(await summarizeHeld(directory.operator, directory)).toMatchObject({ isTripped: false, counts: { seat: 1 } });
    await releaseHeld(directory.operator, directory);
    expect(await directory.told()).toEqual(['user_created ben', 'user_updated ben', 'user_updated ben']);
    expect(await toldUsers(directory)).toHaveLength(2);
  });

  test('forget who was held for one and leaves again: nobody was ever told of them', async () => {
    const directory = await newTestDirectory({ seatOverflow: 'hold' }, 1);
    await directory.create('anna');
    const [ben, carla] = [await directory.create('ben'), await directory.create('carla')];
    await directory.setActive(ben, false);
    await directory.remove(carla);
    await directory.remove(ben);
    expect(await heldIds(directory)).toEqual([]);
    expect(await directory.told()).toEqual(['user_created anna']);
  });
});

describe('the policy', () => {
  const portal = (organizationId: string) =>
    newContext({ kind: 'portalSession', id: 'ps_1', linkId: 'lnk_1', organizationId, features: ['dir_sync'] });

  test('of a customer’s admin may be stricter than the operator’s, never weaker; the stricter one holds', async () => {
    const directory = await newTestDirectory({ breakerPeople: 30, graceHours: 2 });
    const admin = portal(directory.organizationId);
    const set = (choice: Parameters<typeof setAdminPolicy>[1]['choice']) =>
      setAdminPolicy(admin, { ...directory, choice });
    for (const weaker of [{ isBreakerOn: false }, { breakerPeople: 31 }, { breakerPercent: 21 }, { graceHours: 1 }]) {
      await expect(set(weaker)).rejects.toMatchObject({ code: 'invalid_argument' });
    }
    await expect(setOperatorPolicy(admin, { ...directory, choice: { canAdminsDecide: true } })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    expect((await set({ breakerPeople: 10, graceHours: 4 })).effective).toMatchObject({
      breakerPeople: 10,
      breakerPercent: 20,
      graceHours: 4,
    });
    await setOperatorPolicy(directory.operator, { ...directory, choice: { breakerPeople: 5, graceHours: 1 } });
    const { operator, admin: chosen, effective } = await getRemovalPolicy(admin, directory);
    expect([operator.breakerPeople, chosen.breakerPeople, effective.breakerPeople]).toEqual([5, 10, 5]);
    expect(effective.graceHours).toBe(4);
  });

  test('is not for other organizations, and numbers that cannot be are refused', async () => {
    const directory = await newTestDirectory();
    const stranger = portal((await newTestDirectory()).organizationId);
    await expect(getRemovalPolicy(stranger, directory)).rejects.toMatchObject({ code: 'not_found' });
    await expect(setAdminPolicy(stranger, { ...directory, choice: {} })).rejects.toMatchObject({ code: 'not_found' });
    for (const choice of [
      { breakerPercent: 101 },
      { graceHours: 1.5 },
      { breakerPeople: -1 },
      { protectedRoles: ['nope'] },
    ]) {
      const refused = setOperatorPolicy(directory.operator, { ...directory, choice });
      await expect(refused).rejects.toMatchObject({ code: 'invalid_argument' });
    }
  });

  test('lets a customer’s admin decide only where the operator allows it', async () => {
    const { directory, anna, ben } = await newPair();
    await directory.setActive(anna, false);
    await directory.setActive(ben, false);
    const admin = portal(directory.organizationId);
    for (const decide of [releaseHeld, restoreRemoved]) {
      await expect(decide(admin, directory)).rejects.toMatchObject({ code: 'permission_denied' });
    }
    expect(await canDecide(admin, directory)).toBe(false);
    await setOperatorPolicy(directory.operator, { ...directory, choice: { canAdminsDecide: true } });
    expect(await restoreRemoved(admin, { ...directory, userIds: [anna] })).toMatchObject({ restored: [anna] });
    expect(await releaseHeld(admin, directory)).toBe(1);
    const stranger = portal((await newTestDirectory()).organizationId);
    await expect(releaseHeld(stranger, directory)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('deleting', () => {
  test('a directory tells of each person and group in a run, also of who was held, and the breaker lets it', async () => {
    const { directory, anna, ben } = await newPair();
    const carla = await directory.create('carla');
    const unknown = await directory.create('dora', { active: false });
    await newGroup(directory, 'Staff', [anna, carla]);
    await directory.seen();
    await directory.setActive(anna, false);
    await directory.remove(ben);
    await deleteDirectory(directory.operator, directory);
    const [run] = (await listRuns(directory.operator, directory)).items;
    expect(run).toMatchObject({ kind: 'directory_deleted', total: 4, done: 0, finishedAt: null });
    await finishRuns(directory.system);
    expect((await directory.told()).sort()).toEqual([
      'user_deleted deleted ben',
      'user_deleted directory_deleted anna',
      'user_deleted directory_deleted carla',
    ]);
    expect(await recordedOf(unknown)).toEqual(['user_created (untold)', 'user_deleted (untold)']);
    const events = await listRecentEvents(directory.operator, { organizationId: directory.organizationId, limit: 3 });
    expect(events[0]).toMatchObject({ type: 'organization.directory.group_deleted', actor: 'operator:acc_test' });
    expect((await listRuns(directory.operator, directory)).items[0]).toMatchObject({
      done: 4,
      finishedAt: expect.any(Date),
    });
  });

  test('an organization tells of it once, and of nobody in it', async () => {
    const { directory } = await newPair();
    await deleteOrganization(directory.operator, { id: directory.organizationId });
    await finishRuns(directory.system);
    expect(await directory.told()).toEqual([]);
  });
});

describe('the last holder of a protected role', () => {
  /** Anna and ben in a group that gives the role admin, which somebody must always have. */
  async function newAdmins() {
    const { directory, anna, ben } = await newPair({});
    const { operator, organizationId } = directory;
    await createRole(operator, { organizationId, name: 'admin', displayName: 'Admin' });
    const group = await newGroup(directory, 'Admins', [anna, ben]);
    await assignRoles(operator, { ...directory, assignments: [{ groupId: group, roleName: 'admin' }] });
    await setOperatorPolicy(operator, { ...directory, choice: { protectedRoles: ['admin'] } });
    await directory.seen();
    const setMembers = (members: string[]) =>
      updateGroup(directory.system, directory, group, {
        steps: [{ kind: 'members', change: { add: members, remove: [], replace: true } }],
      });
    return { directory, anna, ben, group, setMembers };
  }

  test('is held when they leave, and not while somebody else has the role', async () => {
    const { directory, anna, ben } = await newAdmins();
    await directory.setActive(anna, false);
    expect(await directory.told()).toEqual(['user_deleted deactivated anna']);
    await directory.remove(ben);
    expect(await directory.told()).toEqual([]);
    const { items } = await listHeldPeople(directory.operator, directory);
    expect(items).toMatchObject([{ userId: ben, reason: 'last_holder', state: 'deleted', roles: ['admin'] }]);
    await releaseHeld(directory.operator, directory);
    expect(await directory.told()).toEqual(['user_deleted deleted ben']);
  });

  test('stays one of two who leave at once', async () => {
    const { directory, anna, ben } = await newAdmins();
    await Promise.all([directory.setActive(anna, false), directory.remove(ben)]);
    expect(await directory.seen()).toHaveLength(1);
    expect(await heldIds(directory)).toHaveLength(1);
  });

  test('is held when their group loses them, keeps the role for the application, and is released or put back', async () => {
    const { directory, anna, ben, group, setMembers } = await newAdmins();
    // What changes through groups is written with the database's clock.
    directory.now = new Date(Date.now() + HOUR_MS);
    await setMembers([anna]);
    expect(await directory.told()).toEqual(['user_updated ben']);
    await setMembers([]);
    expect(await directory.told()).toEqual([]);
    expect((await toldUsers(directory))[0]).toMatchObject({ id: anna, isActive: true, groups: [{ id: group }] });
    expect((await restoreRemoved(directory.operator, directory)).failed).toMatchObject([{ userId: anna }]);
    await setMembers([anna]);
    expect(await directory.told()).toEqual([]);
    expect(await heldIds(directory)).toEqual([]);
    await setMembers([]);
    await directory.change(anna, { title: 'waits too' });
    expect(await directory.told()).toEqual([]);
    await releaseHeld(directory.operator, directory);
    const seen = await directory.seen();
    expect(seen.map(({ data }) => [data['roles'], data['title']])).toEqual([
      [[], null],
      [[], 'waits too'],
    ]);
    expect((await toldUsers(directory)).map(({ id, groups }) => [id, groups])).toEqual([
      [anna, []],
      [ben, []],
    ]);
  });
});
