import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newContext, systemContext } from '@/lib/core/context';
import { newId } from '@/lib/core/id';
import { change, type NewEvent } from '@/lib/db/change';
import type { Database, Tx } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { announceEvents } from './commands';
import { readAnnouncements } from './queries';

let db: Database;
const ctx = systemContext('test');

beforeAll(async () => {
  db = await openTestDatabase();
});

afterAll(() => db.close());

beforeEach(async () => {
  await db.sql.rows('delete from event_outbox');
});

const eventOf = (resourceId: string, version = 1): NewEvent => ({
  type: 'role.updated',
  object: 'Role',
  resourceId,
  version,
  data: { id: resourceId },
});

async function insert(tx: Tx, resourceId: string, version: number, isAnnounced = true): Promise<string> {
  const id = newId('event');
  await tx.sql.rows(
    `insert into event(id, type, object, resource_id, version, data, actor, request_id, is_announced)
     values ($1::text, 'role.updated', 'Role', $2::text, $3::bigint, '{}', 'system:test', 'req_test', $4::boolean)`,
    [id, resourceId, version, isAnnounced],
  );
  return id;
}

async function readAfter(after: number): Promise<{ ids: string[]; cursor: number }> {
  const ids: string[] = [];
  for (let cursor = after; ;) {
    const page = await readAnnouncements(ctx, {}, { after: cursor, limit: 7 });
    ids.push(...page.events.map((event) => event.id));
    cursor = page.cursor;
    if (!page.hasMore) return { ids, cursor };
  }
}

const headNow = async () => (await readAnnouncements(ctx, {}, { after: 'latest' })).cursor;

describe('the order of announcements', () => {
  test('has what was committed before the call, without gaps', async () => {
    const start = await headNow();
    await change(ctx, async () => ({ value: 0, events: Array.from({ length: 20 }, (_, at) => eventOf(`role_${at}`)) }));
    const { events } = await readAnnouncements(ctx, {}, { after: start });
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, at) => start + at + 1));
    expect(events.map(({ resourceId }) => resourceId)).toEqual(Array.from({ length: 20 }, (_, at) => `role_${at}`));
  });

  test('leaves out what is recorded only, and has it once it is put in the outbox', async () => {
    const start = await headNow();
    const held = await db.begin((tx) => insert(tx, 'role_held', 1, false));
    const told = await db.begin((tx) => insert(tx, 'role_told', 1));
    expect((await readAfter(start)).ids).toEqual([told]);
    await db.sql.rows(
      `with released as (update event set is_announced = true where id = $1::text returning n)
       insert into event_outbox select n from released`,
      [held],
    );
    expect((await readAfter(start)).ids).toEqual([told, held]);
  });

  test('is the same for any number of replicas that number at once', async () => {
    const start = await headNow();
    for (let round = 0; round < 5; round += 1) {
      await change(ctx, async () => ({ value: 0, events: [eventOf('role_a'), eventOf('role_b')] }));
      await Promise.all(Array.from({ length: 4 }, () => announceEvents()));
    }
    const { events } = await readAnnouncements(ctx, {}, { after: start });
    expect(events.map(({ seq }) => seq - start)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('can be narrowed, and a filter that matches nothing still moves on', async () => {
    const start = await headNow();
    await change(ctx, async () => ({
      value: 0,
      events: [
        { ...eventOf('role_1'), type: 'role.created', organizationId: 'org_1' },
        { ...eventOf('role_2'), type: 'role.updated', organizationId: 'org_2', directoryId: 'dir_2' },
      ],
    }));
    const read = async (filter: Parameters<typeof readAnnouncements>[1]) =>
      (await readAnnouncements(ctx, filter, { after: start })).events.map(({ resourceId }) => resourceId);
    expect(await read({ types: ['role.created'] })).toEqual(['role_1']);
    expect(await read({ organizationId: 'org_2' })).toEqual(['role_2']);
    expect(await read({ directoryId: 'dir_2', types: [] })).toEqual(['role_2']);
    for (const types of [['role.deleted'], ['no.such_type']]) {
      expect(await readAnnouncements(ctx, { types }, { after: start })).toEqual({
        events: [],
        cursor: start + 2,
        hasMore: false,
      });
    }
  });

  test('refuses a cursor that it has not reached', async () => {
    const head = await headNow();
    await expect(readAnnouncements(ctx, {}, { after: head + 1 })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  test('is open to managers, and of one organization to its own people', async () => {
    const admin = newContext({ kind: 'customerAdmin', id: 'acc_1', email: 'a@example.com', organizationId: 'org_1' });
    await expect(readAnnouncements(admin, {}, { after: 0 })).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(readAnnouncements(admin, { organizationId: 'org_2' }, { after: 0 })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(readAnnouncements(admin, { organizationId: 'org_1' }, { after: 0 })).resolves.toBeDefined();
  });
});

const WRITERS = 16;
const WRITES_EACH = 25;
/** More than one of the pool's twelve connections must stay for the reader. */
const HELD_OPEN = 8;

test(`a reader that polls while ${WRITERS} writers commit out of order sees every event exactly once`, async () => {
  const start = await headNow();
  const written = new Set<string>();
  const open: (() => void)[] = [];
  let running = 0;
  // A transaction takes its place by `n` and then stays open while others, begun later, commit. The embedded engine has one connection,
  // so there a writer can only wait for its turn.
  const holdOpen = async () => {
    if (db.engine === 'embedded' || running >= HELD_OPEN) return;
    running += 1;
    await new Promise<void>((resolve) => {
      open.push(resolve);
      if (open.length > HELD_OPEN / 2) open.splice(Math.floor(open.length / 2), 1)[0]?.();
    });
    running -= 1;
  };
  let isWriting = true;
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let at = 1; at <= WRITES_EACH; at += 1) {
      const id = await db.begin(async (tx) => {
        const made = await insert(tx, `role_w${writer}`, at);
        await holdOpen();
        return made;
      });
      written.add(id);
    }
  });
  // Whoever still waits when the others are done is let go one by one.
  const letGo = setInterval(() => open.shift()?.(), 2);
  const allWritten = Promise.all(writers).finally(() => {
    isWriting = false;
    clearInterval(letGo);
  });
  const seen: string[] = [];
  const order: string[] = [];
  let cursor = start;
  for (let isLast = false; !isLast;) {
    isLast = !isWriting;
    const page = await readAnnouncements(ctx, {}, { after: cursor, limit: 50 });
    for (const event of page.events) {
      seen.push(event.id);
      order.push(`${event.resourceId}:${event.version}`);
    }
    cursor = page.cursor;
    isLast &&= !page.hasMore;
  }
  await allWritten;
  expect(seen).toHaveLength(WRITERS * WRITES_EACH);
  expect(new Set(seen)).toEqual(written);
  for (let writer = 0; writer < WRITERS; writer += 1) {
    const own = order.filter((entry) => entry.startsWith(`role_w${writer}:`));
    expect(own).toEqual(Array.from({ length: WRITES_EACH }, (_, at) => `role_w${writer}:${at + 1}`));
  }
});
