import { spawn } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/**
 * @typedef {object} RunResult
 * @property {boolean} isOk
 * @property {string} output standard output and error, as they came
 */

/** Children to end when this process is ended. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM']);
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 };

process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

/** @param {NodeJS.Signals} signal */
function exitBySignal(signal) {
  process.exit(SIGNAL_EXIT_CODES[/** @type {keyof typeof SIGNAL_EXIT_CODES} */ (signal)]);
}

/**
 * Ends a child with this process, for as long as it runs; between children signals are somebody else's business.
 * @param {import('node:child_process').ChildProcess} child
 */
export function tie(child) {
  if (running.size === 0) for (const signal of SIGNALS) process.on(signal, exitBySignal);
  running.add(child);
  const untie = () => {
    if (!running.delete(child) || running.size > 0) return;
    for (const signal of SIGNALS) process.off(signal, exitBySignal);
  };
  child.on('close', untie).on('error', untie);
}

/**
 * Runs a program and keeps what it says.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{env?: Record<string, string | undefined>}} [options] `env` is laid over the environment; undefined removes
 * @returns {Promise<RunResult>} also when the program cannot be started
 */
export function run(command, args, { env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && !path.isAbsolute(command),
    });
    tie(child);
    let output = '';
    const keep = (/** @type {string} */ chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => {
      keep(`${error.message}\n`);
      resolve({ isOk: false, output });
    });
    child.on('close', (code) => resolve({ isOk: code === 0, output }));
  });
}

/**
 * Runs a program of an installed package by its script, which is quicker than npx and needs no shell.
 * @param {string} script below node_modules @param {readonly string[]} args @param {{env?: Record<string, string | undefined>}} [options]
 */
export function runPackage(script, args, options) {
  return run(process.execPath, [path.join(ROOT, 'node_modules', script), ...args], options);
}

/** @param {number} startedAt */
function elapsed(startedAt) {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
}

/**
 * Shows that a long step is being worked on, with the seconds on a terminal, and then how long it took.
 * @template T
 * @param {string} title such as "Installing packages"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function showProgress(title, work) {
  const startedAt = Date.now();
  const isTerminal = process.stdout.isTTY;
  if (!isTerminal) console.log(`  ${title}…`);
  const draw = () => process.stdout.write(`\r  ${title}… ${Math.round((Date.now() - startedAt) / 1000)} s`);
  const timer = isTerminal ? setInterval(draw, 1000) : undefined;
  if (isTerminal) draw();
  try {
    const result = await work();
    console.log(`${isTerminal ? '\r' : ''}  ${title}: done in ${elapsed(startedAt)}`);
    return result;
  } catch (error) {
    console.log(`${isTerminal ? '\r' : ''}  ${title}: failed after ${elapsed(startedAt)}`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {string} [output] shown when something failed
 * @property {string} [note] shown behind the counts
 */

/**
 * Runs one step of the tests and prints one line about it, and what it said if it failed.
 * @param {string} title @param {() => Promise<Outcome>} work
 * @returns {Promise<Outcome>} a step that throws has failed
 */
export async function runStep(title, work) {
  const startedAt = Date.now();
  /** @type {Outcome} */
  let outcome;
  try {
    outcome = await work();
  } catch (error) {
    outcome = { passed: 0, failed: 1, output: error instanceof Error ? error.message : String(error) };
  }
  const { passed, failed, output = '', note } = outcome;
  const mark = failed > 0 ? 'FAILED' : 'ok';
  const counts = passed + failed > 1 ? `${passed} passed${failed > 0 ? `, ${failed} failed` : ''}` : '';
  const line = [mark.padEnd(7), title.padEnd(44), elapsed(startedAt).padStart(8), counts, note ? `(${note})` : ''];
  console.log(line.join(' ').trimEnd());
  if (failed > 0) console.log(`\n${output.trim()}\n`);
  return outcome;
}

/** A step that either works or does not. @param {RunResult} result @returns {Outcome} */
export function asOutcome({ isOk, output }) {
  return { passed: isOk ? 1 : 0, failed: isOk ? 0 : 1, output };
}
