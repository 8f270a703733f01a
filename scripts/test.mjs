import './parts/node-version.mjs';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBrowser } from './parts/browser.mjs';
import { ensureBuilt } from './parts/build.mjs';
import { runChecks } from './parts/checks.mjs';
import { ensureInstalled } from './parts/install.mjs';
import { findPostgres } from './parts/postgres.mjs';
import { readPlaywrightReport, readVitestReport } from './parts/reports.mjs';
import { runPackage, runStep } from './parts/run.mjs';

/**
 * `npm test` runs everything; `npm test -- unit lib/scim` runs one part, narrowed to the files whose path holds the rest.
 * @typedef {import('./parts/run.mjs').Outcome} Outcome
 */

/** Said just before the last line, where nobody overlooks it. @type {string[]} */
const warnings = [];
const PARTS = ['check', 'unit', 'browser'];
const reports = fs.mkdtempSync(path.join(os.tmpdir(), 'gatehouse-test-'));
process.on('exit', () => fs.rmSync(reports, { recursive: true, force: true }));

/** Settings of the person who runs the tests must not leak into them. */
const CLEAN_ENV = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(GATEHOUSE|SCALEKIT|NEXTAUTH)_|^(DATABASE_URL|PORT|HOST|NODE_ENV)$/.test(name))
    .map((name) => [name, undefined]),
);

/** @param {string} name @param {readonly string[]} projects @param {string} database @param {readonly string[]} filters */
async function runVitest(name, projects, database, filters) {
  const file = path.join(reports, `${name}.json`);
  const args = ['run', ...projects.flatMap((project) => ['--project', project]), ...filters];
  args.push('--reporter=default', '--reporter=json', `--outputFile.json=${file}`);
  const env = { ...CLEAN_ENV, GATEHOUSE_TEST_DATABASE: database };
  return readVitestReport(file, await runPackage('vitest/vitest.mjs', args, { env }), filters.length > 0);
}

/** @typedef {Awaited<ReturnType<typeof findPostgres>>} Postgres */

/** @param {readonly string[]} filters @param {Postgres | Error} server @returns {Promise<Outcome[]>} */
async function runUnit(filters, server) {
  const outcomes = [
    await runStep('unit and integration, embedded database', () =>
      runVitest('embedded', ['unit', 'integration'], 'embedded', filters),
    ),
  ];
  if (!server) {
    warnings.push(
      'NOT RUN: the integration tests on a Postgres server, because there is none. Set TEST_DATABASE_URL, or install Postgres 15 or later.',
    );
    return outcomes;
  }
  if (server instanceof Error) {
    outcomes.push({ passed: 0, failed: 1 });
    console.log(`FAILED  ${server.message}`);
    return outcomes;
  }
  outcomes.push(
    await runStep(`integration, Postgres ${server.origin}`, () =>
      runVitest('server', ['integration'], server.url, filters),
    ),
  );
  return outcomes;
}

/** @param {readonly string[]} filters @param {Postgres | Error} server @returns {Promise<Outcome[]>} */
async function runBrowser(filters, server) {
  const browser = await ensureBrowser();
  const build = await runStep('build', async () => {
    await ensureBuilt();
    return { passed: 1, failed: 0 };
  });
  if (build.failed > 0) return [build];
  const file = path.join(reports, 'browser.json');
  const env = {
    ...CLEAN_ENV,
    CHROMIUM_PATH: browser,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    // Tests that start servers of their own run them on this one too.
    E2E_POSTGRES_URL: server && !(server instanceof Error) ? server.url : undefined,
  };
  const tests = await runStep('browser', async () =>
    readPlaywrightReport(
      file,
      await runPackage('@playwright/test/cli.js', ['test', '--reporter=list,json', ...filters], { env }),
      filters.length > 0,
    ),
  );
  return [build, tests];
}

async function main() {
  const [first = '', ...rest] = process.argv.slice(2);
  const part = PARTS.includes(first) ? first : undefined;
  if (first && !part) throw new Error(`There is no part "${first}". Use one of: ${PARTS.join(', ')}.`);
  const isWanted = (/** @type {string} */ name) => part === undefined || part === name;

  await ensureInstalled();
  // Before minutes of other tests: without a browser the run cannot succeed.
  if (isWanted('browser')) await ensureBrowser();

  const needsServer = isWanted('unit') || isWanted('browser');
  const server = needsServer ? await findPostgres().catch((/** @type {Error} */ error) => error) : undefined;
  /** @type {Outcome[]} */
  const outcomes = [];
  if (isWanted('check')) outcomes.push(...(await runChecks()));
  if (isWanted('unit')) outcomes.push(...(await runUnit(rest, server)));
  if (isWanted('browser')) outcomes.push(...(await runBrowser(rest, server)));
  if (server && !(server instanceof Error)) await server.stop();
  return outcomes;
}

/** @type {Outcome[]} */
let outcomes;
try {
  outcomes = await main();
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  outcomes = [{ passed: 0, failed: 1 }];
}
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
for (const warning of warnings) console.log(`\n${warning}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
