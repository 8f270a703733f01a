import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemContext } from '@/lib/core/context';
import { change } from './change';
import { asDate, type Database } from './handle';
import { migrate } from './migrate';
import { openTestDatabase } from './testing';

let db: Database;

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

test('both engines give the same types: bigint and times as text, jsonb parsed', async () => {
  const at = new Date('2026-02-03T04:05:06.789Z');
  const [row] = await db.sql.rows<{ n: string; at: string; doc: unknown; list: string[]; none: null }>(
    `select 9007199254740993::bigint as n, $1::timestamptz(3) as at, $2::text::jsonb as doc, $3::text[] as list, $4::text as none`,
    [at, '{"a":[1,null,"ü"]}', ['a,b', '"', 'NULL', ''], null],
  );
  expect(row).toMatchObject({
    n: '9007199254740993',
    doc: { a: [1, null, 'ü'] },
    list: ['a,b', '"', 'NULL', ''],
    none: null,
  });
  expect(asDate(row!.at)).toEqual(at);
});

test('a change writes its state and its events, or neither', async () => {
  const ctx = systemContext('test');
  const work = change(ctx, async (tx) => {
    await tx.sql.rows(`insert into installation(id, created_at) values ('env_1', now())`);
    const event = { type: 't', object: 'O', resourceId: 'r', version: 1, data: {} };
    // The second event repeats nothing, but its version is no number the column takes.
    return { value: 1, events: [event, { ...event, version: Number.NaN }] };
  });
  await expect(work).rejects.toThrow();
  expect(await db.sql.rows('select 1 from installation')).toEqual([]);
  expect(await db.sql.rows('select 1 from event')).toEqual([]);
});

test('a migrated database is left as it is by the next start', async () => {
  expect(await migrate(db)).toBe(0);
});

test('on the embedded engine a query beside its transaction fails instead of waiting for ever', async () => {
  if (db.engine !== 'embedded') return;
  await expect(db.begin(() => db.sql.rows('select 1'))).rejects.toThrow('past its transaction');
  await expect(db.begin(() => db.orm.execute('select 1').then(() => undefined))).rejects.toThrow();
  expect(await db.sql.rows('select 1 as one')).toEqual([{ one: 1 }]);
});
