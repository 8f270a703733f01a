import { type BrowserContext, expect, test } from '@playwright/test';
import {
  acceptInvitation,
  newOrganization,
  newOrganizationWithDirectory,
  openAsOperator,
  readField,
  tabTo,
} from './support/dashboard';
import { newSdk, ORIGIN, signInAsOperator } from './support/operator';

test('the log’s filters live in its address, a request has an address of its own, and the live list follows', async ({
  browser,
}) => {
  const { organization, directory, scim } = await newOrganizationWithDirectory('Logged');
  expect((await scim('POST', '/Users', { userName: 'ann@logged.example' })).status).toBe(201);
  expect((await scim('POST', '/Users', { userName: 'ann@logged.example' })).status).toBe(409);
  const page = await openAsOperator(browser, directory.path);
  await page.getByRole('link', { name: 'View logs' }).click();
  await page.waitForURL(/\/logs\?/);
  const rows = page.locator('[data-row-link]');
  await expect(async () => {
    await page.reload();
    await expect(rows).toHaveCount(2, { timeout: 1000 });
  }).toPass();
  await expect(page.getByRole('combobox', { name: 'Directory' })).toHaveValue(directory.id);

  await page.getByRole('combobox', { name: 'Outcome' }).selectOption({ label: 'Refused or failed' });
  await page.waitForURL(/outcome=failed/);
  await expect(rows).toHaveCount(1);
  await page.getByRole('searchbox', { name: 'Text' }).fill('ann@logged');
  await page.waitForURL(/q=ann/);
  const address = new URL(page.url());
  expect(Object.fromEntries(address.searchParams)).toEqual({
    organization: organization.id,
    directory: directory.id,
    outcome: 'failed',
    q: 'ann@logged',
  });
  // The address alone shows the same list.
  const other = await openAsOperator(browser, address.pathname + address.search);
  await expect(other.locator('[data-row-link]')).toHaveCount(1);
  await expect(other.getByRole('searchbox', { name: 'Text' })).toHaveValue('ann@logged');
  await expect(other.getByRole('combobox', { name: 'Outcome' })).toHaveValue('failed');

  await other.locator('[data-row-link]').click();
  await other.waitForURL(/\/logs\/log_\d+$/);
  await page.goto(other.url());
  await expect(page.getByText('Refused: uniqueness')).toBeVisible();
  expect(await page.content()).not.toContain(directory.token);
  await other.goBack();
  await expect(other).toHaveURL(address.href);

  await page.goto(`/dashboard/logs?organization=${organization.id}&q=nothing-like-this`);
  await expect(page.getByText('No request matches')).toBeVisible();
  await page.getByRole('link', { name: 'Clear the filters' }).click();
  await expect(page.getByRole('searchbox', { name: 'Text' })).toHaveValue('');

  await page.goto(`/dashboard/logs?organization=${organization.id}`);
  await page.getByRole('link', { name: 'Follow live' }).click();
  await page.waitForURL(/live=1/);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  expect((await scim('POST', '/Groups', { displayName: 'Appears by itself' })).status).toBe(201);
  await expect(page.getByRole('link', { name: /Create group\s+Appears by itself/ })).toBeVisible();
  await page.getByRole('link', { name: 'Stop', exact: true }).click();
  await expect(page).not.toHaveURL(/live=1/);
  await expect(page.getByText('Live', { exact: true })).toHaveCount(0);
  await Promise.all([page.context().close(), other.context().close()]);
});

test('after five wrong passwords an account is locked for a while, for the right password too, and says how long', async ({
  browser,
}) => {
  const organization = await newOrganization('Locked');
  const operator = await openAsOperator(browser, organization.path);
  await operator.getByRole('textbox', { name: 'Email address' }).fill('lea@locked.example');
  await operator.getByRole('button', { name: 'Invite admin' }).click();
  const page = await (await browser.newContext()).newPage();
  await acceptInvitation(page, await readField(operator, 'Invitation link'), 'a password of the admin');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/login/);

  const signIn = async (password: string) => {
    await page.getByLabel('Email address').fill('lea@locked.example');
    await page.getByLabel('Password').fill(password);
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await answer;
  };
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await signIn(`a wrong password ${attempt}`);
    await expect(page.getByText('This address and password do not match.')).toBeVisible();
    await expect(page.getByLabel('Email address')).toHaveValue('lea@locked.example');
    await expect(page.getByLabel('Password')).toHaveValue('');
  }
  await signIn('a password of the admin');
  await expect(page.getByText(/^Too many wrong passwords\. Try again in 1[45] minutes\.$/)).toBeVisible();
  await page.goto('/settings');
  await expect(page).toHaveURL(/\/login/);
  // Nobody else is locked out with them.
  await signInAsOperator(await (await browser.newContext()).newPage());
  await Promise.all([operator.context().close(), page.context().close()]);
});

test('an action of the dashboard does nothing for a customer’s admin or a stranger who sends it', async ({
  browser,
}) => {
  const organization = await newOrganization('Actions');
  const page = await openAsOperator(browser, organization.path);
  await page.getByRole('textbox', { name: 'Email address' }).fill('max@actions.example');
  await page.getByRole('button', { name: 'Invite admin' }).click();
  const admin = await (await browser.newContext()).newPage();
  await acceptInvitation(admin, await readField(page, 'Invitation link'), 'a password of the admin');

  const sent = page.waitForRequest((request) => 'next-action' in request.headers());
  await page.getByRole('button', { name: 'Generate link' }).click();
  const action = await sent;
  const rows = page.getByRole('table', { name: 'Live portal links' }).locator('tbody').getByRole('row');
  await expect(rows).toHaveCount(1);
  const repeatAs = async (context: BrowserContext, origin = ORIGIN) => {
    const headers = action.headers();
    const answer = await context.request.post(action.url(), {
      headers: { 'next-action': headers['next-action']!, 'content-type': headers['content-type']!, origin },
      data: action.postDataBuffer()!,
      maxRedirects: 0,
    });
    return { leadsTo: answer.headers()['x-action-redirect'], text: await answer.text() };
  };
  const stranger = await browser.newContext();
  expect((await repeatAs(admin.context())).leadsTo).toMatch(/^\/settings;/);
  expect((await repeatAs(stranger)).leadsTo).toMatch(/^\/login\b/);
  expect((await repeatAs(page.context(), 'https://elsewhere.example')).text).not.toContain(`${ORIGIN}/magicLink/`);
  await page.reload();
  await expect(rows).toHaveCount(1);
  // What was sent is a whole call: from the operator it makes another link.
  expect((await repeatAs(page.context())).text).toContain(`${ORIGIN}/magicLink/`);
  await page.reload();
  await expect(rows).toHaveCount(2);
  await Promise.all([page.context(), admin.context(), stranger].map((context) => context.close()));
});

test('the keyboard alone signs in and creates an organization', async ({ browser }) => {
  const page = await (await browser.newContext()).newPage();
  await page.goto('/dashboard/organizations');
  await tabTo(page, page.getByLabel('Email address'));
  await page.keyboard.type(process.env['GATEHOUSE_ADMIN_EMAIL']!);
  await tabTo(page, page.getByLabel('Password'));
  await page.keyboard.type(process.env['GATEHOUSE_ADMIN_PASSWORD']!);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/dashboard/organizations');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('link', { name: 'New organization' }));
  await page.keyboard.press('Enter');
  await page.waitForURL('**/organizations/new');
  await tabTo(page, page.getByRole('textbox', { name: 'Name', exact: true }));
  await page.keyboard.type('By Keyboard');
  await tabTo(page, page.getByRole('button', { name: 'Create organization' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'By Keyboard' })).toBeVisible();

  // A question opens on a harmless button, closes with Escape and gives the focus back.
  await tabTo(page, page.getByRole('button', { name: 'Generate link' }));
  await page.keyboard.press('Enter');
  const revoke = page.getByRole('button', { name: /^Revoke link lnk_/ });
  await tabTo(page, revoke);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Revoke this link?' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Revoke link', exact: true })).not.toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(revoke).toBeFocused();
  await page.context().close();
});

test('without script an operator signs in, creates an organization, makes a link and revokes it', async ({
  browser,
}) => {
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await signInAsOperator(page, '/dashboard/organizations/new');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await expect(page.getByText('Give the organization a name.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Plain');
  // All ten pairs are there, because nothing can ask for more.
  await page.getByRole('textbox', { name: 'Metadata key 10' }).fill('plan');
  await page.getByRole('textbox', { name: 'Metadata value 10' }).fill('team');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await page.waitForURL(/\/organizations\/org_\d+$/);
  const { organization } = await newSdk().organization.getOrganization(page.url().split('/').at(-1)!);
  expect(organization).toMatchObject({ displayName: 'Plain', metadata: { plan: 'team' } });

  await page.getByRole('button', { name: 'Generate link' }).click();
  const link = await readField(page, 'Portal link');
  expect(link).toMatch(new RegExp(`^${ORIGIN}/magicLink/[0-9a-f-]{36}_p$`));
  const admin = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await admin.goto(link);
  await expect(admin.getByRole('heading', { name: 'Connect your directory' })).toBeVisible();

  await page.getByRole('switch', { name: 'SCIM provisioning' }).click();
  await page
    .locator('form')
    .filter({ has: page.getByRole('switch', { name: 'SCIM provisioning' }) })
    .getByRole('button', { name: 'Save' })
    .click();
  await expect(page.getByText('SCIM provisioning is off for this organization.')).toBeVisible();
  await page.goto(page.url());
  await page.getByRole('button', { name: /^Revoke link lnk_/ }).click();
  await expect(page.getByText('1 used, expired or revoked')).toBeVisible();
  expect((await admin.goto(link))?.status()).toBe(410);
  await Promise.all([page.context().close(), admin.context().close()]);
});
