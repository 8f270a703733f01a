import { hkdfSync, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { ConfigurationError, readEnvironment } from './env.mjs';
import { lockFolder } from './folder-lock.mjs';

/**
 * @typedef {object} DataFolder
 * @property {string} secret The installation's secret; every key is derived from it.
 * @property {() => void} release Gives the folder back. May be called more than once.
 *
 * @typedef {object} ProcessSetup
 * @property {Readonly<import('./env.mjs').Config>} config
 * @property {string} secret
 * @property {() => void} release
 *
 * @typedef {{folders: Map<string, Promise<DataFolder>>, setup?: Promise<ProcessSetup>, ready?: ProcessSetup}} Store
 */

const SECRET_BYTES = 32;
const STORE = Symbol.for('gatehouse.process');

/**
 * The front door and the bundle that Next builds each have their own copy of this module; what must exist once per process
 * lives on globalThis.
 * @returns {Store}
 */
function store() {
  const holder = /** @type {{[STORE]?: Store}} */ (/** @type {unknown} */ (globalThis));
  return (holder[STORE] ??= { folders: new Map() });
}

/** @param {unknown} error */
function reasonOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code ?? String(error);
}

/** @param {string} dataDir */
function makeWritable(dataDir) {
  const probe = path.join(dataDir, `.write-test-${randomBytes(6).toString('hex')}`);
  try {
    fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    fs.writeFileSync(probe, '');
    fs.rmSync(probe);
  } catch (error) {
    throw new ConfigurationError([
      `GATEHOUSE_DATA_DIR is ${dataDir}, which cannot be written (${reasonOf(error)}). ` +
        'Give this user write access to it, or choose another folder.',
    ]);
  }
}

/**
 * The kept secret, made on first use. Linking a finished file means that of two first starts one wins and both read the same.
 * @param {string} dataDir
 */
function keepSecret(dataDir) {
  const file = path.join(dataDir, 'secret');
  if (!fs.existsSync(file)) {
    const draft = `${file}.${randomBytes(6).toString('hex')}.draft`;
    fs.writeFileSync(draft, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`, { mode: 0o600, flush: true });
    try {
      fs.linkSync(draft, file);
    } catch {
      // Either another start was faster, or there are no hard links here.
      if (!fs.existsSync(file)) fs.copyFileSync(draft, file, fs.constants.COPYFILE_EXCL);
    } finally {
      fs.rmSync(draft, { force: true });
    }
  }
  const secret = fs.readFileSync(file, 'utf8').trim();
  if (secret.length < SECRET_BYTES) {
    throw new ConfigurationError([
      `GATEHOUSE_SECRET is not set and the kept one in ${file} is damaged. ` +
        'Restore that file from a backup: what it sealed cannot be read without it.',
    ]);
  }
  if ((fs.statSync(file).mode & 0o077) !== 0) fs.chmodSync(file, 0o600);
  return secret;
}

/** Ends the process: it would write to a database that somebody else has open. */
function stopAfterLoss() {
  console.error(
    'Another server took over the data folder while this one was not responding. Stopping to protect the data.',
  );
  process.exit(1);
}

/**
 * @param {{dataDir: string, embedded: boolean, secret?: string}} options
 * @returns {Promise<DataFolder>}
 */
async function open({ dataDir, embedded, secret }) {
  // With a Postgres server and a given secret nothing is kept on disk, so a read-only machine will do.
  if (!embedded && secret !== undefined) return { secret, release: () => undefined };
  makeWritable(dataDir);
  const lock = embedded
    ? await lockFolder(dataDir, {
        onWait: () => console.error('The data folder may still be in use elsewhere. Waiting up to 40 seconds…'),
        onLost: stopAfterLoss,
      })
    : { release: () => undefined };
  try {
    return { secret: secret ?? keepSecret(dataDir), release: lock.release };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Makes the data folder (mode 0700), takes its lock if the embedded database lives in it, and reads or makes the secret
 * (mode 0600). Opening the same folder again in this process gives the same answer.
 * @param {{dataDir: string, embedded: boolean, secret?: string}} options `secret` replaces the kept one
 * @returns {Promise<DataFolder>}
 * @throws {ConfigurationError} if the folder cannot be written
 * @throws {import('./folder-lock.mjs').FolderInUseError} if another living process holds it
 */
export function openDataFolder(options) {
  const { folders } = store();
  const known = folders.get(options.dataDir);
  if (known) return known;
  const opening = open(options).then(({ secret, release }) => ({
    secret,
    release() {
      folders.delete(options.dataDir);
      release();
    },
  }));
  opening.catch(() => folders.delete(options.dataDir));
  folders.set(options.dataDir, opening);
  return opening;
}

/**
 * A key for one purpose, so that a leaked derived key opens nothing else.
 * @param {string} secret @param {string} purpose
 * @returns {string} 32 bytes in base64url
 */
export function deriveKey(secret, purpose) {
  return Buffer.from(hkdfSync('sha256', secret, 'gatehouse', purpose, SECRET_BYTES)).toString('base64url');
}

/** A port that was free a moment ago. @param {string} host @returns {Promise<number>} */
function findFreePort(host) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** @returns {Promise<ProcessSetup>} */
async function prepare() {
  let config = readEnvironment(process.env);
  if (config.port === 0) {
    // Links and cookies are made from the public address, so the port must be known before anything is built from it.
    process.env['PORT'] = String(await findFreePort(config.host));
    config = readEnvironment(process.env);
  }
  const { dataDir, databaseUrl } = config;
  const { secret, release } = await openDataFolder({ dataDir, embedded: !databaseUrl, secret: config.secret });
  process.env['NEXTAUTH_URL'] = config.publicUrl;
  process.env['NEXTAUTH_SECRET'] = deriveKey(secret, 'next-auth');
  process.env['NEXT_TELEMETRY_DISABLED'] = '1';
  process.env['NEXT_MANUAL_SIG_HANDLE'] = 'true';
  // A crash leaves the lock as well, but then the next start may have to wait to be sure that nobody holds it.
  process.once('exit', release);
  const setup = Object.freeze({ config, secret, release });
  store().ready = setup;
  return setup;
}

/**
 * Reads the environment and opens the data folder, once per process however often and from wherever it is called, and sets
 * the environment variables that Next and next-auth read.
 * @returns {Promise<ProcessSetup>}
 * @throws {ConfigurationError} for wrong settings, and an Error during `next build`, which must not touch the data
 */
export function prepareProcess() {
  if (process.env['NEXT_PHASE'] === 'phase-production-build') {
    return Promise.reject(new Error('The data folder is not opened during a build.'));
  }
  const kept = store();
  if (!kept.setup) {
    const preparing = prepare();
    kept.setup = preparing;
    preparing.catch(() => {
      kept.setup = undefined;
    });
  }
  return kept.setup;
}

/**
 * What `prepareProcess` gave, for code that runs after boot.
 * @returns {ProcessSetup}
 * @throws {Error} before boot
 */
export function processSetup() {
  const { ready } = store();
  if (!ready) throw new Error('The process is not set up yet: prepareProcess() comes first.');
  return ready;
}
