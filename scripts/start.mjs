import './parts/node-version.mjs';

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
await import('../server.mjs');
