import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claim, describeThisProcess, FolderInUseError, lockFolder } from './folder-lock.mjs';

const MODULE = path.join(import.meta.dirname, 'folder-lock.mjs');
const self = describeThisProcess();
let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatehouse-lock-'));
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Another process that waits for the word, tries to take the lock, says "won" or "refused", and then stays alive. */
function startRival() {
  const code = `
    import { lockFolder } from ${JSON.stringify(MODULE)};
    console.log('ready');
    process.stdin.once('data', () =>
      lockFolder(process.argv[1]).then(() => console.log('won'), (error) => console.log('refused ' + error.name)));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  return { child, next, go: () => child.stdin.write('go\n') };
}

async function startHolder() {
  const rival = startRival();
  await rival.next();
  rival.go();
  expect(await rival.next()).toBe('won');
  return rival;
}

function lockDir() {
  return path.join(folder, 'lock');
}

function writeLock(number: number, holder: object, ageMs = 0) {
  fs.mkdirSync(lockDir(), { recursive: true });
  const file = path.join(lockDir(), String(number));
  fs.writeFileSync(file, JSON.stringify(holder));
  const touchedAt = new Date(Date.now() - ageMs);
  fs.utimesSync(file, touchedAt, touchedAt);
  return file;
}

describe('lockFolder', () => {
  it('refuses a second living process and says what to do', async () => {
    const holder = await startHolder();
    const attempt = lockFolder(folder);
    await expect(attempt).rejects.toBeInstanceOf(FolderInUseError);
    await expect(attempt).rejects.toThrow(`process ${holder.child.pid}`);
    await expect(attempt).rejects.toThrow(/Stop it first, or set GATEHOUSE_DATA_DIR/);
  });

  it('is taken over at once after the holder was killed', async () => {
    const holder = await startHolder();
    holder.child.kill('SIGKILL');
    await once(holder.child, 'exit');
    const startedAt = Date.now();
    const lock = await lockFolder(folder, { onWait: () => expect.unreachable('waited') });
    expect(Date.now() - startedAt).toBeLessThan(400);
    lock.release();
  });

  it('has exactly one winner when several processes find a dead holder at the same moment', async () => {
    writeLock(7, { ...self, pid: 2 ** 22 + 1 });
    const rivals = Array.from({ length: 6 }, startRival);
    await Promise.all(rivals.map((rival) => rival.next()));
    for (const rival of rivals) rival.go();
    const results = await Promise.all(rivals.map((rival) => rival.next()));
    expect(results.toSorted()).toEqual([...Array(5).fill('refused FolderInUseError'), 'won']);
    expect(fs.readdirSync(lockDir())).toEqual(['8']);
  });

  it('is not won by a process that fell asleep between looking and taking', () => {
    writeLock(9, self);
    expect(claim(lockDir(), 8, { ...self, pid: 1 })).toBe(false);
    expect(fs.readdirSync(lockDir())).toEqual(['9']);
  });

  it('is free again after release, and numbers only grow', async () => {
    const first = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toBeInstanceOf(FolderInUseError);
    first.release();
    first.release();
    const second = await lockFolder(folder);
    expect(fs.readdirSync(lockDir())).toEqual(['2']);
    second.release();
  });

  it('is stale when its pid now belongs to another process', async () => {
    writeLock(1, { ...self, startedAt: '1' });
    (await lockFolder(folder)).release();
  });

  it('is stale when another machine or container has not touched it for long', async () => {
    writeLock(1, { ...self, bootId: 'earlier' }, 60_000);
    (await lockFolder(folder, { onWait: () => expect.unreachable('waited') })).release();
  });

  it('waits for a holder of another container to fall silent', async () => {
    writeLock(1, { ...self, pidNamespace: 'pid:[1]' });
    let waits = 0;
    const lock = await lockFolder(folder, { silenceMs: 300, onWait: () => (waits += 1) });
    expect(waits).toBe(1);
    lock.release();
  });

  it('refuses while a holder of another container gives signs of life', async () => {
    const file = writeLock(1, { ...self, pidNamespace: 'pid:[1]' });
    const attempt = lockFolder(folder, { onWait: () => fs.utimesSync(file, new Date(), new Date(Date.now() + 1000)) });
    await expect(attempt).rejects.toBeInstanceOf(FolderInUseError);
  });
});
