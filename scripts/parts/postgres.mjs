import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { tie } from './run.mjs';

/**
 * A Postgres server for the integration tests: the one that `TEST_DATABASE_URL` names, one that answers on this machine, or
 * one that is started from installed binaries and thrown away.
 * @typedef {{url: string, origin: string, stop: () => Promise<void>}} TestServer
 */

const LOCAL_URL = 'postgres://postgres@127.0.0.1:5432/postgres';
const OLDEST_VERSION = 150_000;
const CONNECT_TIMEOUT_SECONDS = 3;
const START_TIMEOUT_MS = 30_000;
const START_POLL_MS = 100;
/** Postgres refuses to run as root. The first is made by Debian's package, the second is everywhere. */
const UNPRIVILEGED_USERS = ['postgres', 'nobody'];

/** Why the server at `url` cannot be used; undefined if it can. @param {string} url @returns {Promise<string | undefined>} */
async function findObstacle(url) {
  const { default: postgres } = await import('postgres');
  const client = postgres(url, { max: 1, connect_timeout: CONNECT_TIMEOUT_SECONDS, onnotice: () => undefined });
  try {
    const [row] = await client`
      select current_setting('server_version_num')::int as version,
        (select rolcreatedb or rolsuper from pg_roles where rolname = current_user) as may_create`;
    if (row?.['version'] < OLDEST_VERSION) return 'it is older than Postgres 15';
    return row?.['may_create'] ? undefined : 'its user may not create databases';
  } catch (error) {
    const { message, code } = /** @type {NodeJS.ErrnoException} */ (error);
    return code ?? message;
  } finally {
    await client.end({ timeout: 1 });
  }
}

/** Folders with `initdb` and `postgres`, the newest version first. */
function listBinaryFolders() {
  const parents = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];
  const versioned = parents
    .filter((parent) => fs.existsSync(parent))
    .flatMap((parent) => fs.readdirSync(parent).map((name) => path.join(parent, name, 'bin')))
    .toSorted((a, b) => Number(/\d+/.exec(b)?.[0] ?? 0) - Number(/\d+/.exec(a)?.[0] ?? 0));
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter);
  return [...versioned, '/usr/local/pgsql/bin', ...onPath].filter(
    (folder) => fs.existsSync(path.join(folder, 'initdb')) && fs.existsSync(path.join(folder, 'postgres')),
  );
}

/** The user to run Postgres as; undefined means this one, null that there is none to be. */
function findUnprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of UNPRIVILEGED_USERS) {
    try {
      const idOf = (/** @type {string} */ flag) =>
        Number(execFileSync('id', [flag, name], { stdio: 'pipe' }).toString());
      return { uid: idOf('-u'), gid: idOf('-g') };
    } catch {
      // No such user here.
    }
  }
  return null;
}

/** @returns {Promise<number>} */
function findFreePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a server of its own from the first installed binaries that will do; undefined if there are none.
 * @returns {Promise<TestServer | undefined>}
 */
export async function startThrowaway() {
  const user = findUnprivilegedUser();
  if (user === null) return undefined;
  for (const binaries of listBinaryFolders()) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatehouse-postgres-'));
    const removeFolder = () => fs.rmSync(folder, { recursive: true, force: true });
    const options = { cwd: folder, ...user };
    try {
      if (user) fs.chownSync(folder, user.uid, user.gid);
      const data = path.join(folder, 'data');
      const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
      execFileSync(path.join(binaries, 'initdb'), init, { ...options, stdio: 'pipe' });
      const port = await findFreePort();
      const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
      const child = spawn(path.join(binaries, 'postgres'), ['-D', data, ...settings.flatMap((s) => ['-c', s])], {
        ...options,
        stdio: 'ignore',
      });
      tie(child);
      process.on('exit', removeFolder);
      const stop = () =>
        new Promise((/** @type {(value: void) => void} */ resolve) => {
          child.on('close', () => {
            removeFolder();
            resolve();
          });
          // Fast shutdown: sessions are ended.
          if (!child.kill('SIGINT')) resolve();
        });
      const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
      const givesUpAt = Date.now() + START_TIMEOUT_MS;
      while (Date.now() < givesUpAt && child.exitCode === null) {
        if ((await findObstacle(url)) === undefined) return { url, origin: `started from ${binaries}`, stop };
        await wait(START_POLL_MS);
      }
      await stop();
    } catch {
      removeFolder();
    }
  }
  return undefined;
}

/**
 * @returns {Promise<TestServer | undefined>} undefined if there is no Postgres server to be had
 * @throws {Error} if `TEST_DATABASE_URL` is set but cannot be used
 */
export async function findPostgres() {
  const given = process.env['TEST_DATABASE_URL'];
  const stop = async () => undefined;
  if (given) {
    const obstacle = await findObstacle(given);
    if (obstacle) throw new Error(`The server that TEST_DATABASE_URL names cannot be used: ${obstacle}.`);
    return { url: given, origin: 'TEST_DATABASE_URL', stop };
  }
  if ((await findObstacle(LOCAL_URL)) === undefined) return { url: LOCAL_URL, origin: 'on 127.0.0.1:5432', stop };
  return startThrowaway();
}
