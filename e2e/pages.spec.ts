import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { create } from '@bufbuild/protobuf';
import {
  CreateDirectorySchema,
  DirectoryProvider,
  DirectoryType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import { CreateRoleSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import { newScimClient, newSdk, ORIGIN, signInAsOperator } from './support/operator';

/** What every page must hold, in both themes, on a phone and on a desk. */
const VIEWS = [
  { name: 'light-1280', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'dark-1280', colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  { name: 'light-360', colorScheme: 'light', viewport: { width: 360, height: 740 } },
  { name: 'dark-360', colorScheme: 'dark', viewport: { width: 360, height: 740 } },
] as const;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Looks at a page in every view: axe finds nothing, nothing is wider than the screen, and a picture is kept. */
async function inspect(page: Page, name: string): Promise<void> {
  for (const view of VIEWS) {
    await test.step(`${name}, ${view.name}`, async () => {
      await page.emulateMedia({ colorScheme: view.colorScheme });
      await page.setViewportSize(view.viewport);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect.soft(overflow, `${name} is wider than ${view.name}`).toBeLessThanOrEqual(0);
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
      );
      expect.soft(found, `${name}, ${view.name}`).toEqual([]);
      await page.screenshot({ path: `test-results/pages/${name}-${view.name}.png`, fullPage: true });
    });
  }
}

async function newPage(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

/** An organization with a directory that two people and a group came through, and one refused request. */
async function furnish(name: string) {
  const sdk = newSdk();
  const { organization } = await sdk.organization.createOrganization(name, { externalId: `${name}-1`.toLowerCase() });
  const organizationId = organization!.id;
  const { directory } = await sdk.directory.createDirectory(
    organizationId,
    create(CreateDirectorySchema, { directoryType: DirectoryType.SCIM, directoryProvider: DirectoryProvider.OKTA }),
  );
  const bearer = await sdk.getClientAccessToken();
  const answer = await fetch(`${ORIGIN}/api/v1/organizations/${organizationId}/directories/${directory!.id}/secrets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}` },
  });
  const { plain_secret: token } = (await answer.json()) as { plain_secret: string };
  const scim = newScimClient(directory!.directoryEndpoint, token);
  const ids: unknown[] = [];
  for (const person of ['Ann', 'Bob']) {
    const body = {
      userName: `${person.toLowerCase()}@acme.example`,
      externalId: `00u${person}`,
      name: { givenName: person, familyName: 'Lee' },
      emails: [{ value: `${person.toLowerCase()}@acme.example`, type: 'work', primary: true }],
    };
    ids.push((await scim('POST', '/Users', body)).json['id']);
  }
  await scim('PATCH', `/Users/${String(ids[1])}`, { Operations: [{ op: 'replace', path: 'active', value: 'False' }] });
  const group = await scim('POST', '/Groups', { displayName: 'Engineering', members: [{ value: ids[0] }] });
  await scim('GET', '/Users?filter=nonsense');
  return {
    sdk,
    scim,
    organizationId,
    directoryId: directory!.id,
    userId: String(ids[0]),
    groupId: String(group.json['id']),
  };
}

test('sign-in pages are accessible and fit every screen', async ({ browser }) => {
  const page = await newPage(browser);
  for (const [name, path] of [
    ['login', '/login'],
    ['login-refused', '/login?error=CredentialsSignin'],
    ['setup-invalid', '/setup/unknown'],
    ['invite-invalid', '/invite/unknown'],
    ['link-unknown', '/magicLink/00000000-0000-4000-8000-000000000000'],
    ['not-found', '/no/such/page'],
  ] as const) {
    await page.goto(path);
    await inspect(page, name);
  }
});

test('dashboard pages are accessible and fit every screen', async ({ browser }) => {
  test.setTimeout(400_000);
  const { organizationId, directoryId, userId, groupId } = await furnish('Pages');
  const empty = await newSdk().organization.createOrganization('Nothing Yet');
  const page = await newPage(browser);
  await signInAsOperator(page);
  const at = `/dashboard/organizations/${organizationId}`;
  const directory = `${at}/directories/${directoryId}`;
  for (const [name, path] of [
    ['organizations', '/dashboard/organizations'],
    ['organizations-none-found', '/dashboard/organizations?q=zzzzzz'],
    ['organization-new', '/dashboard/organizations/new'],
    ['organization', at],
    ['organization-empty', `/dashboard/organizations/${empty.organization!.id}`],
    ['organization-edit', `${at}/edit`],
    ['organization-delete', `${at}/delete`],
    ['directories', `${at}/directories`],
    ['directory-new', `${at}/directories/new`],
    ['directory', directory],
    ['directory-users', `${directory}/users`],
    ['directory-user', `${directory}/users/${userId}`],
    ['directory-groups', `${directory}/groups`],
    ['directory-group', `${directory}/groups/${groupId}`],
    ['directory-delete', `${directory}/delete`],
    ['logs', '/dashboard/logs'],
    ['logs-none-found', '/dashboard/logs?q=zzzzzz'],
    ['api-configuration', '/dashboard/developers/api-configuration'],
    ['api-reference', '/dashboard/developers/api-reference'],
    ['api-reference-none-found', '/dashboard/developers/api-reference?q=zzzzzz'],
    ['api-reference-method', '/dashboard/developers/api-reference/list-directory-users?language=go'],
    ['api-reference-body', '/dashboard/developers/api-reference/create-organization'],
    ['api-reference-webhooks', '/dashboard/developers/api-reference/webhooks?language=java'],
    ['dashboard-settings', '/dashboard/settings'],
    ['dashboard-not-found', '/dashboard/organizations/org_404'],
  ] as const) {
    const response = await page.goto(path);
    expect.soft(response?.status(), name).toBeLessThan(500);
    await inspect(page, name);
  }
  await page.goto(`/dashboard/logs?organization=${organizationId}`);
  await page
    .getByRole('link', { name: /Create user/ })
    .first()
    .click();
  await page.waitForURL(/\/logs\/log_\d+/);
  await inspect(page, 'log-exchange');
});

test('pages of events, webhooks, roles, deprovisioning and the system are accessible and fit every screen', async ({
  browser,
}) => {
  test.setTimeout(400_000);
  const { scim, organizationId, directoryId, userId } = await furnish('Told Pages');
  const page = await newPage(browser);
  await signInAsOperator(page);
  const visit = async (name: string, path: string) => {
    const response = await page.goto(path);
    expect.soft(response?.status(), name).toBe(200);
    await inspect(page, name);
  };
  const webhooks = '/dashboard/developers/webhooks';
  await visit('webhooks-empty', webhooks);
  await visit('webhook-new', `${webhooks}/new`);
  // Nothing listens there.
  await page.getByRole('textbox', { name: 'URL' }).fill('http://127.0.0.1:9/hook');
  await page.getByRole('radio', { name: 'Only these' }).first().check();
  await page.getByRole('checkbox', { name: 'Directory user created' }).check();
  await inspect(page, 'webhook-new-chosen');
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  await expect(page.getByText('Endpoint ready')).toBeVisible();
  await inspect(page, 'webhook-secret');
  await page.getByRole('link', { name: 'Open endpoint' }).click();
  await page.waitForURL(/whe_\d+$/);
  const endpoint = page.url();
  await page.getByRole('button', { name: 'Send test event' }).click();
  await page.waitForURL(/whd_\d+$/);
  await expect(page.getByText('Attempt 1')).toBeVisible();
  await inspect(page, 'webhook-delivery');
  await visit('webhook-deliveries', endpoint);
  await visit('webhook-settings', `${endpoint}/settings`);
  await visit('webhook-replay', `${endpoint}/replay`);
  await visit('webhooks', webhooks);
  await page.goto(`${endpoint}/settings`);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete endpoint' }).click();
  await page.waitForURL((url) => url.pathname === webhooks);

  await visit('events', '/dashboard/logs/events');
  await visit('events-none-found', '/dashboard/logs/events?resource=diruser_404');
  await page.goto(`/dashboard/logs/events?resource=${userId}`);
  await page
    .getByRole('link', { name: /Directory user/ })
    .first()
    .click();
  await page.waitForURL(/evt_\d+/);
  await inspect(page, 'event');
  await visit('system', '/dashboard/settings/system');

  const at = `/dashboard/organizations/${organizationId}`;
  const directory = `${at}/directories/${directoryId}`;
  await visit('directory-roles-none', `${directory}/roles`);
  await newSdk().role.createRole(create(CreateRoleSchema, { name: 'pages_admin', displayName: 'Pages admin' }));
  await page.goto(`${directory}/roles`);
  await page.getByRole('combobox', { name: 'Give Engineering a role' }).selectOption({ label: 'Pages admin' });
  await page.getByRole('button', { name: 'Preview changes' }).click();
  await expect(page.getByRole('button', { name: 'Apply mapping' })).toBeVisible();
  await inspect(page, 'directory-roles');
  await page.getByRole('button', { name: 'Apply mapping' }).click();
  await expect(page.getByText('Mapping applied')).toBeVisible();

  await page.goto(`${directory}/deprovisioning`);
  await page.getByRole('textbox', { name: 'More people than' }).fill('0');
  await page.getByRole('textbox', { name: 'And more percent than' }).fill('0');
  await page.getByRole('button', { name: 'Save policy' }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  await scim('PATCH', `/Users/${userId}`, { Operations: [{ op: 'replace', path: 'active', value: false }] });
  await visit('directory-deprovisioning', `${directory}/deprovisioning`);
  await visit('organization-held', at);
  await visit('directory-user-held', `${directory}/users/${userId}`);
});

test('portal pages are accessible and fit every screen', async ({ browser }) => {
  test.setTimeout(300_000);
  const { sdk, organizationId, directoryId } = await furnish('Portal Pages');
  const page = await newPage(browser);
  const link = await sdk.organization.generatePortalLink(organizationId);
  await page.goto(link.location);
  await page.waitForURL(/\/portal\/ps_\d+/);
  const at = `/portal/${/ps_\d+/.exec(page.url())![0]}/provisioning`;
  for (const [name, path] of [
    ['portal-list', at],
    ['portal-choose', `${at}/new`],
    ['portal-connect', `${at}/${directoryId}/connect`],
    ['portal-send', `${at}/${directoryId}/send`],
    ['portal-enable', `${at}/${directoryId}/enable`],
    ['portal-roles', `${at}/${directoryId}/roles`],
    ['portal-policy', `${at}/${directoryId}/policy`],
  ] as const) {
    await page.goto(path);
    await inspect(page, name);
  }
  await sdk.directory.enableDirectory(organizationId, directoryId);
  await page.goto(`${at}/${directoryId}`);
  await inspect(page, 'portal-connected');

  const stranger = await newPage(browser);
  await stranger.goto(link.location);
  await inspect(stranger, 'link-used');
  await stranger.goto(at);
  await inspect(stranger, 'portal-ended');
  await sdk.organization.updateOrganizationSettings(organizationId, {
    features: [{ name: 'dir_sync', enabled: false }],
  });
  // The session ended with the feature; a new one has nothing to show.
  await page.goto((await sdk.organization.generatePortalLink(organizationId)).location);
  await page.waitForURL(/\/portal\/ps_\d+/);
  await inspect(page, 'portal-nothing');
});
