import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { findBrowser } from './scripts/parts/browser.mjs';

const READY_TIMEOUT_MS = 90_000;
const TEST_TIMEOUT_MS = 60_000;
const EXPECT_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 25_000;

const FREE_PORT = `const s = require('node:net').createServer();
s.listen(0, '127.0.0.1', () => { process.stdout.write(String(s.address().port)); s.close(); });`;

/**
 * The settings of the server under test. Workers read this file again and inherit the environment, so what is chosen once is
 * kept there; tests read the same variables.
 */
function chooseEnvironment(): Record<string, string> {
  process.env['E2E_PORT'] ??= execFileSync(process.execPath, ['-e', FREE_PORT]).toString();
  if (!process.env['E2E_DATA_DIR']) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatehouse-e2e-'));
    process.env['E2E_DATA_DIR'] = folder;
    process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  }
  const port = process.env['E2E_PORT'];
  const chosen = {
    NODE_ENV: 'production',
    PORT: port,
    HOST: '127.0.0.1',
    GATEHOUSE_URL: `http://localhost:${port}`,
    GATEHOUSE_DATA_DIR: process.env['E2E_DATA_DIR'],
    GATEHOUSE_ADMIN_EMAIL: 'operator@gatehouse.example',
    GATEHOUSE_ADMIN_PASSWORD: 'correct horse battery staple',
    SCALEKIT_CLIENT_ID: 'skc_1000000000000001',
    SCALEKIT_CLIENT_SECRET: 'test_secret_for_browser_tests_only',
    // Set to nothing, so that the settings of whoever runs the tests do not reach the server.
    DATABASE_URL: process.env['E2E_DATABASE_URL'] ?? '',
    SCALEKIT_ENVIRONMENT_URL: '',
    GATEHOUSE_SECRET: '',
    GATEHOUSE_TLS_CERT_FILE: '',
    GATEHOUSE_TLS_KEY_FILE: '',
    GATEHOUSE_WEBHOOK_ALLOW: '127.0.0.1',
  };
  Object.assign(process.env, chosen);
  return chosen;
}

const environment = chooseEnvironment();
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // The tests share one server and one database.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: TEST_TIMEOUT_MS,
  expect: { timeout: EXPECT_TIMEOUT_MS },
  reporter: 'list',
  use: {
    baseURL: environment['GATEHOUSE_URL'],
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findBrowser(),
      args: [
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: `"${process.execPath}" server.mjs`,
    cwd: import.meta.dirname,
    env: environment,
    url: `${environment['GATEHOUSE_URL']}/healthz`,
    timeout: READY_TIMEOUT_MS,
    reuseExistingServer: false,
    stdout: 'pipe',
    stderr: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: STOP_TIMEOUT_MS },
  },
});
