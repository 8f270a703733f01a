import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';

const READY_TIMEOUT_MS = 60_000;
export const CLIENT_ID = 'skc_1000000000000001';
export const CLIENT_SECRET = 'test_secret_for_process_tests_only';

/** A server of its own, for tests that end it in unkind ways. */
export interface TestServer {
  readonly origin: string;
  readonly process: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Sends a signal and waits for the end. Resolves to the exit code, null when a signal ended it. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** A port that was free a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const folders: string[] = [];
const children: ChildProcess[] = [];
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is removed when the test process ends. */
export function newFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gatehouse-process-'));
  folders.push(folder);
  return folder;
}

/** The environment of a server: this process's own without any setting of ours. */
function cleanEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(GATEHOUSE|SCALEKIT|NEXTAUTH|E2E)_|^(DATABASE_URL|PORT|HOST)$/.test(name),
    ),
  );
}

/** Starts `server.mjs` with these settings and does not wait for anything. */
export function spawnServer(settings: Record<string, string>): TestServer {
  const port = settings['PORT'] ?? '0';
  const child = spawn(process.execPath, ['server.mjs'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    env: { ...cleanEnvironment(), NODE_ENV: 'production', HOST: '127.0.0.1', ...settings } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  children.push(child);
  return {
    origin: `http://127.0.0.1:${port}`,
    process: child,
    output: () => output,
    stop(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/** Waits for a server to end by itself. */
export async function waitForExit(server: TestServer): Promise<number | null> {
  if (server.process.exitCode !== null) return server.process.exitCode;
  return new Promise((resolve) => server.process.once('exit', resolve));
}

/** Starts a server with an API credential and waits until it is ready to serve. */
export async function startServer(settings: Record<string, string>): Promise<TestServer> {
  const server = spawnServer({
    PORT: String(await findFreePort()),
    SCALEKIT_CLIENT_ID: CLIENT_ID,
    SCALEKIT_CLIENT_SECRET: CLIENT_SECRET,
    ...settings,
  });
  const givesUpAt = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    if (server.process.exitCode !== null) throw new Error(`The server ended while starting:\n${server.output()}`);
    const isReady = await fetch(`${server.origin}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return server;
    if (Date.now() > givesUpAt) throw new Error(`The server was not ready in time:\n${server.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A database of its own on the Postgres server at `url`, dropped when the test process is done with it. */
export async function newDatabase(
  url: string,
): Promise<{ url: string; run(statement: string): Promise<void>; drop(): Promise<void> }> {
  const name = `gatehouse_e2e_${randomBytes(6).toString('hex')}`;
  const run = async (statement: string) => {
    const client = postgres(url, { max: 1, onnotice: () => undefined });
    await client.unsafe(statement.replaceAll('$name', name));
    await client.end();
  };
  await run('create database $name');
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.toString(), run, drop: () => run('drop database $name with (force)') };
}

/** A directory made through the management API, and a client for its SCIM endpoint. */
export async function newDirectory(origin: string): Promise<{
  organizationId: string;
  directoryId: string;
  token: string;
  send(method: string, path: string, body?: unknown, at?: string): Promise<Response>;
}> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
  });
  const { access_token } = (await (await fetch(`${origin}/oauth/token`, { method: 'POST', body: form })).json()) as {
    access_token: string;
  };
  const post = async <T>(address: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${origin}/api/v1${address}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<T>;
  };
  const { organization } = await post<{ organization: { id: string } }>('/organizations', { display_name: 'Acme' });
  const { directory } = await post<{ directory: { id: string } }>(`/organizations/${organization.id}/directories`, {
    directory_type: 'SCIM',
    directory_provider: 'OKTA',
  });
  const secret = await post<{ plain_secret: string }>(
    `/organizations/${organization.id}/directories/${directory.id}/secrets`,
  );
  return {
    organizationId: organization.id,
    directoryId: directory.id,
    token: secret.plain_secret,
    send: (method, address, body, at = origin) =>
      fetch(`${at}/scim/v2/${directory.id}${address}`, {
        method,
        headers: { authorization: `Bearer ${secret.plain_secret}`, 'content-type': 'application/scim+json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
  };
}
