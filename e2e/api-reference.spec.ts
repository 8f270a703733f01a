import { execFileSync, type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { newOrganization, newOrganizationWithDirectory, openAsOperator } from './support/dashboard';
import { newSdk, ORIGIN } from './support/operator';
import { findFreePort, newFolder } from './support/server';

const PATH = '/dashboard/developers/api-reference';
const ROOT = path.dirname(import.meta.dirname);
const WEBHOOK_SECRET = `whsec_${randomBytes(24).toString('base64')}`;

/** The methods whose samples are executed, in an order in which each finds what it needs. */
const EXECUTED = [
  'create-organization',
  'list-organization',
  'get-organization',
  'update-organization-settings',
  'generate-portal-link',
  'list-directories',
  'get-directory',
  'list-directory-users',
  'list-directory-groups',
  'list-events-paginated',
  'follow-announcements',
  'search-organization',
  'update-organization',
  'create-user-and-membership',
  'list-users',
  'search-users',
  'list-organization-users',
  'create-role',
  'get-role',
  'list-roles',
  'update-role',
  'create-permission',
  'list-permissions',
  'add-permissions-to-role',
  'list-effective-role-permissions',
  'list-organization-roles',
  'create-domain',
  'list-domains',
] as const;

/** The text of a sample as the server sends its page, without loading what belongs to it. */
function readSample(page: Page, address: string, title: string): Promise<string> {
  return page.evaluate(
    async ({ from, label }) => {
      const text = await (await fetch(from)).text();
      const shown = new DOMParser().parseFromString(text, 'text/html').querySelector(`pre[aria-label="${label}"]`);
      if (!shown?.textContent) throw new Error(`${from} shows no ${label}.`);
      return shown.textContent;
    },
    { from: address, label: title },
  );
}

/** Someone who reads the reference with an organization that has people and groups. */
async function newReader(browser: Browser) {
  const made = await newOrganizationWithDirectory('Reader');
  const { scim, organization, directory } = made;
  await newSdk().directory.enableDirectory(organization.id, directory.id);
  const person = await scim('POST', '/Users', {
    userName: 'ann@reader.example',
    name: { givenName: 'Ann', familyName: 'Lee' },
    emails: [{ value: 'ann@reader.example', primary: true }],
  });
  await scim('POST', '/Groups', { displayName: 'Readers', members: [{ value: person.json['id'] }] });
  const page = await openAsOperator(browser, PATH);
  const addressOf = (slug: string, language: string) =>
    `${PATH}/${slug}?language=${language}&organization=${organization.id}`;
  return { ...made, page, addressOf, personId: String(person.json['id']) };
}

/** Removes what the samples made, so that they can make it again. */
async function removeMade(reader: { organization: { id: string } }): Promise<void> {
  const sdk = newSdk();
  await sdk.organization.deleteOrganization(reader.organization.id);
  const { organization } = await sdk.organization.getOrganizationByExternalId('acme-42');
  await sdk.organization.deleteOrganization(organization!.id);
  await sdk.user.deleteUserByExternalId('user-42');
  await sdk.role.deleteRole('editor');
  await sdk.permission.deletePermission('invoices:read');
}

/** What a program prints or answers is judged alike: over the SDK names are in camelCase, over REST in snake_case. */
function expectAnswers(
  answers: Readonly<Record<string, unknown>>,
  reader: Awaited<ReturnType<typeof newReader>>,
): void {
  const texts = Object.fromEntries(Object.entries(answers).map(([slug, answer]) => [slug, JSON.stringify(answer)]));
  expect(texts['create-organization']).toMatch(/"id":"org_\d+"/);
  expect(texts['list-organization']).toContain('Acme');
  expect(texts['get-organization']).toContain(reader.organization.id);
  expect(texts['update-organization-settings']).toContain('dir_sync');
  expect(texts['generate-portal-link']).toContain(`${ORIGIN}/magicLink/`);
  expect(texts['list-directories']).toContain(reader.directory.id);
  expect(texts['get-directory']).toContain(reader.directory.id);
  expect(texts['list-directory-users']).toContain('ann@reader.example');
  expect(texts['list-directory-groups']).toContain('Readers');
  expect(texts['list-events-paginated']).toContain('organization.directory.user_created');
  expect(texts['follow-announcements']).toContain('next_cursor');
  expect(texts['update-organization']).toContain('Acme Inc');
  for (const slug of ['create-user-and-membership', 'list-users', 'search-users', 'list-organization-users']) {
    expect(texts[slug], slug).toContain('ann@acme.example');
  }
  for (const slug of ['create-role', 'get-role', 'list-roles', 'update-role', 'list-organization-roles']) {
    expect(texts[slug], slug).toContain('"editor"');
  }
  for (const slug of ['create-permission', 'list-permissions', 'list-effective-role-permissions']) {
    expect(texts[slug], slug).toContain('invoices:read');
  }
  expect(texts['list-domains']).toContain('acme.example');
}

test('the Node samples of the reference, put together as it says, do what they say', async ({ browser }) => {
  test.setTimeout(240_000);
  const reader = await newReader(browser);
  const program = [
    await readSample(reader.page, `${PATH}?language=node&organization=${reader.organization.id}`, 'app.mjs'),
  ];
  for (const slug of [...EXECUTED, 'webhooks']) {
    program.push(await readSample(reader.page, reader.addressOf(slug, 'node'), 'Node (Express)'));
  }
  const folder = newFolder();
  mkdirSync(path.join(folder, 'node_modules/express'), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules/@scalekit-sdk'), path.join(folder, 'node_modules/@scalekit-sdk'));
  copyFileSync(path.join(ROOT, 'e2e/support/express.mjs'), path.join(folder, 'node_modules/express/index.mjs'));
  writeFileSync(path.join(folder, 'node_modules/express/package.json'), '{"name":"express","exports":"./index.mjs"}');
  writeFileSync(path.join(folder, 'app.mjs'), program.join('\n\n'));
  const port = await findFreePort();
  const running = spawn(process.execPath, ['app.mjs'], {
    cwd: folder,
    env: { ...process.env, PORT: String(port), WEBHOOK_SECRET },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  try {
    const call = (verb: string, slug: string, init?: RequestInit) =>
      fetch(`http://127.0.0.1:${port}/${slug}`, { method: verb, ...init });
    await expect(async () => expect((await call('GET', 'nothing')).status).toBe(404)).toPass({ timeout: 30_000 });
    const answers: Record<string, unknown> = {};
    for (const slug of EXECUTED) {
      const response = await call(verbOf(program, slug), slug);
      answers[slug] = await response.json();
      expect(response.status, `${slug}: ${JSON.stringify(answers[slug])}`).toBe(200);
    }
    expectAnswers(answers, reader);
    await removeMade(reader);

    const id = 'msg_1';
    const timestamp = String(Math.floor(Date.now() / 1000));
    const body = JSON.stringify({ id: 'evt_1', type: 'organization.created', data: { id: 'org_1' } });
    const key = Buffer.from(WEBHOOK_SECRET.slice('whsec_'.length), 'base64');
    const signature = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature,
    };
    const accepted = await call('POST', 'webhooks', { headers, body });
    expect([accepted.status, await accepted.json()]).toEqual([200, { received: 'evt_1' }]);
    const forged = await call('POST', 'webhooks', { headers, body: body.replace('org_1', 'org_2') });
    expect(forged.status).toBe(400);
  } finally {
    await stop(running);
    await reader.page.context().close();
  }
});

test('the curl samples of the reference do what they say, in a shell', async ({ browser }) => {
  test.setTimeout(240_000);
  const reader = await newReader(browser);
  const setUp = await readSample(
    reader.page,
    `${PATH}?language=curl&organization=${reader.organization.id}`,
    'An access token, good for a day',
  );
  const run = (script: string, env: Record<string, string> = {}) =>
    execFileSync('sh', ['-c', script], { env: { ...process.env, ...env } }).toString();
  const answers: Record<string, unknown> = {};
  for (const slug of EXECUTED) {
    const sample = await readSample(reader.page, reader.addressOf(slug, 'curl'), 'curl');
    answers[slug] = JSON.parse(run(`${setUp}\n${sample}`));
  }
  expectAnswers(answers, reader);
  await removeMade(reader);

  const sample = await readSample(reader.page, reader.addressOf('webhooks', 'curl'), 'curl');
  const timestamp = String(Math.floor(Date.now() / 1000));
  const message = { WEBHOOK_ID: 'msg_1', WEBHOOK_TIMESTAMP: timestamp, BODY: '{"id":"evt_1"}' };
  const signature = run(sample, { WEBHOOK_SECRET, ...message }).trim();
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  expect(newSdk().verifyWebhookPayload(WEBHOOK_SECRET, headers, message.BODY)).toBe(true);
  await reader.page.context().close();
});

test('the reference is read without script: languages, search and pages are addresses, and ids are the reader’s own', async ({
  browser,
}) => {
  const reader = await newReader(browser);
  // There is a choice only where there are two.
  await newOrganization('Another Reader');
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await reader.page.context().storageState(),
  });
  const page = await context.newPage();
  await page.goto(PATH);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API reference');
  await page.getByRole('searchbox', { name: 'Search methods' }).fill('portal link');
  await page.getByRole('searchbox').press('Enter');
  await expect(page.getByRole('link', { name: /Generate portal link/ })).toBeVisible();
  await expect(page.getByRole('link', { name: /Create role/ })).toHaveCount(0);
  await page.getByRole('link', { name: /Generate portal link/ }).click();
  await expect(page.getByText('/api/v1/organizations/{id}/portal_links')).toBeVisible();
  await expect(page.getByText('portal_links:write', { exact: true })).toBeVisible();
  for (const [language, words] of [
    ['Node', 'generatePortalLink'],
    ['Python', 'generate_portal_link'],
    ['Go', 'GeneratePortalLink'],
    ['Java', 'generatePortalLink'],
    ['curl', 'portal_links?features=dir_sync'],
  ] as const) {
    await page.getByRole('link', { name: language, exact: true }).click();
    await expect(page.locator('figure').first()).toContainText(words);
  }
  await page.getByLabel('Fill samples with the ids of').selectOption(reader.organization.id);
  await page.getByRole('button', { name: 'Fill in' }).click();
  await expect(page.locator('figure').first()).toContainText(reader.organization.id);
  const missing = await page.goto(`${PATH}/no-such-method`);
  expect(missing?.status()).toBe(404);
  await Promise.all([context.close(), reader.page.context().close()]);
});

/** The verb of the route that `slug` has in the program. */
function verbOf(program: readonly string[], slug: string): string {
  const found = program.map((part) => new RegExp(`^app\\.(\\w+)\\('/${slug}'`, 'm').exec(part)?.[1]).find(Boolean);
  if (!found) throw new Error(`The program has no route for ${slug}.`);
  return found.toUpperCase();
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill();
  });
}
