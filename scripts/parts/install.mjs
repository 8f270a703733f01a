import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, run, showProgress } from './run.mjs';

const MODULES = path.join(ROOT, 'node_modules');
const STAMP = path.join(MODULES, '.gatehouse-lock');

/** @param {readonly string[]} args */
function runNpm(args) {
  // npm tells its scripts where it is; otherwise it is looked up.
  const own = process.env['npm_execpath'];
  const [command, first] = own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []];
  const env = {
    npm_config_update_notifier: 'false',
    // The build needs the development dependencies, whatever this is set to.
    NODE_ENV: undefined,
    npm_config_production: undefined,
    npm_config_omit: undefined,
  };
  return run(command, [...first, ...args, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { env });
}

async function installPackages() {
  // A clean install is the exact one. It refuses a lock file that lacks packages for other platforms, which some registries
  // do not have, and it would throw away a folder that an ordinary install only has to complete.
  if (!fs.existsSync(MODULES) && (await runNpm(['ci'])).isOk) return;
  const { isOk, output } = await runNpm(['install', '--no-save']);
  if (!isOk) throw new Error(`npm could not install the packages:\n${output}`);
}

/**
 * Installs the packages if package-lock.json changed since the last time.
 * @throws {Error} with what npm said
 */
export async function ensureInstalled() {
  const wanted = createHash('sha256')
    .update(fs.readFileSync(path.join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (fs.existsSync(STAMP) && fs.readFileSync(STAMP, 'utf8') === wanted) return;
  await showProgress('Installing packages', installPackages);
  fs.writeFileSync(STAMP, wanted);
}
