import { afterAll, beforeAll, expect, test } from 'vitest';
import { newContext, systemContext } from '@/lib/core/context';
import { change, type NewEvent } from '@/lib/db/change';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { announceEvents } from './commands';
import { getEvent, listEventsOfRequest } from './queries';

let db: Database;

beforeAll(async () => {
  db = await openTestDatabase();
});

afterAll(() => db.close());

const eventOf = (resourceId: string): NewEvent => ({
  type: 'role.updated',
  object: 'Role',
  resourceId,
  version: 1,
  data: { id: resourceId },
});

test('a request’s events are found in order, those of others are not, and each knows its place once it is announced', async () => {
  const [one, other] = [systemContext('test'), systemContext('test')];
  await change(one, async () => ({ value: 0, events: [eventOf('role_1'), eventOf('role_2')] }));
  await change(other, async () => ({ value: 0, events: [eventOf('role_3')] }));
  while (await announceEvents());
  const ask = { requestId: one.requestId, startedAt: one.now(), limit: 10 };
  const found = await listEventsOfRequest(one, ask);
  expect(found.map(({ resourceId, seq, isAnnounced }) => [resourceId, seq, isAnnounced])).toEqual([
    ['role_1', 1, true],
    ['role_2', 2, true],
  ]);
  expect(await listEventsOfRequest(one, { ...ask, limit: 1 })).toHaveLength(1);
  const aDayBefore = new Date(ask.startedAt.getTime() - 86_400_000);
  expect(await listEventsOfRequest(one, { ...ask, startedAt: aDayBefore })).toEqual([]);
  expect(await getEvent(one, found[1]!.id)).toMatchObject({ resourceId: 'role_2', seq: 2, data: { id: 'role_2' } });
});

test('what is recorded only is found and has no place', async () => {
  const ctx = systemContext('test');
  await change(ctx, async () => ({ value: 0, events: [eventOf('role_4')] }));
  await db.sql.rows(`delete from event_outbox`);
  const [row] = await db.sql.rows<{ id: string }>(
    `update event set is_announced = false where resource_id = 'role_4' returning id`,
  );
  expect(await getEvent(ctx, row!.id)).toMatchObject({ isAnnounced: false, seq: null, announcedAt: null });
});

test('only managers look at single events', async () => {
  const admin = newContext({ kind: 'customerAdmin', id: 'acc_1', email: 'a@example.com', organizationId: 'org_1' });
  await expect(getEvent(admin, 'evt_1')).rejects.toMatchObject({ code: 'permission_denied' });
  await expect(getEvent(systemContext('test'), 'evt_1')).rejects.toMatchObject({ code: 'not_found' });
});
