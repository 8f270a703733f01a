import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { openEmbedded, openServer, useDatabase, type Database } from './handle';
import { migrate } from './migrate';

/**
 * A fresh, migrated database that becomes the process's own: embedded in memory, or on the server that
 * `GATEHOUSE_TEST_DATABASE` names, where it is dropped by `close`.
 */
export async function openTestDatabase(): Promise<Database> {
  const target = process.env['GATEHOUSE_TEST_DATABASE'];
  const db = target && target !== 'embedded' ? await createOnServer(target) : await openEmbedded(undefined);
  await migrate(db);
  await db.sql.rows('select maintain_exchange_partitions(2, 30)');
  useDatabase(db);
  return db;
}

async function createOnServer(url: string): Promise<Database> {
  const name = `gatehouse_test_${randomBytes(6).toString('hex')}`;
  await onServer(url, `create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const db = await openServer(own.toString());
  return {
    ...db,
    async close() {
      useDatabase(undefined);
      await db.close();
      await onServer(url, `drop database ${name} with (force)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  await client.unsafe(statement);
  await client.end();
}
