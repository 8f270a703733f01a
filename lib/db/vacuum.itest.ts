import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from './handle';
import { openTestDatabase } from './testing';
import { vacuumChangedTables } from './vacuum';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

test('the embedded database is vacuumed where it changed, once; a server is left to do it by itself', async () => {
  await db.sql.rows('create table "odd Name"(id int primary key, text text)');
  await db.sql.rows(`insert into "odd Name" select n, 'x' from generate_series(1, 2000) n`);
  await db.sql.rows(`update "odd Name" set text = 'y'`);
  if (db.engine === 'server') {
    expect(await vacuumChangedTables()).toEqual([]);
    return;
  }
  expect(await vacuumChangedTables()).toContain('"odd Name"');
  const [statistics] = await db.sql.rows<{ dead: number; rows: number }>(
    `select s.n_dead_tup::int as dead, c.reltuples::int as rows
     from pg_stat_user_tables s join pg_class c on c.oid = s.relid where c.relname = 'odd Name'`,
  );
  expect(statistics).toEqual({ dead: 0, rows: 2000 });
  expect(await vacuumChangedTables()).not.toContain('"odd Name"');
});
