import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemContext } from '@/lib/core/context';
import { prepareProcess } from '@/lib/core/data-folder.mjs';
import { publishLanes } from '@/lib/core/front-door/lanes.mjs';
import { useSealingSecret } from '@/lib/core/seal';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { createCredential, ensureSigningKeys } from '@/lib/domain/credential/commands';
import type { NewCredential } from '@/lib/domain/credential/types';
import { GET as getAuthorizationServer } from '../.well-known/oauth-authorization-server/route';
import { GET as getOpenIdConfiguration } from '../.well-known/openid-configuration/route';
import { GET as getHealth } from '../healthz/route';
import { GET as getKeys } from '../keys/route';
import { POST as postToken } from '../oauth/token/route';
import { GET as getOpenApi } from './openapi.json/route';
import { POST as postRpc } from './rpc/[service]/[method]/route';
import { GET as getV1, POST as postV1 } from './v1/[...path]/route';

const PUBLIC_ORIGIN = 'https://gatehouse.test';
/** What Next believes its own address to be; nothing may be made from it. */
const INNER_ORIGIN = 'http://localhost:3000';
const METHOD = 'scalekit.v1.organizations.OrganizationService/GeneratePortalLink';

let db: Database;
let given: NewCredential;

beforeAll(async () => {
  vi.stubEnv('GATEHOUSE_URL', PUBLIC_ORIGIN);
  vi.stubEnv('GATEHOUSE_SECRET', 'a secret for tests that is long enough');
  // With a server and a given secret nothing is kept on disk. The server is never asked: the test has its own database.
  vi.stubEnv('DATABASE_URL', 'postgres://localhost/unused');
  useSealingSecret((await prepareProcess()).secret);
  db = await openTestDatabase();
  const ctx = systemContext('test');
  await ensureSigningKeys(ctx);
  given = await createCredential(ctx, { name: 'Tests' });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await db.close();
});

async function fetchToken(): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: given.credential.id,
    client_secret: given.plainSecret,
  });
  const response = await postToken(new Request(`${INNER_ORIGIN}/oauth/token`, { method: 'POST', body }));
  expect(response.status).toBe(200);
  return ((await response.json()) as { access_token: string }).access_token;
}

async function post(path: string, body: object): Promise<Request> {
  const headers = { authorization: `Bearer ${await fetchToken()}`, 'content-type': 'application/json' };
  return new Request(INNER_ORIGIN + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

test('the routes make an organization by REST and its link by Connect, at the public origin', async () => {
  const created = await postV1(await post('/api/v1/organizations', { display_name: 'Acme' }));
  expect(created.status).toBe(201);
  const { organization } = (await created.json()) as { organization: { id: string } };
  // Next calls the route with the address of the folder or with the one that was asked for.
  for (const path of [`/${METHOD}`, `/api/rpc/${METHOD}`]) {
    const { link } = (await (await postRpc(await post(path, { id: organization.id }))).json()) as {
      link: { id: string; location: string };
    };
    expect(link.location).toBe(`${PUBLIC_ORIGIN}/magicLink/${link.id}`);
  }
});

test('the routes answer a call without a token in the shape of their protocol', async () => {
  const rest = await getV1(new Request(`${INNER_ORIGIN}/api/v1/organizations`));
  expect({ status: rest.status, body: await rest.json() }).toMatchObject({ status: 401, body: { code: 16 } });
  const headers = { 'content-type': 'application/json' };
  const connect = await postRpc(new Request(`${INNER_ORIGIN}/${METHOD}`, { method: 'POST', headers, body: '{}' }));
  expect({ status: connect.status, body: await connect.json() }).toMatchObject({
    status: 401,
    body: { code: 'unauthenticated' },
  });
});

test('both discovery documents name the endpoints at the public origin, and the keys are there', async () => {
  const documents = await Promise.all([getOpenIdConfiguration(), getAuthorizationServer()].map((one) => one.json()));
  expect(documents[0]).toEqual(documents[1]);
  expect(documents[0]).toMatchObject({ issuer: PUBLIC_ORIGIN, jwks_uri: `${PUBLIC_ORIGIN}/keys` });
  expect(await (await getKeys()).json()).toMatchObject({
    keys: [
      { alg: 'RS256', use: 'sig' },
      { alg: 'RS256', use: 'sig' },
    ],
  });
});

test('the OpenAPI document names the server at the public origin', async () => {
  const response = getOpenApi(new Request(`${INNER_ORIGIN}/api/openapi.json`));
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ openapi: '3.1.0', servers: [{ url: PUBLIC_ORIGIN }] });
});

test('health says unavailable until boot has ended, then ok', async () => {
  const before = await getHealth();
  expect({ status: before.status, body: await before.json() }).toEqual({
    status: 503,
    body: { status: 'unavailable' },
  });
  publishLanes({ rpc: () => undefined, scim: () => undefined, isReady: () => true, close: () => Promise.resolve() });
  const after = await getHealth();
  expect({ status: after.status, body: await after.json() }).toEqual({ status: 200, body: { status: 'ok' } });
});
