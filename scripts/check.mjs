import './parts/node-version.mjs';

process.chdir(`${import.meta.dirname}/..`);
const { ensureInstalled } = await import('./parts/install.mjs');
const { runChecks } = await import('./parts/checks.mjs');
try {
  await ensureInstalled();
  const outcomes = await runChecks();
  process.exitCode = outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
