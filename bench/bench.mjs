import '../scripts/parts/node-version.mjs';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from '../scripts/parts/build.mjs';
import { ensureInstalled } from '../scripts/parts/install.mjs';
import { findPostgres } from '../scripts/parts/postgres.mjs';
import { ROOT } from '../scripts/parts/run.mjs';
import { Client, readPeakMb } from './load.mjs';
import { describeGoals, describeMachine, formatTable } from './report.mjs';
import { atMost, measureLargeDirectory, ON_DEMAND, SCENARIOS, Side, warmUp } from './scenarios.mjs';
import { createDatabase, createDirectory, startCeiling, startServer } from './targets.mjs';

/**
 * `npm run bench` measures everything in the short form, `npm run bench -- full` also 100,000 people, `npm run bench -- patch` one
 * scenario; `npm run bench -- deliveries` delivers 10,000 events while one of two servers is killed. A wrong answer ends it with exit code
 * 1; a goal that is not met does not.
 */

const ROUNDS = { server: 5, embedded: 3 };
const LARGE_DIRECTORY = 100_000;
const RESULT_FILE = path.join(ROOT, '.data', 'bench.json');
const TIME_LIMIT_MS = { short: 15 * 60_000, full: 60 * 60_000 };
const MEMORY_GOAL_MB = 600;

/**
 * @typedef {object} EngineResult
 * @property {string} engine
 * @property {import('./scenarios.mjs').Row[]} rows
 * @property {import('./scenarios.mjs').Goal[]} goals
 * @property {number} peakMb of the server
 * @property {number} ceilingPeakMb
 */

/** @param {string} engine @param {string | undefined} postgresUrl @param {readonly string[]} names @param {boolean} isFull @returns {Promise<EngineResult>} */
async function measureEngine(engine, postgresUrl, names, isFull) {
  const own = postgresUrl === undefined ? undefined : await createDatabase(postgresUrl);
  const ceilingOwn = postgresUrl === undefined ? undefined : await createDatabase(postgresUrl);
  const server = await startServer(own?.url);
  const ceiling = await startCeiling(ceilingOwn?.url);
  const bench = {
    server,
    ceiling,
    databaseUrl: own?.url,
    ceilingDatabaseUrl: ceilingOwn?.url,
    service: new Side('service', new Client(server, await createDirectory(server))),
    bare: new Side('ceiling', new Client(ceiling, { id: '', token: '' })),
    rounds: postgresUrl === undefined ? ROUNDS.embedded : ROUNDS.server,
    isFull,
  };
  /** @type {EngineResult} */
  const result = { engine, rows: [], goals: [], peakMb: 0, ceilingPeakMb: 0 };
  /** @param {string} name @param {(given: typeof bench) => Promise<import('./scenarios.mjs').Result>} scenario */
  const run = async (name, scenario) => {
    const startedAt = Date.now();
    const { rows, goals } = await scenario(bench);
    result.rows.push(...rows);
    // The goals are for a Postgres server.
    if (postgresUrl !== undefined) result.goals.push(...goals);
    console.log(`  ${engine}: ${name} took ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
  };
  try {
    await warmUp(bench);
    for (const name of names)
      await run(name, /** @type {(typeof SCENARIOS)[string]} */ (SCENARIOS[name] ?? ON_DEMAND[name]));
    if (isFull && postgresUrl !== undefined)
      await run('100,000 people', (given) => measureLargeDirectory(given, LARGE_DIRECTORY));
    result.peakMb = readPeakMb(server.pid);
    result.ceilingPeakMb = readPeakMb(ceiling.pid);
    if (isFull && postgresUrl !== undefined)
      result.goals.push(atMost('memory of the server after 100,000 people, MB', result.peakMb, MEMORY_GOAL_MB));
    return result;
  } finally {
    bench.service.client.close();
    bench.bare.client.close();
    await server.stop();
    await ceiling.stop();
    await own?.drop();
    await ceilingOwn?.drop();
  }
}

async function main() {
  const [argument] = process.argv.slice(2);
  const isFull = argument === 'full';
  const names = argument === undefined || isFull ? Object.keys(SCENARIOS) : [argument];
  const known = Object.keys({ ...SCENARIOS, ...ON_DEMAND });
  const unknown = names.find((name) => !known.includes(name));
  if (unknown) throw new Error(`There is no "${unknown}". Use full, or one of: ${known.join(', ')}.`);
  await ensureInstalled();
  await ensureBuilt();
  const limitMs = isFull ? TIME_LIMIT_MS.full : TIME_LIMIT_MS.short;
  setTimeout(() => {
    console.error(`Not done after ${limitMs / 60_000} minutes.`);
    process.exit(1);
  }, limitMs).unref();

  const machine = describeMachine();
  console.log(`\n  ${machine}`);
  const postgres = await findPostgres();
  if (!postgres) console.log('  NOT MEASURED: Postgres. Set TEST_DATABASE_URL, or install Postgres 15 or later.');
  /** @type {EngineResult[]} */
  const engines = [];
  /** @param {string} engine @param {string} [url] */
  const measure = async (engine, url) => {
    const result = await measureEngine(engine, url, names, isFull);
    engines.push(result);
    console.log(`\n${formatTable(result)}\n\n${describeGoals(result.goals)}`);
  };
  if (postgres) await measure('Postgres', postgres.url);
  await measure('embedded');
  await postgres?.stop();

  fs.mkdirSync(path.dirname(RESULT_FILE), { recursive: true });
  const report = { at: new Date().toISOString(), machine, loadAfter: os.loadavg(), rounds: ROUNDS, isFull, engines };
  fs.writeFileSync(RESULT_FILE, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`\n  All numbers: ${path.relative(process.cwd(), RESULT_FILE)}`);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
