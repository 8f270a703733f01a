import type { ScalekitClient } from '@scalekit-sdk/node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { releaseHeld, setOperatorPolicy } from '@/lib/domain/deprovisioning/commands';
import { createDirectory, createSecret } from '@/lib/domain/directory/commands';
import { createOrganization } from '@/lib/domain/organization/commands';
import { startTestApi, type TestApi } from './testing';

let api: TestApi;
let sdk: ScalekitClient;
let ref: { organizationId: string; directoryId: string };
let token: string;

beforeAll(async () => {
  api = await startTestApi();
  sdk = api.newSdk();
});

afterAll(() => api.close());

beforeEach(async () => {
  const organizationId = (await createOrganization(api.ctx, { displayName: 'Acme' })).id;
  const directoryId = (await createDirectory(api.ctx, { organizationId, provider: 'okta' })).id;
  ref = { organizationId, directoryId };
  token = (await createSecret(api.ctx, ref)).token;
});

async function send(method: string, path: string, body?: object) {
  const response = await fetch(`${api.origin}/scim/v2/${ref.directoryId}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    body: body && JSON.stringify(body),
  });
  const json = response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>);
  return { status: response.status, json };
}

const deactivate = (id: string) =>
  send('PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', value: { active: false } }] });

async function add(userName: string): Promise<string> {
  return String((await send('POST', '/Users', { userName })).json['id']);
}

test('the directory is answered as ever while the application’s list keeps who is held, with since when', async () => {
  await setOperatorPolicy(api.ctx, { ...ref, choice: { breakerPeople: 0, breakerPercent: 0 } });
  const [ann, bob] = [await add('ann'), await add('bob')];
  const group = String(
    (await send('POST', '/Groups', { displayName: 'Staff', members: [{ value: ann }, { value: bob }] })).json['id'],
  );
  expect((await deactivate(ann)).json['active']).toBe(false);
  expect((await send('DELETE', `/Users/${bob}`)).status).toBe(204);
  expect((await send('GET', `/Users/${bob}`)).status).toBe(404);
  const list = (options?: object) =>
    sdk.directory.listDirectoryUsers(ref.organizationId, ref.directoryId, { includeDetail: true, ...options });
  const { users, totalSize } = await list();
  expect(totalSize).toBe(2);
  for (const user of users) {
    expect(user.groups.map(({ id }) => id)).toEqual([group]);
    expect(user.userDetail).toMatchObject({
      active: true,
      removal_pending_since: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  }
  expect((await list({ directoryGroupId: group })).users).toHaveLength(2);
  const groups = await sdk.directory.listDirectoryGroups(ref.organizationId, ref.directoryId);
  expect(groups.groups[0]?.totalUsers).toBe(2);
  await releaseHeld(api.ctx, ref);
  const after = await list();
  expect(
    after.users.map(({ id, userDetail }) => [id, userDetail?.['active'], userDetail?.['removal_pending_since']]),
  ).toEqual([[ann, false, undefined]]);
});

test('who is one too many for the seats is refused with 403 and a sentence, and so is who returns', async () => {
  await sdk.organization.upsertUserManagementSettings(ref.organizationId, { maxAllowedUsers: 1 });
  const ann = await add('ann');
  const refused = await send('POST', '/Users', { userName: 'bob' });
  expect(refused).toMatchObject({
    status: 403,
    json: { status: '403', detail: expect.stringContaining('All seats of the organization are taken') },
  });
  const bob = String((await send('POST', '/Users', { userName: 'bob', active: false })).json['id']);
  const activate = await send('PUT', `/Users/${bob}`, { userName: 'bob', active: true });
  expect(activate.status).toBe(403);
  expect((await send('GET', `/Users/${bob}`)).json['active']).toBe(false);
  await deactivate(ann);
  expect((await send('PUT', `/Users/${bob}`, { userName: 'bob', active: true })).status).toBe(200);
});
