import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { ROOT, tie } from '../scripts/parts/run.mjs';

/**
 * The processes that are measured, each with a database and a folder of its own.
 * @typedef {import('./load.mjs').Target & {stop: () => Promise<void>}} RunningTarget
 */

const READY_TIMEOUT_MS = 120_000;
const READY_POLL_MS = 100;
const CREDENTIAL = { id: 'skc_1000000000000001', secret: 'for_this_bench_only_and_nothing_else' };

/** Servers of one database share it; webhooks' secrets are sealed with it. */
export const SERVER_SECRET = 'for_this_bench_only_and_nothing_else_at_all';

/** @returns {Promise<number>} a port that was free a moment ago */
function findFreePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The settings of the person who measures must not leak into what is measured. */
function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(GATEHOUSE|SCALEKIT|NEXTAUTH|BENCH)_|^(DATABASE_URL|PORT|HOST|NODE_OPTIONS)$/.test(name),
    ),
  );
}

/**
 * @param {readonly string[]} args of node @param {Record<string, string>} settings @param {string} readyPath
 * @returns {Promise<Omit<RunningTarget, 'isBare'>>}
 */
async function start(args, settings, readyPath) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatehouse-bench-'));
  const removeFolder = () => fs.rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const port = await findFreePort();
  const child = spawn(process.execPath, [...(process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? []), ...args], {
    cwd: ROOT,
    env: {
      ...cleanEnvironment(),
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      GATEHOUSE_DATA_DIR: folder,
      BENCH_DATA_DIR: path.join(folder, 'database'),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  tie(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const givesUpAt = Date.now() + READY_TIMEOUT_MS;
  for (let isReady = false; !isReady;) {
    if (child.exitCode !== null || Date.now() > givesUpAt) throw new Error(`${args.at(-1)} did not start:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
    isReady = await fetch(`http://127.0.0.1:${port}${readyPath}`).then(
      ({ status }) => status < 500,
      () => false,
    );
  }
  return {
    pid: child.pid ?? 0,
    port,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      removeFolder();
      if (output.includes('rror')) console.log(output);
    },
  };
}

/** Starts the shipped server, in production. @param {string | undefined} databaseUrl undefined: embedded @returns {Promise<RunningTarget>} */
export async function startServer(databaseUrl) {
  const settings = {
    SCALEKIT_CLIENT_ID: CREDENTIAL.id,
    SCALEKIT_CLIENT_SECRET: CREDENTIAL.secret,
    GATEHOUSE_SECRET: SERVER_SECRET,
    GATEHOUSE_WEBHOOK_ALLOW: '127.0.0.1',
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
  };
  return { ...(await start(['server.mjs'], settings, '/healthz')), isBare: false };
}

/** Starts the ceiling. @param {string | undefined} databaseUrl undefined: embedded @returns {Promise<RunningTarget>} */
export async function startCeiling(databaseUrl) {
  const args = ['--import', './bench/typescript.mjs', path.join('bench', 'ceiling.mjs')];
  return { ...(await start(args, databaseUrl ? { BENCH_DATABASE_URL: databaseUrl } : {}, '/')), isBare: true };
}

/** Starts the ceiling of the management API. @param {string | undefined} databaseUrl undefined: embedded @returns {Promise<RunningTarget>} */
export async function startApiCeiling(databaseUrl) {
  const args = ['--import', './bench/typescript.mjs', path.join('bench', 'api-ceiling.mjs')];
  return { ...(await start(args, databaseUrl ? { BENCH_DATABASE_URL: databaseUrl } : {}, '/')), isBare: true };
}

const DATABASE_PREFIX = 'gatehouse_bench_';
/** Longer than any run takes. */
const LEFTOVER_AGE_MS = 2 * 3_600_000;

/** @param {string} url @param {(client: import('postgres').Sql) => Promise<unknown>} work */
async function onServer(url, work) {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/**
 * A database of its own on the Postgres server at `url`. What runs that were interrupted have left there is dropped.
 * @param {string} url
 */
export async function createDatabase(url) {
  const name = `${DATABASE_PREFIX}${Date.now()}_${randomBytes(6).toString('hex')}`;
  const drop = (/** @type {import('postgres').Sql} */ client, /** @type {string} */ database) =>
    client.unsafe(`drop database if exists ${database} with (force)`);
  await onServer(url, async (client) => {
    const found = await client.unsafe(`select datname from pg_database where datname like '${DATABASE_PREFIX}%'`);
    for (const { datname } of found) {
      const madeAt = Number(String(datname).split('_')[2]);
      if (madeAt < Date.now() - LEFTOVER_AGE_MS) await drop(client, String(datname));
    }
    await client.unsafe(`create database ${name}`);
  });
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.toString(), drop: () => onServer(url, (client) => drop(client, name)) };
}

/**
 * Switches the breaker of a directory off, as an operator may: with it, a fifth of the people removed within an hour is held back, and what is
 * measured is the holding. @param {string} databaseUrl @param {string} directoryId
 */
export function switchBreakerOff(databaseUrl, directoryId) {
  return onServer(databaseUrl, async (client) => {
    // The ceiling has people without a directory.
    await client`insert into directory(id, organization_id, name, type, provider, is_enabled, status, attribute_mappings, created_at, updated_at)
      values (${directoryId}, 'org_bench', 'Bench', 'SCIM', 'okta', true, 'COMPLETED', '[]', now(), now()) on conflict do nothing`;
    await client`insert into removal_policy(directory_id, operator_choice, admin_choice, is_breaker_on, updated_at)
      values (${directoryId}, '{}', '{}', false, now()) on conflict (directory_id) do update set is_breaker_on = false`;
  });
}

/** An access token of the management API. @param {import('./load.mjs').Target} target @returns {Promise<string>} */
export async function fetchToken({ port }) {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: CREDENTIAL.id,
    client_secret: CREDENTIAL.secret,
  });
  const { access_token: token } = await post(`http://127.0.0.1:${port}/oauth/token`, form, {});
  return token;
}

/**
 * Makes a directory through the management API.
 * @param {import('./load.mjs').Target} target @returns {Promise<{organizationId: string, id: string, token: string}>}
 */
export async function createDirectory(target) {
  const origin = `http://127.0.0.1:${target.port}`;
  const token = await fetchToken(target);
  const call = (/** @type {string} */ address, /** @type {object} */ body) =>
    post(`${origin}/api/v1${address}`, JSON.stringify(body), {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    });
  const { organization } = await call('/organizations', { display_name: 'Acme' });
  const below = `/organizations/${organization.id}/directories`;
  const { directory } = await call(below, { directory_type: 'SCIM', directory_provider: 'OKTA' });
  const { plain_secret: secret } = await call(`${below}/${directory.id}/secrets`, {});
  return { organizationId: organization.id, id: directory.id, token: secret };
}

/** @param {string} url @param {BodyInit} body @param {Record<string, string>} headers */
async function post(url, body, headers) {
  const response = await fetch(url, { method: 'POST', body, headers });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

/**
 * Puts people into a directory without HTTP, as copies of `template`, which was created by it: for what only needs them to be there.
 * @param {string} databaseUrl @param {{directoryId: string, id: string, name: string}} template @param {number} count
 * @returns {Promise<string[]>} their ids, in order
 */
export async function copyPeople(databaseUrl, { directoryId, id, name }, count) {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  const rows = await client.unsafe(
    `insert into dir_user select copy.* from dir_user u, generate_series(1, $4::int) n,
       jsonb_populate_record(null::dir_user, replace(to_jsonb(u)::text, $3::text, $3::text || '-' || n)::jsonb
         || jsonb_build_object('id', 'diruser_' || lpad((substr(u.id, 9)::numeric + n)::text, 21, '0'))) copy
     where u.directory_id = $1::text and u.id = $2::text returning id`,
    [directoryId, id, name, count],
  );
  await client.unsafe('vacuum analyze dir_user');
  await client.end();
  return rows.map((row) => String(row['id'])).sort();
}
