import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { newContext, systemContext } from '@/lib/core/context';
import { database, type Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { createDirectory } from '../directory/commands';
import { createOrganization, deleteOrganization, removeDeletedOrganizations } from '../organization/commands';
import { listOrganizationDeletions } from '../organization/queries';
import { createGroup, createUser } from '../provisioning/commands';
import { advanceRun, openRun } from './commands';
import { listRuns } from './queries';
import { addManyPeople, finishRuns } from './testing';

const ctx = systemContext('test');
let db: Database;
let ref: { organizationId: string; directoryId: string };

beforeAll(async () => {
  db = await openTestDatabase();
});

afterAll(() => db.close());

beforeEach(async () => {
  const { id: organizationId } = await createOrganization(ctx, { displayName: 'Acme' });
  const { id: directoryId } = await createDirectory(ctx, { organizationId, provider: 'okta' });
  ref = { organizationId, directoryId };
});

test('a run that fails waits longer each time and says why; others go on', async () => {
  const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await createUser(ctx, ref, { userName: 'ada' });
  await database().begin(async (tx) => {
    await openRun(ctx, tx, { ...ref, kind: 'unheard of' as 'roles', total: 1 });
    await openRun(ctx, tx, { ...ref, kind: 'roles', total: 1 });
  });
  const at = (seconds: number) => ({ ...ctx, now: () => new Date(Date.UTC(2030, 0, 1) + seconds * 1000) });
  const triesAt = async (seconds: number) => {
    silent.mockClear();
    await finishRuns(at(seconds));
    return silent.mock.calls.length;
  };
  expect(await triesAt(0)).toBe(1);
  expect((await listRuns(ctx, ref)).items).toMatchObject([
    { kind: 'roles', error: null, done: 1, finishedAt: expect.any(Date) },
    { kind: 'unheard of', error: expect.any(String), finishedAt: null },
  ]);
  expect([await triesAt(0.5), await triesAt(1), await triesAt(2), await triesAt(3)]).toEqual([0, 1, 0, 1]);
  await database().sql.rows(`delete from run where kind = 'unheard of'`);
  silent.mockRestore();
});

test('a run that several processes advance at once tells each person once', async () => {
  const people = await addManyPeople(ctx, ref, 1300);
  const as = newContext({ kind: 'system', id: 'join' });
  await createGroup(as, ref, { doc: { displayName: 'All' }, members: people });
  await Promise.all(Array.from({ length: 4 }, () => finishRuns(ctx)));
  while (await advanceRun(ctx));
  const told = await database().sql.rows<{ id: string }>(
    `select resource_id as id from event where request_id = $1::text and type = 'organization.directory.user_updated'`,
    [as.requestId],
  );
  expect(told.map(({ id }) => id).sort()).toEqual(people);
  expect((await listRuns(ctx, ref)).items).toMatchObject([{ done: 1300, told: 1300, finishedAt: expect.any(Date) }]);
});

test('a run ends with its organization: nobody is told anything behind the deletion', async () => {
  const people = await addManyPeople(ctx, ref, 1300);
  const as = newContext({ kind: 'system', id: 'join' });
  await createGroup(as, ref, { doc: { displayName: 'All' }, members: people });
  expect(await advanceRun(ctx)).toBe(true);
  const countTold = async () => {
    const [row] = await database().sql.rows<{ count: number }>(
      `select count(*)::int as count from event where request_id = $1::text and type = 'organization.directory.user_updated'`,
      [as.requestId],
    );
    return row!.count;
  };
  const before = await countTold();
  await deleteOrganization(ctx, { id: ref.organizationId });
  expect(await listOrganizationDeletions(ctx)).toMatchObject([{ id: ref.organizationId, peopleLeft: 1300 }]);
  await finishRuns(ctx);
  expect(await countTold()).toBe(before);
  expect((await listRuns(ctx, ref)).items).toMatchObject([{ done: before, finishedAt: expect.any(Date) }]);
  await database().sql.rows('delete from directory where id = $1::text', [ref.directoryId]);
  await removeDeletedOrganizations(ctx);
  expect(await database().sql.rows('select 1 from run_person')).toEqual([]);
  expect(await listOrganizationDeletions(ctx)).toEqual([]);
});

test('runs are pages of an organization, newest first, and nobody else’s', async () => {
  await database().begin(async (tx) => {
    for (let count = 0; count < 3; count += 1) await openRun(ctx, tx, { ...ref, kind: 'roles', total: count });
  });
  const first = await listRuns(ctx, ref, { pageSize: 2 });
  expect(first.items.map(({ total }) => total)).toEqual([2, 1]);
  const second = await listRuns(ctx, ref, { pageSize: 2, pageToken: first.nextPageToken });
  expect(second).toMatchObject({ items: [{ total: 0 }], nextPageToken: '' });
  await finishRuns(ctx);
  expect((await listRuns(ctx, { ...ref, isOpen: true })).items).toEqual([]);
  const stranger = newContext({ kind: 'customerAdmin', id: 'acc_1', email: 'a@b.test', organizationId: 'org_1' });
  await expect(listRuns(stranger, ref)).rejects.toMatchObject({ code: 'not_found' });
  await expect(listRuns(stranger)).rejects.toMatchObject({ code: 'permission_denied' });
});
