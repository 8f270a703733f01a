import fs from 'node:fs';
import path from 'node:path';
import { asOutcome, ROOT, run, runPackage, runStep } from './run.mjs';

async function checkTypes() {
  // The types of routes are made from the folders of app/, so that they hold without a build and are never those of an old one.
  if (fs.existsSync(path.join(ROOT, 'app'))) {
    const generated = await runPackage('next/dist/bin/next', ['typegen'], { env: { NEXT_TELEMETRY_DISABLED: '1' } });
    if (!generated.isOk) return generated;
  }
  return runPackage('typescript/bin/tsc', ['--noEmit', '--pretty', 'false', '-p', 'tsconfig.check.json']);
}

/** @type {readonly (readonly [string, () => Promise<import('./run.mjs').RunResult>])[]} */
const CHECKS = [
  ['types', checkTypes],
  ['lint', () => runPackage('oxlint/bin/oxlint', ['--deny-warnings'])],
  ['layers', () => run(process.execPath, [path.join(import.meta.dirname, 'layers.mjs')])],
  ['format', () => runPackage('prettier/bin/prettier.cjs', ['--check', '--cache', '--log-level', 'warn', '.'])],
];

/**
 * Types, lint, layers and format, side by side; none of them writes a file that another reads.
 * @returns {Promise<import('./run.mjs').Outcome[]>}
 */
export function runChecks() {
  return Promise.all(CHECKS.map(([title, check]) => runStep(title, async () => asOutcome(await check()))));
}
