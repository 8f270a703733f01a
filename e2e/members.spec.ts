import { expect, test } from '@playwright/test';
import { ScalekitClient } from '@scalekit-sdk/node';
import { CLIENT_ID, CLIENT_SECRET, newDatabase, newDirectory, newFolder, startServer } from './support/server';

const POSTGRES_URL = process.env['E2E_POSTGRES_URL'];
const SAMPLES = 20;
/** Well above what it takes, which is tens of milliseconds, since tests run on busy machines. */
const LAG_LIMIT_MS = 1000;

test('whom a directory brings is a member a moment later', async () => {
  const server = await startServer({ GATEHOUSE_DATA_DIR: newFolder() });
  const directory = await newDirectory(server.origin);
  const sdk = new ScalekitClient(server.origin, CLIENT_ID, CLIENT_SECRET);
  const lags: number[] = [];
  for (let at = 1; at <= SAMPLES; at += 1) {
    const { status } = await directory.send('POST', '/Users', { userName: `user${at}@acme.com` });
    expect(status).toBe(201);
    const answeredAt = performance.now();
    const countMembers = async () => (await sdk.user.listOrganizationUsers(directory.organizationId)).totalSize;
    await expect.poll(countMembers, { intervals: [5] }).toBe(at);
    lags.push(performance.now() - answeredAt);
  }
  const median = lags.toSorted((a, b) => a - b)[SAMPLES / 2]!;
  test.info().annotations.push({ type: 'median lag', description: `${Math.round(median)} ms` });
  expect(median).toBeLessThan(LAG_LIMIT_MS);
  expect(await server.stop('SIGTERM')).toBe(0);
});

test('kill -9 leaves nobody out and makes nobody a member twice', async () => {
  test.setTimeout(180_000);
  const database = POSTGRES_URL ? await newDatabase(POSTGRES_URL) : undefined;
  const settings = { GATEHOUSE_DATA_DIR: newFolder(), ...(database && { DATABASE_URL: database.url }) };
  let server = await startServer(settings);
  const directory = await newDirectory(server.origin);
  let count = 0;
  for (let round = 0; round < 2; round += 1) {
    let acknowledged = 0;
    const writer = async () => {
      for (;;) {
        count += 1;
        const body = { userName: `user${count}@acme.com` };
        const response = await directory.send('POST', '/Users', body, server.origin).catch(() => undefined);
        if (!response) return;
        if (response.status === 201) acknowledged += 1;
      }
    };
    const writers = Array.from({ length: 4 }, writer);
    await expect.poll(() => acknowledged, { timeout: 60_000, intervals: [5] }).toBeGreaterThan(60);
    await server.stop('SIGKILL');
    await Promise.all(writers);
    server = await startServer(settings);
  }
  const sdk = new ScalekitClient(server.origin, CLIENT_ID, CLIENT_SECRET);
  const stored = await directory.send('GET', '/Users?count=0', undefined, server.origin);
  const { totalResults } = (await stored.json()) as { totalResults: number };
  expect(totalResults).toBeGreaterThan(120);
  const users: string[] = [];
  await expect
    .poll(async () => (await sdk.user.listOrganizationUsers(directory.organizationId)).totalSize, { timeout: 30_000 })
    .toBe(totalResults);
  for (let pageToken: string | undefined; pageToken !== '';) {
    const page = await sdk.user.listOrganizationUsers(directory.organizationId, { pageSize: 100, pageToken });
    users.push(...page.users.map(({ userProfile }) => userProfile!.preferredUsername));
    pageToken = page.nextPageToken;
  }
  expect(new Set(users).size).toBe(totalResults);
  expect(await server.stop('SIGTERM')).toBe(0);
  await database?.drop();
});
