import { create, type JsonObject } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { ScalekitClient } from '@scalekit-sdk/node';
import {
  CreateDirectorySchema,
  DirectoryProvider,
  DirectoryType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findTokenHolder } from '@/lib/domain/directory/queries';
import { createOrganization } from '@/lib/domain/organization/commands';
import { createGroup, createUser } from '@/lib/domain/provisioning/commands';
import type { DirectoryScope } from '@/lib/domain/provisioning/types';
import { createRole } from '@/lib/domain/role/commands';
import type { JsonObject as ScimDocument } from '@/lib/scim/attribute';
import { PUBLIC_ORIGIN, startTestApi, type TestApi } from './testing';

const OKTA = create(CreateDirectorySchema, {
  directoryType: DirectoryType.SCIM,
  directoryProvider: DirectoryProvider.OKTA,
});

let api: TestApi;
let sdk: ScalekitClient;
let organizationId: string;

beforeAll(async () => {
  api = await startTestApi();
  sdk = api.newSdk();
});

afterAll(() => api.close());

beforeEach(async () => {
  organizationId = (await createOrganization(api.ctx, { displayName: 'Acme' })).id;
});

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

async function rest(method: string, path: string, body?: JsonObject): Promise<Answer> {
  const response = await fetch(`${api.origin}/api/v1/organizations/${organizationId}/directories${path}`, {
    method,
    headers: { authorization: `Bearer ${await api.fetchToken()}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error as { errorCode?: unknown }).errorCode,
  );
}

async function createDirectory(): Promise<string> {
  const { directory } = await sdk.directory.createDirectory(organizationId, OKTA);
  return directory!.id;
}

describe('directories', () => {
  test('start disabled, as drafts, with their own endpoint', async () => {
    const { directory } = await sdk.directory.createDirectory(organizationId, OKTA);
    expect(directory).toMatchObject({
      id: expect.stringMatching(/^dir_\d+$/),
      name: 'Okta',
      directoryType: DirectoryType.SCIM,
      directoryProvider: DirectoryProvider.OKTA,
      organizationId,
      enabled: false,
      directoryEndpoint: `${PUBLIC_ORIGIN}/scim/v2/${directory!.id}`,
      status: 'DRAFT',
      groupsTracked: 'ALL',
      secrets: [],
    });
    expect(directory!.lastSyncedAt).toBeUndefined();
    expect((await sdk.directory.getDirectory(organizationId, directory!.id)).directory).toEqual(directory);
    const { body } = await rest('GET', `/${directory!.id}`);
    expect(body['directory']).toMatchObject({ directory_type: 'SCIM', directory_provider: 'OKTA', total_users: 0 });
  });

  test('are primary when they are enabled, else when they are the oldest; without any the SDK says so', async () => {
    const primary = () => sdk.directory.getPrimaryDirectoryByOrganizationId(organizationId);
    await expect(primary()).rejects.toBe('directory does not exist for organization');
    const [first, second] = [await createDirectory(), await createDirectory()];
    expect((await primary()).id).toBe(first);
    await sdk.directory.enableDirectory(organizationId, second);
    expect((await primary()).id).toBe(second);
    const { directories } = await sdk.directory.listDirectories(organizationId);
    expect(directories.map(({ id }) => id)).toEqual([second, first]);
  });

  test('are enabled and disabled, any number of times, over gRPC and REST', async () => {
    const id = await createDirectory();
    for (const _ of [1, 2]) {
      expect((await sdk.directory.enableDirectory(organizationId, id)).enabled).toBe(true);
    }
    expect((await sdk.directory.getDirectory(organizationId, id)).directory).toMatchObject({
      enabled: true,
      status: 'COMPLETED',
    });
    for (const _ of [1, 2]) {
      const { status, body } = await rest('PATCH', `/${id}:disable`);
      expect({ status, body }).toEqual({ status: 200, body: { enabled: false } });
    }
    expect((await sdk.directory.disableDirectory(organizationId, id)).errorMessage).toBeUndefined();
  });

  test('change only in what an update names', async () => {
    const id = await createDirectory();
    const renamed = await rest('PATCH', `/${id}`, { name: 'Staff', mappings: [{ key: 'title', map_to: 'job' }] });
    expect(renamed.body['directory']).toMatchObject({
      name: 'Staff',
      directory_provider: 'OKTA',
      enabled: false,
      attribute_mappings: { attributes: [{ key: 'title', map_to: 'job' }] },
    });
    const moved = await rest('PATCH', `/${id}`, { directory_provider: 'ONELOGIN', enabled: true });
    expect(moved.body['directory']).toMatchObject({ name: 'Staff', directory_provider: 'ONELOGIN', enabled: true });
    const groups = await rest('PATCH', `/${id}`, {
      groups: [{ external_id: 'g', display_name: 'G', email: 'g@acme.test' }],
    });
    expect(groups.status).toBe(501);
  });

  test('of a type that their provider does not have are refused', async () => {
    const tryType = (directoryType: DirectoryType, directoryProvider: DirectoryProvider) =>
      codeOf(sdk.directory.createDirectory(organizationId, { ...OKTA, directoryType, directoryProvider }));
    expect(await tryType(DirectoryType.POLL, DirectoryProvider.OKTA)).toBe('VALIDATION_ERROR');
    expect(await tryType(DirectoryType.LDAP, DirectoryProvider.OKTA)).toBe('VALIDATION_ERROR');
    expect(await tryType(DirectoryType.POLL, DirectoryProvider.GOOGLE)).toBe('no error');
  });

  test('are gone once deleted, with their tokens', async () => {
    const id = await createDirectory();
    const { body } = await rest('POST', `/${id}/secrets`);
    await sdk.directory.deleteDirectory(organizationId, id);
    expect(await codeOf(sdk.directory.getDirectory(organizationId, id))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(sdk.directory.deleteDirectory(organizationId, id))).toBe('RESOURCE_NOT_FOUND');
    expect(await findTokenHolder(api.ctx, String(body['plain_secret']))).toBeUndefined();
  });

  test('of another organization do not exist', async () => {
    const id = await createDirectory();
    const other = (await createOrganization(api.ctx, { displayName: 'Other' })).id;
    const calls = [
      sdk.directory.getDirectory(other, id),
      sdk.directory.enableDirectory(other, id),
      sdk.directory.disableDirectory(other, id),
      sdk.directory.deleteDirectory(other, id),
      sdk.directory.listDirectoryUsers(other, id),
      sdk.directory.listDirectoryGroups(other, id),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => 'RESOURCE_NOT_FOUND'));
    expect((await sdk.directory.getDirectory(organizationId, id)).directory?.enabled).toBe(false);
  });

  test('are out of reach while the organization has directory sync switched off, and unchanged after', async () => {
    const id = await createDirectory();
    const before = await sdk.directory.getDirectory(organizationId, id);
    const switchTo = (enabled: boolean) =>
      sdk.organization.updateOrganizationSettings(organizationId, { features: [{ name: 'dir_sync', enabled }] });
    await switchTo(false);
    const calls = [
      sdk.directory.createDirectory(organizationId, OKTA),
      sdk.directory.listDirectories(organizationId),
      sdk.directory.getDirectory(organizationId, id),
      sdk.directory.enableDirectory(organizationId, id),
      sdk.directory.deleteDirectory(organizationId, id),
      sdk.directory.listDirectoryUsers(organizationId, id),
      sdk.directory.listDirectoryGroups(organizationId, id),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => 'FEATURE_DISABLED'));
    expect(await rest('POST', `/${id}/secrets`)).toMatchObject({ status: 400, body: { code: 9 } });
    await switchTo(true);
    expect(await sdk.directory.getDirectory(organizationId, id)).toEqual(before);
  });
});

describe('tokens of a directory', () => {
  test('are shown once, listed by their last characters, and live two at a time', async () => {
    const id = await createDirectory();
    const { body } = await rest('POST', `/${id}/secrets`);
    const token = String(body['plain_secret']);
    expect((await findTokenHolder(api.ctx, token))?.directory.id).toBe(id);
    expect(body['secret']).toMatchObject({ secret_suffix: token.slice(-4), status: 'ACTIVE', directory_id: id });
    await rest('POST', `/${id}/secrets`);
    expect(await rest('POST', `/${id}/secrets`)).toMatchObject({
      status: 400,
      body: { error_code: 'TOO_MANY_SECRETS' },
    });
    const { directory } = await sdk.directory.getDirectory(organizationId, id);
    expect(directory?.status).toBe('IN_PROGRESS');
    expect(directory?.secrets.map(({ secretSuffix }) => secretSuffix)).toContain(token.slice(-4));
    expect(JSON.stringify(await rest('GET', `/${id}`))).not.toContain(token);
  });

  test('are replaced by regenerating: the old ones are refused at once', async () => {
    const id = await createDirectory();
    const old = await rest('POST', `/${id}/secrets`);
    await findTokenHolder(api.ctx, String(old.body['plain_secret']));
    const made = await rest('POST', `/${id}/secrets:regenerate`);
    expect(await findTokenHolder(api.ctx, String(old.body['plain_secret']))).toBeUndefined();
    expect((await findTokenHolder(api.ctx, String(made.body['plain_secret'])))?.directory.id).toBe(id);
    const { body } = await rest('GET', `/${id}`);
    const secrets = (body['directory'] as JsonObject)['secrets'] as JsonObject[];
    expect(secrets.map((secret) => secret['status'])).toEqual(['ACTIVE', 'INACTIVE']);
  });
});

describe('people and groups of a directory', () => {
  let scope: DirectoryScope;
  let ids: string[];
  let groupId: string;
  const doc = (name: string): ScimDocument => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: `${name}@acme.test`,
    name: { givenName: name, familyName: 'Example' },
    emails: [
      { value: `${name}@acme.test`, primary: true },
      { value: `${name}@home.test`, type: 'home' },
    ],
    nickName: name.toUpperCase(),
  });

  beforeEach(async () => {
    scope = { organizationId, directoryId: await createDirectory() };
    ids = [];
    for (const name of ['ada', 'grace', 'edsger']) ids.push((await createUser(api.ctx, scope, doc(name))).id);
    const group = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'Engineering',
      externalId: 'eng',
    };
    groupId = (await createGroup(api.ctx, scope, { doc: group, members: ids.slice(0, 2) })).id;
  });

  const listUsers = (options?: Parameters<ScalekitClient['directory']['listDirectoryUsers']>[2]) =>
    sdk.directory.listDirectoryUsers(scope.organizationId, scope.directoryId, options);

  test('are counted in their directory', async () => {
    const { directory } = await sdk.directory.getDirectory(scope.organizationId, scope.directoryId);
    expect(directory).toMatchObject({ totalUsers: 3, totalGroups: 1, stats: { totalUsers: 3, totalGroups: 1 } });
    expect(directory!.stats!.userUpdatedAt).toBeDefined();
    const [user, group] = [directory!.stats!.userUpdatedAt!, directory!.stats!.groupUpdatedAt!].map(timestampDate);
    const latest = new Date(Math.max(user!.getTime(), group!.getTime()));
    expect(timestampDate(directory!.lastSyncedAt!)).toEqual(latest);
  });

  test('are listed with what an application needs, and their document only on demand', async () => {
    const { users, totalSize, nextPageToken } = await listUsers();
    expect({ totalSize, nextPageToken, ids: users.map(({ id }) => id) }).toEqual({
      totalSize: 3,
      nextPageToken: '',
      ids,
    });
    expect(users[0]).toMatchObject({
      email: 'ada@acme.test',
      preferredUsername: 'ada@acme.test',
      givenName: 'ada',
      familyName: 'Example',
      emails: ['ada@acme.test', 'ada@home.test'],
      groups: [{ id: groupId, displayName: 'Engineering' }],
    });
    expect(users[0]!.userDetail).toBeUndefined();
    expect((await listUsers({ includeDetail: true })).users[0]?.userDetail).toMatchObject({ nickName: 'ADA' });
  });

  test('name their groups over REST without a count that nobody made', async () => {
    const { body } = await rest('GET', `/${scope.directoryId}/users?page_size=1`);
    const [user] = body['users'] as JsonObject[];
    expect(user!['groups']).toEqual([{ id: groupId, display_name: 'Engineering' }]);
  });

  test('are pushed, so a sync on request is refused with the reason, and nothing about the wizard is kept', async () => {
    const { directoryId } = scope;
    const pushed = { status: 400, body: { code: 9, error_code: 'DIRECTORY_NOT_PULLED' } };
    expect(await rest('GET', `/${directoryId}:sync`)).toMatchObject(pushed);
    expect(await rest('PUT', `/${directoryId}/groups:assign`, { external_ids: ['g1'] })).toMatchObject(pushed);
    expect(await rest('GET', '/dir_100000000000000000001:sync')).toMatchObject({ status: 404 });
    const unbuilt = { status: 501, body: { code: 12, error_code: 'UNIMPLEMENTED' } };
    expect(await rest('GET', `/${directoryId}/contexts`)).toMatchObject(unbuilt);
    expect(await rest('PUT', `/${directoryId}/contexts`, { step: 2 })).toMatchObject(unbuilt);
  });

  test('are paged forwards and back', async () => {
    const first = await listUsers({ pageSize: 2 });
    expect(first.users.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const second = await listUsers({ pageSize: 2, pageToken: first.nextPageToken });
    expect(second.users.map(({ id }) => id)).toEqual(ids.slice(2));
    const { body } = await rest('GET', `/${scope.directoryId}/users?page_size=2&page_token=${second.prevPageToken}`);
    expect((body['users'] as JsonObject[]).map((user) => user['id'])).toEqual(ids.slice(0, 2));
    expect(body).toMatchObject({ total_size: 3, prev_page_token: '' });
    expect((await listUsers({ pageSize: 100 })).users).toHaveLength(3);
  });

  test('are filtered by group and by time of change', async () => {
    expect((await listUsers({ directoryGroupId: groupId })).users.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const before = new Date(Date.now() - 60_000).toISOString();
    const after = new Date(Date.now() + 60_000).toISOString();
    expect((await listUsers({ updatedAfter: before })).totalSize).toBe(3);
    expect((await listUsers({ updatedAfter: after })).totalSize).toBe(0);
    const wrong = await rest('GET', `/${scope.directoryId}/users?updated_after=yesterday`);
    expect(wrong).toMatchObject({ status: 400, body: { error_code: 'VALIDATION_ERROR' } });
  });

  test('come as groups with their size, and as names alone', async () => {
    const list = await sdk.directory.listDirectoryGroups(scope.organizationId, scope.directoryId, {
      includeDetail: true,
    });
    expect(list).toMatchObject({ totalSize: 1, groups: [{ id: groupId, displayName: 'Engineering', totalUsers: 2 }] });
    expect(list.groups[0]?.groupDetail).toMatchObject({ externalId: 'eng' });
    for (let at = 0; at < 101; at++) {
      await createGroup(api.ctx, scope, { doc: { displayName: `Group ${at}` }, members: [] });
    }
    const { body } = await rest('GET', `/${scope.directoryId}/groups/summary`);
    expect(body['groups']).toHaveLength(102);
    expect((body['groups'] as JsonObject[])[0]).toEqual({ id: groupId, display_name: 'Engineering' });
  });

  test('are given roles by their groups: the whole mapping is put, and read back with the directory', async () => {
    await createRole(api.ctx, { name: 'engineer', displayName: 'Engineer', organizationId, priority: 1 });
    const put = (assignments: JsonObject[]) =>
      rest('PUT', `/${scope.directoryId}/groups/-/roles:assign`, { assignments });
    const { status, body } = await put([{ group_id: groupId, role_name: 'engineer' }]);
    const role = { group_id: groupId, role_name: 'engineer', role_id: expect.stringMatching(/^role_/) };
    expect({ status, body }).toEqual({ status: 200, body: { role_assignments: { assignments: [role] } } });
    const { directory } = await sdk.directory.getDirectory(organizationId, scope.directoryId);
    expect(directory?.roleAssignments?.assignments).toMatchObject([{ groupId, roleName: 'engineer' }]);
    expect(await put([{ group_id: 'dirgroup_1', role_name: 'engineer' }])).toMatchObject({
      status: 400,
      body: { error_code: 'VALIDATION_ERROR' },
    });
    const other = { group_id: groupId, role_name: 'engineer', role_id: 'role_1' };
    expect(await put([other])).toMatchObject({ status: 400, body: { error_code: 'VALIDATION_ERROR' } });
    expect((await put([])).body).toMatchObject({ role_assignments: { assignments: [] } });
  });
});
