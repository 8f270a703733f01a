import { eq, inArray } from 'drizzle-orm';
import type { Context } from '@/lib/core/context';
import type { NewEvent } from '@/lib/db/change';
import type { Tx } from '@/lib/db/handle';
import { role } from '@/lib/db/tables/role';
import { roleData, roleEvent } from '../event/commands';
import { readPermissions, readRoles, type Viewer } from './row';
import type { Role } from './types';

interface RoleState {
  readonly role: Role;
  readonly state: Readonly<Record<string, unknown>>;
}

/** Everything about a role that an event tells the previous value of. */
async function readStates(tx: Tx, viewer: Viewer, ids: readonly string[]): Promise<Map<string, RoleState>> {
  const roles = await readRoles(tx, viewer, inArray(role.id, [...ids]));
  const permissions = await readPermissions(tx, ids, 0);
  return new Map(
    roles.map((each) => {
      const state = {
        ...roleData(each),
        priority: each.priority,
        default_creator: each.isDefaultCreator,
        default_member: each.isDefaultMember,
        permissions: permissions.get(each.id)?.map(({ name }) => name),
      };
      return [each.id, { role: each, state }];
    }),
  );
}

/**
 * Does `work`, then gives each of the roles that it changed its next version. Returns the events of that; a role that is as before
 * has none. @param viewer for whom the roles changed: an organization, or null for all
 */
export async function trackChanges(
  ctx: Context,
  tx: Tx,
  target: { viewer: Viewer; ids: readonly string[] },
  work: () => Promise<unknown>,
): Promise<NewEvent[]> {
  const { viewer, ids } = target;
  const before = await readStates(tx, viewer, ids);
  await work();
  const after = await readStates(tx, viewer, ids);
  const events: NewEvent[] = [];
  for (const [id, { role: current, state }] of after) {
    const old = before.get(id)?.state ?? {};
    const changed = Object.keys(state).filter((key) => JSON.stringify(state[key]) !== JSON.stringify(old[key]));
    if (changed.length === 0) continue;
    const version = current.version + 1;
    const previous = Object.fromEntries(changed.map((key) => [key, old[key]]));
    events.push(roleEvent('role.updated', { ...current, version }, { previous, organizationId: viewer ?? undefined }));
    // Few roles change at once, and one connection holds the transaction anyway.
    await tx.orm.update(role).set({ version, updatedAt: ctx.now() }).where(eq(role.id, id));
  }
  return events;
}
