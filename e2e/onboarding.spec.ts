import { expect, test } from '@playwright/test';
import { newScimClient, newSdk, ORIGIN, signInAsOperator } from './support/operator';

test('an operator takes a customer from a new organization to people who arrive from its directory', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const operatorContext = await browser.newContext();
  const operator = await operatorContext.newPage();
  await signInAsOperator(operator);

  // The operator makes an organization and a link.
  await operator.getByRole('link', { name: 'New organization' }).first().click();
  await operator.getByLabel('Name', { exact: true }).fill('Acme Onboarding');
  await operator.getByRole('button', { name: 'Create organization' }).click();
  await operator.waitForURL(/\/organizations\/org_\d+$/);
  const organizationId = operator.url().split('/').at(-1)!;
  await operator.getByRole('button', { name: 'Generate link' }).click();
  const link = await operator.getByRole('textbox', { name: 'Portal link' }).inputValue();
  expect(link).toMatch(new RegExp(`^${ORIGIN}/magicLink/[0-9a-f-]{36}_p$`));

  // The IT admin opens it in a browser of their own, chooses Okta and copies what Okta asks for.
  const adminContext = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const admin = await adminContext.newPage();
  await admin.goto(link);
  await expect(admin).toHaveURL(/\/portal\/ps_\d+\/provisioning/);
  await admin.getByRole('button', { name: 'Okta' }).click();
  await expect(admin.getByRole('heading', { name: 'Connect Okta' })).toBeVisible();
  const copied = async (label: string) => {
    await admin
      .getByRole('button', { name: `Copy ${label}` })
      .first()
      .click();
    return admin.evaluate(() => navigator.clipboard.readText());
  };
  const endpoint = await copied('SCIM 2.0 Base Url');
  expect(endpoint).toMatch(new RegExp(`^${ORIGIN}/scim/v2/dir_\\d+$`));
  await admin.getByRole('button', { name: 'Make the token' }).click();
  await expect(admin.getByRole('textbox', { name: 'OAuth Bearer Token' })).toBeVisible();
  const token = await copied('OAuth Bearer Token');
  expect(token).toMatch(/^scim_[\w-]{40,}$/);

  // Okta tests, then pushes three people and a group; the portal shows them as they arrive.
  const okta = newScimClient(endpoint, token);
  expect((await okta('GET', '/Users?startIndex=1&count=2')).status).toBe(200);
  await expect(admin.getByText('Connection tested')).toBeVisible();
  await admin.getByRole('link', { name: 'Continue' }).click();
  await expect(admin.getByRole('heading', { name: 'Send people and groups' })).toBeVisible();
  const people = ['ann', 'bob', 'cleo'];
  const ids: unknown[] = [];
  for (const name of people) {
    const { status, json } = await okta('POST', '/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: `${name}@acme.example`,
      externalId: `00u-${name}`,
      name: { givenName: name, familyName: 'Lee' },
      emails: [{ value: `${name}@acme.example`, type: 'work', primary: true }],
      password: 'not-kept-anywhere-1',
      groups: [],
      active: true,
    });
    expect(status).toBe(201);
    ids.push(json['id']);
  }
  const group = await okta('POST', '/Groups', { displayName: 'Engineering', members: ids.map((value) => ({ value })) });
  expect(group.status).toBe(201);
  for (const name of people) await expect(admin.getByText(`${name}@acme.example`).first()).toBeVisible();
  await expect(admin.getByText('Engineering').first()).toBeVisible();

  // They compare and enable.
  await admin
    .getByRole('link', { name: 'Continue' })
    .or(admin.getByRole('link', { name: 'Enable' }))
    .first()
    .click();
  await admin.getByRole('button', { name: 'Enable provisioning' }).click();
  await expect(admin.getByRole('heading', { name: 'Your directory is connected' })).toBeVisible();

  // The SDK lists the same people and the group.
  const sdk = newSdk();
  const directory = await sdk.directory.getPrimaryDirectoryByOrganizationId(organizationId);
  expect(directory.enabled).toBe(true);
  const { users } = await sdk.directory.listDirectoryUsers(organizationId, directory.id);
  expect(users.map((user) => user.email).toSorted()).toEqual(people.map((name) => `${name}@acme.example`));
  const { groups } = await sdk.directory.listDirectoryGroups(organizationId, directory.id);
  expect(groups.map((found) => [found.displayName, found.totalUsers])).toEqual([['Engineering', 3]]);

  // The dashboard says Active, shows the people, and the log shows each request within a second.
  await operator.goto(`/dashboard/organizations/${organizationId}`);
  await expect(operator.getByText('Active', { exact: true }).first()).toBeVisible();
  await operator.goto(`/dashboard/organizations/${organizationId}/directories/${directory.id}/users`);
  for (const name of people) await expect(operator.getByText(`${name}@acme.example`).first()).toBeVisible();
  await okta('PATCH', `/Users/${String(ids[0])}`, { Operations: [{ op: 'replace', value: { active: false } }] });
  await expect(async () => {
    await operator.goto(`/dashboard/logs?organization=${organizationId}`);
    for (const operation of ['Deactivate user', 'Create group', 'Create user', 'List users']) {
      await expect(operator.getByRole('cell', { name: operation }).first()).toBeVisible({ timeout: 1000 });
    }
  }).toPass({ timeout: 10_000 });
  await operator
    .getByRole('link', { name: /Create user/ })
    .first()
    .click();
  await expect(operator.getByText('cleo@acme.example').first()).toBeVisible();
  expect(await operator.content()).not.toContain('not-kept-anywhere-1');
  expect(await operator.content()).not.toContain(token);
  await Promise.all([operatorContext.close(), adminContext.close()]);
});

test('the guide’s sample makes a link that opens once, and a revoked link ends the session that it opened', async ({
  page,
  browser,
}) => {
  const sdk = newSdk();
  const { organization } = await sdk.organization.createOrganization('Link Test');
  const link = await sdk.organization.generatePortalLink(organization!.id);
  expect(link.location).toBe(`${ORIGIN}/magicLink/${link.id}`);
  await page.goto(link.location);
  await expect(page).toHaveURL(/\/portal\/ps_\d+/);
  const session = page.url();
  // A reload of the link in the browser that holds its session goes there; another browser is told that it was used.
  await page.goto(link.location);
  await expect(page).toHaveURL(new RegExp(session.match(/ps_\d+/)![0]));
  const other = await browser.newContext();
  const stranger = await other.newPage();
  await stranger.goto(link.location);
  await expect(stranger.getByText(/already used/i).first()).toBeVisible();
  await stranger.goto(session);
  expect(await stranger.content()).not.toContain('Connect your directory');
  await other.close();

  const bearer = await sdk.getClientAccessToken();
  const revoked = await fetch(`${ORIGIN}/api/v1/organizations/${organization!.id}/portal_links/${link.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${bearer}` },
  });
  expect(revoked.status).toBe(200);
  await page.goto(session);
  await expect(page.getByRole('heading', { name: 'Connect your directory' })).toHaveCount(0);
});
