import { inArray, sql } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { notFound } from '@/lib/core/error';
import { change, type NewEvent } from '@/lib/db/change';
import type { Tx } from '@/lib/db/handle';
import { appUser } from '@/lib/db/tables/member';
import { memberData, membershipEvent } from '../event/commands';
import { getEnvironmentId } from '../operator/queries';
import { holdOrganizations } from '../organization/commands';
import type { Organization } from '../organization/types';
import { holdRoles } from './given-roles';
import { assembleUsers, isNamedBy, userNotFound } from './row';
import type { RoleChoice, User, UserRef } from './types';

/** Locks a person, so that nobody else changes them or their memberships meanwhile. */
async function lockUser(tx: Tx, environmentId: string, ref: UserRef): Promise<User> {
  const rows = await tx.orm.select().from(appUser).where(isNamedBy(ref)).for('no key update');
  const [user] = await assembleUsers(tx, environmentId, rows);
  if (!user) throw userNotFound(ref);
  return user;
}

interface UserChange {
  readonly user: UserRef;
  /** The organization that the change is about. */
  readonly organizationId?: string;
  /** Roles of it that the change is about. */
  readonly roles?: readonly RoleChoice[];
}

/**
 * One change to a person and their memberships. What `work` does is told by comparing before and after: each organization whose
 * members changed, or are told differently, has an event, and a person who is as before has neither event nor new version.
 * Returns the person; as they were, if `work` deleted them.
 */
export async function changeUser(
  ctx: Context,
  target: UserChange,
  work: (tx: Tx, current: User, roleIds: readonly string[]) => Promise<unknown>,
): Promise<User> {
  requireManager(ctx);
  const { organizationId } = target;
  const environmentId = await getEnvironmentId();
  return change(ctx, async (tx) => {
    const roleIds = organizationId === undefined ? [] : await holdRoles(tx, organizationId, target.roles ?? []);
    const before = await lockUser(tx, environmentId, target.user);
    const ids = before.memberships.map((membership) => membership.organizationId);
    const organizations = await holdOrganizations(tx, organizationId === undefined ? ids : [...ids, organizationId]);
    if (organizationId !== undefined && !organizations.some(({ id }) => id === organizationId)) {
      throw notFound('organization', organizationId);
    }
    const { users, events } = await track(ctx, tx, { environmentId, before: [before], organizations }, () =>
      work(tx, before, roleIds),
    );
    return { value: users[0] ?? before, events };
  });
}

/**
 * Does `work`, then gives each person that it changed their next version. Returns those who are left, and the events of what changed.
 * @param given.organizations all that the people are in, or come to be in
 * @param given.retold people by organization who are told of even if nothing seems to have changed, since what they had is not there to compare
 */
export async function track(
  ctx: Context,
  tx: Tx,
  given: {
    environmentId: string;
    before: readonly User[];
    organizations: readonly Organization[];
    retold?: ReadonlyMap<string, ReadonlySet<string>>;
  },
  work: () => Promise<unknown>,
): Promise<{ users: User[]; events: NewEvent[] }> {
  await work();
  const ids = given.before.map(({ id }) => id);
  const rows = await tx.orm.select().from(appUser).where(inArray(appUser.id, ids));
  const found = new Map((await assembleUsers(tx, given.environmentId, rows)).map((user) => [user.id, user]));
  const users: User[] = [];
  const events: NewEvent[] = [];
  const changedIds: string[] = [];
  for (const before of given.before) {
    const version = before.version + 1;
    const current = found.get(before.id);
    const after = current && { ...current, version, updatedAt: ctx.now() };
    const told = given.organizations.flatMap((organization) => {
      const isRetold = given.retold?.get(organization.id)?.has(before.id) ?? false;
      return tellDifference({ before, after, version, organization, isRetold }) ?? [];
    });
    events.push(...told);
    const isSame = after !== undefined && told.length === 0 && comparable(before) === comparable(after);
    if (after) users.push(isSame ? before : after);
    if (after && !isSame) changedIds.push(before.id);
  }
  if (changedIds.length > 0) {
    await tx.orm
      .update(appUser)
      .set({ version: sql`${appUser.version} + 1`, updatedAt: ctx.now() })
      .where(inArray(appUser.id, changedIds));
  }
  return { users, events };
}

function comparable({ email, externalId, metadata, profile }: User): string {
  return JSON.stringify([email, externalId, metadata, profile]);
}

function tellDifference(subject: {
  before: User;
  after: User | undefined;
  version: number;
  organization: Organization;
  isRetold: boolean;
}): NewEvent | undefined {
  const { before, after, version, organization, isRetold } = subject;
  const isIn = (user: User | undefined) =>
    user?.memberships.some(({ organizationId }) => organizationId === organization.id) ?? false;
  if (!isIn(before)) {
    if (!after || !isIn(after)) return undefined;
    return membershipEvent('user.organization_membership_created', { organization, user: after });
  }
  if (!after || !isIn(after)) {
    return membershipEvent('user.organization_membership_deleted', { organization, user: { ...before, version } });
  }
  const old = memberData(before, organization.id);
  const current = memberData(after, organization.id);
  const changed = Object.keys(current).filter(
    (key) => key !== 'update_time' && JSON.stringify(current[key]) !== JSON.stringify(old[key]),
  );
  if (changed.length === 0 && !isRetold) return undefined;
  const previous = Object.fromEntries(changed.map((key) => [key, old[key]]));
  return membershipEvent('user.organization_membership_updated', { organization, user: after }, { previous });
}
