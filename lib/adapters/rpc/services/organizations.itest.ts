import type { JsonObject } from '@bufbuild/protobuf';
import type { ScalekitClient } from '@scalekit-sdk/node';
import { TimeUnit } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import { SessionPolicyType } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listRecentEvents } from '@/lib/domain/event/queries';
import { redeemLink, createLink } from '@/lib/domain/portal/commands';
import { findVisit, listLinks } from '@/lib/domain/portal/queries';
import { startTestApi, type TestApi } from './testing';

let api: TestApi;
let sdk: ScalekitClient;
let serial = 0;

beforeAll(async () => {
  api = await startTestApi();
  sdk = api.newSdk();
});

afterAll(() => api.close());

async function create(
  fields: { externalId?: string; slug?: string; logoUrl?: string } = {},
  name = `Customer ${++serial}`,
) {
  const { organization } = await sdk.organization.createOrganization(name, fields);
  return organization!;
}

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

async function rest(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${api.origin}/api/v1${path}`, {
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

describe('organizations', () => {
  test('are created with directory sync on, and absent fields stay absent', async () => {
    const bare = await create({}, 'Bare');
    expect(bare.id).toMatch(/^org_\d{17,28}$/);
    expect(bare.displayName).toBe('Bare');
    expect([bare.externalId, bare.slug, bare.logoUrl]).toEqual([undefined, undefined, undefined]);
    expect(bare.settings?.features.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['dir_sync', true],
      ['sso', false],
      ['domain_verification', false],
    ]);
    expect(bare.createTime).toEqual(bare.updateTime);
    const { body } = await rest('GET', `/organizations/${bare.id}`);
    expect(body['organization']).not.toHaveProperty('external_id');
  });

  test('keep all fields that REST can give, answering 201', async () => {
    const given = {
      display_name: 'Globex',
      external_id: 'globex-1',
      metadata: { plan: 'gold' },
      slug: 'globex',
      logo_url: 'https://globex.test/logo.svg',
    };
    const { status, body } = await rest('POST', '/organizations', given);
    expect(status).toBe(201);
    expect(body['organization']).toMatchObject({ ...given, region_code: 'US' });
  });

  test('are found by id and by external id, over gRPC and REST', async () => {
    const made = await create({ externalId: 'ext/with slash' });
    expect((await sdk.organization.getOrganization(made.id)).organization).toEqual(made);
    expect((await sdk.organization.getOrganizationByExternalId('ext/with slash')).organization).toEqual(made);
    const byPath = await rest('GET', `/organizations:external/${encodeURIComponent('ext/with slash')}`);
    expect(byPath.body['organization']).toMatchObject({ id: made.id });
    const list = await rest('GET', `/organizations?external_id=${encodeURIComponent('ext/with slash')}`);
    expect(list.body).toMatchObject({ total_size: 1, organizations: [{ id: made.id }] });
    expect(await codeOf(sdk.organization.getOrganizationByExternalId('nobody'))).toBe('RESOURCE_NOT_FOUND');
  });

  test('are not looked up by id where the external id is asked for', async () => {
    const made = await create();
    const response = await fetch(
      `${api.origin}/scalekit.v1.organizations.OrganizationService/GetOrganizationByExternalId`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${await api.fetchToken()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ id: made.id }),
      },
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid_argument' });
  });

  test('share no external id and no slug', async () => {
    await create({ externalId: 'taken', slug: 'taken' });
    expect(await codeOf(create({ externalId: 'taken' }))).toBe('RESOURCE_ALREADY_EXISTS');
    expect(await codeOf(create({ slug: 'taken' }))).toBe('RESOURCE_ALREADY_EXISTS');
    expect((await rest('POST', '/organizations', { display_name: 'A', external_id: 'taken' })).status).toBe(409);
  });

  test('have at most ten metadata pairs', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`key${at}`, 'v']));
    const { status, body } = await rest('POST', '/organizations', { display_name: 'A', metadata });
    expect(status).toBe(400);
    const violations = { field_violations: [{ field: 'organization.metadata' }] };
    expect(body).toMatchObject({ error_code: 'VALIDATION_ERROR', validation_error_info: violations });
  });

  test('are listed page by page, forwards and back, newest first', async () => {
    const made: string[] = [];
    for (let at = 0; at < 5; at++) made.unshift((await create({}, `Paged ${at}`)).id);
    const list = async (pageToken?: string) => {
      const page = await sdk.organization.searchOrganization('paged', 2, pageToken);
      return { ...page, ids: page.organizations.map(({ id }) => id) };
    };
    const first = await list();
    expect(first).toMatchObject({ ids: made.slice(0, 2), totalSize: 5, prevPageToken: '' });
    const second = await list(first.nextPageToken);
    expect(second.ids).toEqual(made.slice(2, 4));
    const third = await list(second.nextPageToken);
    expect(third).toMatchObject({ ids: made.slice(4), nextPageToken: '' });
    expect((await list(third.prevPageToken)).ids).toEqual(second.ids);
    const back = await list(second.prevPageToken);
    expect(back).toMatchObject({ ids: first.ids, prevPageToken: '' });
    const all = await sdk.organization.listOrganization({ pageSize: 100 });
    expect(all.organizations.slice(0, 5).map(({ id }) => id)).toEqual(made);
    expect(all.totalSize).toBe(all.organizations.length);
    expect(await codeOf(sdk.organization.listOrganization({ pageSize: 2, pageToken: 'made up' }))).toBe(
      'VALIDATION_ERROR',
    );
  });

  test('are searched by name, id and external id, without regard to case', async () => {
    const made = await create({ externalId: 'INITECH-42' }, 'Initech');
    for (const query of ['nitec', 'initech-4', made.id]) {
      const { organizations } = await sdk.organization.searchOrganization(query, 5);
      expect(organizations.map(({ id }) => id)).toEqual([made.id]);
    }
    expect(await codeOf(sdk.organization.searchOrganization('ab', 5))).toBe('VALIDATION_ERROR');
  });

  test('change only in what an update names', async () => {
    const made = await create({ externalId: 'umbrella', logoUrl: 'https://umbrella.test/logo.png' });
    const renamed = await sdk.organization.updateOrganization(made.id, { displayName: 'Umbrella' });
    expect(renamed.organization).toMatchObject({
      displayName: 'Umbrella',
      externalId: 'umbrella',
      logoUrl: made.logoUrl,
    });
    const withMetadata = await sdk.organization.updateOrganizationByExternalId('umbrella', { metadata: { tier: '1' } });
    expect(withMetadata.organization).toMatchObject({ displayName: 'Umbrella', metadata: { tier: '1' } });
    const cleared = await sdk.organization.updateOrganization(made.id, { logoUrl: '' });
    expect(cleared.organization?.logoUrl).toBeUndefined();
    expect(cleared.organization?.metadata).toEqual({ tier: '1' });
    const patched = await rest('PATCH', `/organizations/${made.id}`, { external_id: '', slug: 'umbrella' });
    expect(patched.body['organization']).toMatchObject({ slug: 'umbrella' });
    expect(patched.body['organization']).not.toHaveProperty('external_id');
  });

  test('obey an update mask, which can clear what it names and refuses what it does not know', async () => {
    const made = await create({ externalId: 'masked' });
    const update = async (organization: object, updateMask: string) => {
      const response = await fetch(`${api.origin}/scalekit.v1.organizations.OrganizationService/UpdateOrganization`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await api.fetchToken()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ id: made.id, organization, updateMask }),
      });
      return { status: response.status, body: (await response.json()) as JsonObject };
    };
    const named = await update(
      { displayName: 'Masked', slug: 'ignored', metadata: { tier: '1' } },
      'displayName,metadata',
    );
    expect(named.body['organization']).toMatchObject({
      displayName: 'Masked',
      externalId: 'masked',
      metadata: { tier: '1' },
    });
    expect(named.body['organization']).not.toHaveProperty('slug');
    const cleared = await update({}, 'organization.metadata,externalId');
    expect(cleared.body['organization']).toMatchObject({ displayName: 'Masked' });
    expect(cleared.body['organization']).not.toHaveProperty('externalId');
    expect(cleared.body['organization']).not.toHaveProperty('metadata');
    expect((await update({}, 'regionCode')).status).toBe(400);
    expect((await update({}, 'displayName')).status).toBe(400);
  });

  test('switch features by any of their names, leaving the others', async () => {
    const made = await create();
    const features = async (...changes: { name: string; enabled: boolean }[]) => {
      const { organization } = await sdk.organization.updateOrganizationSettings(made.id, { features: changes });
      return organization!.settings!.features.filter(({ enabled }) => enabled).map(({ name }) => name);
    };
    expect(await features({ name: 'sso', enabled: true })).toEqual(['dir_sync', 'sso']);
    expect(await features({ name: 'scim', enabled: false })).toEqual(['sso']);
    expect(await features({ name: 'directory_sync', enabled: true })).toEqual(['dir_sync', 'sso']);
    expect(await codeOf(features({ name: 'teleport', enabled: true }))).toBe('VALIDATION_ERROR');
    const body = { features: [{ name: 'sso', enabled: false }] };
    const patched = await rest('PATCH', `/organizations/${made.id}/settings`, body);
    expect(patched.body).toMatchObject({
      organization: { settings: { features: [{ enabled: true }, { enabled: false }, {}] } },
    });
  });

  test('have a limit of users that is stored, returned and removed, and told as a change', async () => {
    const made = await create();
    const limit = async () => (await sdk.organization.getOrganizationUserManagementSetting(made.id)).settings;
    expect((await limit())?.maxAllowedUsers).toBeUndefined();
    const set = await sdk.organization.upsertUserManagementSettings(made.id, { maxAllowedUsers: 50 });
    expect(set?.maxAllowedUsers).toBe(50);
    expect((await limit())?.maxAllowedUsers).toBe(50);
    const viaRest = await rest('PATCH', `/organizations/${made.id}/settings/usermanagement`, {
      settings: { max_allowed_users: 60 },
    });
    expect(viaRest).toEqual({ status: 200, body: { settings: { max_allowed_users: 60 } } });
    expect(await codeOf(sdk.organization.upsertUserManagementSettings(made.id, { maxAllowedUsers: 0 }))).toBe(
      'VALIDATION_ERROR',
    );
    await sdk.organization.upsertUserManagementSettings(made.id, { maxAllowedUsers: null });
    await sdk.organization.upsertUserManagementSettings(made.id, {});
    expect((await limit())?.maxAllowedUsers).toBeUndefined();
    const told = await listRecentEvents(api.ctx, { organizationId: made.id, limit: 10 });
    expect(told.map(({ type }) => type)).toEqual([
      'organization.updated',
      'organization.updated',
      'organization.updated',
      'organization.created',
    ]);
    expect(await codeOf(sdk.organization.getOrganizationUserManagementSetting('org_1'))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(sdk.organization.upsertUserManagementSettings('org_1', {}))).toBe('RESOURCE_NOT_FOUND');
  });

  test('have a session policy, which is the application’s until one is set, and is returned in minutes', async () => {
    const { id } = await create();
    const policy = async () => {
      const { $typeName: _, ...rest } = await sdk.organization.getOrganizationSessionPolicy(id);
      return rest;
    };
    expect(await policy()).toEqual({ policySource: SessionPolicyType.APPLICATION });
    const custom = { policySource: 'CUSTOM', absoluteSessionTimeout: 2, absoluteSessionTimeoutUnit: 'DAYS' } as const;
    const set = await sdk.organization.updateOrganizationSessionPolicy(id, {
      ...custom,
      idleSessionTimeoutEnabled: true,
      idleSessionTimeout: 3,
      idleSessionTimeoutUnit: 'HOURS',
    });
    expect(set).toMatchObject({ absoluteSessionTimeout: 2880, idleSessionTimeout: 180 });
    expect(await policy()).toEqual({
      policySource: SessionPolicyType.CUSTOM,
      absoluteSessionTimeout: 2880,
      absoluteSessionTimeoutUnit: TimeUnit.MINUTES,
      idleSessionTimeoutEnabled: true,
      idleSessionTimeout: 180,
      idleSessionTimeoutUnit: TimeUnit.MINUTES,
    });
    await sdk.organization.updateOrganizationSessionPolicy(id, custom);
    expect(await policy()).toMatchObject({ idleSessionTimeoutEnabled: false });
    expect(await policy()).not.toHaveProperty('idleSessionTimeout');
    const refused = [
      { ...custom, absoluteSessionTimeout: 0 },
      { ...custom, absoluteSessionTimeout: 2_000_000_000 },
      { ...custom, idleSessionTimeoutEnabled: true },
      { ...custom, idleSessionTimeout: 3, idleSessionTimeoutUnit: 'DAYS' },
    ] as const;
    for (const each of refused) {
      expect(await codeOf(sdk.organization.updateOrganizationSessionPolicy(id, each))).toBe('VALIDATION_ERROR');
    }
    for (const body of [{}, { policy_source: 'CUSTOM' }, { policy_source: 'NEVER' }]) {
      expect((await rest('PATCH', `/organizations/${id}/session-policy`, body)).status).toBe(400);
    }
    await sdk.organization.updateOrganizationSessionPolicy(id, { policySource: 'APPLICATION' });
    expect(await policy()).toEqual({ policySource: SessionPolicyType.APPLICATION });
    expect(await codeOf(sdk.organization.getOrganizationSessionPolicy('org_1'))).toBe('RESOURCE_NOT_FOUND');
  });

  test('are gone for every call once deleted', async () => {
    const made = await create({ externalId: 'short-lived' });
    await sdk.organization.deleteOrganization(made.id);
    expect(await codeOf(sdk.organization.getOrganization(made.id))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(sdk.organization.getOrganizationByExternalId('short-lived'))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(sdk.organization.deleteOrganization(made.id))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(sdk.organization.generatePortalLink(made.id))).toBe('RESOURCE_NOT_FOUND');
    expect(await rest('GET', `/organizations/${made.id}`)).toMatchObject({ status: 404 });
    const again = await create({ externalId: 'short-lived' });
    expect(await rest('DELETE', `/organizations/${again.id}`)).toEqual({ status: 200, body: {} });
  });
});

describe('portal links', () => {
  async function featuresOf(location: unknown): Promise<readonly string[]> {
    const token = String(location).split('/').at(-1)!;
    const session = await redeemLink(api.ctx, { token });
    return (await findVisit(api.ctx, session)).features;
  }

  async function makeLink(organizationId: string, query = ''): Promise<{ location: unknown; link: JsonObject }> {
    const { status, body } = await rest('PUT', `/organizations/${organizationId}/portal_links${query}`);
    expect(status).toBe(200);
    const link = body['link'] as JsonObject;
    return { link, location: link['location'] };
  }

  test('open the tabs that were asked for, by either way of asking', async () => {
    const { id } = await create();
    await sdk.organization.updateOrganizationSettings(id, { features: [{ name: 'sso', enabled: true }] });
    const asked: [string, string[]][] = [
      ['', ['dir_sync', 'sso']],
      ['?features=sso&features=dir_sync', ['dir_sync', 'sso']],
      ['?features=sso', ['sso']],
      ['?features=directory_sync', ['dir_sync']],
      ['?directory_sync=true', ['dir_sync']],
      ['?sso=false', ['dir_sync']],
      ['?sso=true&features=dir_sync', ['dir_sync', 'sso']],
    ];
    for (const [query, features] of asked) {
      expect(await featuresOf((await makeLink(id, query)).location), query).toEqual(features);
    }
  });

  test('tell their expiry over REST under both names', async () => {
    const { id } = await create();
    const { link } = await makeLink(id);
    expect(link['expire_time']).toMatch(/^\d{4}-.*Z$/);
    expect(link['expireTime']).toBe(link['expire_time']);
  });

  test('are listed while they live, by lnk_ ids and without their address, shared ones too', async () => {
    const { id } = await create();
    const shared = await createLink(api.ctx, { organizationId: id, kind: 'share' });
    const spent = await makeLink(id);
    await featuresOf(spent.location);
    await makeLink(id);
    const { body } = await rest('GET', `/organizations/${id}/portal_links`);
    const links = body['links'] as JsonObject[];
    expect(links).toHaveLength(2);
    expect(links.map((link) => link['id'])).toContain(shared.link.id);
    for (const link of links) expect(link).toMatchObject({ id: expect.stringMatching(/^lnk_/), location: '' });
  });

  test('are revoked by lnk_ id, by the UUID in any case, and all at once', async () => {
    const { id } = await create();
    const listed = async () => {
      const { body } = await rest('GET', `/organizations/${id}/portal_links`);
      return (body['links'] as JsonObject[]).map((link) => link['id']);
    };
    const { link } = await makeLink(id);
    const shared = await createLink(api.ctx, { organizationId: id, kind: 'share' });
    await createLink(api.ctx, { organizationId: id, kind: 'share' });
    await rest('DELETE', `/organizations/${id}/portal_links/${String(link['id']).toUpperCase()}`);
    expect(await listed()).toHaveLength(2);
    await rest('DELETE', `/organizations/${id}/portal_links/${shared.link.id}`);
    expect(await listed()).toHaveLength(1);
    expect(await rest('DELETE', `/organizations/${id}/portal_links`)).toEqual({ status: 200, body: {} });
    expect(await listed()).toEqual([]);
    const states = (await listLinks(api.ctx, { organizationId: id })).map(({ state }) => state);
    expect(states).toEqual(['revoked', 'revoked', 'revoked']);
  });

  test('of another organization cannot be revoked', async () => {
    const [mine, theirs] = [await create(), await create()];
    const { link } = await createLink(api.ctx, { organizationId: theirs.id, kind: 'share' });
    const { status } = await rest('DELETE', `/organizations/${mine.id}/portal_links/${link.id}`);
    expect(status).toBe(404);
    expect((await listLinks(api.ctx, { organizationId: theirs.id }))[0]?.state).toBe('live');
  });
});
