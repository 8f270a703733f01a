import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { AppError, invalidField, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { change, type NewEvent } from '@/lib/db/change';
import { isStillReferenced } from '@/lib/db/fault';
import type { Tx } from '@/lib/db/handle';
import { organization } from '@/lib/db/tables/organization';
import { defaultRole, permission, role, rolePermission } from '@/lib/db/tables/role';
import { wake } from '@/lib/db/wake';
import { permissionEvent, roleEvent } from '../event/commands';
import { releaseRole } from '../member/commands';
import { findHolders, holdPeople, releaseMappedRole, tellHolders } from '../role-mapping/commands';
import { ENVIRONMENT, permissionNotFound, readPermissions, readRole, readRoles, roleNotFound } from './row';
import {
  checkBase,
  checkPermissionFields,
  checkRoleFields,
  listNames,
  readNamedRole,
  readPermissionIds,
  refuseTakenName,
  refuseTooManyRoles,
  type RoleFields,
} from './rules';
import { trackChanges } from './track';
import { DEFAULT_PRIORITY, type Permission, type Role, ROLE_LIMITS, type RolePermission } from './types';

/** Any number will do that no other lock has. */
const ROLES_LOCK = 724_420;

/** A role of the environment, or with `organizationId` one of that organization's own. */
interface RoleRef {
  readonly name: string;
  readonly organizationId?: string;
}

type Changes<T> = { value: T; events: readonly NewEvent[] };

/**
 * One change to roles and permissions. They are changed one at a time: what makes a set of roles right (names, inheritance, what is
 * in use) is not a matter of single rows, and such changes are rare.
 */
function changeRoles<T>(
  ctx: Context,
  organizationId: string | undefined,
  work: (tx: Tx) => Promise<Changes<T>>,
): Promise<T> {
  requireManager(ctx);
  return change(ctx, async (tx) => {
    await tx.sql.rows('select pg_advisory_xact_lock($1::bigint)', [ROLES_LOCK]);
    if (organizationId !== undefined) await holdOrganization(tx, organizationId);
    return work(tx);
  }).then((value) => {
    // What it means for people of directories may be left to runs.
    wake('runs');
    return value;
  });
}

/** Keeps the organization from being deleted meanwhile. @throws not_found */
async function holdOrganization(tx: Tx, id: string): Promise<void> {
  const [found] = await tx.orm
    .select({ id: organization.id })
    .from(organization)
    .where(and(eq(organization.id, id), isNull(organization.deletingAt)))
    .for('share');
  if (!found) throw notFound('organization', id);
}

async function requireRole(tx: Tx, ref: RoleRef): Promise<Role> {
  const found = await readRole(tx, ref.organizationId ?? null, ref.name);
  if (!found) throw roleNotFound(ref.name, ref.organizationId);
  return found;
}

async function givePermissions(tx: Tx, roleId: string, permissionIds: readonly string[]): Promise<void> {
  if (permissionIds.length === 0) return;
  await tx.orm
    .insert(rolePermission)
    .values(permissionIds.map((permissionId) => ({ roleId, permissionId })))
    .onConflictDoNothing();
}

/**
 * Creates a role of the environment, or of one organization.
 * @throws invalid_argument with the fields; not_found for the organization; already_exists for a name that either of them has
 */
export async function createRole(ctx: Context, input: RoleRef & RoleFields & { displayName: string }): Promise<Role> {
  checkRoleFields(input);
  const owner = input.organizationId ?? null;
  return changeRoles(ctx, input.organizationId, async (tx) => {
    await refuseTakenName(tx, owner, input.name);
    await refuseTooManyRoles(tx, owner);
    const base = input.extends ? await readNamedRole(tx, owner, 'extends', input.extends) : undefined;
    if (base) await checkBase(tx, base);
    const permissionIds = await readPermissionIds(tx, 'permissions', input.permissions ?? []);
    const now = ctx.now();
    const id = newId('role', now);
    await tx.orm.insert(role).values({
      id,
      organizationId: owner,
      name: input.name,
      displayName: input.displayName.trim(),
      description: input.description ?? '',
      priority: input.priority ?? DEFAULT_PRIORITY,
      baseRoleId: base?.id,
      createdAt: now,
      updatedAt: now,
    });
    await givePermissions(tx, id, permissionIds);
    const value = await requireRole(tx, input);
    return { value, events: [roleEvent('role.created', value)] };
  });
}

/**
 * Changes the given fields of a role. Given permissions replace all that it has itself; its name stays.
 * @throws not_found; invalid_argument with the fields, also for a base that would make it inherit from itself
 */
export async function updateRole(ctx: Context, input: RoleRef & RoleFields): Promise<Role> {
  const { name: _, ...fields } = input;
  checkRoleFields(fields);
  const owner = input.organizationId ?? null;
  return changeRoles(ctx, input.organizationId, async (tx) => {
    const current = await requireRole(tx, input);
    const { permissions } = input;
    const base = input.extends ? await readNamedRole(tx, owner, 'extends', input.extends) : undefined;
    if (base) await checkBase(tx, base, current.id);
    const permissionIds = permissions && (await readPermissionIds(tx, 'permissions', permissions));
    const isMoved = input.priority !== undefined && input.priority !== current.priority;
    if (isMoved) await holdPeople(tx);
    const events = await trackChanges(ctx, tx, { viewer: owner, ids: [current.id] }, async () => {
      await tx.orm
        .update(role)
        .set({
          displayName: input.displayName?.trim() ?? current.displayName,
          description: input.description ?? current.description,
          priority: input.priority ?? current.priority,
          baseRoleId: base?.id ?? current.baseRoleId,
        })
        .where(eq(role.id, current.id));
      if (!permissionIds) return;
      await tx.orm.delete(rolePermission).where(eq(rolePermission.roleId, current.id));
      await givePermissions(tx, current.id, permissionIds);
    });
    // In another place, the role may be the effective one of people who have several.
    if (isMoved) await tellHolders(ctx, tx, await findHolders(tx, { roleId: current.id, by: ['mapping'] }));
    return { value: await requireRole(tx, input), events };
  });
}

/** Makes a role inherit nothing any more. @throws not_found, also if it extends no role */
export async function removeBase(ctx: Context, input: RoleRef): Promise<void> {
  await changeRoles(ctx, input.organizationId, async (tx) => {
    const current = await requireRole(tx, input);
    if (current.baseRoleId === null) {
      throw new AppError('not_found', `Role ${current.name} does not extend another role.`);
    }
    const target = { viewer: input.organizationId ?? null, ids: [current.id] };
    const events = await trackChanges(ctx, tx, target, () =>
      tx.orm.update(role).set({ baseRoleId: null }).where(eq(role.id, current.id)),
    );
    return { value: undefined, events };
  });
}

/**
 * Deletes a role that no other role extends.
 * @param input.replacement the role that takes its place, as a default, in mappings of groups and for those who have it; without it, a
 *   role that is a default, that a group is mapped to or that somebody has is not deleted
 * @throws not_found; invalid_argument for the replacement; failed_precondition while other things need the role
 */
export async function deleteRole(ctx: Context, input: RoleRef & { replacement?: string }): Promise<void> {
  const owner = input.organizationId ?? null;
  const work = changeRoles(ctx, input.organizationId, async (tx) => {
    const current = await requireRole(tx, input);
    const replacement = input.replacement
      ? await readNamedRole(tx, owner, 'reassign_role_name', input.replacement)
      : undefined;
    if (replacement?.id === current.id) {
      throw invalidField('reassign_role_name', 'A deleted role cannot take its own place. Name another one.');
    }
    await refuseDependents(tx, current);
    await holdPeople(tx);
    const holders = await findHolders(tx, { roleId: current.id, by: ['mapping', 'default'] });
    const events: NewEvent[] = [];
    for (const scope of await readDefaultScopes(tx, current.id)) {
      if (!replacement) {
        const problem = `${current.name} is a default role. Choose another default first, or name one in reassign_role_name.`;
        throw new AppError('failed_precondition', problem, { errorCode: 'ROLE_IS_DEFAULT' });
      }
      const target = { viewer: scope === ENVIRONMENT ? null : scope, ids: [replacement.id] };
      const move = () =>
        tx.orm
          .update(defaultRole)
          .set({ roleId: replacement.id })
          .where(and(eq(defaultRole.scope, scope), eq(defaultRole.roleId, current.id)));
      // Versions count up, so one after the other.
      events.push(...(await trackChanges(ctx, tx, target, move)));
    }
    events.push(...(await releaseRole(ctx, tx, { role: current, replacementId: replacement?.id })));
    await releaseMappedRole(ctx, tx, { role: current, replacementId: replacement?.id });
    await tx.orm.delete(role).where(eq(role.id, current.id));
    await tellHolders(ctx, tx, holders);
    events.push(roleEvent('role.deleted', { ...current, version: current.version + 1 }));
    return { value: undefined, events };
  });
  await work.catch((error: unknown) => {
    if (!isStillReferenced(error)) throw error;
    throw new AppError('failed_precondition', `Somebody has the role ${input.name}. Take it from them first.`, {
      errorCode: 'ROLE_IN_USE',
      cause: error,
    });
  });
}

async function refuseDependents(tx: Tx, current: Role): Promise<void> {
  const dependents = await readRoles(tx, null, eq(role.baseRoleId, current.id));
  if (dependents.length === 0) return;
  const names = listNames(dependents.map(({ name }) => name));
  throw new AppError(
    'failed_precondition',
    `${current.name} is extended by ${names}. Delete these first, or remove their base.`,
    { errorCode: 'ROLE_HAS_DEPENDENTS' },
  );
}

/** Where a role is a default: the environment and organizations, except those that are being deleted. */
async function readDefaultScopes(tx: Tx, roleId: string): Promise<string[]> {
  const rows = await tx.orm
    .selectDistinct({ scope: defaultRole.scope })
    .from(defaultRole)
    .leftJoin(organization, eq(organization.id, defaultRole.scope))
    .where(
      and(
        eq(defaultRole.roleId, roleId),
        or(
          eq(defaultRole.scope, ENVIRONMENT),
          and(eq(organization.id, defaultRole.scope), isNull(organization.deletingAt)),
        ),
      ),
    );
  return rows.map(({ scope }) => scope);
}

/**
 * Chooses default roles: of the environment, or with `organizationId` of one organization, whose member default may be its own role or
 * one of the environment. What is left out stays. Returns the defaults that hold now.
 * @throws invalid_argument for names that mean no role, or if none is given; not_found for the organization
 */
export async function setDefaultRoles(
  ctx: Context,
  input: { organizationId: string; member: string } | { organizationId?: undefined; creator?: string; member?: string },
): Promise<{ creator?: Role; member?: Role }> {
  const { organizationId, member } = input;
  const creator = organizationId === undefined ? input.creator : undefined;
  const viewer = organizationId ?? null;
  const scope = organizationId ?? ENVIRONMENT;
  if (!creator && !member) {
    throw invalidField('default_member_role', 'Name a role in default_creator_role, default_member_role or both.');
  }
  return changeRoles(ctx, organizationId, async (tx) => {
    const chosen = {
      creator: creator ? await readNamedRole(tx, viewer, 'default_creator_role', creator) : undefined,
      member: member ? await readNamedRole(tx, viewer, 'default_member_role', member) : undefined,
    };
    const values = (['creator', 'member'] as const).flatMap((kind) => {
      const roleId = chosen[kind]?.id;
      return roleId === undefined ? [] : [{ scope, kind, roleId }];
    });
    if (chosen.member) await holdPeople(tx);
    const old = await tx.orm
      .select({ roleId: defaultRole.roleId })
      .from(defaultRole)
      .where(inArray(defaultRole.scope, [ENVIRONMENT, scope]));
    const ids = [...new Set([...old, ...values].map(({ roleId }) => roleId))];
    const events = await trackChanges(ctx, tx, { viewer, ids }, async () => {
      await tx.orm.delete(defaultRole).where(
        and(
          eq(defaultRole.scope, scope),
          inArray(
            defaultRole.kind,
            values.map(({ kind }) => kind),
          ),
        ),
      );
      await tx.orm.insert(defaultRole).values(values);
    });
    if (chosen.member && events.length > 0) {
      await tellHolders(ctx, tx, await findHolders(tx, { roleId: chosen.member.id, by: ['default'], organizationId }));
    }
    const now = await readRoles(tx, viewer, inArray(role.id, ids));
    const value = {
      creator: now.find(({ isDefaultCreator }) => isDefaultCreator),
      member: now.find(({ isDefaultMember }) => isDefaultMember),
    };
    return { value, events };
  });
}

/**
 * Gives a role more permissions; those it has stay. Returns all that it has itself now.
 * @throws not_found for the role; invalid_argument for permissions that do not exist; failed_precondition if there would be too many
 */
export async function addPermissions(
  ctx: Context,
  input: RoleRef & { permissions: readonly string[] },
): Promise<RolePermission[]> {
  return changeRoles(ctx, input.organizationId, async (tx) => {
    const current = await requireRole(tx, input);
    const ids = await readPermissionIds(tx, 'permission_names', input.permissions);
    const target = { viewer: input.organizationId ?? null, ids: [current.id] };
    const events = await trackChanges(ctx, tx, target, () => givePermissions(tx, current.id, ids));
    const value = (await readPermissions(tx, [current.id], 0)).get(current.id) ?? [];
    if (value.length > ROLE_LIMITS.permissions) {
      throw new AppError('failed_precondition', `A role has at most ${ROLE_LIMITS.permissions} permissions.`, {
        errorCode: 'PERMISSION_LIMIT_REACHED',
      });
    }
    return { value, events };
  });
}

/** Takes from a role a permission that it has itself. @throws not_found */
export async function removePermission(ctx: Context, input: RoleRef & { permission: string }): Promise<void> {
  await changeRoles(ctx, input.organizationId, async (tx) => {
    const current = await requireRole(tx, input);
    const { id } = await requirePermission(tx, input.permission);
    const target = { viewer: input.organizationId ?? null, ids: [current.id] };
    const events = await trackChanges(ctx, tx, target, () =>
      tx.orm
        .delete(rolePermission)
        .where(and(eq(rolePermission.roleId, current.id), eq(rolePermission.permissionId, id))),
    );
    if (events.length === 0) {
      throw new AppError('not_found', `Role ${current.name} does not have the permission ${input.permission} itself.`);
    }
    return { value: undefined, events };
  });
}

async function requirePermission(tx: Tx, name: string): Promise<Permission> {
  const [found] = await tx.orm.select().from(permission).where(eq(permission.name, name));
  if (!found) throw permissionNotFound(name);
  return found;
}

/** Creates a permission that roles may have. @throws invalid_argument with the fields; already_exists */
export async function createPermission(
  ctx: Context,
  input: { name: string; description: string },
): Promise<Permission> {
  checkPermissionFields(input);
  return changeRoles(ctx, undefined, async (tx) => {
    const now = ctx.now();
    const { name, description } = input;
    const [created] = await tx.orm
      .insert(permission)
      .values({ id: newId('permission', now), name, description, createdAt: now, updatedAt: now })
      .onConflictDoNothing({ target: permission.name })
      .returning();
    if (created) return { value: created, events: [permissionEvent('permission.created', created)] };
    const problem = `There is already a permission with the name ${name}.`;
    throw new AppError('already_exists', problem, { fieldViolations: [{ field: 'name', description: problem }] });
  });
}

/** Changes the description of a permission; its name stays. @throws not_found, invalid_argument */
export async function updatePermission(
  ctx: Context,
  input: { name: string; description: string },
): Promise<Permission> {
  checkPermissionFields(input);
  return changeRoles(ctx, undefined, async (tx) => {
    const current = await requirePermission(tx, input.name);
    const { description } = input;
    if (description === current.description) return { value: current, events: [] };
    const [updated] = await tx.orm
      .update(permission)
      .set({ description, version: current.version + 1, updatedAt: ctx.now() })
      .where(eq(permission.id, current.id))
      .returning();
    const previous = { description: current.description };
    return { value: updated!, events: [permissionEvent('permission.updated', updated!, { previous })] };
  });
}

/** Deletes a permission that no role has. @throws not_found; failed_precondition, naming the roles */
export async function deletePermission(ctx: Context, input: { name: string }): Promise<void> {
  await changeRoles(ctx, undefined, async (tx) => {
    const current = await requirePermission(tx, input.name);
    const holders = tx.orm
      .select({ id: rolePermission.roleId })
      .from(rolePermission)
      .where(eq(rolePermission.permissionId, current.id));
    const roles = await readRoles(tx, null, inArray(role.id, holders));
    if (roles.length > 0) {
      const names = listNames(roles.map(({ name }) => name));
      const problem = `The permission ${current.name} belongs to ${names}. Remove it from these roles first.`;
      throw new AppError('failed_precondition', problem, { errorCode: 'PERMISSION_IN_USE' });
    }
    // Roles of organizations that are being deleted may still have it.
    await tx.orm.delete(rolePermission).where(eq(rolePermission.permissionId, current.id));
    await tx.orm.delete(permission).where(eq(permission.id, current.id));
    const deleted = { ...current, version: current.version + 1 };
    return { value: undefined, events: [permissionEvent('permission.deleted', deleted)] };
  });
}
