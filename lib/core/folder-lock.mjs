import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * One process per data folder. Two processes on one embedded database lose data without any error, so this is the guard.
 *
 * A lock is a numbered file in `<folder>/lock`; the highest number holds. A file appears complete (it is linked from a
 * finished one), so nobody reads half of it. Taking over from a dead holder means creating the next number, which only one
 * of several racing processes can do; nothing is ever replaced or moved, so a slow racer cannot remove a living lock.
 * Release writes "released" into the file instead of deleting it, so that numbers only grow.
 *
 * @typedef {object} Holder
 * @property {number} pid
 * @property {string} bootId Changes when the machine restarts: a repeated pid is then somebody else.
 * @property {string} pidNamespace Containers repeat pids; a pid can be checked only from its own namespace.
 * @property {string} startedAt Start of the process in clock ticks since boot: a reused pid has another one.
 * @property {boolean} [released]
 *
 * @typedef {{number: number, holder: Holder | undefined, touchedAt: number}} Sighting
 */

/** The holder touches its file this often while it lives. */
const HEARTBEAT_MS = 5_000;
/** A holder that cannot be asked (another container or machine) counts as gone after this long without a touch. */
const SILENCE_MS = 30_000;
const POLL_MS = 500;

/** Thrown when another living process uses the data folder. */
export class FolderInUseError extends Error {
  /** @param {string} folder @param {Holder} holder */
  constructor(folder, holder) {
    super(
      `Gatehouse did not start: another server (process ${holder.pid}) already uses the data folder ${folder}. ` +
        'Stop it first, or set GATEHOUSE_DATA_DIR to another folder. ' +
        'To run several servers side by side, give them one Postgres server by DATABASE_URL.',
    );
    this.name = 'FolderInUseError';
  }
}

/** @param {() => string} read */
function readOrEmpty(read) {
  try {
    return read().trim();
  } catch {
    // Not Linux, or hidden from this user: the other facts must do.
    return '';
  }
}

/** The start of a process in clock ticks since boot, or '' where the system does not tell. @param {number} pid */
function startTimeOf(pid) {
  const stat = readOrEmpty(() => fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name in parentheses and may hold anything; the start is the 20th field after it.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** @returns {Holder} */
export function describeThisProcess() {
  return {
    pid: process.pid,
    bootId: readOrEmpty(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    pidNamespace: readOrEmpty(() => fs.readlinkSync('/proc/self/ns/pid')),
    startedAt: startTimeOf(process.pid),
  };
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * What can be said about a holder now: it lives, it is gone, or only its silence will tell.
 * @param {Sighting} seen @param {Sighting | undefined} first the earliest sighting of this wait
 * @param {Holder} self @param {number} silenceMs
 * @returns {'alive' | 'gone' | 'unknown'}
 */
function judge(seen, first, self, silenceMs) {
  const { holder, touchedAt } = seen;
  if (holder?.released) return 'gone';
  if (holder && holder.bootId === self.bootId && holder.pidNamespace === self.pidNamespace) {
    return isSameProcess(holder, touchedAt) ? 'alive' : 'gone';
  }
  if (Date.now() - touchedAt > silenceMs) return 'gone';
  return holder && first?.number === seen.number && first.touchedAt !== touchedAt ? 'alive' : 'unknown';
}

/**
 * Whether the process that wrote the lock still runs: its pid exists and was not given to another one since.
 * @param {Holder} holder @param {number} touchedAt
 */
function isSameProcess(holder, touchedAt) {
  if (!isAlive(holder.pid)) return false;
  const startedAt = startTimeOf(holder.pid);
  if (startedAt !== '' && holder.startedAt !== '') return startedAt === holder.startedAt;
  return touchedAt > Date.now() - os.uptime() * 1000;
}

/** @param {string} text @returns {Holder | undefined} */
function parseHolder(text) {
  try {
    const value = JSON.parse(text);
    return Number.isInteger(value?.pid) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Creates `file` with its whole content at once; false if it exists. @param {string} file @param {string} content */
function createWhole(file, content) {
  const draft = `${file}.${randomBytes(6).toString('hex')}.draft`;
  fs.writeFileSync(draft, content, { mode: 0o600 });
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    return createWithoutLinks(file, content, error);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** For file systems without hard links. @param {string} file @param {string} content @param {unknown} linkError */
function createWithoutLinks(file, content, linkError) {
  const code = /** @type {NodeJS.ErrnoException} */ (linkError).code ?? '';
  if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'].includes(code)) throw linkError;
  try {
    fs.writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** Numbers of the lock files, ascending. @param {string} dir */
function listNumbers(dir) {
  return fs
    .readdirSync(dir)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .toSorted((a, b) => a - b);
}

/**
 * The holder by that number and when it last gave a sign of life; undefined if the file is gone.
 * @param {string} dir @param {number} number
 * @returns {Sighting | undefined}
 */
function inspect(dir, number) {
  const file = path.join(dir, String(number));
  try {
    const holder = parseHolder(fs.readFileSync(file, 'utf8'));
    return { number, holder, touchedAt: fs.statSync(file).mtimeMs };
  } catch (error) {
    // Cleaned up by a newer holder between listing and reading.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Tries to become number `next`. Having linked the file is not enough: a process that fell asleep after listing may link a
 * number that was used and cleaned up meanwhile, and then a higher one exists.
 * @param {string} dir @param {number} next @param {Holder} self
 */
export function claim(dir, next, self) {
  const file = path.join(dir, String(next));
  if (!createWhole(file, JSON.stringify(self))) return false;
  const numbers = listNumbers(dir);
  if (numbers.some((number) => number > next)) {
    fs.rmSync(file, { force: true });
    return false;
  }
  for (const number of numbers) if (number < next) fs.rmSync(path.join(dir, String(number)), { force: true });
  return true;
}

/**
 * Takes the lock of a data folder, waiting up to half a minute for a holder that only silence can tell from a dead one
 * (another container, another machine, a restart of this one).
 * @param {string} folder
 * @param {object} [options]
 * @param {Holder} [options.self] who takes it; tests pretend to be others
 * @param {number} [options.silenceMs]
 * @param {() => void} [options.onWait] called once if it has to wait
 * @param {() => void} [options.onLost] called if another process took over although this one lives
 * @returns {Promise<{release: () => void}>} `release` may be called more than once
 * @throws {FolderInUseError}
 */
export async function lockFolder(folder, options = {}) {
  const { self = describeThisProcess(), silenceMs = SILENCE_MS } = options;
  const dir = path.join(folder, 'lock');
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  /** @type {Sighting | undefined} */
  let first;
  for (;;) {
    const highest = listNumbers(dir).at(-1) ?? 0;
    const seen = highest === 0 ? undefined : inspect(dir, highest);
    if (highest > 0 && !seen) continue;
    const verdict = seen ? judge(seen, first, self, silenceMs) : 'gone';
    if (verdict === 'gone') {
      if (claim(dir, highest + 1, self)) return keepLock(dir, highest + 1, self, options.onLost);
      continue;
    }
    if (seen?.holder && verdict === 'alive') throw new FolderInUseError(folder, seen.holder);
    if (!first) options.onWait?.();
    first ??= seen;
    await wait(POLL_MS);
  }
}

/** @param {string} dir @param {number} number @param {Holder} self @param {(() => void) | undefined} onLost */
function keepLock(dir, number, self, onLost) {
  const file = path.join(dir, String(number));
  let isHeld = true;
  const heartbeat = setInterval(() => {
    try {
      if (listNumbers(dir).some((other) => other > number)) {
        clearInterval(heartbeat);
        isHeld = false;
        onLost?.();
        return;
      }
      const now = new Date();
      fs.utimesSync(file, now, now);
    } catch {
      // The folder is away for a moment or was removed: either way nobody else can have taken it over.
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    release() {
      clearInterval(heartbeat);
      if (!isHeld) return;
      isHeld = false;
      try {
        fs.writeFileSync(file, JSON.stringify({ ...self, released: true }));
      } catch {
        // The folder is gone, and the lock with it.
      }
    },
  };
}
