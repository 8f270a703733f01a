import { and, eq } from 'drizzle-orm';
import type { Context } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import type { Tx } from '@/lib/db/handle';
import { membershipRole, organizationMembership } from '@/lib/db/tables/member';
import { giveRoles, type MembershipKey } from './given-roles';
import { membershipNotFound, readShares } from './row';
import type { MembershipFields } from './rules';
import type { Membership, User } from './types';

/** The condition of being this membership. */
export function isMembership({ organizationId, userId }: MembershipKey) {
  return and(eq(organizationMembership.organizationId, organizationId), eq(organizationMembership.userId, userId));
}

/** The condition of being a role that the API gave in this membership. */
export function isRoleOf({ organizationId, userId }: MembershipKey) {
  return and(eq(membershipRole.organizationId, organizationId), eq(membershipRole.userId, userId));
}

/** Makes a person a member by the API, also one whom a directory made a member. */
export async function insertMembership(
  ctx: Context,
  tx: Tx,
  key: MembershipKey,
  input: { fields: MembershipFields; roleIds: readonly string[] },
): Promise<void> {
  const now = ctx.now();
  const given = {
    status: 'ACTIVE',
    provisioningMethod: 'direct_provision',
    metadata: { ...input.fields.metadata },
    inviterEmail: input.fields.inviterEmail || null,
    updatedAt: now,
  } as const;
  await tx.orm
    .insert(organizationMembership)
    .values({ ...key, ...given, createdAt: now, joinedAt: now })
    .onConflictDoUpdate({
      target: [organizationMembership.organizationId, organizationMembership.userId],
      set: given,
    });
  await giveRoles(tx, key, input.roleIds);
}

/** Throws `failed_precondition` if the organization has as many members as it may have, those of directories included. */
export async function requireSeat(tx: Tx, organizationId: string): Promise<void> {
  const [seats] = await tx.sql.rows<{ allowed: number; taken: number }>(
    `select max_allowed_users as allowed, seats_taken(id, null) as taken from organization
     where id = $1::text and max_allowed_users is not null`,
    [organizationId],
  );
  if (!seats || seats.taken < seats.allowed) return;
  throw new AppError(
    'failed_precondition',
    `The organization may have ${seats.allowed} users and has ${seats.taken}. Raise the limit, or remove someone first.`,
    { errorCode: 'SEAT_LIMIT_REACHED' },
  );
}

/** The membership that a person must have. @throws not_found */
export function requireMembership(user: User, organizationId: string): { key: MembershipKey; membership: Membership } {
  const membership = user.memberships.find((each) => each.organizationId === organizationId);
  if (membership) return { key: { organizationId, userId: user.id }, membership };
  throw membershipNotFound(organizationId, user.id);
}

/** The error of taking away what a directory gives. */
export function managedByDirectory(what: string, directoryIds: readonly string[]): AppError {
  const [id] = directoryIds;
  return new AppError(
    'failed_precondition',
    `Directory ${id} manages ${what}. Remove the person there, or delete the directory.`,
    { errorCode: 'MANAGED_BY_DIRECTORY' },
  );
}

/** Takes from a membership what the API gave, so that only its directories decide on it. @throws failed_precondition if it gave nothing */
export async function handOver(ctx: Context, tx: Tx, key: MembershipKey, membership: Membership): Promise<void> {
  if (membership.provisioningMethod !== 'direct_provision') {
    throw managedByDirectory('this membership', membership.directoryIds);
  }
  const shares = await readShares(tx, [key.userId]);
  const isActive = shares.some((share) => share.organizationId === key.organizationId && share.isActive);
  await tx.orm.delete(membershipRole).where(isRoleOf(key));
  await tx.orm
    .update(organizationMembership)
    .set({
      provisioningMethod: 'directory_sync',
      status: isActive ? 'ACTIVE' : 'INACTIVE',
      metadata: {},
      inviterEmail: null,
      updatedAt: ctx.now(),
    })
    .where(isMembership(key));
}
