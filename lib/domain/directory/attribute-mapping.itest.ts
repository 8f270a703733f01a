import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newContext, systemContext } from '@/lib/core/context';
import { database, type Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { omitMember } from '@/lib/scim/attribute';
import { ENTERPRISE_USER_SCHEMA } from '@/lib/scim/schema';
import { createOrganization } from '../organization/commands';
import { createUser, updateUser } from '../provisioning/commands';
import { listRuns } from '../run/queries';
import { addManyPeople, finishRuns } from '../run/testing';
import { createDirectory, declareExtensions, updateDirectory } from './commands';
import { getDirectory, scopeOf } from './queries';
import type { Directory } from './types';

const ctx = systemContext('test');
const BADGE = 'urn:example:acme:2.0:User';
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

const map = (mappings: Readonly<Record<string, string>>, as = ctx): Promise<Directory> => {
  const attributeMappings = Object.entries(mappings).map(([key, mapTo]) => ({ key, mapTo }));
  return updateDirectory(as, { ...ref, attributeMappings });
};
const scope = async () => scopeOf(await getDirectory(ctx, ref));
const addPerson = async (more: object) =>
  (await createUser(ctx, await scope(), { userName: `p${Math.random()}@acme.test`, ...more })).id;

const eventsOf = (id: string) =>
  database().sql.rows<{
    type: string;
    version: number;
    data: { custom_attributes: unknown; raw_attributes: unknown };
    previous: Record<string, unknown> | null;
    is_announced: boolean;
  }>(
    'select type, version::int as version, data, previous, is_announced from event where resource_id = $1::text order by n desc',
    [id],
  );
const customOf = async (id: string) => (await eventsOf(id))[0]?.data.custom_attributes;

test('mapped attributes are in the payload of a person under the application’s names', async () => {
  await map({
    title: 'job',
    [`${ENTERPRISE_USER_SCHEMA.id}:costCenter`]: 'cost',
    'emails[type eq "work"].value': 'office mail',
  });
  const id = await addPerson({
    title: 'Engineer',
    emails: [{ value: 'a@acme.test', type: 'work' }],
    [ENTERPRISE_USER_SCHEMA.id]: { costCenter: '42' },
  });
  expect(await customOf(id)).toEqual({ job: 'Engineer', cost: '42', 'office mail': 'a@acme.test' });
  await updateUser(ctx, await scope(), id, { apply: (doc) => omitMember(doc, 'title') });
  const [told] = await eventsOf(id);
  expect(told?.data.custom_attributes).toEqual({ cost: '42', 'office mail': 'a@acme.test' });
  expect(told?.previous).toMatchObject({ custom_attributes: { job: 'Engineer' } });
});

test('a change of the mapping tells those whose attributes change, and nobody else', async () => {
  const [ada, grace, gone] = [
    await addPerson({ title: 'Countess' }),
    await addPerson({}),
    await addPerson({ title: 'Clerk', active: false }),
  ];
  await map({ title: 'job' });
  expect(await eventsOf(ada)).toMatchObject([
    {
      type: 'organization.directory.user_updated',
      version: 2,
      previous: { custom_attributes: {} },
      is_announced: true,
    },
    {},
  ]);
  expect(await customOf(ada)).toEqual({ job: 'Countess' });
  expect(await eventsOf(grace)).toHaveLength(1);
  expect(await eventsOf(gone)).toMatchObject([{ is_announced: false }, { is_announced: false }]);
  await map({ title: 'job' });
  expect(await eventsOf(ada)).toHaveLength(2);
  await map({});
  expect(await customOf(ada)).toEqual({});
});

test('an attribute that is declared later is told of from then on', async () => {
  const id = await addPerson({ [BADGE]: { badge: 'B-1' } });
  await map({ [`${BADGE}:badge`]: 'badge' });
  expect(await customOf(id)).toEqual({ badge: 'B-1' });
  const attributes = [{ name: 'badge', type: 'string' as const, isMultiValued: false }];
  await declareExtensions(ctx, { ...ref, extensions: [{ urn: BADGE, attributes }] });
  expect(await customOf(id)).toEqual({ badge: 'B-1' });
  expect(await eventsOf(id)).toHaveLength(2);
});

test('a mapping of what no user has, to no name, or to one name twice is refused with the field', async () => {
  const violation = (field: string) => ({ code: 'invalid_argument', fieldViolations: [{ field }] });
  const place = 'attribute_mapping.attributes';
  await expect(map({ shoeSize: 'size' })).rejects.toMatchObject(violation(`${place}[0].key`));
  await expect(map({ password: 'secret' })).rejects.toMatchObject(violation(`${place}[0].key`));
  await expect(map({ title: ' ' })).rejects.toMatchObject(violation(`${place}[0].map_to`));
  await expect(map({ title: 'a', nickName: 'a' })).rejects.toMatchObject(violation(`${place}[1].map_to`));
  expect((await getDirectory(ctx, ref)).attributeMappings).toEqual([]);
});

test('a large directory is told of by a run, each person once', async () => {
  const people = await addManyPeople(ctx, ref, 1101);
  const as = newContext({ kind: 'system', id: 'mapping' });
  await map({ title: 'job' }, as);
  expect((await listRuns(ctx, ref)).items).toMatchObject([{ kind: 'attributes', total: 1101, finishedAt: null }]);
  await finishRuns(ctx);
  const told = await database().sql.rows<{ id: string }>(
    `select resource_id as id from event where request_id = $1::text and data->'custom_attributes' = '{"job": "Engineer"}'::jsonb`,
    [as.requestId],
  );
  expect(told.map(({ id }) => id).sort()).toEqual(people);
  const [done] = (await listRuns(ctx, ref)).items;
  expect(done).toMatchObject({ done: 1101, told: 1101, finishedAt: expect.any(Date) });
});
