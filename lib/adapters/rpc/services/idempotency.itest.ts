import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { newContext } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { database } from '@/lib/db/handle';
import { createCredential } from '@/lib/domain/credential/commands';
import { claimKey, purgeIdempotencyKeys, releaseKey, storeAnswer } from '@/lib/domain/idempotency/commands';
import { IDEMPOTENCY_LIMITS } from '@/lib/domain/idempotency/types';
import { createRpc } from '../router';
import { GOOD_TOKEN, fakeAuthenticate } from '../testing';
import { startTestApi, type TestApi } from './testing';

let api: TestApi;
let serial = 0;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(() => api.close());

afterEach(() => void vi.restoreAllMocks());

const newKey = () => `key-${++serial}`;

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly isReplayed: boolean;
  readonly retryAfter: string | null;
}

async function read(response: Response): Promise<Answer> {
  return {
    status: response.status,
    body: (await response.json()) as JsonObject,
    isReplayed: response.headers.get('idempotency-replayed') === 'true',
    retryAfter: response.headers.get('retry-after'),
  };
}

async function post(path: string, body: unknown, key?: string, token?: string): Promise<Answer> {
  const headers: Record<string, string> = {
    authorization: `Bearer ${token ?? (await api.fetchToken())}`,
    'content-type': 'application/json',
  };
  if (key !== undefined) headers['idempotency-key'] = key;
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return read(await fetch(`${api.origin}/api/v1${path}`, init));
}

async function countOrganizations(name: string): Promise<number> {
  const [row] = await database().sql.rows<{ count: string }>(
    'select count(*) as count from organization where display_name = $1',
    [name],
  );
  return Number(row?.count);
}

function idOf(answer: Answer): unknown {
  return (answer.body['organization'] as JsonObject | undefined)?.['id'];
}

describe('a POST with an idempotency key', () => {
  test('that is repeated gets the same answer and does nothing', async () => {
    const key = newKey();
    const first = await post('/organizations', { display_name: 'Once' }, key);
    expect(first).toMatchObject({ status: 201, isReplayed: false });
    const second = await post('/organizations', { display_name: 'Once' }, key);
    expect(second).toEqual({ ...first, isReplayed: true });
    expect(await countOrganizations('Once')).toBe(1);
  });

  test('with another body, query or path is refused, and nothing is written', async () => {
    const key = newKey();
    await post('/organizations', { display_name: 'Mine' }, key);
    for (const [path, body] of [
      ['/organizations', { display_name: 'Other' }],
      ['/organizations?organization.slug=other', { display_name: 'Mine' }],
      ['/roles', { display_name: 'Mine' }],
    ] as const) {
      const answer = await post(path, body, key);
      expect(answer).toMatchObject({ status: 409, body: { error_code: 'IDEMPOTENCY_KEY_REUSED' }, isReplayed: false });
    }
    expect([await countOrganizations('Other'), await countOrganizations('Mine')]).toEqual([0, 1]);
  });

  test('that is sent many times at once is done once', async () => {
    const key = newKey();
    const token = await api.fetchToken();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post('/organizations', { display_name: 'Racing' }, key, token)),
    );
    expect(await countOrganizations('Racing')).toBe(1);
    const done = answers.filter(({ status }) => status === 201);
    expect(done.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
    expect(new Set(done.map(idOf)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(answer).toMatchObject({ status: 409, body: { error_code: 'IDEMPOTENCY_KEY_IN_USE' }, retryAfter: '1' });
    }
  });

  test('that was refused is refused again in the same words', async () => {
    const key = newKey();
    const first = await post('/organizations', { display_name: '' }, key);
    expect(first).toMatchObject({ status: 400, body: { error_code: 'VALIDATION_ERROR' } });
    expect(await post('/organizations', { display_name: '' }, key)).toEqual({ ...first, isReplayed: true });
  });

  test('has that key for its own credential only', async () => {
    const key = newKey();
    const { credential, plainSecret } = await createCredential(api.ctx, { name: 'Other' });
    const token = await api.fetchToken({ id: credential.id, secret: plainSecret });
    const mine = await post('/organizations', { display_name: 'Shared' }, key);
    const theirs = await post('/organizations', { display_name: 'Shared' }, key, token);
    expect(theirs).toMatchObject({ status: 201, isReplayed: false });
    expect(idOf(theirs)).not.toBe(idOf(mine));
  });

  test('and a token that is not valid gets no stored answer', async () => {
    const key = newKey();
    await post('/organizations', { display_name: 'Guarded' }, key);
    expect(await post('/organizations', { display_name: 'Guarded' }, key, 'wrong')).toMatchObject({
      status: 401,
      isReplayed: false,
    });
  });

  test.each([
    ['is empty', ''],
    ['is too long', 'x'.repeat(256)],
    ['has a space', 'two words'],
  ])('that %s is refused', async (_, key) => {
    const answer = await post('/organizations', { display_name: 'Unnamed' }, key);
    const violations = { field_violations: [{ field: 'Idempotency-Key' }] };
    expect(answer).toMatchObject({ status: 400, body: { validation_error_info: violations } });
    expect(await countOrganizations('Unnamed')).toBe(0);
  });

  test('gets a secret that is shown once again, and the database never holds it in the open', async () => {
    const organization = await post('/organizations', { display_name: 'Secretive' });
    const base = `/organizations/${String(idOf(organization))}/directories`;
    const { body } = await post(base, { directory_type: 'SCIM', directory_provider: 'OKTA' });
    const key = newKey();
    const path = `${base}/${String((body['directory'] as JsonObject)['id'])}/secrets`;
    const first = await post(path, {}, key);
    const secret = first.body['plain_secret'];
    expect(secret).toMatch(/^.{20,}$/);
    expect(await post(path, {}, key)).toEqual({ ...first, isReplayed: true });
    const rows = await database().sql.rows('select * from idempotency_key where key = $1', [key]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test('whose first request died with its process is never done twice', async () => {
    const key = newKey();
    await post('/organizations', { display_name: 'Crashed' }, key);
    // As after a kill between the change and the keeping of its answer, a minute ago.
    await database().sql.rows(
      "update idempotency_key set status = null, sealed_body = null, created_at = created_at - interval '61 seconds' where key = $1",
      [key],
    );
    const again = await post('/organizations', { display_name: 'Crashed' }, key);
    expect(again).toMatchObject({ status: 409, body: { error_code: 'IDEMPOTENCY_KEY_UNCERTAIN' }, retryAfter: null });
    expect(await countOrganizations('Crashed')).toBe(1);
  });

  test('is done anew once its day is over', async () => {
    const key = newKey();
    await post('/organizations', { display_name: 'Daily' }, key);
    await database().sql.rows(
      "update idempotency_key set created_at = created_at - interval '24 hours' where key = $1",
      [key],
    );
    expect(await post('/organizations', { display_name: 'Daily' }, key)).toMatchObject({
      status: 201,
      isReplayed: false,
    });
    expect(await countOrganizations('Daily')).toBe(2);
  });
});

test('a key changes nothing on a verb that is safe to repeat anyway', async () => {
  const key = newKey();
  const headers = { authorization: `Bearer ${await api.fetchToken()}`, 'idempotency-key': key };
  const get = async () => read(await fetch(`${api.origin}/api/v1/organizations?page_size=1`, { headers }));
  expect((await get()).isReplayed).toBe(false);
  expect((await get()).isReplayed).toBe(false);
});

describe('a call that did not settle the matter', () => {
  /** The API with organizations that are made by `create`. */
  function apiOf(create: () => Promise<{ organization: { id: string } }>) {
    const services = { organizations: { createOrganization: create } };
    const { rest } = createRpc({ authenticate: fakeAuthenticate, services });
    return async (key: string, signal?: AbortSignal) =>
      read(
        await rest(
          new Request('http://localhost:3000/api/v1/organizations', {
            method: 'POST',
            headers: {
              authorization: `Bearer ${GOOD_TOKEN}`,
              'content-type': 'application/json',
              'idempotency-key': key,
            },
            body: '{"display_name":"Acme"}',
            signal,
          }),
        ),
      );
  }

  test.each([
    ['a fault of ours', new Error('the disk is full'), 500],
    ['a lost database', new AppError('unavailable', 'Try again.'), 503],
    ['a rate limit', new AppError('resource_exhausted', 'Too fast.'), 429],
  ])('for %s is tried again', async (_, error, status) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const create = vi.fn(async () => ({ organization: { id: 'org_1' } })).mockRejectedValueOnce(error);
    const call = apiOf(create);
    const key = newKey();
    expect(await call(key)).toMatchObject({ status });
    expect(await call(key)).toMatchObject({ status: 201, isReplayed: false });
    expect(await call(key)).toMatchObject({ status: 201, isReplayed: true });
    expect(create).toHaveBeenCalledTimes(2);
  });

  test('because its caller hung up is finished, and answered when the caller asks again', async () => {
    let finish = (): void => undefined;
    let reach = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const create = vi.fn(async () => {
      reach();
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { organization: { id: 'org_7' } };
    });
    const call = apiOf(create);
    const key = newKey();
    const caller = new AbortController();
    const first = call(key, caller.signal);
    await reached;
    caller.abort();
    expect(await call(key)).toMatchObject({ status: 409, body: { error_code: 'IDEMPOTENCY_KEY_IN_USE' } });
    finish();
    await first;
    const again = await call(key);
    expect(again).toMatchObject({ status: 201, isReplayed: true });
    expect(idOf(again)).toBe('org_7');
    expect(create).toHaveBeenCalledTimes(1);
  });
});

describe('a claim', () => {
  /** A context of one credential whose clock stands at `time`. */
  const at = (time: number) => ({
    ...newContext({ kind: 'apiClient', id: 'skc_1', scopes: [] }),
    now: () => new Date(time),
  });
  const START = Date.UTC(2026, 0, 1);
  const answer = { status: 200, body: '{}' };

  test('of a process that died is not taken over: whether it was done is for the caller to find out', async () => {
    const key = newKey();
    const first = await claimKey(at(START), { key, requestHash: 'a' });
    const refused = (time: number, requestHash: string) => expect(claimKey(at(time), { key, requestHash })).rejects;
    const late = START + IDEMPOTENCY_LIMITS.claimMs;
    await refused(late - 1, 'a').toMatchObject({ errorCode: 'IDEMPOTENCY_KEY_IN_USE', retryAfterSeconds: 1 });
    await refused(late, 'a').toMatchObject({ errorCode: 'IDEMPOTENCY_KEY_UNCERTAIN' });
    await refused(late, 'b').toMatchObject({ errorCode: 'IDEMPOTENCY_KEY_REUSED' });
    // The first one was slow rather than dead.
    if (first.kind === 'claimed') await storeAnswer(at(late), { ...first, answer });
    expect(await claimKey(at(late), { key, requestHash: 'a' })).toEqual({ kind: 'answered', answer });
  });

  test('that was given up can be taken again, and the one who gave it up has no say in it any more', async () => {
    const key = newKey();
    const first = await claimKey(at(START), { key, requestHash: 'a' });
    if (first.kind !== 'claimed') return expect.fail('The key was not free.');
    await releaseKey(at(START), first);
    const second = await claimKey(at(START), { key, requestHash: 'a' });
    await storeAnswer(at(START), { ...first, answer });
    await releaseKey(at(START), first);
    await expect(claimKey(at(START), { key, requestHash: 'a' })).rejects.toMatchObject({
      errorCode: 'IDEMPOTENCY_KEY_IN_USE',
    });
    if (second.kind === 'claimed') await storeAnswer(at(START), { ...second, answer });
    expect(await claimKey(at(START), { key, requestHash: 'a' })).toEqual({ kind: 'answered', answer });
  });

  test('is forgotten after a day, and not before', async () => {
    const key = newKey();
    const claim = await claimKey(at(START), { key, requestHash: 'a' });
    if (claim.kind === 'claimed') await storeAnswer(at(START), { ...claim, answer });
    const count = async () => (await database().sql.rows('select 1 from idempotency_key where key = $1', [key])).length;
    await purgeIdempotencyKeys(at(START + IDEMPOTENCY_LIMITS.keepMs - 1));
    expect(await count()).toBe(1);
    await purgeIdempotencyKeys(at(START + IDEMPOTENCY_LIMITS.keepMs));
    expect(await count()).toBe(0);
  });
});
