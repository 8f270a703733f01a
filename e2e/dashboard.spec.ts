import { expect, test } from '@playwright/test';
import {
  acceptInvitation,
  callApi,
  confirm,
  expectFieldError,
  newOrganization,
  newOrganizationWithDirectory,
  openAsOperator,
  readField,
  refusalOf,
  textbox,
} from './support/dashboard';
import { newScimClient, newSdk, ORIGIN } from './support/operator';

test('an organization with mistakes is refused beside each field, what was typed stays, and the corrected one is stored', async ({
  browser,
}) => {
  const page = await openAsOperator(browser, '/dashboard/organizations/new');
  await textbox(page, 'External id').fill('cust_forms');
  await textbox(page, 'Slug').fill('Bad Slug!');
  await textbox(page, 'Logo URL').fill('http://logo.example/a.png');
  await textbox(page, 'Metadata key 1').fill('plan');
  await textbox(page, 'Metadata value 1').fill('enterprise');
  await page.getByRole('button', { name: 'Add a pair' }).click();
  await textbox(page, 'Metadata key 2').fill('seats');
  await textbox(page, 'Metadata value 2').fill('250');
  await page.getByRole('button', { name: 'Create organization' }).click();

  await expectFieldError(textbox(page, 'Name'), 'Give the organization a name.');
  await expectFieldError(textbox(page, 'Slug'), 'A slug has small letters, digits and hyphens');
  await expectFieldError(textbox(page, 'Logo URL'), 'The logo must be an https address');
  await expect(textbox(page, 'Name')).toBeFocused();
  for (const [name, value] of [
    ['External id', 'cust_forms'],
    ['Slug', 'Bad Slug!'],
    ['Logo URL', 'http://logo.example/a.png'],
    ['Metadata key 1', 'plan'],
    ['Metadata value 1', 'enterprise'],
    ['Metadata key 2', 'seats'],
    ['Metadata value 2', '250'],
  ] as const)
    await expect(textbox(page, name)).toHaveValue(value);
  expect((await callApi('GET', '/organizations:external/cust_forms')).status).toBe(404);

  await textbox(page, 'Name').fill('Forms <b>& Sons</b>');
  await textbox(page, 'Slug').fill('forms-and-sons');
  await textbox(page, 'Logo URL').fill('https://logo.example/a.png');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await page.waitForURL(/\/organizations\/org_\d+$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Forms <b>& Sons</b>' })).toBeVisible();
  const { json } = await callApi('GET', `/organizations/${page.url().split('/').at(-1)!}`);
  expect(json['organization']).toMatchObject({
    display_name: 'Forms <b>& Sons</b>',
    external_id: 'cust_forms',
    slug: 'forms-and-sons',
    logo_url: 'https://logo.example/a.png',
    metadata: { plan: 'enterprise', seats: '250' },
  });
  await page.context().close();
});

test('an edit changes what was typed and clears what was emptied; metadata that makes no sense is named', async ({
  browser,
}) => {
  const made = await callApi('POST', '/organizations', {
    display_name: 'Edit Me',
    external_id: 'cust_edit',
    metadata: { plan: 'trial' },
  });
  const { id } = made.json['organization'] as { id: string };
  const page = await openAsOperator(browser, `/dashboard/organizations/${id}`);
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await expect(textbox(page, 'Name')).toHaveValue('Edit Me');
  await expect(textbox(page, 'Metadata value 1')).toHaveValue('trial');
  await textbox(page, 'Name').fill('Edited');
  await textbox(page, 'External id').fill('');
  await textbox(page, 'Metadata value 1').fill('team\nof two');
  await page.getByRole('button', { name: 'Add a pair' }).click();
  await textbox(page, 'Metadata value 2').fill('orphan');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Give the value “orphan” a key, or clear it.')).toBeVisible();
  await expect(textbox(page, 'Metadata value 2')).toHaveValue('orphan');
  await textbox(page, 'Metadata key 2').fill('plan');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('The key plan stands twice.')).toBeVisible();
  await textbox(page, 'Metadata key 2').fill('owner');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Edited' })).toBeVisible();
  const { json } = await callApi('GET', `/organizations/${id}`);
  expect(json['organization']).toMatchObject({
    display_name: 'Edited',
    metadata: { plan: 'team\nof two', owner: 'orphan' },
  });
  expect((json['organization'] as Record<string, unknown>)['external_id'] ?? '').toBe('');
  await page.context().close();
});

test('an external id or a slug that another organization has is named beside its field', async ({ browser }) => {
  await callApi('POST', '/organizations', {
    display_name: 'First',
    external_id: 'cust_twice',
    slug: 'twice',
  });
  const page = await openAsOperator(browser, '/dashboard/organizations/new');
  await textbox(page, 'Name').fill('Second');
  await textbox(page, 'External id').fill('cust_twice');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await expectFieldError(textbox(page, 'External id'), 'Another organization already has the external id cust_twice.');
  await textbox(page, 'External id').fill('cust_once');
  await textbox(page, 'Slug').fill('twice');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await expectFieldError(textbox(page, 'Slug'), 'Another organization already has the slug twice.');
  await expect(textbox(page, 'External id')).not.toHaveAttribute('aria-invalid', 'true');
  await page.context().close();
});

test('with SCIM provisioning off its tab is gone, its endpoint and API calls are refused, and its data is there again afterwards', async ({
  browser,
}) => {
  const { organization, directory, scim } = await newOrganizationWithDirectory('Switched');
  const sdk = newSdk();
  expect((await scim('POST', '/Users', { userName: 'ann@switched.example' })).status).toBe(201);
  const page = await openAsOperator(browser, organization.path);
  const tab = page.getByRole('link', { name: 'SCIM provisioning', exact: true });
  const feature = page.getByRole('switch', { name: 'SCIM provisioning' });
  await expect(tab).toBeVisible();
  await expect(feature).toBeChecked();
  await feature.click();
  await expect(page.getByText('SCIM provisioning is off for this organization.')).toBeVisible();
  await expect(tab).toHaveCount(0);
  const refused = await scim('GET', '/Users');
  expect(refused).toMatchObject({
    status: 403,
    json: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '403' },
  });
  const call = () => sdk.directory.listDirectoryUsers(organization.id, directory.id);
  expect(await refusalOf(call())).toEqual({ code: 'FEATURE_DISABLED', httpStatus: 400 });
  expect((await callApi('GET', `/organizations/${organization.id}/directories`)).json).toMatchObject({ code: 9 });
  for (const path of [`${organization.path}/directories`, directory.path, `${directory.path}/users`]) {
    await page.goto(path);
    await expect(page.getByText('SCIM provisioning is off for this organization')).toBeVisible();
    await expect(page.getByText('ann@switched.example')).toHaveCount(0);
  }

  await page.getByRole('link', { name: 'Open features' }).click();
  await feature.click();
  await expect(tab).toBeVisible();
  await tab.click();
  await expect(page.getByRole('row', { name: /Okta/ })).toBeVisible();
  expect((await scim('GET', '/Users')).json).toMatchObject({ totalResults: 1 });
  expect((await call()).users.map((user) => user.email)).toHaveLength(1);
  await page.context().close();
});

test('a portal link is shown once and says what it can do; revoking it ends its sessions, and “Revoke all” every one', async ({
  browser,
}) => {
  const organization = await newOrganization('Links');
  const page = await openAsOperator(browser, organization.path);
  const admin = await (await browser.newContext()).newPage();
  const rows = page.getByRole('table', { name: 'Live portal links' }).getByRole('row');
  const generate = async () => {
    const before = await rows.count();
    await page.getByRole('button', { name: 'Generate link' }).click();
    await expect(rows).toHaveCount(Math.max(2, before + 1));
    return readField(page, 'Portal link');
  };
  const visit = async (link: string) => {
    await admin.goto(link);
    await expect(admin.getByRole('heading', { name: 'Connect your directory' })).toBeVisible();
    return admin.url();
  };
  const expectEnded = async (session: string, link: string) => {
    await admin.goto(session);
    await expect(admin.getByRole('heading', { name: 'This session has ended' })).toBeVisible();
    const answer = await admin.goto(link);
    expect(answer?.status()).toBe(410);
    await expect(admin.getByRole('heading', { name: 'This link was withdrawn' })).toBeVisible();
  };

  const link = await generate();
  await expect(page.getByText('Anyone who holds it can view and edit this connection for 7 days.')).toBeVisible();
  const session = await visit(link);
  await page.reload();
  await expect(textbox(page, 'Portal link')).toHaveCount(0);
  expect(await page.content()).not.toContain(link.split('/').at(-1)!);
  const row = rows.filter({ hasText: /lnk_\d+/ });
  await expect(row).toContainText('Live');
  await expect(row).toContainText('You');
  await expect(row.getByRole('cell').nth(6)).toHaveText('1');
  await confirm(page, /^Revoke link lnk_/, /portal sessions that it opened end/, 'Revoke link');
  await expect(page.getByText('No live links')).toBeVisible();
  await expectEnded(session, link);

  const links = [await generate(), await generate()];
  const sessions = [await visit(links[0]!), await visit(links[1]!)];
  expect(new Set(sessions.map((url) => /ps_\d+/.exec(url)![0])).size).toBe(2);
  // Both are open at once, until they are revoked.
  await admin.goto(sessions[0]!);
  await expect(admin.getByRole('heading', { name: 'Connect your directory' })).toBeVisible();
  await confirm(page, 'Revoke all', /Every link of this organization/, 'Revoke all links');
  await expect(page.getByText('No live links')).toBeVisible();
  await expect(page.getByText('3 used, expired or revoked')).toBeVisible();
  await expectEnded(sessions[0]!, links[0]!);
  await expectEnded(sessions[1]!, links[1]!);
  await Promise.all([page.context().close(), admin.context().close()]);
});

test('an invitation can be revoked, and an admin who is removed is signed out at once and cannot come back', async ({
  browser,
}) => {
  const organization = await newOrganization('Admins');
  const page = await openAsOperator(browser, organization.path);
  const invite = async (email: string) => {
    await textbox(page, 'Email address').fill(email);
    await page.getByRole('button', { name: 'Invite admin' }).click();
  };
  await invite('not an address');
  await expectFieldError(textbox(page, 'Email address'), 'Give an email address.');
  await expect(textbox(page, 'Email address')).toHaveValue('not an address');

  await invite('gone@admins.example');
  await expect(page.getByText('Invitation for gone@admins.example ready.')).toBeVisible();
  const revoked = await readField(page, 'Invitation link');
  await confirm(page, 'Revoke the invitation of gone@admins.example', /stops working at once/, 'Revoke invitation');
  await expect(page.getByRole('row', { name: /gone@admins/ })).not.toContainText('Invited');
  const admin = await (await browser.newContext()).newPage();
  await admin.goto(revoked);
  await expect(admin.getByRole('heading', { name: 'This invitation cannot be used' })).toBeVisible();

  await invite('ida@admins.example');
  await expect(page.getByText('Invitation for ida@admins.example ready.')).toBeVisible();
  await acceptInvitation(admin, await readField(page, 'Invitation link'), 'a password of the admin');

  // The dashboard's pages are not theirs.
  for (const path of [organization.path, '/dashboard/logs', '/dashboard/developers/api-configuration']) {
    await admin.goto(path);
    await expect(admin).toHaveURL(`${ORIGIN}/settings`);
  }

  await page.reload();
  await expect(page.getByRole('row', { name: /ida@admins/ })).toContainText('Can sign in');
  await invite('IDA@admins.example');
  await expectFieldError(textbox(page, 'Email address'), 'Someone already signs in as');
  await confirm(page, 'Remove ida@admins.example', /signed out at once/, 'Remove admin');
  await expect(page.getByRole('row', { name: /ida@admins/ })).toHaveCount(0);
  await admin.goto('/settings');
  await expect(admin).toHaveURL(/\/login/);
  await admin.getByLabel('Email address').fill('ida@admins.example');
  await admin.getByLabel('Password').fill('a password of the admin');
  await admin.getByRole('button', { name: 'Sign in' }).click();
  await expect(admin.getByText('This address and password do not match.')).toBeVisible();
  await Promise.all([page.context().close(), admin.context().close()]);
});

test('a directory’s token is shown once and dies with its revocation; a disabled directory refuses what an enabled one takes', async ({
  browser,
}) => {
  const organization = await newOrganization('Tokens');
  const page = await openAsOperator(browser, `${organization.path}/directories/new`);
  await page.getByRole('button', { name: 'Connect directory' }).click();
  await expect(page.getByText('Choose the customer’s identity provider.')).toBeVisible();
  await expect(page.getByRole('radio', { name: /Google Workspace/ })).toBeDisabled();
  await page.getByRole('radio', { name: 'OneLogin' }).check();
  await textbox(page, 'Name').fill('Staff');
  await page.getByRole('button', { name: 'Connect directory' }).click();
  await page.waitForURL(/\/directories\/dir_\d+$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Staff' })).toBeVisible();

  const endpoint = await readField(page, 'Endpoint URL');
  const createToken = async () => {
    await page.getByRole('button', { name: 'Create token' }).click();
    const live = page.getByRole('table', { name: 'Live tokens' }).getByRole('row');
    await expect(live).toHaveCount((await page.getByText('Two tokens are live.').count()) ? 3 : 2);
    return readField(page, 'Bearer token');
  };
  const first = await createToken();
  await page.reload();
  await expect(textbox(page, 'Bearer token')).toHaveCount(0);
  expect(await page.content()).not.toContain(first);
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(page.getByText('Two tokens are live. Revoke one before you make another.')).toBeVisible();
  const second = await readField(page, 'Bearer token');
  const statusWith = async (token: string) => (await newScimClient(endpoint, token)('GET', '/Users')).status;
  expect([await statusWith(first), await statusWith(second)]).toEqual([200, 200]);
  await confirm(page, `Revoke the token that ends in ${first.slice(-4)}`, /refused at once/, 'Revoke token');
  await expect(page.getByText('1 revoked')).toBeVisible();
  expect([await statusWith(first), await statusWith(second)]).toEqual([401, 200]);

  await confirm(page, 'Enable', /is shown as Active/, 'Enable directory');
  await expect(page.getByRole('heading', { name: 'Active', exact: true })).toBeVisible();
  const sdk = newSdk();
  expect((await sdk.directory.getPrimaryDirectoryByOrganizationId(organization.id)).enabled).toBe(true);
  await confirm(page, 'Disable', /refused with 403/, 'Disable directory');
  await expect(page.getByRole('heading', { name: 'Disabled', exact: true })).toBeVisible();
  expect(await statusWith(second)).toBe(403);
  await confirm(page, 'Enable', /accepted/, 'Enable directory');
  await expect(page.getByRole('heading', { name: 'Active', exact: true })).toBeVisible();
  expect(await statusWith(second)).toBe(200);
  await page.context().close();
});

test('a directory is deleted only when its name is typed, and the question says what goes with it', async ({
  browser,
}) => {
  const { organization, directory, scim } = await newOrganizationWithDirectory('Loses Its Directory');
  const members = [];
  for (const name of ['ann', 'bob'])
    members.push({ value: (await scim('POST', '/Users', { userName: `${name}@delete.example` })).json['id'] });
  expect((await scim('POST', '/Groups', { displayName: 'Engineering', members })).status).toBe(201);
  const page = await openAsOperator(browser, directory.path);
  await page.getByRole('link', { name: 'Delete directory', exact: true }).click();
  await expect(page.getByText('2 users and 1 group will be removed.')).toBeVisible();
  const field = page.getByRole('textbox', { name: /to confirm$/ });
  await field.fill('okta');
  await page.getByRole('button', { name: 'Delete directory' }).click();
  await expectFieldError(field, 'This is not the name. Type it exactly as it is shown.');
  await expect(field).toHaveValue('okta');
  expect((await scim('GET', '/Users')).json).toMatchObject({ totalResults: 2 });
  await field.fill('Okta');
  await page.getByRole('button', { name: 'Delete directory' }).click();
  await expect(page.getByText('No directory yet')).toBeVisible();
  expect((await scim('GET', '/Users')).status).toBe(401);
  expect(await refusalOf(newSdk().directory.getDirectory(organization.id, directory.id))).toMatchObject({
    httpStatus: 404,
  });
  expect((await page.goto(directory.path))?.status()).toBe(404);
  await page.context().close();
});

test('an organization is deleted only when its name is typed; its tokens, links and sessions are dead at once', async ({
  browser,
}) => {
  const { organization, scim } = await newOrganizationWithDirectory('Delete  Everything');
  expect((await scim('POST', '/Users', { userName: 'ann@everything.example' })).status).toBe(201);
  const page = await openAsOperator(browser, organization.path);
  await page.getByRole('button', { name: 'Generate link' }).click();
  const link = await readField(page, 'Portal link');
  const admin = await (await browser.newContext()).newPage();
  await admin.goto(link);
  await admin.waitForURL(/\/portal\/ps_\d+/);
  const session = admin.url();

  await page.getByRole('link', { name: 'Delete organization', exact: true }).click();
  await expect(page.getByText('1 directory with 1 user and 0 groups will be removed.')).toBeVisible();
  const field = page.getByRole('textbox', { name: /to confirm$/ });
  await field.fill('Delete Everythin');
  await page.getByRole('button', { name: 'Delete organization' }).click();
  await expectFieldError(field, 'This is not the name.');
  expect((await scim('GET', '/Users')).status).toBe(200);
  await field.fill('Delete Everything');
  await page.getByRole('button', { name: 'Delete organization' }).click();
  await page.waitForURL(/\/dashboard\/organizations\?done=deleted$/);
  await expect(page.getByText('Organization deleted').first()).toBeVisible();
  expect((await scim('GET', '/Users')).status).toBe(401);
  await admin.goto(session);
  await expect(admin.getByRole('heading', { name: 'This session has ended' })).toBeVisible();
  const answer = await admin.goto(link);
  expect([404, 410]).toContain(answer?.status());
  expect(await refusalOf(newSdk().organization.getOrganization(organization.id))).toMatchObject({ httpStatus: 404 });
  expect((await page.goto(organization.path))?.status()).toBe(404);
  await Promise.all([page.context().close(), admin.context().close()]);
});

test('attributes of an extension are kept in any case, and checked and discovered once they are declared; a wrong line is named', async ({
  browser,
}) => {
  const { directory, scim } = await newOrganizationWithDirectory('Extensions');
  const urn = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';
  const person = { userName: 'ann@extensions.example', [urn]: { badge: 'A-17', levels: [1, 2] } };
  expect(await scim('POST', '/Users', person)).toMatchObject({ status: 201, json: { [urn]: person[urn] } });
  expect((await scim('GET', `/Schemas/${urn}`)).status).toBe(404);
  const page = await openAsOperator(browser, directory.path);
  await page.getByRole('link', { name: 'Attributes', exact: true }).click();
  const field = textbox(page, 'Extension attributes');
  await field.fill(`${urn}:badge string\n${urn}:levels text`);
  await page.getByRole('button', { name: 'Save attributes' }).click();
  await expectFieldError(field, 'Line 2: text is not a type.');
  await expect(field).toHaveValue(`${urn}:badge string\n${urn}:levels text`);
  await field.fill(`${urn}:badge string\n${urn}:levels integer list`);
  await page.getByRole('button', { name: 'Save attributes' }).click();
  await expect(page.getByText('Saved. These attributes are checked from now on.')).toBeVisible();
  await page.reload();
  await expect(field).toHaveValue(`${urn}:badge string\n${urn}:levels integer list`);
  const made = await scim('POST', '/Users', { ...person, userName: 'bob@extensions.example' });
  expect(made).toMatchObject({ status: 201, json: { [urn]: { badge: 'A-17', levels: [1, 2] } } });
  expect((await scim('GET', `/Schemas/${urn}`)).status).toBe(200);
  const wrong = { ...person, userName: 'eve@extensions.example', [urn]: { levels: ['high'] } };
  expect((await scim('POST', '/Users', wrong)).status).toBe(400);
  await page.context().close();
});
