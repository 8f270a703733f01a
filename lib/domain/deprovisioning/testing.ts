import { type Context, newContext, systemContext } from '@/lib/core/context';
import { database } from '@/lib/db/handle';
import { createDirectory } from '../directory/commands';
import { readAnnouncements } from '../event/queries';
import { createOrganization, setUserManagementSettings } from '../organization/commands';
import { createUser, deleteUser, updateUser } from '../provisioning/commands';
import { setOperatorPolicy } from './commands';
import type { RemovalPolicy } from './types';

/** What an application saw of a person in one announcement. */
export interface Seen {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: Record<string, unknown>;
  readonly previous: Record<string, unknown> | null;
}

/** A directory whose clock the test sets, and an application that follows its announcements. */
export interface TestDirectory {
  readonly organizationId: string;
  readonly directoryId: string;
  readonly operator: Context;
  readonly system: Context;
  now: Date;
  create(name: string, more?: Record<string, unknown>): Promise<string>;
  createMany(count: number): Promise<string[]>;
  setActive(id: string, active: boolean): Promise<void>;
  change(id: string, attributes: Record<string, unknown>): Promise<void>;
  remove(id: string): Promise<void>;
  pass(milliseconds: number): void;
  /** What was announced of people since the last call, in order. */
  seen(): Promise<Seen[]>;
  /** The same as short texts: `user_deleted deactivated anna`. */
  told(): Promise<string[]>;
}

/** A new directory of a new organization. */
export async function newTestDirectory(
  policy: Partial<RemovalPolicy> = {},
  seats: number | null = null,
): Promise<TestDirectory> {
  const real = newContext({ kind: 'operator', id: 'acc_test', email: 'op@example.com' });
  const { id: organizationId } = await createOrganization(real, { displayName: 'Acme' });
  const { id: directoryId } = await createDirectory(real, { organizationId, provider: 'okta' });
  const scope = { organizationId, directoryId };
  if (Object.keys(policy).length > 0) await setOperatorPolicy(real, { ...scope, choice: policy });
  if (seats !== null) await setUserManagementSettings(real, { id: organizationId, maxAllowedUsers: seats });
  let cursor: number | 'latest' = (await readAnnouncements(real, {}, { after: 'latest', limit: 1 })).cursor;
  const test: TestDirectory = {
    ...scope,
    now: new Date('2026-03-02T09:00:00Z'),
    operator: { ...real, now: () => test.now },
    system: { ...systemContext('test'), now: () => test.now },
    async create(name, more = {}) {
      const doc = { userName: name, displayName: name, emails: [{ value: `${name}@example.com` }], ...more };
      return (await createUser(test.system, scope, doc as never)).id;
    },
    async createMany(count) {
      const ids = [];
      for (let n = 0; n < count; n += 1) ids.push(await test.create(`person-${n}`));
      return ids;
    },
    setActive: async (id, active) =>
      void (await updateUser(test.system, scope, id, { apply: (doc) => ({ ...doc, active }) })),
    change: async (id, attributes) =>
      void (await updateUser(test.system, scope, id, { apply: (doc) => ({ ...doc, ...attributes }) as never })),
    remove: (id) => deleteUser(test.system, scope, id),
    pass(milliseconds) {
      test.now = new Date(test.now.getTime() + milliseconds);
    },
    async seen() {
      const seen: Seen[] = [];
      for (;;) {
        const page = await readAnnouncements(real, { directoryId }, { after: cursor, limit: 500 });
        cursor = page.cursor;
        for (const event of page.events) {
          if (event.object !== 'DirectoryUser') continue;
          const { resourceId: id, type, version, data, previous } = event;
          seen.push({ id, type, version, data, previous });
        }
        if (!page.hasMore) return seen;
      }
    },
    async told() {
      return (await test.seen()).map(describe);
    },
  };
  return test;
}

/** An announcement in short: type, reason, `was_active` where it is false, `active` where it is false, and the person's name. */
function describe({ type, data }: Seen): string {
  return [
    type.replace('organization.directory.', ''),
    data['reason'],
    data['was_active'] === false ? 'was_inactive' : undefined,
    type.endsWith('updated') && data['active'] === false ? 'inactive' : undefined,
    data['name'],
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

/** All events of a person, announced or only recorded, as `type announced?`. */
export async function recordedOf(id: string): Promise<string[]> {
  const rows = await database().sql.rows<{ type: string; is_announced: boolean }>(
    'select type, is_announced from event where resource_id = $1::text order by n',
    [id],
  );
  return rows.map((row) => `${row.type.replace('organization.directory.', '')}${row.is_announced ? '' : ' (untold)'}`);
}
