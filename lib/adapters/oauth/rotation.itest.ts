import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '@/lib/adapters/rpc/services/testing';
import { rotateSigningKey } from '@/lib/domain/credential/commands';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(() => api.close());

test('an SDK that asked for the keys once finds tokens valid before and after a rotation, and the API takes both', async () => {
  const sdk = api.newSdk();
  const before = await api.fetchToken();
  expect(await sdk.validateAccessToken(before)).toBe(true);
  await rotateSigningKey(api.ctx);
  const after = await api.fetchToken();
  expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
  expect(await sdk.validateAccessToken(after)).toBe(true);
  expect(await sdk.validateAccessToken(before)).toBe(true);
  expect(api.countRequests('/keys')).toBe(1);
  for (const token of [before, after]) {
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${api.origin}/api/v1/organizations`, { headers })).status).toBe(200);
  }
});
