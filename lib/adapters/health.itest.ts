import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { publishLanes } from '@/lib/core/front-door/lanes.mjs';
import { type Database, useDatabase } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { isDatabaseAnswering, isReadyToServe } from './health';

let db: Database;

beforeAll(async () => {
  db = await openTestDatabase();
});

beforeEach(() => useDatabase(db));

afterAll(() => db.close());

test('a database that is not open, fails or hangs does not answer', async () => {
  expect(await isDatabaseAnswering()).toBe(true);
  useDatabase({ ...db, sql: { rows: () => Promise.reject(new Error('connection refused')) } });
  expect(await isDatabaseAnswering()).toBe(false);
  useDatabase({ ...db, sql: { rows: () => new Promise(() => undefined) } });
  expect(await isDatabaseAnswering(5)).toBe(false);
  useDatabase(undefined);
  expect(await isDatabaseAnswering()).toBe(false);
});

test('the service is ready when boot has ended, not before, and not without its database', async () => {
  expect(await isReadyToServe()).toBe(false);
  publishLanes({ rpc: () => undefined, scim: () => undefined, isReady: () => true, close: () => Promise.resolve() });
  expect(await isReadyToServe()).toBe(true);
  useDatabase(undefined);
  expect(await isReadyToServe()).toBe(false);
});
