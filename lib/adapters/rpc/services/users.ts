import type { UserService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js';
import type { Context } from '@/lib/core/context';
import { AppError, invalidField } from '@/lib/core/error';
import type { Page } from '@/lib/core/page';
import * as members from '@/lib/domain/member/commands';
import { getUser, listUserPermissions, listUserRoles, listUsers } from '@/lib/domain/member/queries';
import type { User } from '@/lib/domain/member/types';
import type { ServiceImplementation } from '../descriptors';
import { readMap, readProfile, readRoleChoices, readUserRef, showUsers, writeRole } from './user-wire';

/**
 * UserService, as far as it is built. No mail is sent: whether an invitation is asked for changes nothing, and memberships are active
 * at once.
 */
export function createUserService(): ServiceImplementation<typeof UserService> {
  return {
    async createUserAndMembership({ organizationId, user }, { ctx }) {
      if (!user) throw invalidField('user', 'user is required.');
      const { email, externalId, userProfile, metadata, membership } = user;
      const created = await members.createUser(ctx, {
        organizationId,
        email,
        externalId,
        profile: readProfile(userProfile),
        metadata,
        membership: membership && {
          roles: readRoleChoices('user.membership.roles', membership.roles),
          metadata: membership.metadata,
          inviterEmail: membership.inviterEmail,
        },
      });
      return { user: await showOne(ctx, created) };
    },
    async getUser({ identities }, { ctx }) {
      return { user: await showOne(ctx, await getUser(ctx, readUserRef(identities))) };
    },
    async updateUser({ identities, user }, { ctx }) {
      if (!user) throw invalidField('user', 'user is required.');
      const updated = await members.updateUser(ctx, {
        user: readUserRef(identities),
        externalId: user.externalId,
        profile: readProfile(user.userProfile),
        metadata: readMap(user.metadata),
      });
      return { user: await showOne(ctx, updated) };
    },
    async deleteUser({ identities }, { ctx }) {
      await members.deleteUser(ctx, { user: readUserRef(identities) });
      return {};
    },
    async listUsers({ pageSize, pageToken }, { ctx }) {
      return showPage(ctx, await listUsers(ctx, { pageSize, pageToken }));
    },
    async searchUsers({ query, pageSize, pageToken }, { ctx }) {
      return showPage(ctx, await listUsers(ctx, { search: query, pageSize, pageToken }));
    },
    async listOrganizationUsers({ organizationId, pageSize, pageToken }, { ctx }) {
      return showPage(ctx, await listUsers(ctx, { organizationId, pageSize, pageToken }));
    },
    async searchOrganizationUsers({ organizationId, query, pageSize, pageToken }, { ctx }) {
      return showPage(ctx, await listUsers(ctx, { organizationId, search: query, pageSize, pageToken }));
    },
    async createMembership({ organizationId, identities, membership }, { ctx }) {
      if (!membership) throw invalidField('membership', 'membership is required.');
      const updated = await members.createMembership(ctx, {
        organizationId,
        user: readUserRef(identities),
        roles: readRoleChoices('membership.roles', membership.roles),
        metadata: membership.metadata,
        inviterEmail: membership.inviterEmail,
      });
      return { user: await showOne(ctx, updated) };
    },
    // Roles that were not sent look like none, and the contract takes none to clear those that the API gave.
    async updateMembership({ organizationId, identities, membership }, { ctx }) {
      if (!membership) throw invalidField('membership', 'membership is required.');
      const updated = await members.updateMembership(ctx, {
        organizationId,
        user: readUserRef(identities),
        roles: readRoleChoices('membership.roles', membership.roles),
        metadata: readMap(membership.metadata),
      });
      return { user: await showOne(ctx, updated) };
    },
    // The contract's default: whoever leaves their last organization is deleted.
    async deleteMembership({ organizationId, identities, cascade }, { ctx }) {
      const user = readUserRef(identities);
      await members.deleteMembership(ctx, { organizationId, user, isUserKept: cascade === false });
      return {};
    },
    async listUserRoles({ organizationId, userId }, { ctx }) {
      return { roles: (await listUserRoles(ctx, { organizationId, userId })).map(writeRole) };
    },
    async assignUserRoles({ organizationId, userId, roles }, { ctx }) {
      const choices = roles.map(({ id, roleName }) => ({ id, name: roleName }));
      const updated = await members.assignRoles(ctx, {
        organizationId,
        user: { id: userId },
        roles: readRoleChoices('roles', choices),
      });
      const membership = updated.memberships.find((each) => each.organizationId === organizationId);
      return { roles: membership?.roles.map(writeRole) ?? [] };
    },
    async removeUserRole({ organizationId, userId, roleName }, { ctx }) {
      if (!roleName) throw invalidField('role_name', 'role_name is required.');
      await members.removeRole(ctx, { organizationId, user: { id: userId }, role: roleName });
      return {};
    },
    async listUserPermissions({ organizationId, userId }, { ctx }) {
      const found = await listUserPermissions(ctx, { organizationId, userId });
      return { permissions: found.map(({ id, name, description }) => ({ id, name, description })) };
    },
  };
}

async function showOne(ctx: Context, user: User) {
  const [shown] = await showUsers(ctx, [user]);
  if (!shown) throw new AppError('internal', 'A user was not shown.');
  return shown;
}

async function showPage(ctx: Context, { items, ...page }: Page<User>) {
  return { ...page, users: await showUsers(ctx, items) };
}
