import './parts/node-version.mjs';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ensureInstalled } from './parts/install.mjs';
import { ROOT } from './parts/run.mjs';

/** Everything else reloads by itself; these are loaded once, when the server starts. */
const RESTART_FOLDERS = ['lib/adapters/rpc', 'lib/core/front-door', 'drizzle'];
const RESTART_FILES = /^(server\.mjs|instrumentation\.ts|next\.config\.mjs|lib\/core\/[^/]+\.mjs)$/;
const TEST = /\.(test|itest)\.ts$/;
/** An editor saves in several steps. */
const SETTLE_MS = 100;

/** @type {import('node:child_process').ChildProcess | undefined} */
let server;
let isRestarting = false;
let isStopping = false;

function startServer() {
  server = spawn(process.execPath, [path.join(ROOT, 'server.mjs')], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'development' },
  });
  server.on('exit', (code) => {
    server = undefined;
    if (isStopping) process.exit(code ?? 0);
    if (isRestarting) {
      isRestarting = false;
      startServer();
    } else console.error('  The server stopped. It starts again when a file of its own changes.');
  });
}

function restart() {
  if (isStopping || isRestarting) return;
  if (!server) {
    startServer();
    return;
  }
  isRestarting = true;
  console.log('  Restarting…');
  server.kill('SIGTERM');
}

/** @type {NodeJS.Timeout | undefined} */
let settling;
/** @param {string} file */
function considerRestart(file) {
  const isOurs = RESTART_FILES.test(file) || RESTART_FOLDERS.some((folder) => file.startsWith(`${folder}/`));
  if (!isOurs || TEST.test(file)) return;
  clearTimeout(settling);
  settling = setTimeout(restart, SETTLE_MS);
}

/** @param {string} folder @param {boolean} recursive */
function watch(folder, recursive) {
  const absolute = path.join(ROOT, folder);
  if (!fs.existsSync(absolute)) return;
  fs.watch(absolute, { recursive }, (_event, name) => {
    if (name) considerRestart(path.join(folder, name).replaceAll(path.sep, '/'));
  });
}

await ensureInstalled();
watch('.', false);
watch('lib/core', false);
for (const folder of RESTART_FOLDERS) watch(folder, true);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (!server) process.exit(0);
    // A terminal has told the server already; told twice it would cut what it is doing.
    if (!isStopping && signal === 'SIGTERM') server.kill('SIGTERM');
    isStopping = true;
  });
}
startServer();
