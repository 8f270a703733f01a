import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Context, newContext, systemContext } from '@/lib/core/context';
import { useSealingSecret } from '@/lib/core/seal';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import {
  addCredentialSecret,
  createCredential,
  deleteCredential,
  ensureSigningKeys,
  revokeCredentialSecret,
  rotateCredentialSecret,
  updateCredential,
} from '@/lib/domain/credential/commands';
import { getSigningKey } from '@/lib/domain/credential/queries';
import { ACCESS_TOKEN_SECONDS, API_AUDIENCE, type NewCredential } from '@/lib/domain/credential/types';
import { createAuthenticate } from './authenticate';
import { FAILURES_MAX } from './failure-limit';
import { answerKeysRequest } from './keys';
import { describeServer } from './metadata';
import { answerTokenRequest } from './token';

const ISSUER = 'https://gatehouse.test';
const FORM = 'application/x-www-form-urlencoded';
const UNAUTHENTICATED = expect.objectContaining({ code: 'unauthenticated' });
const ctx: Context = systemContext('test');
const authenticate = createAuthenticate(ISSUER);

let db: Database;
let given: NewCredential;
let address = 0;

beforeAll(async () => {
  useSealingSecret('a secret for tests that is long enough');
  db = await openTestDatabase();
  await ensureSigningKeys(ctx);
});

afterAll(() => db.close());

beforeEach(async () => {
  given = await createCredential(ctx, { name: 'Backend' });
  address++;
});

interface Asked {
  readonly body?: string | Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly clientAddress?: string;
  readonly now?: () => Date;
}

function ask({ body, headers, clientAddress = `192.0.2.${address}`, now }: Asked = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : new URLSearchParams(body ?? rightForm()).toString();
  const request = new Request(`${ISSUER}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': FORM, ...headers },
    body: text,
  });
  return answerTokenRequest(request, { issuer: ISSUER, clientAddress, now });
}

function rightForm(): Record<string, string> {
  return { grant_type: 'client_credentials', client_id: given.credential.id, client_secret: given.plainSecret };
}

function basic(id: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

async function readToken(response: Response): Promise<string> {
  expect(response.status).toBe(200);
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}

async function readError(response: Response): Promise<{ status: number; error: string }> {
  const { error, error_description: description } = (await response.json()) as Record<string, string>;
  expect(description).toMatch(/^\w.*\.$/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, error: error ?? '' };
}

describe('the token endpoint', () => {
  test('gives a bearer token for an id and a secret in the body, which nobody may keep', async () => {
    const response = await ask();
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 86_399,
      scope: 'admin',
    });
  });

  test('signs what a client needs to check the token by itself', async () => {
    const token = await readToken(await ask());
    const keys = (await (await answerKeysRequest()).json()) as { keys: JWK[] };
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), { issuer: ISSUER, audience: API_AUDIENCE });
    expect(payload).toMatchObject({ sub: given.credential.id, scopes: ['admin'] });
    expect(payload.exp! - payload.iat!).toBe(ACCESS_TOKEN_SECONDS);
    expect(payload.nbf).toBe(payload.iat);
    expect(payload.jti).toEqual(expect.any(String));
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', kid: keys.keys[0]!.kid });
    expect(keys.keys[0]).not.toHaveProperty('d');
  });

  test('takes HTTP Basic with form-encoded parts', async () => {
    const encoded = `%73${given.credential.id.slice(1)}`;
    const response = await ask({
      body: { grant_type: 'client_credentials' },
      headers: basic(encoded, given.plainSecret),
    });
    expect(decodeJwt(await readToken(response)).sub).toBe(given.credential.id);
  });

  test('ignores parameters that it does not know', async () => {
    await readToken(await ask({ body: { ...rightForm(), resource: 'x' } }));
  });

  test('gives the scopes that are asked for, and refuses one that the credential does not hold', async () => {
    given = await createCredential(ctx, { name: 'Narrow', scopes: ['users:read', 'users:write', 'events:read'] });
    const get = (scope: string) => ask({ body: { ...rightForm(), scope } });
    const narrowed = await get('events:read users:read');
    expect(await narrowed.clone().json()).toMatchObject({ scope: 'users:read events:read' });
    const token = await readToken(narrowed);
    expect(decodeJwt(token)['scopes']).toEqual(['users:read', 'events:read']);
    expect(await authenticate(`Bearer ${token}`)).toMatchObject({ scopes: ['users:read', 'events:read'] });
    expect(decodeJwt(await readToken(await ask()))['scopes']).toEqual(['users:read', 'users:write', 'events:read']);
    for (const scope of ['admin', 'roles:read', 'openid', 'users:read openid', '<script>']) {
      const refused = await get(scope);
      expect(await readError(refused), scope).toEqual({ status: 400, error: 'invalid_scope' });
    }
  });

  test('gives part of what an administrator holds', async () => {
    const token = await readToken(await ask({ body: { ...rightForm(), scope: 'roles:read' } }));
    expect(await authenticate(`Bearer ${token}`)).toMatchObject({ scopes: ['roles:read'] });
  });

  test('refuses a wrong secret, an unknown client and a NUL alike, with 401 invalid_client', async () => {
    const wrong = [
      { ...rightForm(), client_secret: 'wrong' },
      { ...rightForm(), client_id: 'skc_unknown' },
      { ...rightForm(), client_secret: 'a\u0000b' },
    ];
    for (const body of wrong) {
      expect(await readError(await ask({ body }))).toEqual({ status: 401, error: 'invalid_client' });
    }
  });

  test('names the scheme when Basic credentials are wrong or malformed, and only then', async () => {
    const body = { grant_type: 'client_credentials' };
    const malformed = ['Basic !', 'Basic', 'Bearer x', `Basic ${Buffer.from('%zz:x').toString('base64')}`];
    for (const headers of [
      basic(given.credential.id, 'wrong'),
      ...malformed.map((authorization) => ({ authorization })),
    ]) {
      const response = await ask({ body, headers });
      expect(response.headers.get('www-authenticate')).toMatch(/^Basic /);
      expect(await readError(response)).toEqual({ status: 401, error: 'invalid_client' });
    }
    const response = await ask({ body: { ...rightForm(), client_secret: 'wrong' } });
    expect(response.headers.get('www-authenticate')).toBeNull();
  });

  test('refuses what is not a client credentials request, and says how', async () => {
    const { client_id: id, client_secret: secret } = rightForm() as { client_id: string; client_secret: string };
    const refused: [Asked, number, string][] = [
      [{ body: { ...rightForm(), grant_type: 'password' } }, 400, 'unsupported_grant_type'],
      [{ body: { client_id: id, client_secret: secret } }, 400, 'invalid_request'],
      [{ body: `grant_type=&client_id=${id}&client_secret=${secret}` }, 400, 'invalid_request'],
      [
        { body: `grant_type=client_credentials&client_id=${id}&client_id=${id}&client_secret=${secret}` },
        400,
        'invalid_request',
      ],
      [{ body: { grant_type: 'client_credentials', client_id: id } }, 401, 'invalid_client'],
      [{ body: JSON.stringify(rightForm()), headers: { 'content-type': 'application/json' } }, 400, 'invalid_request'],
      [{ body: '' }, 400, 'invalid_request'],
      [{ headers: basic(id, secret) }, 400, 'invalid_request'],
      [
        { body: { grant_type: 'client_credentials', client_id: 'skc_other' }, headers: basic(id, secret) },
        400,
        'invalid_request',
      ],
      [{ body: { ...rightForm(), pad: 'x'.repeat(17 * 1024) } }, 413, 'invalid_request'],
    ];
    for (const [asked, status, error] of refused) expect(await readError(await ask(asked))).toEqual({ status, error });
  });

  test('makes an address wait that presents too many wrong secrets for a client, and no one else', async () => {
    const start = Date.now();
    const now = () => new Date(start);
    const wrong = { ...rightForm(), client_secret: 'wrong' };
    for (let count = 0; count < FAILURES_MAX; count++) expect((await ask({ body: wrong, now })).status).toBe(401);
    const refused = await ask({ now });
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await readError(refused)).toEqual({ status: 429, error: 'too_many_requests' });
    expect((await ask({ now, clientAddress: '198.51.100.7' })).status).toBe(200);
    const other = await createCredential(ctx, { name: 'Other' });
    const others = { ...rightForm(), client_id: other.credential.id, client_secret: other.plainSecret };
    expect((await ask({ body: others, now })).status).toBe(200);
    expect((await ask({ now: () => new Date(start + 60_001) })).status).toBe(200);
  });

  test('answers a fault without telling what it was', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const request = new Request(`${ISSUER}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': FORM },
      body: 'a=b',
    });
    await request.text();
    const response = await answerTokenRequest(request, { issuer: ISSUER, clientAddress: undefined });
    expect(await readError(response)).toEqual({ status: 500, error: 'server_error' });
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});

describe('an access token', () => {
  test('names the credential as the actor', async () => {
    const token = await readToken(await ask());
    const actor = { kind: 'apiClient', id: given.credential.id, scopes: ['admin'] };
    expect(await authenticate(`Bearer ${token}`)).toEqual(actor);
    expect(await authenticate(`bearer ${token}`)).toEqual(actor);
  });

  test('is refused at once when its secret is revoked, while one had for another secret is not', async () => {
    const token = await readToken(await ask());
    const { plainSecret } = await addCredentialSecret(ctx, { id: given.credential.id });
    const other = await readToken(await ask({ body: { ...rightForm(), client_secret: plainSecret } }));
    await authenticate(`Bearer ${token}`);
    await revokeCredentialSecret(ctx, { id: given.credential.id, secretId: given.credential.secrets[0]!.id });
    await expect(authenticate(`Bearer ${token}`)).rejects.toEqual(UNAUTHENTICATED);
    await authenticate(`Bearer ${other}`);
    expect(await readError(await ask())).toEqual({ status: 401, error: 'invalid_client' });
  });

  test('is refused at once when its credential is deleted', async () => {
    const token = await readToken(await ask());
    await authenticate(`Bearer ${token}`);
    await deleteCredential(ctx, { id: given.credential.id });
    await expect(authenticate(`Bearer ${token}`)).rejects.toEqual(UNAUTHENTICATED);
  });

  test('loses at once what its credential loses', async () => {
    const token = await readToken(await ask());
    await updateCredential(ctx, { id: given.credential.id, scopes: ['users:read'] });
    expect(await authenticate(`Bearer ${token}`)).toMatchObject({ scopes: ['users:read'] });
  });

  test('of a secret that is replaced works until the overlap is over', async () => {
    const token = await readToken(await ask());
    const [secret] = given.credential.secrets;
    const rotated = { id: given.credential.id, secretId: secret!.id, overlapSeconds: 3600 };
    const { plainSecret } = await rotateCredentialSecret(ctx, rotated);
    const at = (seconds: number) => () => new Date(Date.now() + seconds * 1000);
    await createAuthenticate(ISSUER, at(3590))(`Bearer ${token}`);
    await readToken(await ask({ now: at(3590) }));
    await expect(createAuthenticate(ISSUER, at(3610))(`Bearer ${token}`)).rejects.toEqual(UNAUTHENTICATED);
    expect(await readError(await ask({ now: at(3610) }))).toEqual({ status: 401, error: 'invalid_client' });
    await readToken(await ask({ body: { ...rightForm(), client_secret: plainSecret }, now: at(3610) }));
  });

  test('is refused after its time', async () => {
    const token = await readToken(await ask());
    const at = (seconds: number) => createAuthenticate(ISSUER, () => new Date(Date.now() + seconds * 1000));
    await at(ACCESS_TOKEN_SECONDS - 60)(`Bearer ${token}`);
    await expect(at(ACCESS_TOKEN_SECONDS + 60)(`Bearer ${token}`)).rejects.toEqual(UNAUTHENTICATED);
  });

  test('is refused when it is not one of ours', async () => {
    const token = await readToken(await ask());
    const [header, payload] = token.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    const foreignIssuer = await sign({ iss: 'https://elsewhere.test' });
    const foreignAudience = await sign({ aud: 'gatehouse-portal' });
    const noSecret = await sign({ sid: undefined });
    const noScopes = await sign({ scopes: 'admin' });
    const forged = [
      undefined,
      '',
      'Bearer',
      'Bearer x',
      `Basic ${token}`,
      `Bearer ${token}x`,
      `Bearer ${header}.${payload}.`,
    ];
    const texts = [unsigned, foreignIssuer, foreignAudience, noSecret, noScopes, 'scim_abcdef', 'x'.repeat(5000)];
    for (const authorization of [...forged, ...texts.map((text) => `Bearer ${text}`)]) {
      await expect(authenticate(authorization), authorization).rejects.toEqual(UNAUTHENTICATED);
    }
    await authenticate(`Bearer ${await sign({})}`);
  });
});

/** A token signed by our own key, with other claims. */
async function sign(claims: Record<string, unknown>): Promise<string> {
  const { kid, algorithm, privateJwk } = await getSigningKey(newContext({ kind: 'anonymous' }));
  const now = Math.floor(Date.now() / 1000);
  const secretId = given.credential.secrets[0]!.id;
  const standard = {
    iss: ISSUER,
    aud: API_AUDIENCE,
    sub: given.credential.id,
    sid: secretId,
    scopes: ['admin'],
    iat: now,
    exp: now + 60,
    jti: randomUUID(),
  };
  return new SignJWT({ ...standard, ...claims })
    .setProtectedHeader({ alg: algorithm, kid })
    .sign(await importJWK(privateJwk as JWK, algorithm));
}

test('discovery names the endpoints at the public origin', () => {
  expect(describeServer(ISSUER)).toMatchObject({
    issuer: ISSUER,
    token_endpoint: `${ISSUER}/oauth/token`,
    jwks_uri: `${ISSUER}/keys`,
    grant_types_supported: ['client_credentials'],
  });
});
