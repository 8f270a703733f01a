import { create, type JsonObject } from '@bufbuild/protobuf';
import type { ScalekitClient } from '@scalekit-sdk/node';
import {
  ConnectionProvider,
  ConnectionStatus,
  ConnectionType,
  CreateConnectionSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { database } from '@/lib/db/handle';
import { listRecentEvents } from '@/lib/domain/event/queries';
import { createOrganization, deleteOrganization, removeDeletedOrganizations } from '@/lib/domain/organization/commands';
import { startTestApi, type TestApi } from './testing';

const OIDC = create(CreateConnectionSchema, { type: ConnectionType.OIDC, provider: ConnectionProvider.OKTA });
const SAML = create(CreateConnectionSchema, { type: ConnectionType.SAML, provider: ConnectionProvider.MICROSOFT_AD });
const CLIENT_SECRET = 'a-client-secret-of-okta-7f3a';
const CERTIFICATE = readFileSync(
  fileURLToPath(new URL('../../../core/front-door/fixtures/localhost.cert.pem', import.meta.url)),
  'utf8',
);

let api: TestApi;
let sdk: ScalekitClient;
let organizationId: string;
let serial = 0;

beforeAll(async () => {
  api = await startTestApi();
  sdk = api.newSdk();
});

afterAll(() => api.close());

beforeEach(async () => {
  organizationId = await newOrganization();
});

async function newOrganization(displayName = 'Acme'): Promise<string> {
  return (await createOrganization(api.ctx, { displayName })).id;
}

async function newDomain(): Promise<{ id: string; domain: string }> {
  serial += 1;
  const { domain } = await sdk.domain.createDomain(organizationId, `acme-${serial}.test`);
  return domain!;
}

async function newConnection(kind = OIDC): Promise<string> {
  return (await sdk.connection.createConnection(organizationId, kind)).connection!.id;
}

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${api.origin}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${await api.fetchToken()}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

const rest = (method: string, path: string, body?: unknown): Promise<Answer> =>
  call(method, `/organizations/${organizationId}/connections${path}`, body);

async function patch(id: string, fields: object): Promise<JsonObject> {
  const { status, body } = await rest('PATCH', `/${id}`, { provider: 'OKTA', ...fields });
  expect({ status, body }).toMatchObject({ status: 200 });
  return body['connection'] as JsonObject;
}

async function idsOf(query: string): Promise<unknown[]> {
  const { body } = await call('GET', `/connections?${query}`);
  return ((body['connections'] ?? []) as JsonObject[]).map(({ id }) => id);
}

/** Makes a connection what no call can make it yet: one that people sign in through. */
async function activate(id: string): Promise<void> {
  await database().sql.rows(`update connection set is_enabled = true, status = 'COMPLETED' where id = $1`, [id]);
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error as { errorCode?: unknown }).errorCode,
  );
}

async function eventTypes(): Promise<string[]> {
  const events = await listRecentEvents(api.ctx, { organizationId, limit: 20 });
  return events.map(({ type }) => type).filter((type) => type.includes('sso'));
}

describe('connections', () => {
  test('start as drafts that are not enabled, whatever the features are, and tell the application', async () => {
    const { connection } = await sdk.connection.createConnection(organizationId, OIDC);
    expect(connection).toMatchObject({
      id: expect.stringMatching(/^conn_\d+$/),
      organizationId,
      provider: ConnectionProvider.OKTA,
      providerKey: 'OKTA',
      type: ConnectionType.OIDC,
      status: ConnectionStatus.DRAFT,
      enabled: false,
      debugEnabled: false,
      testConnectionUri: '',
      domains: [],
      settings: { case: 'oidcConfig' },
    });
    expect((await sdk.connection.getConnection(organizationId, connection!.id)).connection).toEqual(connection);
    const { body } = await rest('GET', `/${connection!.id}`);
    expect(body['connection']).toMatchObject({ id: connection!.id, provider: 'OKTA', type: 'OIDC', status: 'DRAFT' });
    const [event] = await listRecentEvents(api.ctx, { organizationId, limit: 1 });
    expect(event).toMatchObject({
      type: 'organization.sso_created',
      object: 'Connection',
      data: {
        id: connection!.id,
        organization_id: organizationId,
        connection_type: 'OIDC',
        provider: 'OKTA',
        enabled: false,
        status: 'DRAFT',
      },
    });
  });

  test('name their provider by name, by key, or by both when they agree', async () => {
    const make = (fields: object) => rest('POST', '', { type: 'SAML', ...fields });
    const named = async (fields: object) => (await make(fields)).body['connection'];
    expect(await named({ provider_key: 'adfs' })).toMatchObject({ provider: 'ADFS', provider_key: 'ADFS' });
    expect(await named({ provider_key: 'SHIBBOLETH' })).toMatchObject({
      provider: 'CUSTOM',
      provider_key: 'SHIBBOLETH',
    });
    expect((await make({ provider: 'OKTA', provider_key: 'ADFS' })).status).toBe(400);
    expect((await make({})).status).toBe(400);
  });

  test('of a type that is no single sign-on are refused', async () => {
    const tryType = (type: ConnectionType) =>
      codeOf(sdk.connection.createConnection(organizationId, { ...OIDC, type }));
    for (const type of [
      ConnectionType.INVALID,
      ConnectionType.PASSWORD,
      ConnectionType.OAUTH,
      ConnectionType.API_KEY,
    ]) {
      expect(await tryType(type)).toBe('VALIDATION_ERROR');
    }
    expect(await codeOf(sdk.connection.createConnection('org_1', OIDC))).toBe('RESOURCE_NOT_FOUND');
  });

  test('keep an OIDC configuration, and are complete with all that sign-in needs', async () => {
    const id = await newConnection();
    const begun = await patch(id, {
      configuration_type: 'DISCOVERY',
      ui_button_title: 'Acme staff',
      debug_enabled: true,
      attribute_mapping: { email: 'mail' },
      oidc_config: { issuer: 'https://acme.okta.test', client_id: '0oa1', scopes: ['openid', 'email'] },
    });
    expect(begun).toMatchObject({
      status: 'IN_PROGRESS',
      configuration_type: 'DISCOVERY',
      ui_button_title: 'Acme staff',
      debug_enabled: true,
      attribute_mapping: { email: 'mail' },
      oidc_config: { issuer: 'https://acme.okta.test', client_id: '0oa1', scopes: ['openid', 'email'] },
    });
    const done = await patch(id, {
      oidc_config: { client_secret: CLIENT_SECRET, token_auth_type: 'BASIC_AUTH', pkce_enabled: true },
    });
    expect(done).toMatchObject({
      status: 'COMPLETED',
      ui_button_title: 'Acme staff',
      attribute_mapping: { email: 'mail' },
      oidc_config: { issuer: 'https://acme.okta.test', scopes: ['openid', 'email'], token_auth_type: 'BASIC_AUTH' },
    });
    const cleared = await patch(id, { oidc_config: { client_id: '' } });
    expect(cleared).toMatchObject({ status: 'IN_PROGRESS' });
    expect(cleared['oidc_config']).not.toHaveProperty('client_id');
    const manual = await patch(id, { configuration_type: 'MANUAL', oidc_config: { client_id: '0oa2' } });
    expect(manual).toMatchObject({ status: 'IN_PROGRESS' });
    const { connection } = await sdk.connection.getConnection(organizationId, id);
    expect(connection).toMatchObject({ settings: { value: { clientId: '0oa2', pkceEnabled: true } } });
  });

  test('never show a client secret, which is sealed in the database', async () => {
    const id = await newConnection();
    const shown = (connection: JsonObject) => (connection['oidc_config'] as JsonObject)['client_secret'];
    expect(shown(await patch(id, { oidc_config: { client_secret: CLIENT_SECRET } }))).toBe('********7f3a');
    const stored = async () => {
      const rows = await database().sql.rows<{ text: string; sealed: string }>(
        `select connection::text as text, sealed_client_secret as sealed from connection where id = $1`,
        [id],
      );
      return rows[0]!;
    };
    const before = await stored();
    expect(before.sealed).toMatch(/^v1\./);
    expect(before.text).not.toContain(CLIENT_SECRET);
    expect(shown(await patch(id, { oidc_config: { client_secret: '********7f3a' } }))).toBe('********7f3a');
    expect((await stored()).sealed).toBe(before.sealed);
    expect(shown(await patch(id, { oidc_config: { client_secret: 'short' } }))).toBe('********');
    expect(shown(await patch(id, { oidc_config: { client_secret: '' } }))).toBeUndefined();
    const events = await listRecentEvents(api.ctx, { organizationId, limit: 20 });
    expect(JSON.stringify(events)).not.toContain(CLIENT_SECRET);
  });

  test('keep a SAML configuration with the certificates that were read from it', async () => {
    const id = await newConnection(SAML);
    const fields = {
      provider: 'MICROSOFT_AD',
      saml_config: {
        idp_entity_id: 'urn:acme:idp',
        idp_sso_url: 'https://login.acme.test/saml',
        idp_certificate: CERTIFICATE,
        idp_name_id_format: 'EMAIL',
        idp_sso_request_binding: 'HTTP_REDIRECT',
        saml_signing_option: 'SAML_ONLY_RESPONSE_SIGNING',
        want_request_signed: true,
        ui_button_title: 'Acme',
      },
    };
    const saved = await patch(id, fields);
    expect(saved).toMatchObject({
      status: 'COMPLETED',
      ui_button_title: 'Acme',
      saml_config: {
        idp_entity_id: 'urn:acme:idp',
        idp_sso_url: 'https://login.acme.test/saml',
        idp_name_id_format: 'EMAIL',
        idp_sso_request_binding: 'HTTP_REDIRECT',
        saml_signing_option: 'SAML_ONLY_RESPONSE_SIGNING',
        want_request_signed: true,
        idp_certificates: [
          {
            id: expect.stringMatching(/^[0-9a-f]{64}$/),
            issuer: 'CN=localhost',
            certificate: CERTIFICATE.trim(),
            expiry_time: '2126-10-30T20:53:33Z',
          },
        ],
      },
    });
    const bare = CERTIFICATE.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    const again = await patch(id, { ...fields, saml_config: { idp_certificate: bare.join('') } });
    expect(again).toMatchObject({ status: 'COMPLETED', saml_config: saved['saml_config'] as JsonObject });
    const byMetadata = await newConnection(SAML);
    const url = { idp_metadata_url: 'https://login.acme.test/metadata' };
    expect(await patch(byMetadata, { provider: 'MICROSOFT_AD', saml_config: url })).toMatchObject({
      status: 'COMPLETED',
      saml_config: url,
    });
  });

  test('refuse what cannot be right, and name the field', async () => {
    const [oidc, saml] = [await newConnection(), await newConnection(SAML)];
    const refused: [string, string, object][] = [
      [oidc, 'connection.oidc_config.issuer', { oidc_config: { issuer: 'http://acme.okta.test' } }],
      [oidc, 'connection.oidc_config.token_uri', { oidc_config: { token_uri: 'acme' } }],
      [oidc, 'connection.oidc_config.jwks_uri', { oidc_config: { jwks_uri: 'https://u:p@acme.test/keys' } }],
      [oidc, 'connection.oidc_config.client_id', { oidc_config: { client_id: 'a\nb' } }],
      [oidc, 'connection.saml_config', { saml_config: { idp_entity_id: 'urn:acme' } }],
      [saml, 'connection.saml_config.idp_certificate', { saml_config: { idp_certificate: 'not a certificate' } }],
      [saml, 'connection.saml_config.idp_sso_url', { saml_config: { idp_sso_url: 'javascript:alert(1)' } }],
      [saml, 'connection.oidc_config', { oidc_config: { client_id: 'x' } }],
      [saml, 'connection.type', { type: 'OIDC' }],
      [saml, 'connection.type', { type: 'PASSWORD' }],
    ];
    for (const [id, field, fields] of refused) {
      const { status, body } = await rest('PATCH', `/${id}`, { provider: 'CUSTOM', ...fields });
      expect({ status, body }, field).toMatchObject({
        status: 400,
        body: { error_code: 'VALIDATION_ERROR', validation_error_info: { field_violations: [{ field }] } },
      });
    }
    for (const id of [oidc, saml]) {
      expect((await rest('GET', `/${id}`)).body['connection']).toMatchObject({ status: 'DRAFT' });
    }
  });

  test('cannot be enabled yet, and the answer says why', async () => {
    const id = await newConnection();
    const answer = await sdk.connection.enableConnection(organizationId, id);
    expect(answer).toMatchObject({ enabled: false, errorMessage: expect.stringContaining('not available yet') });
    const { status, body } = await rest('PATCH', `/${id}:enable`);
    expect({ status, body }).toEqual({ status: 200, body: { enabled: false, error_message: answer.errorMessage } });
    expect((await sdk.connection.getConnection(organizationId, id)).connection?.enabled).toBe(false);
    expect(await codeOf(sdk.connection.enableConnection(organizationId, 'conn_1'))).toBe('RESOURCE_NOT_FOUND');
    expect(await eventTypes()).toEqual(['organization.sso_created']);
  });

  test('are disabled any number of times, told once', async () => {
    const id = await newConnection();
    await activate(id);
    expect((await rest('PATCH', `/${id}`, { provider: 'OKTA', oidc_config: { issuer: '' } })).status).toBe(400);
    for (const _ of [1, 2]) {
      const answer = await sdk.connection.disableConnection(organizationId, id);
      expect([answer.enabled, answer.errorMessage]).toEqual([false, undefined]);
    }
    expect(await eventTypes()).toEqual(['organization.sso_disabled', 'organization.sso_created']);
    expect(await codeOf(sdk.connection.disableConnection(organizationId, 'conn_1'))).toBe('RESOURCE_NOT_FOUND');
  });

  test('are gone once deleted; their domains stay', async () => {
    const id = await newConnection();
    const domain = await newDomain();
    await rest('PUT', `/${id}/domains`, { domain_ids: [domain.id] });
    const other = await newOrganization();
    expect(await codeOf(sdk.connection.deleteConnection(other, id))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(sdk.connection.getConnection(other, id))).toBe('RESOURCE_NOT_FOUND');
    await sdk.connection.deleteConnection(organizationId, id);
    expect(await codeOf(sdk.connection.getConnection(organizationId, id))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(sdk.connection.deleteConnection(organizationId, id))).toBe('RESOURCE_NOT_FOUND');
    expect((await sdk.domain.getDomain(organizationId, domain.id)).domain?.domain).toBe(domain.domain);
    expect(await eventTypes()).toEqual(['organization.sso_deleted', 'organization.sso_created']);
  });
});

describe('domains of connections', () => {
  test('are replaced as a whole, and move from one connection to another', async () => {
    const [first, second] = [await newConnection(), await newConnection(SAML)];
    const [a, b] = [await newDomain(), await newDomain()];
    const assign = async (id: string, ...domainIds: string[]) => {
      const { status, body } = await rest('PUT', `/${id}/domains`, { domain_ids: domainIds });
      expect(status).toBe(200);
      const { domains = [] } = body['connection'] as { domains?: JsonObject[] };
      return domains.map((domain) => domain['id']);
    };
    expect(await assign(first, a.id, b.id, a.id)).toEqual([a.id, b.id]);
    expect(await assign(second, b.id)).toEqual([b.id]);
    const { connection } = await sdk.connection.getConnection(organizationId, first);
    expect(connection?.domains.map(({ domain }) => domain)).toEqual([a.domain]);
    expect(await assign(first)).toEqual([]);
  });

  test('can be named when a domain is made, listed and deleted', async () => {
    const [first, second] = [await newConnection(), await newConnection(SAML)];
    const domains = `/organizations/${organizationId}/domains`;
    const made = await call('POST', `${domains}?connection_id=${first}`, { domain: 'made-for.test' });
    expect(made.status).toBe(200);
    const { id } = made.body['domain'] as JsonObject;
    const listed = async (connectionId: string) => {
      const { body } = await call('GET', `${domains}?connection_id=${connectionId}`);
      return ((body['domains'] ?? []) as JsonObject[]).map((domain) => domain['id']);
    };
    expect([await listed(first), await listed(second)]).toEqual([[id], []]);
    expect((await sdk.connection.getConnection(organizationId, first)).connection?.domains).toHaveLength(1);
    expect((await call('DELETE', `${domains}/${String(id)}?connection_id=${second}`)).status).toBe(404);
    expect((await call('DELETE', `${domains}/${String(id)}?connection_id=${first}`)).status).toBe(200);
    const unknown = await call('POST', `${domains}?connection_id=conn_1`, { domain: 'made-for-none.test' });
    expect(unknown.status).toBe(404);
  });

  test('are of the same organization, at most fifty, and of the type that leads to sign-in', async () => {
    const id = await newConnection();
    const allowed = await sdk.domain.createDomain(organizationId, 'allowed.test', {
      domainType: 'ALLOWED_EMAIL_DOMAIN',
    });
    const own = await newDomain();
    const put = (domainIds: string[]) => rest('PUT', `/${id}/domains`, { domain_ids: domainIds });
    expect((await put([own.id, 'dom_1'])).status).toBe(404);
    expect((await put([own.id, allowed.domain!.id])).status).toBe(400);
    expect((await put(Array.from({ length: 51 }, (_, at) => `dom_${at}`))).status).toBe(400);
    expect((await sdk.connection.getConnection(organizationId, id)).connection?.domains).toEqual([]);
    organizationId = await newOrganization();
    const foreign = await newConnection();
    expect((await rest('PUT', `/${foreign}/domains`, { domain_ids: [own.id] })).status).toBe(404);
    expect((await rest('PUT', `/${id}/domains`, { domain_ids: [] })).status).toBe(404);
  });
});

describe('lists of connections', () => {
  test('have only complete and enabled ones unless all are asked for', async () => {
    const [draft, active] = [await newConnection(), await newConnection(SAML)];
    const domain = await newDomain();
    await rest('PUT', `/${active}/domains`, { domain_ids: [domain.id] });
    expect((await sdk.connection.listConnections(organizationId)).connections).toEqual([]);
    await activate(active);
    const { connections } = await sdk.connection.listConnections(organizationId);
    expect(connections).toHaveLength(1);
    expect(connections[0]).toMatchObject({
      id: active,
      provider: ConnectionProvider.MICROSOFT_AD,
      type: ConnectionType.SAML,
      status: ConnectionStatus.COMPLETED,
      enabled: true,
      organizationId,
      organizationName: 'Acme',
      domains: [domain.domain],
    });
    expect(await idsOf(`organization_id=${organizationId}&include=all`)).toEqual([draft, active]);
    expect(await idsOf(`organization_id=${organizationId}`)).toEqual([active]);
    expect((await call('GET', '/connections?include=some')).status).toBe(400);
    expect(await codeOf(sdk.connection.listConnections('org_1'))).toBe('RESOURCE_NOT_FOUND');
  });

  test('find the connection that a domain leads to', async () => {
    const id = await newConnection();
    const domain = await newDomain();
    await rest('PUT', `/${id}/domains`, { domain_ids: [domain.id] });
    expect((await sdk.connection.listConnectionsByDomain(domain.domain)).connections).toEqual([]);
    await activate(id);
    const found = await sdk.connection.listConnectionsByDomain(domain.domain.toUpperCase());
    expect(found.connections.map((connection) => connection.id)).toEqual([id]);
    expect((await sdk.connection.listConnectionsByDomain('elsewhere.test')).connections).toEqual([]);
    expect(await idsOf(`domain=${domain.domain}&include=all`)).toEqual([id]);
  });

  test('of all organizations are paged, newest first, and searched', async () => {
    organizationId = await newOrganization('Hooli Search');
    const made = [await newConnection(), await newConnection(SAML), await newConnection()].toReversed();
    await patch(made[0]!, { ui_button_title: 'Nucleus' });
    const page = async (path: string) => {
      const { body } = await call('GET', `/organizations/-/connections${path}`);
      const connections = (body['connections'] ?? []) as JsonObject[];
      return { ...body, ids: connections.map(({ id }) => id) } as JsonObject & { ids: unknown[] };
    };
    const first = await page('?page_size=2');
    expect(first.ids).toEqual(made.slice(0, 2));
    const second = await page(`?page_size=2&page_token=${String(first['next_page_token'])}`);
    expect(second.ids[0]).toBe(made[2]);
    expect((await page(`?page_size=2&page_token=${String(second['prev_page_token'])}`)).ids).toEqual(first.ids);
    const search = (query: string) => page(`:search?${query}`);
    expect(await search('query=hooli')).toMatchObject({ ids: made, total_size: 3 });
    expect((await search('query=nucleus')).ids).toEqual([made[0]]);
    expect((await search(`query=${made[1]}`)).ids).toEqual([made[1]]);
    expect((await search('query=hooli&connection_type=SAML')).ids).toEqual([made[1]]);
    expect((await search('query=hooli&provider=okta')).ids).toEqual([made[0], made[2]]);
    expect((await search('query=hooli&status=COMPLETED')).ids).toEqual([]);
    await activate(made[2]!);
    expect((await search('query=hooli&enabled=true')).ids).toEqual([made[2]]);
    expect((await call('GET', '/organizations/-/connections?page_token=made-up')).status).toBe(400);
  });

  test('forget an organization that is deleted, and its rows go', async () => {
    const id = await newConnection();
    await activate(id);
    await newDomain();
    await deleteOrganization(api.ctx, { id: organizationId });
    expect(await idsOf('include=all')).not.toContain(id);
    expect(await codeOf(sdk.connection.getConnection(organizationId, id))).toBe('RESOURCE_NOT_FOUND');
    await removeDeletedOrganizations(api.ctx);
    const rows = await database().sql.rows(
      `select id from connection where organization_id = $1 union all select id from email_domain where organization_id = $1`,
      [organizationId],
    );
    expect(rows).toEqual([]);
  });
});
