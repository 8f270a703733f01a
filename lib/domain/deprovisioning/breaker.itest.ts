import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { listEvents, readAnnouncements } from '../event/queries';
import { deleteOrganization } from '../organization/commands';
import { alertHeld, releaseHeld, setOperatorPolicy } from './commands';
import { listHeldPeople, listRecentRemovals, summarizeHeld } from './queries';
import { newTestDirectory, type TestDirectory } from './testing';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let db: Database;

beforeAll(async () => {
  db = await openTestDatabase();
});

afterAll(() => db.close());

/** A directory whose people have been there for a day. */
async function newSettled(people: number, ...policy: Parameters<typeof newTestDirectory>) {
  const directory = await newTestDirectory(...policy);
  const ids = await directory.createMany(people);
  await directory.seen();
  directory.pass(24 * HOUR_MS);
  return { directory, ids };
}

const heldCount = async (directory: TestDirectory) =>
  (await summarizeHeld(directory.operator, directory)).counts.breaker;

describe('the breaker', () => {
  test('lets 25 people go within an hour and holds the 26th, however they are removed', async () => {
    const { directory, ids } = await newSettled(100);
    for (const [index, id] of ids.slice(0, 26).entries()) {
      directory.pass(1000);
      if (index % 2 === 0) await directory.setActive(id, false);
      else await directory.remove(id);
      expect(await heldCount(directory)).toBe(index < 25 ? 0 : 1);
    }
    expect(await directory.told()).toHaveLength(25);
    const { items } = await listHeldPeople(directory.operator, directory);
    expect(items).toMatchObject([{ userId: ids[25], reason: 'breaker', isToldActive: true, name: 'person-25' }]);
    expect(await listRecentRemovals(directory.operator, directory, { limit: 100 })).toHaveLength(25);
  });

  test('lets exactly 20 % go of those who were active when the hour began', async () => {
    const { directory, ids } = await newSettled(130);
    for (const id of ids.slice(0, 26)) await directory.setActive(id, false);
    expect(await heldCount(directory)).toBe(0);
    await directory.setActive(ids[26]!, false);
    expect(await heldCount(directory)).toBe(1);
    expect(await directory.told()).toHaveLength(26);
  });

  test('does not count who joined within the hour among those who were there', async () => {
    const { directory, ids } = await newSettled(100);
    directory.pass(MINUTE_MS);
    for (let n = 0; n < 60; n += 1) await directory.create(`joiner-${n}`);
    for (const id of ids.slice(0, 26)) await directory.setActive(id, false);
    expect(await heldCount(directory)).toBe(1);
  });

  test('never trips where there are too few people, nor for who is removed twice', async () => {
    const { directory, ids } = await newSettled(25);
    for (const id of ids) await directory.setActive(id, false);
    for (const id of ids) await directory.remove(id);
    expect(await heldCount(directory)).toBe(0);
    expect(await directory.told()).toHaveLength(50);
  });

  test('forgets what is more than an hour ago, and not before', async () => {
    const { directory, ids } = await newSettled(60);
    for (const id of ids.slice(0, 25)) await directory.setActive(id, false);
    directory.pass(HOUR_MS - 1000);
    await directory.setActive(ids[25]!, false);
    expect(await heldCount(directory)).toBe(1);
    const { directory: other, ids: others } = await newSettled(60);
    for (const id of others.slice(0, 25)) await other.setActive(id, false);
    other.pass(HOUR_MS);
    for (const id of others.slice(25, 50)) await other.setActive(id, false);
    expect(await heldCount(other)).toBe(0);
  });

  test('once tripped holds each further removal, also an hour later, until someone decides; then it counts anew', async () => {
    const { directory, ids } = await newSettled(100);
    for (const id of ids.slice(0, 26)) await directory.setActive(id, false);
    directory.pass(2 * HOUR_MS);
    await directory.setActive(ids[26]!, false);
    expect(await summarizeHeld(directory.operator, directory)).toMatchObject({
      isTripped: true,
      counts: { breaker: 2 },
    });
    await directory.seen();
    directory.pass(1000);
    expect(await releaseHeld(directory.operator, directory)).toBe(2);
    expect(await directory.told()).toEqual([
      'user_deleted deactivated person-25',
      'user_deleted deactivated person-26',
    ]);
    directory.pass(1000);
    for (const id of ids.slice(27, 52)) await directory.setActive(id, false);
    expect(await heldCount(directory)).toBe(0);
    await directory.setActive(ids[52]!, false);
    expect(await heldCount(directory)).toBe(1);
  });

  test('counts anew when the last was decided one by one, and not while someone is left', async () => {
    const { directory, ids } = await newSettled(100);
    for (const id of ids.slice(0, 27)) await directory.setActive(id, false);
    directory.pass(1000);
    await releaseHeld(directory.operator, { ...directory, userIds: [ids[25]!] });
    directory.pass(1000);
    await directory.setActive(ids[27]!, false);
    expect(await heldCount(directory)).toBe(2);
    directory.pass(1000);
    await releaseHeld(directory.operator, { ...directory, userIds: [ids[26]!, ids[27]!] });
    directory.pass(1000);
    await directory.setActive(ids[28]!, false);
    expect(await summarizeHeld(directory.operator, directory)).toMatchObject({
      isTripped: false,
      counts: { breaker: 0 },
    });
  });

  test('has the numbers of the policy, and can be off', async () => {
    const { directory, ids } = await newSettled(40, { breakerPeople: 2, breakerPercent: 10 });
    for (const id of ids.slice(0, 5)) await directory.setActive(id, false);
    expect(await heldCount(directory)).toBe(1);
    const { directory: other, ids: others } = await newSettled(60, { isBreakerOn: false });
    for (const id of others) await other.setActive(id, false);
    expect(await heldCount(other)).toBe(0);
  });

  test('holds from the first one too many, no earlier and no later, when removals come at once', async () => {
    const { directory, ids } = await newSettled(800);
    const leaving = ids.slice(0, 170);
    const work = leaving.map(
      (id, index) => () => (index % 3 === 0 ? directory.remove(id) : directory.setActive(id, false)),
    );
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let next = work.shift(); next; next = work.shift()) await next();
      }),
    );
    expect(await directory.seen()).toHaveLength(160);
    expect(await heldCount(directory)).toBe(10);
  }, 60_000);

  test('tells operators at once, each hour until someone decides, and again for a new case', async () => {
    const { directory, ids } = await newSettled(60);
    const { operator, system, directoryId, organizationId } = directory;
    let after: number | 'latest' = (await readAnnouncements(operator, {}, { after: 'latest', limit: 1 })).cursor;
    const alerts = async () => {
      await Promise.all([alertHeld(system), alertHeld(system)]);
      const page = await readAnnouncements(
        operator,
        { types: ['organization.directory.removals_held'] },
        { after, limit: 50 },
      );
      after = page.cursor;
      return page.events.filter((event) => event.directoryId === directoryId).map((event) => event.data);
    };
    for (const id of ids.slice(0, 25)) await directory.setActive(id, false);
    expect(await alerts()).toEqual([]);
    await directory.setActive(ids[25]!, false);
    const since = directory.now.toISOString();
    const expected = {
      id: directoryId,
      organization_id: organizationId,
      held: 1,
      reasons: { breaker: 1 },
      held_since: since,
    };
    expect(await alerts()).toMatchObject([expected]);
    directory.pass(59 * MINUTE_MS);
    expect(await alerts()).toEqual([]);
    directory.pass(MINUTE_MS);
    expect(await alerts()).toMatchObject([expected]);
    const { items } = await listEvents(operator, { organizationId, types: ['organization.directory.removals_held'] });
    expect(items.map(({ version }) => version)).toEqual([items[1]!.version + 1, items[1]!.version]);
    await releaseHeld(operator, directory);
    directory.pass(2 * HOUR_MS);
    expect(await alerts()).toEqual([]);
    await setOperatorPolicy(operator, { ...directory, choice: { breakerPeople: 0, breakerPercent: 0 } });
    await directory.setActive(ids[30]!, false);
    expect(await alerts()).toHaveLength(1);
  });

  test('tells operators at once when it trips while somebody waits for another reason, and once', async () => {
    const { directory, ids } = await newSettled(60, { seatOverflow: 'hold' }, 60);
    const { operator, system, directoryId } = directory;
    let after = (await readAnnouncements(operator, {}, { after: 'latest' })).cursor;
    const alerts = async () => {
      await alertHeld(system);
      const page = await readAnnouncements(operator, { directoryId }, { after, limit: 500 });
      after = page.cursor;
      return page.events.flatMap(({ object, data }) => (object === 'Directory' ? [data['reasons']] : []));
    };
    await directory.create('one too many');
    expect(await alerts()).toEqual([{ seat: 1 }]);
    directory.pass(MINUTE_MS);
    for (const id of ids.slice(0, 26)) await directory.setActive(id, false);
    expect(await alerts()).toEqual([{ breaker: 1, seat: 1 }]);
    directory.pass(MINUTE_MS);
    await directory.setActive(ids[26]!, false);
    expect(await alerts()).toEqual([]);
  });

  test('tells nobody of an organization that is being deleted, and of the others all the same', async () => {
    const { directory: gone, ids: leaving } = await newSettled(30);
    const { directory, ids } = await newSettled(30);
    for (const id of leaving.slice(0, 26)) await gone.setActive(id, false);
    for (const id of ids.slice(0, 26)) await directory.setActive(id, false);
    await deleteOrganization(gone.operator, { id: gone.organizationId });
    const { cursor } = await readAnnouncements(directory.operator, {}, { after: 'latest' });
    await alertHeld(directory.system);
    const { events } = await readAnnouncements(directory.operator, {}, { after: cursor });
    expect(events.map((event) => event.directoryId)).toEqual([directory.directoryId]);
  });
});
