import { expect, test } from '@playwright/test';
import { newSdk, ORIGIN, signInAsOperator } from './support/operator';
import { newFolder, startServer } from './support/server';

test('an invited admin chooses a password, reaches the settings page only, and sets the directory up in its frame', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const { organization } = await newSdk().organization.createOrganization('Settings Co', { externalId: 'settings-co' });
  const operatorContext = await browser.newContext();
  const operator = await operatorContext.newPage();
  await signInAsOperator(operator, `/dashboard/organizations/${organization!.id}`);
  await operator.getByLabel('Email address').fill('it@settings.example');
  await operator.getByRole('button', { name: 'Invite admin' }).click();
  const invitation = await operator
    .getByRole('textbox', { name: /Invitation|link/i })
    .first()
    .inputValue();
  expect(invitation).toMatch(new RegExp(`^${ORIGIN}/invite/`));

  const adminContext = await browser.newContext();
  const admin = await adminContext.newPage();
  await admin.goto(invitation);
  await expect(admin.getByText('Settings Co').first()).toBeVisible();
  await admin.getByLabel('Name').fill('Ida Thorne');
  await admin.getByLabel('Password', { exact: true }).fill('a password of the admin');
  const again = admin.locator('input[name="passwordAgain"]');
  if ((await again.count()) > 0) await again.fill('a password of the admin');
  await admin.getByRole('button', { name: 'Create account' }).click();
  await admin.waitForURL('**/settings');

  const frame = admin.frameLocator('iframe[title="Set-up portal"]');
  await expect(frame.getByRole('heading', { name: 'Connect your directory' })).toBeVisible();
  await frame.getByRole('button', { name: 'Okta' }).click();
  await expect(frame.getByRole('heading', { name: 'Connect Okta' })).toBeVisible();
  const policy = (await admin.request.get(`${ORIGIN}/settings`)).headers()['content-security-policy'];
  expect(policy).toContain(`frame-src ${ORIGIN}`);

  // A second load makes a fresh link and goes on where the directory stands.
  await admin.reload();
  await expect(frame.getByText('Okta').first()).toBeVisible();

  // The dashboard is not theirs, and the invitation is spent.
  await admin.goto('/dashboard/organizations');
  await expect(admin).toHaveURL(/\/settings$/);
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(invitation);
  await expect(stranger.getByRole('button', { name: 'Create account' })).toHaveCount(0);
  await admin.getByRole('button', { name: 'Sign out' }).click();
  await expect(admin).toHaveURL(/\/login/);
  await Promise.all([operatorContext.close(), adminContext.close()]);
});

test('with no operator yet the server prints a one-time address that makes the first one', async ({ page }) => {
  test.setTimeout(120_000);
  const folder = newFolder();
  const server = await startServer({ GATEHOUSE_DATA_DIR: folder });
  const address = /http:\S+\/setup\/\S+/.exec(server.output())?.[0];
  expect(address).toBeDefined();
  await page.goto(address!);
  await page.getByLabel('Name').fill('Olga Perez');
  await page.getByLabel('Email address').fill('olga@operator.example');
  await page.getByLabel('Password', { exact: true }).fill('the first password here');
  const again = page.locator('input[name="passwordAgain"]');
  if ((await again.count()) > 0) await again.fill('the first password here');
  await page.getByRole('button', { name: 'Create operator' }).click();
  await expect(page.getByRole('heading', { name: 'Organizations' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'New organization' }).first()).toBeVisible();
  await page.goto(address!);
  await expect(page.getByRole('button', { name: 'Create operator' })).toHaveCount(0);
  expect(await server.stop('SIGTERM')).toBe(0);

  // The next start has nothing to print: there is an operator.
  const second = await startServer({ GATEHOUSE_DATA_DIR: folder });
  expect(second.output()).not.toContain('/setup/');
  expect(await second.stop('SIGTERM')).toBe(0);
});

test('no page of the dashboard is shown or acted on without a session', async ({ request }) => {
  for (const path of [
    '/dashboard',
    '/dashboard/organizations',
    '/dashboard/logs',
    '/dashboard/logs/events',
    '/dashboard/developers/api-configuration',
    '/dashboard/developers/webhooks',
    '/dashboard/settings/system',
    '/settings',
  ]) {
    const answer = await request.get(path, { maxRedirects: 0 });
    expect(answer.status(), path).toBe(307);
    expect(answer.headers()['location'], path).toContain('/login');
  }
  const forged = await request.get('/dashboard/organizations', {
    maxRedirects: 0,
    headers: { cookie: 'gatehouse.session=forged; next-auth.session-token=forged' },
  });
  expect([302, 303, 307]).toContain(forged.status());
  expect(forged.headers()['location']).toContain('/login');
});
