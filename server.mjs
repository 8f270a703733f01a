import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { prepareProcess } from './lib/core/data-folder.mjs';
import { ConfigurationError } from './lib/core/env.mjs';
import { createDoor } from './lib/core/front-door/door.mjs';
import { describeFailure } from './lib/core/front-door/failure.mjs';
import { waitForLanes } from './lib/core/front-door/lanes.mjs';

/** A failure of boot is told at once; this is for one that says nothing. A migration, or another replica's, may take long. */
const BOOT_TIMEOUT_MS = 120_000;
/** In development a restart must not wait for a page that streams. */
const GRACE_MS = process.env['NODE_ENV'] === 'development' ? 500 : 20_000;
/** Flushing logs and closing the database. */
const CLOSE_TIMEOUT_MS = 10_000;

/** @typedef {import('./lib/core/front-door/door.mjs').Door} Door */

/** @param {{certFile: string, keyFile: string}} files */
function readCertificate({ certFile, keyFile }) {
  /** @param {string} name @param {string} file */
  const read = (name, file) => {
    try {
      return fs.readFileSync(file);
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      throw new ConfigurationError([`${name} names ${file}, which cannot be read (${code}).`]);
    }
  };
  return { cert: read('GATEHOUSE_TLS_CERT_FILE', certFile), key: read('GATEHOUSE_TLS_KEY_FILE', keyFile) };
}

/** @param {Promise<unknown>} work @param {number} timeoutMs */
async function withinTime(work, timeoutMs) {
  const timeout = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`Not closed after ${timeoutMs / 1000} seconds.`)), timeoutMs).unref();
  });
  await Promise.race([work, timeout]);
}

/**
 * Prepares Next and waits until the service behind it is up.
 * @param {Readonly<import('./lib/core/env.mjs').Config>} config @param {boolean} isDev
 */
async function bootService(config, isDev) {
  // Next would attach itself to the server of the first request; given this, it attaches to something that never speaks
  // unless spoken to, and an upgrade offer stays a plain request in production.
  const upgrades = new EventEmitter();
  const publicUrl = new URL(config.publicUrl);
  const { default: next } = await import('next');
  const app = next({
    dev: isDev,
    dir: import.meta.dirname,
    // Next builds the URLs that handlers see from these: they are the public ones, whatever a Host header says.
    hostname: publicUrl.hostname,
    port: Number(publicUrl.port) || (config.isPublicUrlSecure ? 443 : 80),
    httpServer: /** @type {import('node:http').Server} */ (/** @type {unknown} */ (upgrades)),
  });
  await app.prepare();
  const lanes = await waitForLanes(BOOT_TIMEOUT_MS);
  return { app, lanes, upgrades };
}

/** @param {Readonly<import('./lib/core/env.mjs').Config>} config @param {string | undefined} setupUrl */
function announce(config, setupUrl) {
  console.log(`\n  Gatehouse is ready at ${config.publicUrl}`);
  if (setupUrl) console.log(`  Create the first operator here (works once): ${setupUrl}`);
  console.log(`  Data: ${config.databaseUrl ? 'your Postgres server' : config.dataDir}\n`);
}

async function main() {
  process.chdir(import.meta.dirname);
  Object.assign(process.env, { NODE_ENV: process.env['NODE_ENV'] ?? 'production' });
  const isDev = process.env['NODE_ENV'] === 'development';

  let isStopping = false;
  let stop = () => {};
  const stopAsked = new Promise((/** @type {(value: void) => void} */ resolve) => {
    stop = resolve;
  });
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      // A second signal means: now.
      if (isStopping) process.exit(1);
      isStopping = true;
      stop();
    });
  }

  /** @type {Readonly<import('./lib/core/env.mjs').Config> | undefined} */
  let config;
  try {
    const setup = await prepareProcess();
    config = setup.config;
    const tls = config.tls && readCertificate(config.tls);
    const { app, lanes, upgrades } = await bootService(config, isDev);
    const door = createDoor({
      host: config.host,
      port: config.port,
      publicOrigin: config.publicOrigin,
      lanes,
      // In development SCIM goes through the route handlers, which reload; the lane was built at boot and would not.
      isScimLaneOn: config.isScimLaneOn && !isDev,
      handlePage: app.getRequestHandler(),
      ...(isDev && {
        handleUpgrade: (req, socket, head) => {
          if (!upgrades.emit('upgrade', req, socket, head)) socket.destroy();
        },
      }),
      ...(tls && { tls }),
    });
    await door.listen();
    announce(config, lanes.setupUrl);
    await stopAsked;
    await door.close(GRACE_MS);
    await withinTime(
      (async () => {
        await lanes.close();
        await app.close();
      })(),
      CLOSE_TIMEOUT_MS,
    );
    setup.release();
    process.exit(0);
  } catch (error) {
    console.error(isStopping ? error : describeFailure(error, config));
    process.exit(1);
  }
}

await main();
