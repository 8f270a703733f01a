import { and, asc, count, eq, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import { AppError } from '@/lib/core/error';
import { asDate, type Tx } from '@/lib/db/handle';
import { organization } from '@/lib/db/tables/organization';
import { defaultRole, role } from '@/lib/db/tables/role';
import type { Role, RolePermission } from './types';

/** The scope of the environment's defaults; an organization's is its id. */
export const ENVIRONMENT = 'environment';

type RoleRow = typeof role.$inferSelect;

/** An organization, or null for the environment. */
export type Viewer = string | null;

/** The order in which roles count: priority, then the organization's own, then by name. */
const inOrder = [asc(role.priority), sql`${role.organizationId} is null`, asc(role.name)];

/** The condition of belonging to the environment, or to one organization. */
export function ownedBy(owner: Viewer) {
  return owner === null ? isNull(role.organizationId) : eq(role.organizationId, owner);
}

/** The condition that a role exists for `viewer`: the environment's roles and its own; for the environment those of all. */
function isVisibleTo(viewer: Viewer) {
  if (viewer !== null) return or(isNull(role.organizationId), eq(role.organizationId, viewer));
  return or(isNull(role.organizationId), and(isNotNull(organization.id), isNull(organization.deletingAt)));
}

/** The roles for which `condition` holds and that `viewer` sees, in order. */
export async function readRoles(source: Tx, viewer: Viewer, condition?: SQL): Promise<Role[]> {
  const rows = await source.orm
    .select({ role })
    .from(role)
    .leftJoin(organization, eq(organization.id, role.organizationId))
    .where(and(condition, isVisibleTo(viewer)))
    .orderBy(...inOrder);
  return present(
    source,
    viewer,
    rows.map((found) => found.role),
  );
}

/** One role by its owner and name, or undefined. */
export async function readRole(source: Tx, owner: Viewer, name: string): Promise<Role | undefined> {
  const [found] = await readRoles(source, owner, and(ownedBy(owner), eq(role.name, name)));
  return found;
}

/** Rows as `viewer` sees them: with the names of their bases, their defaults, and how many roles depend on them. */
async function present(source: Tx, viewer: Viewer, rows: readonly RoleRow[]): Promise<Role[]> {
  if (rows.length === 0) return [];
  const { orm } = source;
  const ids = rows.map(({ id }) => id);
  const baseIds = [...new Set(rows.flatMap(({ baseRoleId }) => baseRoleId ?? []))];
  const bases = await (baseIds.length === 0
    ? []
    : orm.select({ id: role.id, name: role.name }).from(role).where(inArray(role.id, baseIds)));
  const dependents = await orm
    .select({ id: role.baseRoleId, count: count() })
    .from(role)
    .leftJoin(organization, eq(organization.id, role.organizationId))
    .where(and(inArray(role.baseRoleId, ids), isVisibleTo(viewer)))
    .groupBy(role.baseRoleId);
  const scopes = [...new Set([ENVIRONMENT, viewer ?? ENVIRONMENT, ...rows.map(scopeOf)])];
  const defaults = await orm.select().from(defaultRole).where(inArray(defaultRole.scope, scopes));
  const defaultOf = (scope: string, kind: 'creator' | 'member') =>
    defaults.find((given) => given.scope === scope && given.kind === kind)?.roleId;
  const baseNames = new Map(bases.map(({ id, name }) => [id, name]));
  const counts = new Map(dependents.map((found) => [found.id, found.count]));
  return rows.map((row) => {
    const scope = viewer ?? scopeOf(row);
    return {
      id: row.id,
      name: row.name,
      displayName: row.displayName,
      description: row.description,
      organizationId: row.organizationId,
      priority: row.priority,
      baseRoleId: row.baseRoleId,
      baseName: row.baseRoleId === null ? null : (baseNames.get(row.baseRoleId) ?? null),
      isDefaultCreator: defaultOf(ENVIRONMENT, 'creator') === row.id,
      isDefaultMember: (defaultOf(scope, 'member') ?? defaultOf(ENVIRONMENT, 'member')) === row.id,
      dependentCount: counts.get(row.id) ?? 0,
      version: row.version,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    };
  });
}

function scopeOf(row: Pick<RoleRow, 'organizationId'>): string {
  return row.organizationId ?? ENVIRONMENT;
}

interface PermissionRow {
  rootId: string;
  roleName: string;
  id: string;
  name: string;
  description: string;
  version: string;
  createdAt: string;
  updatedAt: string;
}

/**
 * The permissions of each of the roles, by role id, in the order of names. One that comes from several roles is told of the nearest.
 * @param levels how far up the roles that they extend count; 0 for what they have themselves
 */
export async function readPermissions(
  source: Tx,
  roleIds: readonly string[],
  levels: number,
): Promise<Map<string, RolePermission[]>> {
  const found = new Map<string, RolePermission[]>(roleIds.map((id) => [id, []]));
  if (roleIds.length === 0) return found;
  const rows = await source.sql.rows<PermissionRow>(
    `with recursive chain(root_id, role_id, base_role_id, role_name, level) as (
       select id, id, base_role_id, name, 0 from role where id = any($1::text[])
       union all
       select c.root_id, r.id, r.base_role_id, r.name, c.level + 1
       from chain c join role r on r.id = c.base_role_id where c.level < $2::int
     )
     select distinct on (c.root_id, p.name) c.root_id as "rootId", c.role_name as "roleName", p.id, p.name, p.description,
       p.version, p.created_at as "createdAt", p.updated_at as "updatedAt"
     from chain c join role_permission rp on rp.role_id = c.role_id join permission p on p.id = rp.permission_id
     order by c.root_id, p.name, c.level`,
    [roleIds, levels],
  );
  for (const { rootId, version, createdAt, updatedAt, ...row } of rows) {
    const times = { createdAt: asDate(createdAt), updatedAt: asDate(updatedAt) };
    found.get(rootId)?.push({ ...row, ...times, version: Number(version) });
  }
  return found;
}

/** The roles that a role extends, nearest first. */
export async function readAncestorIds(source: Tx, roleId: string): Promise<string[]> {
  const rows = await source.sql.rows<{ id: string }>(
    `with recursive chain(id, base_role_id, level) as (
       select id, base_role_id, 0 from role where id = $1
       union all
       select r.id, r.base_role_id, c.level + 1 from chain c join role r on r.id = c.base_role_id where c.level < 100
     )
     select id from chain where level > 0 order by level`,
    [roleId],
  );
  return rows.map(({ id }) => id);
}

/** How many levels of roles extend a role: 0 if none does. */
export async function readHeight(source: Tx, roleId: string): Promise<number> {
  const [row] = await source.sql.rows<{ height: number }>(
    `with recursive tree(id, level) as (
       select id, 0 from role where id = $1
       union all
       select r.id, t.level + 1 from tree t join role r on r.base_role_id = t.id where t.level < 100
     )
     select max(level)::int as height from tree`,
    [roleId],
  );
  return row?.height ?? 0;
}

/** The error of a role that is not there. @param organizationId whose role was asked for; without it, the environment's */
export function roleNotFound(name: string, organizationId?: string): AppError {
  return new AppError(
    'not_found',
    organizationId === undefined
      ? `No environment role with name ${name}.`
      : `Organization ${organizationId} has no role of its own with name ${name}.`,
  );
}

/** The error of a permission that is not there. */
export function permissionNotFound(name: string): AppError {
  return new AppError('not_found', `No permission with name ${name}.`);
}
