import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemContext } from '@/lib/core/context';
import type { Database } from '@/lib/db/handle';
import { useSealingSecret } from '@/lib/core/seal';
import { openTestDatabase } from '@/lib/db/testing';
import { createDirectory } from '@/lib/domain/directory/commands';
import { getDirectory } from '@/lib/domain/directory/queries';
import type { Directory } from '@/lib/domain/directory/types';
import { flushExchanges, recordExchange } from '@/lib/domain/log/commands';
import { createOrganization, setFeatures } from '@/lib/domain/organization/commands';
import { createLink, redeemLink } from '@/lib/domain/portal/commands';
import { createGroup, createUser } from '@/lib/domain/provisioning/commands';
import { readLive } from './live';
import { readVisit, type Visit } from './session';

const ctx = systemContext('test');
const NO_BODIES = { requestHeaders: {}, requestBody: undefined, responseHeaders: {}, responseBody: undefined };

let db: Database;
let visit: Visit;
let directory: Directory;

beforeAll(async () => {
  useSealingSecret('a secret for tests, and no other use');
  db = await openTestDatabase();
});
afterAll(() => db.close());

async function openVisitOf(organizationId: string, features?: ('dir_sync' | 'sso')[]): Promise<Visit> {
  const { token } = await createLink(ctx, { organizationId, kind: 'embed', features });
  const { sessionId, secret } = await redeemLink(ctx, { token });
  return (await readVisit({ sessionId, cookie: secret }))!;
}

beforeEach(async () => {
  const { id } = await createOrganization(ctx, { displayName: 'Acme' });
  visit = await openVisitOf(id);
  directory = await createDirectory(visit.ctx, { organizationId: id, provider: 'okta' });
});

const scope = () => ({ organizationId: directory.organizationId, directoryId: directory.id });

let tick = 0;
async function record(status: number, operation: string, resourceName: string | null = null): Promise<void> {
  tick += 1;
  await recordExchange({
    createdAt: new Date(Date.now() + tick),
    organizationId: directory.organizationId,
    directoryId: directory.id,
    secretId: null,
    provider: directory.provider,
    requestId: 'req_1',
    method: 'POST',
    path: '/Users',
    operation,
    resourceType: 'User',
    resourceId: null,
    resourceName,
    status,
    scimType: null,
    errorDetail: null,
    latencyMs: 1,
    clientAddress: null,
    userAgent: null,
    bodies: NO_BODIES,
  });
  await flushExchanges();
}

const met = async () =>
  (await readLive(visit, directory)).checks.filter((check) => check.isMet).map((check) => check.id);

describe('the live view', () => {
  test('of a new directory waits for everything', async () => {
    const live = await readLive(visit, directory);
    expect(live).toMatchObject({ lastCall: null, problem: null, users: { total: 0 }, groups: { total: 0 } });
    expect(live.checks.map((check) => check.isMet)).toEqual([false, false, false]);
  });

  test('shows people and groups as they arrive, newest first', async () => {
    const system = systemContext('scim');
    const ada = await createUser(system, scope(), { userName: 'ada@acme.example', displayName: 'Ada' });
    await createUser(system, scope(), { userName: 'grace@acme.example', active: false });
    await createGroup(system, scope(), { doc: { displayName: 'Engineering' }, members: [ada.id] });
    const live = await readLive(visit, directory);
    expect(live.users.items.map((user) => user.userName)).toEqual(['grace@acme.example', 'ada@acme.example']);
    expect(live.users.items.map((user) => user.isActive)).toEqual([false, true]);
    expect(live.users.items[1]?.groups).toEqual(['Engineering']);
    expect(live.groups).toMatchObject({ total: 1, items: [{ name: 'Engineering', memberCount: 1 }] });
    expect(await met()).toEqual(['user', 'group']);
  });

  test('turns the connection green by a request that worked, not by one that failed', async () => {
    await record(400, 'Create user', 'ada');
    expect(await met()).toEqual([]);
    await record(200, 'List users');
    expect(await met()).toEqual(['connection']);
  });

  test('keeps a problem until the same thing works', async () => {
    await record(409, 'Create user', 'ada');
    await record(201, 'Create user', 'grace');
    expect((await readLive(visit, directory)).problem).toMatchObject({ operation: 'Create user', isResolved: false });
    await record(201, 'Create user', 'ada');
    expect((await readLive(visit, directory)).problem).toMatchObject({ isResolved: true });
  });

  test('takes a refused token as settled by any request that is accepted', async () => {
    await record(403, 'Refused');
    expect((await readLive(visit, directory)).problem?.isResolved).toBe(false);
    await record(200, 'List users');
    expect((await readLive(visit, directory)).problem?.isResolved).toBe(true);
  });
});

describe('a visit', () => {
  test('does not reach a directory of another organization', async () => {
    const other = await createOrganization(ctx, { displayName: 'Other' });
    const theirs = await createDirectory(ctx, { organizationId: other.id, provider: 'okta' });
    const own = { organizationId: visit.organization.id, directoryId: theirs.id };
    await expect(getDirectory(visit.ctx, own)).rejects.toMatchObject({ code: 'not_found' });
    const asTheirs = { organizationId: other.id, directoryId: theirs.id };
    await expect(getDirectory(visit.ctx, asTheirs)).rejects.toMatchObject({ code: 'not_found' });
    await expect(readLive(visit, theirs)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('shows the tabs that both its link and its organization have', async () => {
    const { id } = visit.organization;
    expect(visit.features).toEqual(['dir_sync']);
    expect((await openVisitOf(id, ['sso'])).features).toEqual([]);
    await setFeatures(ctx, { id, features: [{ name: 'dir_sync', enabled: false }] });
    expect((await openVisitOf(id)).features).toEqual([]);
  });
});
