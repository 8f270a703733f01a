import fs from 'node:fs';
import path from 'node:path';
import { run, runPackage, showProgress } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APPS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The Chromium or Chrome of this machine: `CHROMIUM_PATH`, else the first on PATH.
 * @returns {string | undefined}
 * @throws {Error} if `CHROMIUM_PATH` names no file
 */
export function findBrowser() {
  const given = process.env['CHROMIUM_PATH'];
  if (given) {
    if (fs.existsSync(given)) return given;
    throw new Error(`CHROMIUM_PATH names ${given}, which does not exist.`);
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...candidates, ...MAC_APPS].find((file) => fs.existsSync(file));
}

/**
 * Finds a browser or installs one: Debian's as root, else Playwright's own.
 * @returns {Promise<string | undefined>} its path; undefined means Playwright's own
 * @throws {Error} if there is none and none can be installed
 */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  if (process.getuid?.() === 0 && fs.existsSync('/etc/debian_version')) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const installed = await showProgress('Installing Chromium', async () => {
      if (!(await run('apt-get', ['update', '-qq'], { env })).isOk) return false;
      return (await run('apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-liberation'], { env })).isOk;
    });
    const browser = installed && findBrowser();
    if (browser) return browser;
  }
  const { isOk, output } = await showProgress('Downloading Chromium', () =>
    runPackage('playwright/cli.js', ['install', 'chromium']),
  );
  if (!isOk) throw new Error(`No browser was found and none could be installed. Set CHROMIUM_PATH to one.\n${output}`);
  return undefined;
}
