import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { ScalekitClient } from '@scalekit-sdk/node';
import {
  callApi,
  confirm,
  expectFieldError,
  newOrganization,
  openAsOperator,
  readField,
  textbox,
} from './support/dashboard';

const PATH = '/dashboard/developers/webhooks';

interface Receiver {
  readonly url: string;
  readonly received: { headers: Record<string, string>; body: string }[];
  /** What it answers from now on. */
  status: number;
  close(): Promise<void>;
}

/** An application that takes webhooks. */
async function startReceiver(status: number): Promise<Receiver> {
  const received: Receiver['received'] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      received.push({ headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(receiver.status, { 'content-type': 'text/plain' });
      response.end(receiver.status === 200 ? 'taken' : 'the queue is full');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    status,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

test('an endpoint with mistakes is refused beside each field, and what was chosen stays', async ({ browser }) => {
  const page = await openAsOperator(browser, `${PATH}/new`);
  const url = textbox(page, 'URL');
  for (const [address, reason] of [
    ['', 'This is not a URL.'],
    ['ftp://app.example/', 'Use an https URL.'],
    ['https://me:pw@app.example/', 'Leave name and password out of the URL'],
    ['http://203.0.114.1/hook', 'Plain http is only used'],
    ['https://10.0.0.1/hook', 'is a private address'],
    ['https://169.254.169.254/', 'never called'],
  ] as const) {
    await url.fill(address);
    await page.getByRole('button', { name: 'Add endpoint' }).click();
    await expectFieldError(url, reason);
    await expect(url).toHaveValue(address);
  }
  await url.fill('https://app.example/hook');
  const events = page.getByRole('group', { name: 'Events', exact: true });
  await events.getByRole('radio', { name: 'Only these' }).check();
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  await expectFieldError(events.getByRole('radio', { name: 'Only these' }), 'Choose at least one event');
  await events.getByRole('checkbox', { name: 'Role created' }).check();
  await url.fill('nonsense');
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  await expectFieldError(url, 'This is not a URL.');
  await expect(events.getByRole('checkbox', { name: 'Role created' })).toBeChecked();
  await page.context().close();
});

test('an endpoint’s secret is shown once; a test that fails shows why, and its replay arrives with a signature that the SDK accepts', async ({
  browser,
}) => {
  const receiver = await startReceiver(500);
  const page = await openAsOperator(browser, PATH);
  await page.getByRole('link', { name: 'Add endpoint' }).first().click();
  await textbox(page, 'URL').fill(receiver.url);
  await textbox(page, 'Description').fill('Billing backend');
  const events = page.getByRole('group', { name: 'Events', exact: true });
  await events.getByRole('radio', { name: 'Only these' }).check();
  await events.getByRole('checkbox', { name: 'Organization created' }).check();
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  await expect(page.getByText('Endpoint ready')).toBeVisible();
  const secret = await readField(page, 'Signing secret');
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  await page.getByRole('link', { name: 'Open endpoint' }).click();
  await page.waitForURL(/\/whe_\d+$/);
  const endpoint = page.url();
  expect(await page.content()).not.toContain(secret);

  // A test that fails.
  await page.getByRole('button', { name: 'Send test event' }).click();
  await page.waitForURL(/\/deliveries\/whd_\d+$/);
  await expect(page.getByText('Answered 500.', { exact: false }).first()).toBeVisible();
  await expect(page.getByText('the queue is full').first()).toBeVisible();
  await expect(page.getByText('webhook-signature: v1,', { exact: false }).first()).toBeVisible();
  await expect(page.getByText('Retrying').first()).toBeVisible();
  await page.goto(`${endpoint}?status=delivered`);
  await expect(page.getByText('No delivery matches')).toBeVisible();
  await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Retrying' });
  await page.waitForURL(/status=retrying/);
  await page.getByRole('link', { name: /Organization created/ }).click();

  // Its replay arrives, and any SDK accepts it.
  receiver.status = 200;
  await page.getByRole('button', { name: 'Replay' }).click();
  await expect(page.getByText('taken')).toBeVisible();
  await expect(page.getByText('Delivered').first()).toBeVisible();
  const sdk = new ScalekitClient('http://127.0.0.1', 'skc_1', 'secret');
  for (const { headers, body } of receiver.received) expect(sdk.verifyWebhookPayload(secret, headers, body)).toBe(true);
  expect(JSON.parse(receiver.received.at(-1)!.body)).toMatchObject({
    type: 'organization.created',
    data: { test: true },
  });

  // What happens really arrives as well, and leads to the event.
  const organization = await newOrganization('Told');
  await expect.poll(() => receiver.received.some(({ body }) => body.includes(organization.id))).toBe(true);
  await callApi('POST', '/roles', { name: 'not_told', display_name: 'Not told' });
  await page.goto(endpoint);
  await page
    .getByRole('link', { name: /Organization created/ })
    .first()
    .click();
  await page.getByRole('link', { name: 'Open event' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Organization created' })).toBeVisible();
  await expect(page.getByText('Announced').first()).toBeVisible();
  expect(receiver.received.some(({ body }) => body.includes('role.created'))).toBe(false);

  // Rotating: both secrets sign during the overlap.
  await page.goto(`${endpoint}/settings`);
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await expect(page.getByText('Secret rotated')).toBeVisible();
  await expect(page.getByText(/until (tomorrow|in 2\d hours)/).first()).toBeVisible();
  const newSecret = await readField(page, 'Signing secret');
  const before = receiver.received.length;
  await page.getByRole('button', { name: 'Send test event' }).click();
  await expect.poll(() => receiver.received.length).toBeGreaterThan(before);
  const { headers, body } = receiver.received.at(-1)!;
  for (const one of [secret, newSecret]) expect(sdk.verifyWebhookPayload(one, headers, body)).toBe(true);

  // Disabled it gets nothing; replaying the time brings what it missed.
  await page.goto(`${endpoint}/settings`);
  await confirm(page, 'Disable', /told nothing through it/, 'Disable endpoint');
  const missed = await newOrganization('Missed');
  await page.goto(endpoint);
  await expect(page.getByText('This endpoint is disabled')).toBeVisible();
  await page.getByRole('button', { name: 'Enable endpoint' }).click();
  await expect(page.getByText('This endpoint is disabled')).toHaveCount(0);
  expect(receiver.received.some((one) => one.body.includes(missed.id))).toBe(false);
  await page.getByRole('link', { name: 'Replay', exact: true }).click();
  await page.getByRole('button', { name: 'Replay range' }).click();
  await page.waitForURL(/replayed=\d+/);
  await expect.poll(() => receiver.received.some((one) => one.body.includes(missed.id))).toBe(true);

  await page.goto(`${endpoint}/settings`);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete endpoint' }).click();
  await page.waitForURL((url) => url.pathname === PATH);
  await expect(page.getByText(receiver.url)).toHaveCount(0);
  await Promise.all([page.context().close(), receiver.close()]);
});

test('events are listed as they are announced, narrowed by the address, and lead to the request that caused them and back', async ({
  browser,
}) => {
  const organization = await newOrganization('Streamed');
  await callApi('PATCH', `/organizations/${organization.id}`, { display_name: 'Streamed twice' });
  const page = await openAsOperator(browser, '/dashboard/logs/events');
  await page.goto(`/dashboard/logs/events?resource=${organization.id}`);
  const rows = page.getByRole('table', { name: /Events/ }).getByRole('row');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText('Organization updated');
  await page.getByRole('combobox', { name: 'Type' }).selectOption({ label: 'Organization created' });
  await page.waitForURL(/type=organization\.created/);
  await expect(rows).toHaveCount(2);
  await rows.nth(1).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Organization created' })).toBeVisible();
  await expect(page.getByText('API credential')).toBeVisible();
  await page.goto('/dashboard/logs/events?resource=diruser_404');
  await expect(page.getByText('No event matches')).toBeVisible();
  await page.goto('/dashboard/settings/system');
  await expect(page.getByRole('row', { name: /webhook-deliveries/ })).toContainText('Running');
  await page.context().close();
});
