import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { setOperatorPolicy } from './commands';
import { newTestDirectory, recordedOf, type TestDirectory } from './testing';

let db: Database;

beforeAll(async () => {
  db = await openTestDatabase();
});

afterAll(() => db.close());

type Step = 'create' | 'create inactive' | 'deactivate' | 'activate' | 'rename' | 'delete';

async function take(directory: TestDirectory, steps: readonly Step[]): Promise<string> {
  let id = '';
  for (const step of steps) {
    directory.pass(1000);
    if (step === 'create') id = await directory.create('anna');
    else if (step === 'create inactive') id = await directory.create('anna', { active: false });
    else if (step === 'deactivate') await directory.setActive(id, false);
    else if (step === 'activate') await directory.setActive(id, true);
    else if (step === 'rename') await directory.change(id, { title: directory.now.toISOString() });
    else await directory.remove(id);
  }
  return id;
}

const CREATED = 'user_created anna';
const UPDATED = 'user_updated anna';
const GONE = 'user_deleted deactivated anna';
const DELETED = 'user_deleted deleted anna';
const DELETED_INACTIVE = 'user_deleted deleted was_inactive anna';
const UPDATED_INACTIVE = 'user_updated inactive anna';

const CASES: readonly [steps: Step[], byDefault: string[], withUpdates: string[]][] = [
  [
    ['create', 'deactivate'],
    [CREATED, GONE],
    [CREATED, UPDATED_INACTIVE],
  ],
  [
    ['create', 'deactivate', 'deactivate'],
    [CREATED, GONE],
    [CREATED, UPDATED_INACTIVE],
  ],
  [
    ['create', 'deactivate', 'activate'],
    [CREATED, GONE, CREATED],
    [CREATED, UPDATED_INACTIVE, UPDATED],
  ],
  [
    ['create', 'delete'],
    [CREATED, DELETED],
    [CREATED, DELETED],
  ],
  [
    ['create', 'deactivate', 'delete'],
    [CREATED, GONE, DELETED_INACTIVE],
    [CREATED, UPDATED_INACTIVE, DELETED_INACTIVE],
  ],
  [['create inactive'], [], []],
  [['create inactive', 'rename'], [], []],
  [['create inactive', 'activate'], [CREATED], [CREATED]],
  [
    ['create inactive', 'rename', 'activate', 'rename'],
    [CREATED, UPDATED],
    [CREATED, UPDATED],
  ],
  [['create inactive', 'delete'], [], []],
  [
    ['create', 'deactivate', 'rename', 'activate'],
    [CREATED, GONE, CREATED],
    [CREATED, UPDATED_INACTIVE, UPDATED],
  ],
  [
    ['create', 'activate', 'rename', 'rename'],
    [CREATED, UPDATED, UPDATED],
    [CREATED, UPDATED, UPDATED],
  ],
];

describe('what an application is told of a person', () => {
  test.for(CASES)('%s', async ([steps, byDefault, withUpdates]) => {
    const one = await newTestDirectory();
    await take(one, steps);
    expect(await one.told()).toEqual(byDefault);
    const other = await newTestDirectory({ announceAs: 'update' });
    await take(other, steps);
    expect(await other.told()).toEqual(withUpdates);
  });

  test('is what changed and nothing else, under one id and with rising versions', async () => {
    const directory = await newTestDirectory();
    const id = await take(directory, ['create', 'deactivate', 'rename', 'activate']);
    const [created, gone, back] = await directory.seen();
    expect(new Set([created!.id, gone!.id, back!.id])).toEqual(new Set([id]));
    expect([created!.version, gone!.version, back!.version]).toEqual([1, 2, 4]);
    expect(gone!.data).toMatchObject({ active: false, roles: [], reason: 'deactivated' });
    expect(gone!.previous).toEqual({ active: true });
    expect(back!.data).toMatchObject({ active: true, title: expect.any(String) });
    expect(await recordedOf(id)).toEqual(['user_created', 'user_deleted', 'user_updated (untold)', 'user_created']);
  });

  test('follows the policy of the moment: who left as an update comes back as a creation when it changed', async () => {
    const directory = await newTestDirectory({ announceAs: 'update' });
    const id = await take(directory, ['create', 'deactivate']);
    const { operator, organizationId, directoryId } = directory;
    await setOperatorPolicy(operator, { organizationId, directoryId, choice: { announceAs: 'delete' } });
    await directory.setActive(id, true);
    expect(await directory.told()).toEqual([CREATED, UPDATED_INACTIVE, CREATED]);
  });
});
