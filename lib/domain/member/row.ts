import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { AppError } from '@/lib/core/error';
import type { Tx } from '@/lib/db/handle';
import { appUser, directoryMember, membershipRole, organizationMembership } from '@/lib/db/tables/member';
import { organization } from '@/lib/db/tables/organization';
import { role } from '@/lib/db/tables/role';
import { foldKey } from '@/lib/scim/fold';
import type { Share } from './mirror-plan';
import {
  EMPTY_PROFILE,
  fullNameOf,
  type MemberRole,
  type Membership,
  type User,
  type UserProfile,
  type UserRef,
} from './types';

export type UserRow = typeof appUser.$inferSelect;

/** The condition of being the person that `ref` names. */
export function isNamedBy(ref: UserRef) {
  return 'id' in ref ? eq(appUser.id, ref.id) : eq(appUser.externalId, ref.externalId);
}

/** The error of a person who is not there. */
export function userNotFound(ref: UserRef): AppError {
  const name = 'id' in ref ? `id ${ref.id}` : `external id ${ref.externalId}`;
  return new AppError('not_found', `No user with ${name}.`);
}

/** The error of a person who is not in the organization. */
export function membershipNotFound(organizationId: string, userId: string): AppError {
  return new AppError('not_found', `User ${userId} is not a member of organization ${organizationId}.`);
}

/** People as their rows tell them, with their memberships of organizations that are not being deleted. */
export async function assembleUsers(source: Tx, environmentId: string, rows: readonly UserRow[]): Promise<User[]> {
  const memberships = await readMemberships(
    source,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    id: row.id,
    environmentId,
    email: row.email,
    externalId: row.externalId,
    profile: { ...EMPTY_PROFILE, ...row.profile },
    metadata: row.metadata,
    memberships: memberships.get(row.id) ?? [],
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }));
}

async function readMemberships(source: Tx, userIds: readonly string[]): Promise<Map<string, Membership[]>> {
  const found = new Map<string, Membership[]>();
  if (userIds.length === 0) return found;
  const ids = [...userIds];
  const rows = await source.orm
    .select({ membership: organizationMembership, organizationName: organization.displayName })
    .from(organizationMembership)
    .innerJoin(
      organization,
      and(eq(organization.id, organizationMembership.organizationId), isNull(organization.deletingAt)),
    )
    .where(inArray(organizationMembership.userId, ids))
    .orderBy(asc(organizationMembership.createdAt), asc(organizationMembership.organizationId));
  const given = await source.orm.select().from(membershipRole).where(inArray(membershipRole.userId, ids));
  const shares = await readShares(source, ids);
  const roles = await readRoles(source, [
    ...given.map(({ roleId }) => roleId),
    ...shares.flatMap((each) => each.roleIds),
  ]);
  const keyOf = (...parts: string[]) => parts.join(' ');
  const byApi = new Set(given.map((each) => keyOf(each.organizationId, each.userId, each.roleId)));
  const byDirectory = new Set(
    shares.flatMap((each) => each.roleIds.map((roleId) => keyOf(each.organizationId, each.userId, roleId))),
  );
  const directoryIds = new Map<string, string[]>();
  for (const { organizationId, userId, directoryId } of shares) {
    const key = keyOf(organizationId, userId);
    directoryIds.set(key, [...(directoryIds.get(key) ?? []), directoryId]);
  }
  for (const { membership, organizationName } of rows) {
    const { organizationId, userId } = membership;
    const list = found.get(userId) ?? [];
    found.set(userId, list);
    list.push({
      organizationId,
      organizationName,
      status: membership.status,
      provisioningMethod: membership.provisioningMethod,
      directoryIds: directoryIds.get(keyOf(organizationId, userId)) ?? [],
      roles: roles.flatMap((each) => {
        const key = keyOf(organizationId, userId, each.id);
        const isGivenByApi = byApi.has(key);
        return isGivenByApi || byDirectory.has(key) ? [{ ...each, isGivenByApi }] : [];
      }),
      metadata: membership.metadata,
      inviterEmail: membership.inviterEmail,
      createdAt: membership.createdAt,
      joinedAt: membership.joinedAt,
    });
  }
  return found;
}

/** What directories have of these people. */
export async function readShares(source: Tx, userIds: readonly string[]): Promise<Share[]> {
  return source.orm
    .select()
    .from(directoryMember)
    .where(inArray(directoryMember.userId, [...userIds]))
    .orderBy(asc(directoryMember.directoryId), asc(directoryMember.directoryUserId));
}

/** The roles with these ids, in priority order; those that were deleted are left out. */
async function readRoles(source: Tx, ids: readonly string[]): Promise<Omit<MemberRole, 'isGivenByApi'>[]> {
  if (ids.length === 0) return [];
  return source.orm
    .select({ id: role.id, name: role.name, displayName: role.displayName, organizationId: role.organizationId })
    .from(role)
    .where(inArray(role.id, [...new Set(ids)]))
    .orderBy(asc(role.priority), sql`${role.organizationId} is null`, asc(role.name));
}

/** The text that search looks through: email, names, id and external id, folded. */
export function searchKeyOf(fields: {
  id: string;
  email: string;
  externalId: string | null;
  profile: UserProfile;
}): string {
  const { id, email, externalId, profile } = fields;
  return [email, fullNameOf(profile), profile.preferredUsername, id, externalId ?? ''].map(foldKey).join('\n');
}
