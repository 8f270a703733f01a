import { createServer, type Server } from 'node:http';
import { expect, type Page, test } from '@playwright/test';
import { confirm, newOrganization, newOrganizationWithDirectory, openAsOperator } from './support/dashboard';
import { newScimClient, newSdk, ORIGIN } from './support/operator';

const API_CONFIGURATION = '/dashboard/developers/api-configuration';

/** What the embedding page heard, as the browser gave it. */
interface Heard {
  readonly origin: string;
  readonly data: Record<string, unknown>;
}

/** The settings page of a customer's application: it frames what `src` says and keeps every message. */
const SETTINGS_PAGE = `<!doctype html><title>Settings</title>
<script>
  window.heard = [];
  addEventListener('message', (event) => heard.push({ origin: event.origin, data: event.data }));
</script>
<iframe title="Portal" allow="clipboard-write" width="700" height="800"></iframe>
<script>document.querySelector('iframe').src = new URLSearchParams(location.search).get('src');</script>`;

let server: Server;
let origin: string;

test.beforeAll(async () => {
  server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(SETTINGS_PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  origin = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`;
});

test.afterAll(() => new Promise((resolve) => server.close(resolve)));

function heardBy(page: Page): Promise<Heard[]> {
  return page.evaluate(() => Reflect.get(window, 'heard') as Heard[]);
}

async function newEmbeddedLink(organizationId: string): Promise<string> {
  return (await newSdk().organization.generatePortalLink(organizationId)).location;
}

/** Opens the settings page with the portal in it. Resolves to the status of the link's own answer. */
async function embed(page: Page, link: string): Promise<number> {
  const answer = page.waitForResponse(link);
  await page.goto(`${origin}/settings?src=${encodeURIComponent(link)}`);
  return (await answer).status();
}

async function register(page: Page): Promise<void> {
  await page.goto(API_CONFIGURATION);
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill(`${origin}/settings`);
  await page.getByRole('button', { name: 'Add address' }).click();
  await expect(page.getByText(`${origin}/settings added`)).toBeVisible();
}

test('a page whose origin is registered frames the portal and is told what happens in it, in the contract’s shapes', async ({
  browser,
}) => {
  const { organization, directory } = await newOrganizationWithDirectory('Embedded');
  const operator = await openAsOperator(browser, API_CONFIGURATION);
  await register(operator);
  const page = await (await browser.newContext()).newPage();
  expect(await embed(page, await newEmbeddedLink(organization.id))).toBe(303);
  const frame = page.frameLocator('iframe');
  await expect(frame.getByRole('heading', { name: 'Your directories' })).toBeVisible();
  await expect.poll(async () => (await heardBy(page)).length).toBe(1);
  const [loaded] = await heardBy(page);
  expect(loaded).toEqual({
    origin: ORIGIN,
    data: {
      event_type: 'PORTAL_LOAD_SUCCESS',
      object: 'session',
      organization_id: organization.id,
      message: expect.any(String),
      data: { expiry: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) },
    },
  });
  const hoursLeft = (Date.parse((loaded!.data['data'] as { expiry: string }).expiry) - Date.now()) / 3_600_000;
  expect(hoursLeft).toBeGreaterThan(5.9);
  expect(hoursLeft).toBeLessThanOrEqual(6);

  // The IT admin goes from step to step inside the frame and enables the directory.
  await frame.getByRole('link', { name: 'Okta' }).click();
  const scim = newScimClient(directory.endpoint, directory.token);
  expect((await scim('POST', '/Users', { userName: 'ann@embedded.example' })).status).toBe(201);
  await expect(frame.getByText('Connection tested')).toBeVisible();
  await frame.getByRole('link', { name: 'Continue' }).click();
  await expect(frame.getByRole('heading', { name: 'Send people and groups' })).toBeVisible();
  await frame.getByRole('link', { name: 'Continue' }).click();
  await frame.getByRole('button', { name: 'Enable provisioning' }).click();
  await expect(frame.getByRole('heading', { name: 'Your directory is connected' })).toBeVisible();
  // Each event once, however often the pages around it were read.
  await expect.poll(async () => (await heardBy(page)).length).toBe(2);
  expect((await heardBy(page)).at(-1)).toEqual({
    origin: ORIGIN,
    data: {
      event_type: 'ORGANIZATION_DIRECTORY_ENABLED',
      object: 'directory',
      organization_id: organization.id,
      message: 'SCIM Provisioning enabled successfully',
      data: { directory_type: 'SCIM', id: directory.id, provider: 'OKTA', enabled: true },
    },
  });
  await confirm(operator, `Remove ${origin}/settings`, /no longer embed/, 'Remove address');
  await Promise.all([operator.context().close(), page.context().close()]);
});

test('a page whose origin is not registered is refused without using the link up, and hears nothing', async ({
  browser,
}) => {
  const organization = await newOrganization('Not Embedded');
  const operator = await openAsOperator(browser, API_CONFIGURATION);
  await expect(operator.getByRole('row', { name: new RegExp(origin) })).toHaveCount(0);
  const page = await (await browser.newContext()).newPage();
  const link = await newEmbeddedLink(organization.id);
  expect(await embed(page, link)).toBe(403);
  await expect(page.frameLocator('iframe').getByRole('heading', { name: 'Connect your directory' })).toHaveCount(0);
  expect(await heardBy(page)).toEqual([]);

  // The same link opens once its page is registered.
  await register(operator);
  expect(await embed(page, link)).toBe(303);
  await expect(page.frameLocator('iframe').getByRole('heading', { name: 'Connect your directory' })).toBeVisible();
  await confirm(operator, `Remove ${origin}/settings`, /no longer embed/, 'Remove address');
  await Promise.all([operator.context().close(), page.context().close()]);
});

test('the embedding page is told why a link does not open', async ({ browser }) => {
  const organization = await newOrganization('Used Link');
  const operator = await openAsOperator(browser, API_CONFIGURATION);
  await register(operator);
  const link = await newEmbeddedLink(organization.id);
  const first = await (await browser.newContext()).newPage();
  await first.goto(link);
  await first.waitForURL(/\/portal\/ps_/);
  const page = await (await browser.newContext()).newPage();
  expect(await embed(page, link)).toBe(410);
  await expect
    .poll(() => heardBy(page))
    .toEqual([
      {
        origin: ORIGIN,
        data: {
          event_type: 'PORTAL_LOAD_FAILURE',
          object: 'session',
          message: expect.any(String),
          data: { error_code: 'LINK_ALREADY_USED' },
        },
      },
    ]);
  await confirm(operator, `Remove ${origin}/settings`, /no longer embed/, 'Remove address');
  await Promise.all([operator, first, page].map((item) => item.context().close()));
});
