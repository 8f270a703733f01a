import { asc, count, desc, eq, gt, isNull, lt } from 'drizzle-orm';
import { type Context, requireManager, requireOrganization } from '@/lib/core/context';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import { database } from '@/lib/db/handle';
import { permission, role } from '@/lib/db/tables/role';
import { getOrganization } from '../organization/queries';
import { permissionNotFound, readPermissions, readRole, readRoles, roleNotFound } from './row';
import { type Permission, type Role, ROLE_LIMITS, type RolePermission } from './types';

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

/** The roles of the environment, in priority order. */
export async function listRoles(ctx: Context): Promise<Role[]> {
  requireManager(ctx);
  return readRoles(database(), null, isNull(role.organizationId));
}

/**
 * The roles that people of an organization can have: its own and the environment's, in priority order (then its own first, then by
 * name), with the defaults that hold for it. @throws not_found
 */
export async function listOrganizationRoles(ctx: Context, organizationId: string): Promise<Role[]> {
  requireOrganization(ctx, organizationId);
  await getOrganization(ctx, organizationId);
  return readRoles(database(), organizationId);
}

/**
 * A role of the environment, or with `organizationId` one of that organization's own, by its name. @throws not_found
 */
export async function getRole(ctx: Context, input: { name: string; organizationId?: string }): Promise<Role> {
  const { name, organizationId } = input;
  if (organizationId === undefined) requireManager(ctx);
  else await getOrganization(ctx, organizationId);
  const found = await readRole(database(), organizationId ?? null, name);
  if (!found) throw roleNotFound(name, organizationId);
  return found;
}

/** The roles that extend an environment role directly, those of organizations too, in priority order. @throws not_found */
export async function listDependentRoles(ctx: Context, input: { name: string }): Promise<Role[]> {
  const base = await getRole(ctx, { name: input.name });
  return readRoles(database(), null, eq(role.baseRoleId, base.id));
}

/**
 * The permissions of each of the roles, by role id, in the order of their names.
 * @param input.isInheritedIncluded also those of the roles that they extend
 */
export async function listPermissionsOfRoles(
  ctx: Context,
  input: { roles: readonly Pick<Role, 'id' | 'organizationId'>[]; isInheritedIncluded: boolean },
): Promise<Map<string, RolePermission[]>> {
  for (const { organizationId } of input.roles) if (organizationId !== null) requireOrganization(ctx, organizationId);
  const ids = input.roles.map(({ id }) => id);
  return readPermissions(database(), ids, input.isInheritedIncluded ? ROLE_LIMITS.inheritanceLevels : 0);
}

/** The permission with this name. @throws not_found */
export async function getPermission(ctx: Context, name: string): Promise<Permission> {
  requireManager(ctx);
  const [row] = await database().orm.select().from(permission).where(eq(permission.name, name));
  if (!row) throw permissionNotFound(name);
  return row;
}

/** A page of permissions, by name. */
export async function listPermissions(
  ctx: Context,
  input: { pageSize?: number; pageToken?: string } = {},
): Promise<Page<Permission>> {
  requireManager(ctx);
  const { orm } = database();
  const size = clampPageSize(input.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const position = readPageToken(input.pageToken);
  const isBackwards = position?.direction === 'before';
  const [rows, [total]] = await Promise.all([
    orm
      .select()
      .from(permission)
      .where(position && (isBackwards ? lt(permission.name, position.key) : gt(permission.name, position.key)))
      .orderBy(isBackwards ? desc(permission.name) : asc(permission.name))
      .limit(size + 1),
    orm.select({ count: count() }).from(permission),
  ]);
  return toPage(rows, size, position, total?.count ?? 0, ({ name }) => name);
}
