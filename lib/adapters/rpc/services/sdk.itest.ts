import {
  ScalekitClient,
  ScalekitNotFoundException,
  ScalekitNotImplementedException,
  ScalekitUnauthorizedException,
} from '@scalekit-sdk/node';
import { decodeJwt, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '@/lib/core/context';
import { addCredentialSecret, revokeCredentialSecret } from '@/lib/domain/credential/commands';
import { getSigningKey } from '@/lib/domain/credential/queries';
import { createOrganization } from '@/lib/domain/organization/commands';
import type { Organization } from '@/lib/domain/organization/types';
import { PUBLIC_ORIGIN, startTestApi, type TestApi } from './testing';

const TOKEN_PATH = '/oauth/token';
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

let api: TestApi;
let organization: Organization;

beforeAll(async () => {
  api = await startTestApi();
  organization = await createOrganization(api.ctx, { displayName: 'Acme', externalId: 'acme' });
});

afterAll(() => api.close());

/** A token with these claims, signed by the server's key, whose time was over a minute ago. */
async function signExpiredToken(ctx: Context, claims: JWTPayload): Promise<string> {
  const { kid, algorithm, privateJwk } = await getSigningKey(ctx);
  return new SignJWT({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 })
    .setProtectedHeader({ alg: algorithm, kid })
    .sign(await importJWK(privateJwk as JWK, algorithm));
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('It did not fail.'),
    (error: unknown) => error,
  );
}

describe('the official SDK, unmodified', () => {
  test('goes from a first call without a token to its answer by one token request, and keeps the token', async () => {
    const before = api.countRequests(TOKEN_PATH);
    const sdk = api.newSdk();
    const { organization: found } = await sdk.organization.getOrganization(organization.id);
    expect(found?.displayName).toBe('Acme');
    expect(api.countRequests(TOKEN_PATH)).toBe(before + 1);
    await sdk.organization.getOrganization(organization.id);
    expect(api.countRequests(TOKEN_PATH)).toBe(before + 1);
  });

  test("runs the guide's sample of a portal link as written", async () => {
    const scalekit = api.newSdk();
    const link = await scalekit.organization.generatePortalLink(organization.id);
    expect(link.id).toMatch(UUID);
    expect(link.location).toBe(`${PUBLIC_ORIGIN}/magicLink/${link.id}`);
    const secondsLeft = Number(link.expireTime!.seconds) - Date.now() / 1000;
    expect(secondsLeft).toBeGreaterThan(50);
    expect(secondsLeft).toBeLessThanOrEqual(60);
  });

  test('throws a typed not-found error with its code and the request id', async () => {
    const error = await failureOf(api.newSdk().organization.getOrganization('org_1'));
    expect(error).toBeInstanceOf(ScalekitNotFoundException);
    const { errorCode, httpStatus, unpackedDetails } = error as ScalekitNotFoundException;
    expect({ errorCode, httpStatus }).toEqual({ errorCode: 'RESOURCE_NOT_FOUND', httpStatus: 404 });
    expect(unpackedDetails[0]?.requestInfo?.requestId).toMatch(/^req_\d+$/);
  });

  test('finds our access token valid, and a forged one not', async () => {
    const token = await api.fetchToken();
    const sdk = api.newSdk();
    const own = { issuer: PUBLIC_ORIGIN, audience: ['gatehouse-api'], requiredScopes: ['admin'] };
    expect(await sdk.validateAccessToken(token)).toBe(true);
    expect(await sdk.validateAccessToken(token, own)).toBe(true);
    expect(await sdk.validateAccessToken(token, { ...own, issuer: 'https://elsewhere.test' })).toBe(false);
    expect(await sdk.validateAccessToken(`${token.slice(0, -4)}AAAA`)).toBe(false);
  });

  test('is told that a method is not built, not that it is unknown', async () => {
    const error = await failureOf(api.newSdk().user.resendInvite(organization.id, 'usr_123456789012345678'));
    expect(error).toBeInstanceOf(ScalekitNotImplementedException);
    expect((error as ScalekitNotImplementedException).errorCode).toBe('UNIMPLEMENTED');
  });

  test('is refused at once when its secret is revoked, and asks for a new token', async () => {
    const { credential } = api.credential;
    const { plainSecret, credential: after } = await addCredentialSecret(api.ctx, { id: credential.id });
    const known = new Set(credential.secrets.map(({ id }) => id));
    const secretId = after.secrets.find(({ id }) => !known.has(id))!.id;
    const sdk = new ScalekitClient(api.origin, credential.id, plainSecret);
    await sdk.organization.getOrganization(organization.id);
    await revokeCredentialSecret(api.ctx, { id: credential.id, secretId });
    const before = api.countRequests(TOKEN_PATH);
    const error = await failureOf(sdk.organization.getOrganization(organization.id));
    expect(error).toMatchObject({ response: { status: 401, data: { error: 'invalid_client' } } });
    expect(api.countRequests(TOKEN_PATH)).toBe(before + 1);
  });

  test('is answered 16 for an expired token, and gets a new one by itself', async () => {
    const sdk = api.newSdk();
    const core = Reflect.get(sdk, 'coreClient') as { accessToken: string | null };
    core.accessToken = await signExpiredToken(api.ctx, decodeJwt(await api.fetchToken()));
    const headers = { authorization: `Bearer ${core.accessToken}`, 'content-type': 'application/json' };
    const path = '/scalekit.v1.organizations.OrganizationService/ListOrganization';
    const refused = await fetch(api.origin + path, { method: 'POST', headers, body: '{}' });
    expect(await refused.json()).toMatchObject({ code: 'unauthenticated' });
    const before = api.countRequests(TOKEN_PATH);
    expect((await sdk.organization.getOrganization(organization.id)).organization?.id).toBe(organization.id);
    expect(api.countRequests(TOKEN_PATH)).toBe(before + 1);
  });

  test('with a wrong secret learns which of the two is at fault', async () => {
    const sdk = new ScalekitClient(api.origin, api.credential.credential.id, 'wrong');
    const error = await failureOf(sdk.organization.listOrganization({ pageSize: 1 }));
    expect(error).not.toBeInstanceOf(ScalekitUnauthorizedException);
    expect(error).toMatchObject({
      response: { data: { error: 'invalid_client', error_description: expect.any(String) } },
    });
  });
});

describe('REST and Connect', () => {
  async function call(
    path: string,
    init: RequestInit = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const headers = { authorization: `Bearer ${await api.fetchToken()}`, ...init.headers };
    const response = await fetch(api.origin + path, { ...init, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  test('give the same organization as gRPC', async () => {
    const rest = await call(`/api/v1/organizations/${organization.id}`);
    const connect = await call('/scalekit.v1.organizations.OrganizationService/GetOrganization', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ externalId: 'acme' }),
    });
    const viaSdk = await api.newSdk().organization.getOrganization(organization.id);
    expect(rest.body['organization']).toMatchObject({
      id: organization.id,
      display_name: 'Acme',
      external_id: 'acme',
      create_time: organization.createdAt.toISOString().replace('.000Z', 'Z'),
    });
    expect(connect.body['organization']).toMatchObject({
      id: organization.id,
      displayName: 'Acme',
      externalId: 'acme',
    });
    expect(viaSdk.organization).toMatchObject({ id: organization.id, displayName: 'Acme', externalId: 'acme' });
  });

  test('refuse a call without a token, with one that is wrong and with an expired one: 401 and a challenge', async () => {
    for (const authorization of [undefined, 'Bearer x', 'Bearer scim_0123456789']) {
      const headers = authorization === undefined ? undefined : { authorization };
      const response = await fetch(`${api.origin}/api/v1/organizations/${organization.id}`, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toMatchObject({ code: 16, error_code: 'UNAUTHENTICATED' });
    }
  });

  test('refuse malformed JSON, unknown fields and text that cannot be stored, and say which', async () => {
    const post = (body: string) =>
      call('/api/v1/organizations', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const refused = [
      await post('{"display_name":'),
      await post('{"display_name":"A","colour":"red"}'),
      await post('{"display_name":"A\\u0000"}'),
      await post('{"display_name":"A","metadata":{"key":"\\ud800"}}'),
      await call('/api/v1/organizations?external_id=%00'),
    ];
    for (const { status, body } of refused) {
      expect({ status, code: body['error_code'] }).toEqual({ status: 400, code: 'VALIDATION_ERROR' });
    }
  });

  test('answer 501 for what is not built and 404 for what does not exist', async () => {
    const unbuilt = await call('/api/v1/logs/authentication/requests');
    expect(unbuilt).toMatchObject({ status: 501, body: { code: 12, error_code: 'UNIMPLEMENTED' } });
    expect(await call('/api/v1/nothing')).toMatchObject({ status: 404, body: { error_code: 'ROUTE_NOT_FOUND' } });
  });
});
