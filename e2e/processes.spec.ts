import { expect, test } from '@playwright/test';
import { ScalekitClient } from '@scalekit-sdk/node';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  findFreePort,
  newDatabase,
  newDirectory,
  newFolder,
  spawnServer,
  startServer,
  waitForExit,
} from './support/server';

const POSTGRES_URL = process.env['E2E_POSTGRES_URL'];

/** Each engine that this machine has: a folder, and a database on the Postgres server if there is one. */
const ENGINES: readonly {
  name: string;
  open(): Promise<{ settings: Record<string, string>; close(): Promise<void> }>;
}[] = [
  {
    name: 'the embedded database',
    open: async () => ({ settings: { GATEHOUSE_DATA_DIR: newFolder() }, close: async () => undefined }),
  },
  ...(POSTGRES_URL
    ? [
        {
          name: 'a Postgres server',
          async open() {
            const database = await newDatabase(POSTGRES_URL);
            return { settings: { GATEHOUSE_DATA_DIR: newFolder(), DATABASE_URL: database.url }, close: database.drop };
          },
        },
      ]
    : []),
];

for (const engine of ENGINES) {
  test(`kill -9 during writes loses no acknowledged write, on ${engine.name}`, async () => {
    test.setTimeout(180_000);
    const { settings, close } = await engine.open();
    const first = await startServer(settings);
    const directory = await newDirectory(first.origin);
    const acknowledged: string[] = [];
    let count = 0;
    const writer = async () => {
      for (;;) {
        count += 1;
        const userName = `user${count}@acme.com`;
        const response = await directory.send('POST', '/Users', { userName }).catch(() => undefined);
        if (!response) return;
        if (response.status === 201) acknowledged.push(userName);
      }
    };
    const writers = Array.from({ length: 4 }, writer);
    await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(60);
    await first.stop('SIGKILL');
    await Promise.all(writers);

    const second = await startServer(settings);
    const found = new Set<string>();
    for (let startIndex = 1; ; startIndex += 100) {
      const response = await directory.send(
        'GET',
        `/Users?startIndex=${startIndex}&count=100`,
        undefined,
        second.origin,
      );
      const page = (await response.json()) as { totalResults: number; Resources: { userName: string }[] };
      for (const user of page.Resources) found.add(user.userName);
      if (startIndex + 100 > page.totalResults) break;
    }
    expect(acknowledged.filter((userName) => !found.has(userName))).toEqual([]);
    expect(await second.stop('SIGTERM')).toBe(0);
    await close();
  });
}

test('a second server on the same data folder is refused with what to do, and the first goes on', async () => {
  const folder = newFolder();
  const first = await startServer({ GATEHOUSE_DATA_DIR: folder });
  const second = spawnServer({ PORT: String(await findFreePort()), GATEHOUSE_DATA_DIR: folder });
  expect(await waitForExit(second)).toBe(1);
  expect(second.output()).toContain(folder);
  expect(second.output()).toMatch(/already|in use/i);
  expect((await fetch(`${first.origin}/healthz`)).status).toBe(200);
  expect(await first.stop('SIGTERM')).toBe(0);
});

test('SIGTERM answers what is in flight, writes the log and exits 0', async () => {
  const folder = newFolder();
  const server = await startServer({ GATEHOUSE_DATA_DIR: folder });
  const directory = await newDirectory(server.origin);
  const answers = Array.from({ length: 10 }, (_, i) =>
    directory.send('POST', '/Users', { userName: `u${i}@acme.com` }),
  );
  await answers[0];
  const exit = server.stop('SIGTERM');
  const statuses = await Promise.all(answers.map(async (answer) => (await answer.catch(() => undefined))?.status));
  // One whose connection was not accepted before the signal may be refused, but none is cut off half-way.
  expect(statuses.filter((status) => status === 201).length).toBeGreaterThan(0);
  expect(await exit).toBe(0);
});

test('every wrong setting is named in one message, and nothing starts', async () => {
  const server = spawnServer({
    PORT: 'many',
    GATEHOUSE_URL: 'not a url',
    DATABASE_URL: 'mysql://x',
    GATEHOUSE_DATA_DIR: newFolder(),
  });
  expect(await waitForExit(server)).toBe(1);
  for (const name of ['PORT', 'GATEHOUSE_URL', 'DATABASE_URL']) expect(server.output()).toContain(name);
  expect(server.output()).not.toContain('    at ');
});

test('a database that is down at boot ends the start with one clear message', async () => {
  const port = await findFreePort();
  const server = spawnServer({
    PORT: String(await findFreePort()),
    GATEHOUSE_DATA_DIR: newFolder(),
    DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none`,
  });
  expect(await waitForExit(server)).toBe(1);
  expect(server.output()).toMatch(/database/i);
});

if (POSTGRES_URL) {
  test('a database that goes away later is told in the protocol’s own shape, and the process recovers', async () => {
    test.setTimeout(120_000);
    const database = await newDatabase(POSTGRES_URL);
    const server = await startServer({ GATEHOUSE_DATA_DIR: newFolder(), DATABASE_URL: database.url });
    const directory = await newDirectory(server.origin);
    expect((await directory.send('GET', '/Users')).status).toBe(200);
    await database.run('alter database $name with allow_connections false');
    await database.run(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '$name'`);
    const lost = await directory.send('POST', '/Users', { userName: 'ann@acme.com' });
    expect(lost.status).toBe(503);
    expect(await lost.json()).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '503',
    });
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(503);
    await database.run('alter database $name with allow_connections true');
    await expect.poll(async () => (await directory.send('GET', '/Users')).status, { timeout: 30_000 }).toBe(200);
    expect(await server.stop('SIGTERM')).toBe(0);
    await database.drop();
  });

  test('50 parallel one-member adds from two processes leave 50 members', async () => {
    test.setTimeout(120_000);
    const database = await newDatabase(POSTGRES_URL);
    const settings = { DATABASE_URL: database.url, GATEHOUSE_SECRET: 'a secret that both replicas share, long enough' };
    // Both start at once: migrations wait for each other.
    const [one, two] = await Promise.all([
      startServer({ ...settings, GATEHOUSE_DATA_DIR: newFolder() }),
      startServer({ ...settings, GATEHOUSE_DATA_DIR: newFolder() }),
    ]);
    const directory = await newDirectory(one.origin);
    const newId = async (response: Response) => ((await response.json()) as { id: string }).id;
    const users: string[] = [];
    for (let i = 0; i < 50; i += 1)
      users.push(await newId(await directory.send('POST', '/Users', { userName: `u${i}@acme.com` })));
    const group = await newId(await directory.send('POST', '/Groups', { displayName: 'Everyone' }));
    const statuses = await Promise.all(
      users.map(async (value, i) => {
        const body = { Operations: [{ op: 'add', path: 'members', value: [{ value }] }] };
        return (await directory.send('PATCH', `/Groups/${group}`, body, i % 2 ? one.origin : two.origin)).status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([204]));
    const read = (await (await directory.send('GET', `/Groups/${group}`, undefined, two.origin)).json()) as {
      members: unknown[];
    };
    expect(read.members).toHaveLength(50);
    expect(await Promise.all([one.stop('SIGTERM'), two.stop('SIGTERM')])).toEqual([0, 0]);
    await database.drop();
  });

  test('60 removals at once through two processes trip the breaker at the 26th, and no other', async () => {
    test.setTimeout(120_000);
    const database = await newDatabase(POSTGRES_URL);
    const settings = { DATABASE_URL: database.url, GATEHOUSE_SECRET: 'a secret that both replicas share, long enough' };
    const [one, two] = await Promise.all([
      startServer({ ...settings, GATEHOUSE_DATA_DIR: newFolder() }),
      startServer({ ...settings, GATEHOUSE_DATA_DIR: newFolder() }),
    ]);
    const directory = await newDirectory(one.origin);
    const users: string[] = [];
    for (let i = 0; i < 80; i += 1) {
      const response = await directory.send('POST', '/Users', { userName: `u${i}@acme.com` });
      users.push(((await response.json()) as { id: string }).id);
    }
    const statuses = await Promise.all(
      users.slice(0, 60).map(async (id, i) => {
        const origin = i % 2 ? one.origin : two.origin;
        const body = { Operations: [{ op: 'replace', value: { active: false } }] };
        return i % 3
          ? (await directory.send('PATCH', `/Users/${id}`, body, origin)).status
          : (await directory.send('DELETE', `/Users/${id}`, undefined, origin)).status;
      }),
    );
    expect(statuses.every((status) => status === 200 || status === 204)).toBe(true);
    const sdk = new ScalekitClient(one.origin, CLIENT_ID, CLIENT_SECRET);
    const listed = await sdk.directory.listDirectoryUsers(directory.organizationId, directory.directoryId, {
      pageSize: 100,
      includeDetail: true,
    });
    const pending = listed.users.filter((user) => user.userDetail?.['removal_pending_since'] !== undefined);
    // Of those who left, 25 were told of, and 35 wait for a decision.
    expect(pending).toHaveLength(35);
    expect(await Promise.all([one.stop('SIGTERM'), two.stop('SIGTERM')])).toEqual([0, 0]);
    await database.drop();
  });
}
