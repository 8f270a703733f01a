import { and, asc, count, desc, eq, exists, gt, like, lt, sql } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import { database } from '@/lib/db/handle';
import { appUser, organizationMembership } from '@/lib/db/tables/member';
import { foldKey } from '@/lib/scim/fold';
import { getEnvironmentId } from '../operator/queries';
import { getOrganization } from '../organization/queries';
import { listOrganizationRoles, listPermissionsOfRoles } from '../role/queries';
import type { Permission, Role } from '../role/types';
import { assembleUsers, isNamedBy, membershipNotFound, userNotFound } from './row';
import type { User, UserRef } from './types';

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

/** A person with all their memberships. @throws not_found */
export async function getUser(ctx: Context, ref: UserRef): Promise<User> {
  requireManager(ctx);
  const rows = await database().orm.select().from(appUser).where(isNamedBy(ref));
  const [user] = await assembleUsers(database(), await getEnvironmentId(), rows);
  if (!user) throw userNotFound(ref);
  return user;
}

/**
 * A page of people, newest first: of all, or of the members of one organization.
 * @param input.search matches parts of email, names, id and external id, without regard to case
 * @throws not_found for the organization
 */
export async function listUsers(
  ctx: Context,
  input: { organizationId?: string; search?: string; pageSize?: number; pageToken?: string } = {},
): Promise<Page<User>> {
  requireManager(ctx);
  const { orm } = database();
  const { organizationId } = input;
  if (organizationId !== undefined) await getOrganization(ctx, organizationId);
  const size = clampPageSize(input.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const position = readPageToken(input.pageToken);
  const search = input.search?.trim();
  const filter = and(
    search ? like(appUser.searchKey, `%${foldKey(search).replace(/[\\%_]/g, '\\$&')}%`) : undefined,
    organizationId === undefined ? undefined : exists(membershipIn(organizationId)),
  );
  const isBackwards = position?.direction === 'before';
  const bound = position && (isBackwards ? gt(appUser.id, position.key) : lt(appUser.id, position.key));
  const rows = await orm
    .select()
    .from(appUser)
    .where(and(filter, bound))
    .orderBy(isBackwards ? asc(appUser.id) : desc(appUser.id))
    .limit(size + 1);
  // Whoever is a member exists, so without a search nobody has to be looked up to be counted.
  const [total] = await (organizationId === undefined || search
    ? orm.select({ count: count() }).from(appUser).where(filter)
    : orm
        .select({ count: count() })
        .from(organizationMembership)
        .where(eq(organizationMembership.organizationId, organizationId)));
  const page = toPage(rows, size, position, total?.count ?? 0, ({ id }) => id);
  return { ...page, items: await assembleUsers(database(), await getEnvironmentId(), page.items) };
}

function membershipIn(organizationId: string) {
  return database()
    .orm.select({ one: sql`1` })
    .from(organizationMembership)
    .where(
      and(eq(organizationMembership.organizationId, organizationId), eq(organizationMembership.userId, appUser.id)),
    );
}

/**
 * The roles that a member has, in priority order, then those that these extend.
 * @throws not_found for the organization and the person, also if they are no member
 */
export async function listUserRoles(ctx: Context, input: { organizationId: string; userId: string }): Promise<Role[]> {
  const { organizationId, userId } = input;
  const all = await listOrganizationRoles(ctx, organizationId);
  const user = await getUser(ctx, { id: userId });
  const membership = user.memberships.find((each) => each.organizationId === organizationId);
  if (!membership) throw membershipNotFound(organizationId, userId);
  const given = new Set(membership.roles.map(({ id }) => id));
  const found = all.filter(({ id }) => given.has(id));
  const baseIds = new Set<string>();
  // Bases that are found on the way are looked through in turn.
  const queue = [...found];
  for (const { baseRoleId } of queue) {
    if (baseRoleId === null || baseIds.has(baseRoleId)) continue;
    baseIds.add(baseRoleId);
    queue.push(...all.filter(({ id }) => id === baseRoleId));
  }
  return [...found, ...all.filter(({ id }) => baseIds.has(id) && !given.has(id))];
}

/** What a member may do by the roles that they have and those that these extend: permissions by name, each once. */
export async function listUserPermissions(
  ctx: Context,
  input: { organizationId: string; userId: string },
): Promise<Permission[]> {
  const roles = await listUserRoles(ctx, input);
  const found = await listPermissionsOfRoles(ctx, { roles, isInheritedIncluded: false });
  const permissions = new Map([...found.values()].flat().map((each) => [each.name, each]));
  return [...permissions.keys()].toSorted().flatMap((name) => permissions.get(name) ?? []);
}

/**
 * How many people have a role, by the API or by a directory, each counted once.
 * @param input.organizationId counts the members of this organization only
 */
export async function countRoleHolders(
  ctx: Context,
  input: { roleId: string; organizationId?: string },
): Promise<number> {
  requireManager(ctx);
  const [found] = await database().sql.rows<{ people: number }>(
    `select count(distinct g.user_id)::int as people from (
       select organization_id, user_id from membership_role where role_id = $1::text
       union all
       select organization_id, user_id from directory_member where role_ids @> array[$1::text]) g
     join organization o on o.id = g.organization_id and o.deleting_at is null
     where $2::text is null or g.organization_id = $2::text`,
    [input.roleId, input.organizationId ?? null],
  );
  return found?.people ?? 0;
}
