import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PermissionType } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import type {
  CreateRole,
  PermissionSchema,
  RolePermissionSchema,
  RoleSchema,
  RolesService,
  UpdateDefaultRole,
  UpdateRole,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import type { Context } from '@/lib/core/context';
import { AppError, invalidField } from '@/lib/core/error';
import { countRoleHolders } from '@/lib/domain/member/queries';
import * as roles from '@/lib/domain/role/commands';
import {
  getPermission,
  getRole,
  listDependentRoles,
  listOrganizationRoles,
  listPermissions,
  listPermissionsOfRoles,
  listRoles,
} from '@/lib/domain/role/queries';
import type { Permission, Role, RolePermission } from '@/lib/domain/role/types';
import type { ServiceImplementation } from '../descriptors';

/** The values of `include`: the permissions of a role itself, or also those that it inherits. */
const DIRECT = 'permissions';
const ALL = 'permissions:all';

/**
 * RolesService, as far as it is built. Roles are named by name: those of the environment by that alone, those of an organization with
 * its id. Answers to changes show the permissions of the role itself; reading shows them where `include` asks for them.
 */
export function createRoleService(): ServiceImplementation<typeof RolesService> {
  return {
    async createRole({ role }, { ctx }) {
      return { role: await showOne(ctx, await roles.createRole(ctx, readNewRole(role)), DIRECT) };
    },
    async updateRole({ roleName, role }, { ctx }) {
      const updated = await roles.updateRole(ctx, { ...readChanges(role), name: roleName });
      return { role: await showOne(ctx, updated, DIRECT) };
    },
    async getRole({ roleName, include }, { ctx }) {
      return { role: await showOne(ctx, await getRole(ctx, { name: roleName }), include) };
    },
    async listRoles({ include }, { ctx }) {
      return { roles: await show(ctx, await listRoles(ctx), include) };
    },
    async deleteRole({ roleName, reassignRoleId, reassignRoleName }, { ctx }) {
      const older = reassignRoleName ? undefined : reassignRoleId;
      const replacement = older ? await readNameOf(ctx, 'reassign_role_id', older) : reassignRoleName;
      await roles.deleteRole(ctx, { name: roleName, replacement });
      return {};
    },
    async createOrganizationRole({ orgId, role }, { ctx }) {
      const created = await roles.createRole(ctx, { ...readNewRole(role), organizationId: orgId });
      return { role: await showOne(ctx, created, DIRECT) };
    },
    async updateOrganizationRole({ orgId, roleName, role }, { ctx }) {
      const ref = { name: roleName, organizationId: orgId };
      return { role: await showOne(ctx, await roles.updateRole(ctx, { ...readChanges(role), ...ref }), DIRECT) };
    },
    async getOrganizationRole({ orgId, roleName, include }, { ctx }) {
      const found = await getRole(ctx, { name: roleName, organizationId: orgId });
      return { role: await showOne(ctx, found, include) };
    },
    async listOrganizationRoles({ orgId, include }, { ctx }) {
      return { roles: await show(ctx, await listOrganizationRoles(ctx, orgId), include) };
    },
    async deleteOrganizationRole({ orgId, roleName, reassignRoleName }, { ctx }) {
      await roles.deleteRole(ctx, { name: roleName, organizationId: orgId, replacement: reassignRoleName });
      return {};
    },
    async getRoleUsersCount({ roleName }, { ctx }) {
      const { id } = await getRole(ctx, { name: roleName });
      return { count: BigInt(await countRoleHolders(ctx, { roleId: id })) };
    },
    async getOrganizationRoleUsersCount({ orgId, roleName }, { ctx }) {
      const found = (await listOrganizationRoles(ctx, orgId)).find(({ name }) => name === roleName);
      if (!found) throw new AppError('not_found', `Organization ${orgId} has no role with name ${roleName}.`);
      return { count: BigInt(await countRoleHolders(ctx, { roleId: found.id, organizationId: orgId })) };
    },
    async updateDefaultRoles(request, { ctx }) {
      const { creator, member } = await roles.setDefaultRoles(ctx, {
        creator: await readDefault(ctx, 'default_creator', request.defaultCreatorRole, request.defaultCreator),
        member: await readDefault(ctx, 'default_member', request.defaultMemberRole, request.defaultMember),
      });
      return {
        defaultCreator: creator && (await showOne(ctx, creator, DIRECT)),
        defaultMember: member && (await showOne(ctx, member, DIRECT)),
      };
    },
    async updateDefaultOrganizationRoles({ orgId, defaultMemberRole }, { ctx }) {
      const { member } = await roles.setDefaultRoles(ctx, { organizationId: orgId, member: defaultMemberRole });
      return { defaultMember: member && (await showOne(ctx, member, DIRECT)) };
    },
    async listDependentRoles({ roleName }, { ctx }) {
      return { roles: await show(ctx, await listDependentRoles(ctx, { name: roleName }), DIRECT) };
    },
    async deleteRoleBase({ roleName }, { ctx }) {
      await roles.removeBase(ctx, { name: roleName });
      return {};
    },
    async deleteOrganizationRoleBase({ orgId, roleName }, { ctx }) {
      await roles.removeBase(ctx, { name: roleName, organizationId: orgId });
      return {};
    },
    async createPermission({ permission }, { ctx }) {
      if (!permission) throw invalidField('permission', 'permission is required.');
      const { name, description } = permission;
      return { permission: writePermission(await roles.createPermission(ctx, { name, description })) };
    },
    async getPermission({ permissionName }, { ctx }) {
      return { permission: writePermission(await getPermission(ctx, permissionName)) };
    },
    async updatePermission({ permissionName, permission }, { ctx }) {
      if (!permission) throw invalidField('permission', 'permission is required.');
      if (permission.name !== permissionName) {
        throw invalidField('permission.name', `The name of a permission stays: send ${permissionName} again.`);
      }
      const { description } = permission;
      return { permission: writePermission(await roles.updatePermission(ctx, { name: permissionName, description })) };
    },
    async listPermissions({ pageSize, pageToken, type }, { ctx }) {
      const { items, ...page } = await listPermissions(ctx, { pageSize, pageToken });
      // There are no permissions of our own, so a list of these alone is empty.
      if (type === PermissionType.SCALEKIT) return {};
      return { ...page, permissions: items.map(writePermission) };
    },
    async deletePermission({ permissionName }, { ctx }) {
      await roles.deletePermission(ctx, { name: permissionName });
      return {};
    },
    async listRolePermissions({ roleName }, { ctx }) {
      return { permissions: (await readPermissions(ctx, roleName, DIRECT)).map(writePermission) };
    },
    async addPermissionsToRole({ roleName, permissionNames }, { ctx }) {
      const now = await roles.addPermissions(ctx, { name: roleName, permissions: permissionNames });
      return { permissions: now.map(writePermission) };
    },
    async removePermissionFromRole({ roleName, permissionName }, { ctx }) {
      await roles.removePermission(ctx, { name: roleName, permission: permissionName });
      return {};
    },
    async listEffectiveRolePermissions({ roleName }, { ctx }) {
      return { permissions: (await readPermissions(ctx, roleName, ALL)).map(writePermission) };
    },
  };
}

type NewRole = Pick<CreateRole, 'name' | 'displayName' | 'description' | 'extends' | 'permissions'>;

function readNewRole(role: NewRole | undefined): NewRole {
  if (!role) throw invalidField('role', 'role is required.');
  const { name, displayName, description, extends: base, permissions } = role;
  return { name, displayName, description, extends: base, permissions };
}

/** The fields that an update names. A list cannot say that it is absent, so an empty one leaves the permissions as they are. */
function readChanges(role: UpdateRole | undefined) {
  if (!role) throw invalidField('role', 'role is required.');
  const { displayName, description, extends: base, permissions } = role;
  return { displayName, description, extends: base, permissions: permissions.length > 0 ? permissions : undefined };
}

/** The name of a default role: by the field that names it, else by the older one, which names it by its id. */
async function readDefault(
  ctx: Context,
  field: string,
  name: string | undefined,
  older: UpdateDefaultRole | undefined,
): Promise<string | undefined> {
  if (name !== undefined || !older) return name;
  return readNameOf(ctx, `${field}.id`, older.id);
}

/** The name of the environment's role with this id. @throws invalid_argument about `field` */
async function readNameOf(ctx: Context, field: string, id: string): Promise<string> {
  const found = (await listRoles(ctx)).find((role) => role.id === id);
  if (found) return found.name;
  throw invalidField(field, `There is no role with the id ${id} in the environment.`);
}

async function readPermissions(ctx: Context, roleName: string, include: string): Promise<RolePermission[]> {
  const role = await getRole(ctx, { name: roleName });
  const found = await listPermissionsOfRoles(ctx, { roles: [role], isInheritedIncluded: include === ALL });
  return found.get(role.id) ?? [];
}

async function showOne(
  ctx: Context,
  role: Role,
  include: string | undefined,
): Promise<MessageInitShape<typeof RoleSchema>> {
  const [shown] = await show(ctx, [role], include);
  if (!shown) throw new AppError('internal', 'A role was not shown.');
  return shown;
}

async function show(
  ctx: Context,
  given: readonly Role[],
  include: string | undefined,
): Promise<MessageInitShape<typeof RoleSchema>[]> {
  const permissions = include
    ? await listPermissionsOfRoles(ctx, { roles: given, isInheritedIncluded: include === ALL })
    : undefined;
  return given.map((role) => ({
    id: role.id,
    name: role.name,
    displayName: role.displayName,
    description: role.description,
    defaultCreator: role.isDefaultCreator,
    defaultMember: role.isDefaultMember,
    extends: role.baseName ?? undefined,
    permissions: permissions?.get(role.id)?.map(writeRolePermission) ?? [],
    dependentRolesCount: role.dependentCount,
    isOrgRole: role.organizationId !== null,
  }));
}

function writePermission(permission: Permission): MessageInitShape<typeof PermissionSchema> {
  return { ...writeCommon(permission), isScalekitPermission: false };
}

function writeRolePermission(permission: RolePermission): MessageInitShape<typeof RolePermissionSchema> {
  return { ...writeCommon(permission), roleName: permission.roleName };
}

function writeCommon({ id, name, description, createdAt, updatedAt }: Permission) {
  return { id, name, description, createTime: timestampFromDate(createdAt), updateTime: timestampFromDate(updatedAt) };
}
