import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { create } from '@bufbuild/protobuf';
import {
  CreateDirectorySchema,
  DirectoryProvider,
  DirectoryType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import { callApi, openAsOperator, readField, textbox } from './support/dashboard';
import { newScimClient, newSdk, ORIGIN } from './support/operator';
import { findFreePort, newFolder } from './support/server';

const ROOT = path.dirname(import.meta.dirname);
const EXAMPLE = path.join(ROOT, 'examples/node');
/** A webhook comes within a second; starting the example takes longer on a busy machine. */
const PATIENCE = { timeout: 30_000 };

interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly state: string;
  readonly version: number;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly previousId?: string;
}

/** The example, started as its README says, with one command. */
interface Example {
  readonly origin: string;
  readonly organizationId: string;
  users(): Promise<readonly Person[]>;
  stop(): Promise<void>;
}

async function startExample(settings: {
  port: number;
  webhookSecret: string;
  externalId: string;
  usersFile: string;
}): Promise<Example> {
  const child = spawn('npm', ['--prefix', EXAMPLE, 'start', '--silent'], {
    // A group of its own: npm does not pass signals on to what it started.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      SCALEKIT_ENVIRONMENT_URL: ORIGIN,
      PORT: String(settings.port),
      WEBHOOK_SECRET: settings.webhookSecret,
      ORGANIZATION_EXTERNAL_ID: settings.externalId,
      USERS_FILE: settings.usersFile,
    },
  });
  const origin = `http://localhost:${settings.port}`;
  const users = async () => {
    const response = await fetch(`${origin}/users`);
    return ((await response.json()) as { users: Person[] }).users;
  };
  await expect(async () => expect(await users()).toBeDefined()).toPass(PATIENCE);
  const { organization } = await newSdk().organization.getOrganizationByExternalId(settings.externalId);
  return { origin, organizationId: organization!.id, users, stop: () => stop(child) };
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    process.kill(-child.pid!, 'SIGTERM');
  });
}

function newSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`;
}

test('the example’s types hold', () => {
  const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', path.join(EXAMPLE, 'tsconfig.json')], { stdio: 'inherit' });
});

test('the example ends with the same table whatever comes twice, late or forged, and keeps it over a restart', async () => {
  test.setTimeout(120_000);
  const webhookSecret = newSecret();
  const port = await findFreePort();
  const settings = {
    port,
    webhookSecret,
    externalId: 'example-signed',
    usersFile: path.join(newFolder(), 'users.json'),
  };
  let example = await startExample(settings);
  let count = 0;
  const newEvent = (type: string, version: number, data: object, more: object = {}) => {
    count += 1;
    return {
      spec_version: '1',
      id: `evt_${count}`,
      type: `organization.${type}`,
      organization_id: example.organizationId,
      occurred_at: new Date().toISOString(),
      version,
      data,
      ...more,
    };
  };
  const send = async (event: object, secret = webhookSecret): Promise<{ status: number; outcome: unknown }> => {
    const body = JSON.stringify(event);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key).update(`msg_1.${timestamp}.${body}`).digest('base64');
    const response = await fetch(`${example.origin}/webhooks`, {
      method: 'POST',
      headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` },
      body,
    });
    return { status: response.status, outcome: ((await response.json()) as { outcome?: string }).outcome };
  };
  const expectOutcome = async (event: object, outcome: string) =>
    expect(await send(event)).toEqual({ status: 200, outcome });
  const ann = { id: 'diruser_1', name: 'Ann Lee', email: 'ann@acme.example', active: true };
  try {
    const arrival = newEvent('directory.user_created', 2, { ...ann, roles: [{ role_name: 'editor' }] });
    await expectOutcome(arrival, 'applied');
    await expectOutcome(arrival, 'duplicate');
    await expectOutcome(newEvent('directory.user_updated', 1, { ...ann, name: 'Older' }), 'outdated');
    expect(await send(newEvent('directory.user_updated', 9, ann), newSecret())).toEqual({ status: 401 });
    expect(await example.users()).toMatchObject([{ name: 'Ann Lee', state: 'active', roles: ['editor'], version: 2 }]);

    await expectOutcome(newEvent('directory.user_deleted', 3, { ...ann, reason: 'deactivated' }), 'applied');
    expect(await example.users()).toMatchObject([{ name: 'Ann Lee', state: 'deactivated', roles: [] }]);
    await expectOutcome(
      newEvent('directory.user_created', 4, { ...ann, groups: [{ id: 'dirgroup_1', name: 'Ops' }] }),
      'applied',
    );
    expect(await example.users()).toMatchObject([{ state: 'active', groups: ['Ops'] }]);

    const overtaker = newEvent('directory.user_deleted', 6, { ...ann, reason: 'deleted' }, { out_of_order: true });
    await expectOutcome(overtaker, 'applied');
    await expectOutcome(newEvent('directory.user_updated', 5, ann), 'outdated');
    await expectOutcome(
      newEvent('directory.user_created', 1, { ...ann, id: 'diruser_2', previous_id: 'diruser_1' }),
      'applied',
    );
    await expectOutcome(newEvent('directory.group_created', 1, { id: 'dirgroup_1' }), 'ignored');
    const expected = [
      { id: 'diruser_1', state: 'deleted' },
      { id: 'diruser_2', state: 'active', previousId: 'diruser_1' },
    ];
    expect(await example.users()).toMatchObject(expected);

    await example.stop();
    example = await startExample(settings);
    expect(await example.users()).toMatchObject(expected);
    await expectOutcome(overtaker, 'duplicate');
    await expectOutcome(
      newEvent('directory.user_deleted', 2, { id: 'diruser_2', reason: 'directory_deleted' }),
      'applied',
    );
    expect((await example.users()).map(({ state }) => state)).toEqual(['deleted', 'directory_deleted']);
    await expectOutcome(newEvent('deleted', 3, { id: example.organizationId }), 'applied');
    await expectOutcome(newEvent('directory.user_updated', 9, ann), 'outdated');
    expect(await example.users()).toEqual([]);
  } finally {
    await example.stop();
  }
});

test('whom a directory sends is a user of the example, by webhook, and the portal in its page says what happens there', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const port = await findFreePort();
  const page = await openAsOperator(browser, '/dashboard/developers/webhooks/new');
  await textbox(page, 'URL').fill(`http://127.0.0.1:${port}/webhooks`);
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  const webhookSecret = await readField(page, 'Signing secret');
  await page.goto('/dashboard/developers/api-configuration');
  await textbox(page, 'Address').fill(`http://localhost:${port}/`);
  await page.getByRole('button', { name: 'Add address' }).click();
  await expect(page.getByText(`http://localhost:${port}/ added`)).toBeVisible();
  const usersFile = path.join(newFolder(), 'users.json');
  const example = await startExample({ port, webhookSecret, externalId: 'example-told', usersFile });
  const sdk = newSdk();
  const { directory } = await sdk.directory.createDirectory(
    example.organizationId,
    create(CreateDirectorySchema, { directoryType: DirectoryType.SCIM, directoryProvider: DirectoryProvider.OKTA }),
  );
  try {
    const secret = await callApi(
      'POST',
      `/organizations/${example.organizationId}/directories/${directory!.id}/secrets`,
    );
    const scim = newScimClient(directory!.directoryEndpoint, String(secret.json['plain_secret']));
    const { json: ann } = await scim('POST', '/Users', {
      userName: 'ann@told.example',
      name: { givenName: 'Ann', familyName: 'Lee' },
      emails: [{ value: 'ann@told.example', primary: true }],
    });
    const ofAnn = async () => (await example.users()).find(({ id }) => id === ann['id']);
    await expect.poll(ofAnn, PATIENCE).toMatchObject({ email: 'ann@told.example', name: 'Ann Lee', state: 'active' });
    await scim('POST', '/Groups', { displayName: 'Operations', members: [{ value: ann['id'] }] });
    await expect.poll(ofAnn, PATIENCE).toMatchObject({ groups: ['Operations'] });

    await page.goto(example.origin);
    await expect(page.getByRole('row', { name: /Ann Lee/ })).toContainText('Active');
    const portal = page.frameLocator('#portal');
    await expect(portal.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('#portal-event')).toContainText('PORTAL_LOAD_SUCCESS');

    await scim('PATCH', `/Users/${String(ann['id'])}`, {
      Operations: [{ op: 'replace', value: { active: false } }],
    });
    await expect.poll(ofAnn, PATIENCE).toMatchObject({ state: 'deactivated', roles: [] });
    await scim('DELETE', `/Users/${String(ann['id'])}`);
    await expect.poll(ofAnn, PATIENCE).toMatchObject({ state: 'deleted' });
    await page.reload();
    await expect(page.getByRole('row', { name: /Ann Lee/ })).toContainText('Deleted');
  } finally {
    await example.stop();
    await page.context().close();
  }
});
