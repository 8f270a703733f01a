import './parts/node-version.mjs';

const PARENT_CHECK_MS = 500;

/** npm passes a SIGTERM on to the shell that it started, and not every shell passes it on: the server would outlive its `npm start`. */
function stopWithNpm() {
  if (!process.env['npm_lifecycle_event']) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}

process.chdir(`${import.meta.dirname}/..`);
Object.assign(process.env, { NODE_ENV: 'production' });

try {
  // Wrong settings and a data folder in use are found before minutes go into installing and building.
  const { prepareProcess } = await import('../lib/core/data-folder.mjs');
  const { ensureInstalled } = await import('./parts/install.mjs');
  const { ensureBuilt } = await import('./parts/build.mjs');
  await prepareProcess();
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
stopWithNpm();
await import('../server.mjs');
