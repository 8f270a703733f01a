import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deriveKey, openDataFolder } from './data-folder.mjs';

const run = promisify(execFile);
let root: string;
let dataDir: string;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'gatehouse-data-'));
  dataDir = path.join(root, 'nested', 'data');
});

afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** Runs `code` in its own process, where `prepareProcess` may set variables and keep the folder. */
async function runAlone(code: string, env: Record<string, string>) {
  const script = `import * as folder from ${JSON.stringify(path.join(import.meta.dirname, 'data-folder.mjs'))};\n${code}`;
  const options = { env: { NODE_ENV: 'test' as const, PATH: process.env['PATH'] ?? '', ...env }, cwd: root };
  return run(process.execPath, ['--input-type=module', '-e', script], options);
}

describe('openDataFolder', () => {
  it('makes the folder for its owner only, and a secret that only the owner reads', async () => {
    const folder = await openDataFolder({ dataDir, embedded: true });
    expect(fs.statSync(dataDir).mode & 0o777).toBe(0o700);
    const file = path.join(dataDir, 'secret');
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(Buffer.from(fs.readFileSync(file, 'utf8').trim(), 'base64url')).toHaveLength(32);
    expect(folder.secret).toBe(fs.readFileSync(file, 'utf8').trim());
    folder.release();
  });

  it('keeps the secret between starts and closes a file that was left open to others', async () => {
    const first = await openDataFolder({ dataDir, embedded: true });
    first.release();
    fs.chmodSync(path.join(dataDir, 'secret'), 0o644);
    const second = await openDataFolder({ dataDir, embedded: true });
    expect(second.secret).toBe(first.secret);
    expect(fs.statSync(path.join(dataDir, 'secret')).mode & 0o777).toBe(0o600);
    second.release();
  });

  it('gives the same answer twice in one process', async () => {
    const both = await Promise.all([
      openDataFolder({ dataDir, embedded: true }),
      openDataFolder({ dataDir, embedded: true }),
    ]);
    expect(both[0]).toBe(both[1]);
    both[0].release();
  });

  it('names GATEHOUSE_DATA_DIR when the folder cannot be written', async () => {
    fs.writeFileSync(path.join(root, 'nested'), 'a file where a folder should be');
    await expect(openDataFolder({ dataDir, embedded: true })).rejects.toThrow(/GATEHOUSE_DATA_DIR.*cannot be written/);
    fs.rmSync(path.join(root, 'nested'));
    (await openDataFolder({ dataDir, embedded: true })).release();
  });

  it('refuses a damaged secret instead of making a new one that opens nothing', async () => {
    fs.mkdirSync(dataDir, { recursive: true });
    fs.writeFileSync(path.join(dataDir, 'secret'), 'short');
    await expect(openDataFolder({ dataDir, embedded: true })).rejects.toThrow(/damaged/);
    expect(fs.readFileSync(path.join(dataDir, 'secret'), 'utf8')).toBe('short');
  });

  it('needs no folder when the secret is given and the data is on a server', async () => {
    const given = 'x'.repeat(40);
    expect((await openDataFolder({ dataDir, embedded: false, secret: given })).secret).toBe(given);
    expect(fs.existsSync(dataDir)).toBe(false);
  });

  it('takes no lock when the data is on a server, so that replicas may share the folder', async () => {
    const folder = await openDataFolder({ dataDir, embedded: false });
    expect(fs.readdirSync(dataDir)).toEqual(['secret']);
    folder.release();
  });
});

describe('prepareProcess', () => {
  it('sets the process up once, and for every copy of the module', async () => {
    const { stdout } = await runAlone(
      `const copy = await import(import.meta.resolve(${JSON.stringify(path.join(import.meta.dirname, 'data-folder.mjs'))}) + '?copy');
       const [one, two] = await Promise.all([folder.prepareProcess(), copy.prepareProcess()]);
       const { NEXTAUTH_URL, NEXTAUTH_SECRET, PORT } = process.env;
       console.log(JSON.stringify({ same: one === two && copy.processSetup() === one, secret: one.secret,
         port: one.config.port, NEXTAUTH_URL, NEXTAUTH_SECRET, PORT }));`,
      { GATEHOUSE_DATA_DIR: dataDir, PORT: '0' },
    );
    const seen = JSON.parse(stdout) as Record<string, string | number | boolean>;
    expect(seen['same']).toBe(true);
    expect(seen['port']).toBeGreaterThan(0);
    expect(seen['PORT']).toBe(String(seen['port']));
    expect(seen['NEXTAUTH_URL']).toBe(`http://localhost:${seen['port']}`);
    expect(seen['NEXTAUTH_SECRET']).toBe(deriveKey(String(seen['secret']), 'next-auth'));
    expect(seen['NEXTAUTH_SECRET']).not.toBe(seen['secret']);
  });

  it('leaves the folder released when the process ends', async () => {
    await runAlone('await folder.prepareProcess(); process.exit(0);', { GATEHOUSE_DATA_DIR: dataDir });
    const [number] = fs.readdirSync(path.join(dataDir, 'lock'));
    expect(JSON.parse(fs.readFileSync(path.join(dataDir, 'lock', String(number)), 'utf8'))).toMatchObject({
      released: true,
    });
  });

  it('does not touch the data during a build', async () => {
    const env = { GATEHOUSE_DATA_DIR: dataDir, NEXT_PHASE: 'phase-production-build' };
    await expect(runAlone('await folder.prepareProcess();', env)).rejects.toThrow(/not opened during a build/);
    expect(fs.existsSync(dataDir)).toBe(false);
  });
});
