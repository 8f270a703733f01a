import { expect, test } from '@playwright/test';
import { ScalekitClient } from '@scalekit-sdk/node';
import { confirm, expectFieldError, newOrganization, openAsOperator, readField, textbox } from './support/dashboard';
import { newSdk, ORIGIN } from './support/operator';

const PATH = '/dashboard/developers/api-configuration';

test('an API credential’s secret is shown once, works with the SDK, and is refused at once when it is revoked or deleted', async ({
  browser,
}) => {
  const page = await openAsOperator(browser, PATH);
  await page.getByRole('button', { name: 'New credential' }).click();
  await expectFieldError(textbox(page, 'Name'), 'Give the credential a name');
  await textbox(page, 'Name').fill('Billing backend');
  await page.getByRole('button', { name: 'New credential' }).click();
  await expect(page.getByText('Credential ready')).toBeVisible();
  const clientId = await readField(page, 'Client id');
  const secret = await readField(page, 'Client secret');
  await expect(page.getByText(`SCALEKIT_CLIENT_SECRET=${secret}`)).toBeVisible();
  await newOrganization('Billed');
  const list = (sdk: ScalekitClient) => sdk.organization.listOrganization({ pageSize: 1 });
  const sdk = new ScalekitClient(ORIGIN, clientId, secret);
  expect((await list(sdk)).organizations).toHaveLength(1);
  await page.reload();
  await expect(textbox(page, 'Client secret')).toHaveCount(0);
  expect(await page.content()).not.toContain(secret);

  // The other secret is one of the same credential: revoking the first leaves it alone.
  const card = page.getByRole('table', { name: 'Secrets of Billing backend' });
  await expect(card).toBeVisible();
  const section = page
    .locator('section, div')
    .filter({ has: page.getByRole('button', { name: 'Delete Billing backend' }) })
    .filter({ has: card })
    .last();
  await section.getByRole('button', { name: 'Add secret' }).click();
  await expect(page.getByText('Secret ready')).toBeVisible();
  expect(await readField(page, 'Client id')).toBe(clientId);
  const second = new ScalekitClient(ORIGIN, clientId, await readField(page, 'Client secret'));
  await list(second);
  await confirm(page, `Revoke the secret that ends in ${secret.slice(-4)}`, /refused at once/, 'Revoke secret');
  await expect(card.getByText('Revoked')).toBeVisible();
  await expect(list(sdk)).rejects.toMatchObject({ response: { status: 401, data: { error: 'invalid_client' } } });
  await expect(list(new ScalekitClient(ORIGIN, clientId, secret))).rejects.toThrow();
  await list(second);
  await confirm(page, 'Delete Billing backend', /all its secrets and access tokens/, 'Delete credential');
  await expect(card).toHaveCount(0);
  await expect(list(second)).rejects.toMatchObject({ response: { status: 401 } });
  await page.context().close();
});

test('a credential does what its scopes allow and nothing else; its secret is replaced while the old one still works', async ({
  browser,
}) => {
  const page = await openAsOperator(browser, PATH);
  await textbox(page, 'Name').fill('Link maker');
  const access = page.getByRole('combobox', { name: 'It may do' });
  await access.selectOption('Only what is chosen');
  await page.getByRole('button', { name: 'New credential' }).click();
  await expect(page.getByText('Choose at least one scope.')).toBeVisible();
  await expect(access).toHaveValue('chosen');
  await page.getByRole('checkbox', { name: 'portal_links:write' }).check();
  await page.getByRole('combobox', { name: 'Secret expires' }).selectOption('In 90 days');
  await page.getByRole('button', { name: 'New credential' }).click();
  await expect(page.getByText('Credential ready')).toBeVisible();
  const clientId = await readField(page, 'Client id');
  const secret = await readField(page, 'Client secret');
  const sdk = new ScalekitClient(ORIGIN, clientId, secret);
  const organization = await newOrganization('Scoped');
  expect((await sdk.organization.generatePortalLink(organization.id)).location).toContain('/magicLink/');
  await expect(sdk.organization.getOrganization(organization.id)).rejects.toMatchObject({
    errorCode: 'MISSING_SCOPE',
    httpStatus: 403,
  });
  await page.reload();
  const secrets = page.getByRole('table', { name: 'Secrets of Link maker' });
  await expect(secrets.getByText('Live, ends')).toBeVisible();
  const form = page.getByRole('form', { name: 'Replace a secret of Link maker' });
  await form.getByRole('combobox', { name: 'Replace' }).selectOption(`…${secret.slice(-4)}`);
  await form.getByRole('combobox', { name: 'The old one works' }).selectOption('For an hour');
  await form.getByRole('button', { name: 'Replace secret' }).click();
  await expect(page.getByText('New secret ready')).toBeVisible();
  const next = new ScalekitClient(ORIGIN, clientId, await readField(page, 'Client secret'));
  for (const each of [sdk, next]) await each.organization.generatePortalLink(organization.id);
  await expect(secrets.getByText('Live, ends')).toBeVisible();
  await expect(secrets.getByText('Live', { exact: true })).toBeVisible();
  await confirm(page, 'Delete Link maker', /all its secrets and access tokens/, 'Delete credential');
  await page.context().close();
});

test('a signing key that is rotated by hand leaves tokens valid, also for an SDK that asked for the keys before', async ({
  browser,
}) => {
  const sdk = newSdk();
  const before = await sdk.getClientAccessToken();
  expect(await sdk.validateAccessToken(before)).toBe(true);
  const page = await openAsOperator(browser, PATH);
  const keys = page.getByRole('table', { name: 'Signing keys' });
  const leaving = await keys.getByText('Leaving').count();
  await confirm(page, 'Rotate now', /stay valid/, 'Rotate key');
  await expect(keys.getByText('Leaving')).toHaveCount(leaving + 1);
  await expect(keys.getByText('Signs', { exact: true })).toHaveCount(1);
  const after = await newSdk().getClientAccessToken();
  for (const token of [before, after]) expect(await sdk.validateAccessToken(token)).toBe(true);
  await page.context().close();
});

test('a redirect URI that cannot be used is refused with the reason; a registered one may frame the portal until it is removed', async ({
  browser,
}) => {
  const page = await openAsOperator(browser, PATH);
  const field = textbox(page, 'Address');
  const add = async (uri: string) => {
    await field.fill(uri);
    await page.getByRole('button', { name: 'Add address' }).click();
  };
  for (const [uri, reason] of [
    ['settings', 'This is not an address.'],
    ['ftp://app.example', 'Only https addresses can embed the portal.'],
    ['https://app.example/settings?tab=scim', 'Leave out the query and the fragment.'],
    ['https://me:pw@app.example/', 'Leave out the user name and the password.'],
    ['https://*.*.app.example/', 'A wildcard stands once'],
  ] as const) {
    await add(uri);
    await expectFieldError(field, reason);
    await expect(field).toHaveValue(uri);
  }
  await add('https://app.customer.example/settings');
  await expect(page.getByText('https://app.customer.example/settings added')).toBeVisible();
  await add('https://app.customer.example/settings');
  await expect(field).toHaveAttribute('aria-invalid', 'true');

  const organization = await newOrganization('Framed');
  const portal = await (await browser.newContext()).newPage();
  const answer = await portal.goto((await newSdk().organization.generatePortalLink(organization.id)).location);
  const ancestors = (policy: string | undefined) => /frame-ancestors ([^;]*)/.exec(policy ?? '')?.[1]?.split(' ');
  expect(new URL(answer!.url()).pathname).toMatch(/^\/portal\/ps_/);
  expect(ancestors(answer!.headers()['content-security-policy'])).toEqual(
    expect.arrayContaining(["'self'", 'https://app.customer.example']),
  );
  await confirm(page, 'Remove https://app.customer.example/settings', /no longer embed/, 'Remove address');
  await expect(page.getByRole('row', { name: /app\.customer\.example/ })).toHaveCount(0);
  const later = await portal.reload();
  expect(ancestors(later!.headers()['content-security-policy'])).not.toContain('https://app.customer.example');
  // Nobody frames the dashboard, whatever is registered.
  const own = await page.goto(PATH);
  expect(ancestors(own!.headers()['content-security-policy'])).toEqual(["'none'"]);
  await Promise.all([page.context().close(), portal.context().close()]);
});
