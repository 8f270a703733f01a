import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, runPackage, showProgress } from './run.mjs';

const OUTPUT = path.join(ROOT, '.next');
const STAMP = path.join(OUTPUT, 'gatehouse-sources');
const FOLDERS = ['app', 'components', 'lib', 'messages', 'public'];
const FILES = [
  'instrumentation.ts',
  'proxy.ts',
  'next.config.mjs',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
];
const TEST = /\.(test|itest)\.tsx?$|(^|\/)(fixtures|replays)\//;

function listSources() {
  const inFolders = FOLDERS.filter((folder) => fs.existsSync(path.join(ROOT, folder))).flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name))),
  );
  const alone = FILES.filter((file) => fs.existsSync(path.join(ROOT, file)));
  return [...inFolders, ...alone].filter((file) => !TEST.test(file)).toSorted();
}

/** A hash of every file that the build reads: times would lie after a checkout. */
function hashSources() {
  const hash = createHash('sha256').update(process.version);
  for (const file of listSources()) hash.update(`\0${file}\0`).update(fs.readFileSync(path.join(ROOT, file)));
  return hash.digest('hex');
}

/** Whether the build in `.next` is the one of the present sources. */
function isBuildCurrent() {
  return (
    fs.existsSync(path.join(OUTPUT, 'BUILD_ID')) &&
    fs.existsSync(STAMP) &&
    fs.readFileSync(STAMP, 'utf8') === hashSources()
  );
}

/**
 * Builds the service if its sources changed since the last build.
 * @throws {Error} with what the build said
 */
export async function ensureBuilt() {
  if (isBuildCurrent()) return;
  fs.rmSync(STAMP, { force: true });
  const sources = hashSources();
  await showProgress('Building', async () => {
    const env = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
    const { isOk, output } = await runPackage('next/dist/bin/next', ['build'], { env });
    if (!isOk) throw new Error(`The build failed:\n${output}`);
  });
  fs.writeFileSync(STAMP, sources);
}
