import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import {
  callApi,
  confirm,
  expectFieldError,
  newOrganizationWithDirectory,
  openAsOperator,
  textbox,
} from './support/dashboard';
import { newSdk } from './support/operator';

type Scim = Awaited<ReturnType<typeof newOrganizationWithDirectory>>['scim'];

async function addPeople(scim: Scim, count: number, domain: string): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 1; at <= count; at += 1) {
    const userName = `person${at}@${domain}`;
    const body = {
      userName,
      name: { givenName: 'Person', familyName: String(at) },
      emails: [{ value: userName, primary: true }],
    };
    ids.push(String((await scim('POST', '/Users', body)).json['id']));
  }
  return ids;
}

async function deactivate(scim: Scim, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const answer = await scim('PATCH', `/Users/${id}`, {
      Operations: [{ op: 'replace', path: 'active', value: false }],
    });
    expect(answer.status).toBe(200);
  }
}

/** Whom the application is told is active. */
async function toldActive(organizationId: string, directoryId: string): Promise<number> {
  const { json } = await callApi(
    'GET',
    `/organizations/${organizationId}/directories/${directoryId}/users?page_size=100&include_detail=true`,
  );
  const users = json['users'] as { user_detail?: { active?: boolean } }[];
  return users.filter((user) => user.user_detail?.active !== false).length;
}

test('a role mapping is previewed with who gains and who loses, downloaded, applied, and explained on a person’s page', async ({
  browser,
}) => {
  const { directory, scim } = await newOrganizationWithDirectory('Mapped');
  for (const [name, title] of [
    ['mapping_admin', 'Mapping admin'],
    ['mapping_editor', 'Mapping editor'],
  ] as const)
    await callApi('POST', '/roles', { name, display_name: title });
  const ids = await addPeople(scim, 3, 'mapped.example');
  const member = (value: string) => ({ value });
  await scim('POST', '/Groups', { displayName: 'Engineering', members: ids.slice(0, 2).map(member) });
  await scim('POST', '/Groups', { displayName: 'Finance', members: ids.slice(1).map(member) });

  const page = await openAsOperator(browser, `${directory.path}/roles`);
  await textbox(page, 'Search groups')
    .or(page.getByRole('searchbox', { name: 'Search groups' }))
    .fill('engi');
  await expect(page.getByRole('row', { name: /Finance/ })).toHaveCount(0);
  await page.getByRole('searchbox', { name: 'Search groups' }).fill('');
  const give = (group: string, role: string) =>
    page.getByRole('combobox', { name: `Give ${group} a role` }).selectOption({ label: role });
  await give('Engineering', 'Mapping admin');
  await give('Finance', 'Mapping editor');
  await page.getByRole('button', { name: 'Preview changes' }).click();
  await expect(page.getByText('The roles of 3 people change')).toBeVisible();
  await expect(page.getByRole('row', { name: 'Mapping admin 2 0' })).toBeVisible();
  await expect(page.getByRole('row', { name: /Person 2/ })).toContainText('Mapping admin, Mapping editor');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download as CSV' }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toBe('user_id,user_name,display_name,email,roles_before,roles_after');
  expect(lines.find((line) => line.includes('person2@'))).toMatch(/,,mapping_admin mapping_editor$/);

  // A change after the preview asks for another one.
  await page.getByRole('button', { name: 'Take Mapping editor from Finance' }).click();
  await expect(page.getByRole('button', { name: 'Apply mapping' })).toHaveCount(0);
  await give('Finance', 'Mapping editor');
  await page.getByRole('button', { name: 'Preview changes' }).click();
  await page.getByRole('button', { name: 'Apply mapping' }).click();
  await expect(page.getByText('Mapping applied')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Take Mapping admin from Engineering' })).toBeVisible();

  await page.goto(`${directory.path}/users/${ids[1]}`);
  const chain = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Roles' }) });
  await expect(chain).toContainText('Mapping adminEffectivefrom Engineering');
  await expect(chain).toContainText('Mapping editorfrom Finance');
  await expect(page.getByText('organization.directory.user_updated').first()).toBeVisible();
  await page.context().close();
});

test('a directory that removes too many is answered as usual while the application keeps them, until somebody releases or restores', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const { organization, directory, scim } = await newOrganizationWithDirectory('Tripped');
  const ids = await addPeople(scim, 12, 'tripped.example');
  const page = await openAsOperator(browser, `${directory.path}/deprovisioning`);
  await expect(page.getByText('Nobody is held back')).toBeVisible();
  await textbox(page, 'More people than').fill('');
  await page.getByRole('button', { name: 'Save policy' }).click();
  await expectFieldError(textbox(page, 'More people than'), 'must be a whole number');
  await textbox(page, 'More people than').fill('3');
  await page.getByRole('button', { name: 'Save policy' }).click();
  await expect(page.getByText('Saved')).toBeVisible();

  await deactivate(scim, ids.slice(0, 6));
  expect((await scim('GET', '/Users?filter=active eq true')).json).toMatchObject({ totalResults: 6 });
  await page.goto('/dashboard/organizations');
  await expect(page.getByText('Tripped: 3 people are held back')).toBeVisible();
  await page.goto(organization.path);
  await expect(page.getByText(/people are held back/)).toBeVisible();
  await page.getByRole('link', { name: 'Review and decide' }).click();
  const held = page.getByRole('table', { name: 'People who are held back' }).getByRole('row');
  await expect(held).toHaveCount(4);
  const left = page.getByRole('table', { name: /last 24 hours/ }).getByRole('row');
  await expect(left).toHaveCount(4);
  expect(await toldActive(organization.id, directory.id)).toBe(9);
  await page.goto(`${directory.path}/users/${ids[5]}`);
  await expect(page.getByText('The application still takes them to be active', { exact: false })).toBeVisible();

  // One is restored, one released, and the rest released together; one who left before it tripped comes back too.
  await page.goto(`${directory.path}/deprovisioning`);
  await confirm(page, 'Restore Person 6', /hears nothing of the removal/, 'Restore');
  await expect(held).toHaveCount(3);
  expect((await scim('GET', `/Users/${ids[5]}`)).json).toMatchObject({ active: true });
  await confirm(page, 'Release Person 5', /takes their access away/, 'Release');
  await expect(held).toHaveCount(2);
  expect(await toldActive(organization.id, directory.id)).toBe(8);
  await confirm(page, 'Release all', /loses their access/, 'Release all');
  await expect(page.getByText('Nobody is held back')).toBeVisible();
  expect(await toldActive(organization.id, directory.id)).toBe(7);
  await confirm(page, 'Restore Person 1', /told of them again/, 'Restore');
  await expect(left).toHaveCount(5);
  expect(await toldActive(organization.id, directory.id)).toBe(8);
  await page.goto(organization.path);
  await expect(page.getByText(/people are held back/)).toHaveCount(0);
  await page.context().close();
});

test('a seat limit is kept with the organization, and people beyond it are refused with the reason', async ({
  browser,
}) => {
  const { organization, scim } = await newOrganizationWithDirectory('Seated');
  await addPeople(scim, 1, 'seated.example');
  const page = await openAsOperator(browser, `${organization.path}/edit`);
  await textbox(page, 'Seat limit').fill('none');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expectFieldError(textbox(page, 'Seat limit'), 'Use a whole number from 1');
  await textbox(page, 'Seat limit').fill('1');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.waitForURL((url) => url.pathname === organization.path);
  const refused = await scim('POST', '/Users', { userName: 'beyond@seated.example' });
  expect(refused.status).toBe(403);
  await page.goto(`${organization.path}/edit`);
  await expect(textbox(page, 'Seat limit')).toHaveValue('1');
  await textbox(page, 'Seat limit').fill('');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.waitForURL((url) => url.pathname === organization.path);
  expect((await scim('POST', '/Users', { userName: 'beyond@seated.example' })).status).toBe(201);
  await page.context().close();
});

test('in the portal an IT admin maps roles, makes the policy stricter and never weaker, and decides only where the operator allows it', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const { organization, directory, scim } = await newOrganizationWithDirectory('Own policy');
  await callApi('POST', '/roles', { name: 'own_editor', display_name: 'Own editor' });
  const ids = await addPeople(scim, 3, 'own.example');
  await scim('POST', '/Groups', { displayName: 'Writers', members: [{ value: ids[0] }] });
  const admin = await (await browser.newContext()).newPage();
  await admin.goto((await newSdk().organization.generatePortalLink(organization.id)).location);
  await admin.waitForURL(/\/portal\/ps_\d+/);
  const at = `/portal/${/ps_\d+/.exec(admin.url())![0]}/provisioning/${directory.id}`;

  await admin.goto(`${at}/roles`);
  await admin.getByRole('combobox', { name: 'Give Writers a role' }).selectOption({ label: 'Own editor' });
  await admin.getByRole('button', { name: 'Preview changes' }).click();
  await expect(admin.getByText('The roles of 1 person change')).toBeVisible();
  const [download] = await Promise.all([
    admin.waitForEvent('download'),
    admin.getByRole('button', { name: 'Download as CSV' }).click(),
  ]);
  expect(readFileSync(await download.path(), 'utf8')).toContain('person1@own.example');
  await admin.getByRole('button', { name: 'Apply mapping' }).click();
  await expect(admin.getByText('Mapping applied')).toBeVisible();

  await admin.goto(`${at}/policy`);
  await textbox(admin, 'More people than').fill('30');
  await admin.getByRole('button', { name: 'Save' }).click();
  await expect(admin.getByText('Choose 25 people or fewer.')).toBeVisible();
  await textbox(admin, 'More people than').fill('0');
  await textbox(admin, 'And more percent than').fill('0');
  await admin.getByRole('button', { name: 'Save' }).click();
  await expect(admin.getByText('Saved')).toBeVisible();
  await deactivate(scim, ids.slice(0, 2));
  await admin.reload();
  await expect(admin.getByText('Person 1', { exact: true })).toBeVisible();
  await expect(admin.getByText('The application’s support decides about these people')).toBeVisible();
  await expect(admin.getByRole('button', { name: /Restore|Release/ })).toHaveCount(0);

  const operator = await openAsOperator(browser, `${directory.path}/deprovisioning`);
  await expect(operator.getByText('The customer’s admins chose stricter, and that holds')).toBeVisible();
  await operator.getByRole('checkbox', { name: 'The customer’s IT admins may decide, too' }).check();
  await operator.getByRole('button', { name: 'Save policy' }).click();
  await expect(operator.getByText('Saved')).toBeVisible();
  await admin.reload();
  await admin.getByRole('button', { name: 'Restore Person 1' }).click();
  await expect(admin.getByText('1 person restored')).toBeVisible();
  expect((await scim('GET', `/Users/${ids[0]}`)).json).toMatchObject({ active: true });
  await admin.getByRole('button', { name: 'Release Person 2' }).click();
  await expect(admin.getByText('Nobody is held back.')).toBeVisible();
  expect(await toldActive(organization.id, directory.id)).toBe(2);
  await Promise.all([admin.context().close(), operator.context().close()]);
});
