import { and, asc, eq, inArray } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { AppError, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { change, type NewEvent } from '@/lib/db/change';
import { brokenUniqueConstraint } from '@/lib/db/fault';
import type { Tx } from '@/lib/db/handle';
import { appUser, membershipRole, organizationMembership } from '@/lib/db/tables/member';
import { role } from '@/lib/db/tables/role';
import { foldKey } from '@/lib/scim/fold';
import { membershipEvent } from '../event/commands';
import { getEnvironmentId } from '../operator/queries';
import { holdOrganizations } from '../organization/commands';
import { chooseDefaultRoles, giveRoles, holdRoles, type MembershipKey } from './given-roles';
import { assembleUsers, membershipNotFound, searchKeyOf } from './row';
import { checkFields, type MembershipFields, type UserFields } from './rules';
import { changeUser, track } from './track';
import { EMPTY_PROFILE, MEMBER_LIMITS as LIMITS, type RoleChoice, type User, type UserRef } from './types';

/** The roles and texts of a membership that is to be. Without roles it gets the default role of members, if there is one. */
export interface NewMembership extends MembershipFields {
  readonly roles?: readonly RoleChoice[];
}

function clash(error: unknown, fields: { email?: string; externalId?: string }): unknown {
  const constraint = brokenUniqueConstraint(error);
  if (constraint !== 'app_user_email_key' && constraint !== 'app_user_external_id_key') return error;
  const isEmail = constraint === 'app_user_email_key';
  const description = isEmail
    ? `There is already a user with the email ${fields.email}. To add them to an organization, create a membership.`
    : `Another user already has the external id ${fields.externalId}.`;
  const field = isEmail ? 'email' : 'external_id';
  return new AppError('already_exists', description, { cause: error, fieldViolations: [{ field, description }] });
}

function isMembership({ organizationId, userId }: MembershipKey) {
  return and(eq(organizationMembership.organizationId, organizationId), eq(organizationMembership.userId, userId));
}

function isRoleOf({ organizationId, userId }: MembershipKey) {
  return and(eq(membershipRole.organizationId, organizationId), eq(membershipRole.userId, userId));
}

async function insertMembership(
  ctx: Context,
  tx: Tx,
  key: MembershipKey,
  input: { fields: MembershipFields; roleIds: readonly string[] },
): Promise<boolean> {
  const now = ctx.now();
  const rows = await tx.orm
    .insert(organizationMembership)
    .values({
      ...key,
      status: 'ACTIVE',
      provisioningMethod: 'direct_provision',
      metadata: { ...input.fields.metadata },
      inviterEmail: input.fields.inviterEmail || null,
      createdAt: now,
      joinedAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing()
    .returning();
  if (rows.length === 0) return false;
  await giveRoles(tx, key, input.roleIds);
  return true;
}

/**
 * Creates a person and makes them a member of an organization. No mail is sent, and nobody has to accept: the membership is active.
 * @throws not_found for the organization; invalid_argument with the fields; already_exists if the email or the external id is taken
 */
export async function createUser(
  ctx: Context,
  input: UserFields & { email: string; organizationId: string; membership?: NewMembership },
): Promise<User> {
  requireManager(ctx);
  checkFields(input, input.membership);
  const { organizationId, email, externalId, membership = {} } = input;
  const choices = membership.roles?.length ? membership.roles : await chooseDefaultRoles(ctx, organizationId);
  const environmentId = await getEnvironmentId();
  try {
    return await change(ctx, async (tx) => {
      const roleIds = await holdRoles(tx, organizationId, choices);
      const [organization] = await holdOrganizations(tx, [organizationId]);
      if (!organization) throw notFound('organization', organizationId);
      const now = ctx.now();
      const fields = {
        id: newId('user', now),
        email,
        externalId: externalId || null,
        profile: { ...EMPTY_PROFILE, ...input.profile },
      };
      const rows = await tx.orm
        .insert(appUser)
        .values({
          ...fields,
          emailKey: foldKey(email),
          metadata: { ...input.metadata },
          searchKey: searchKeyOf(fields),
          createdAt: now,
          updatedAt: now,
        })
        .returning();
      await insertMembership(ctx, tx, { organizationId, userId: fields.id }, { fields: membership, roleIds });
      const [user] = await assembleUsers(tx, environmentId, rows);
      return {
        value: user!,
        events: [membershipEvent('user.organization_membership_created', { organization, user: user! })],
      };
    });
  } catch (error) {
    throw clash(error, input);
  }
}

/**
 * Changes the given fields of a person; what is given of the profile replaces that part of it. Email and id stay.
 * @throws not_found, invalid_argument, already_exists
 */
export async function updateUser(ctx: Context, input: UserFields & { user: UserRef }): Promise<User> {
  checkFields(input);
  try {
    return await changeUser(ctx, input, (tx, current) => {
      const fields = {
        id: current.id,
        email: current.email,
        externalId: input.externalId === undefined ? current.externalId : input.externalId || null,
        profile: { ...current.profile, ...input.profile },
      };
      const { externalId, profile } = fields;
      const metadata = { ...(input.metadata ?? current.metadata) };
      return tx.orm
        .update(appUser)
        .set({ externalId, profile, metadata, searchKey: searchKeyOf(fields) })
        .where(eq(appUser.id, current.id));
    });
  } catch (error) {
    throw clash(error, input);
  }
}

/** Deletes a person with all their memberships. @throws not_found */
export async function deleteUser(ctx: Context, input: { user: UserRef }): Promise<void> {
  await changeUser(ctx, input, (tx, { id }) => tx.orm.delete(appUser).where(eq(appUser.id, id)));
}

/**
 * Makes a person a member of one more organization.
 * @throws not_found for the person and the organization; invalid_argument; already_exists if they are a member
 */
export async function createMembership(
  ctx: Context,
  input: NewMembership & { user: UserRef; organizationId: string },
): Promise<User> {
  checkFields({}, input);
  const { organizationId } = input;
  const roles = input.roles?.length ? input.roles : await chooseDefaultRoles(ctx, organizationId);
  return changeUser(ctx, { ...input, roles }, async (tx, { id }, roleIds) => {
    const isNew = await insertMembership(ctx, tx, { organizationId, userId: id }, { fields: input, roleIds });
    if (isNew) return;
    throw new AppError('already_exists', `User ${id} is already a member of organization ${organizationId}.`);
  });
}

function requireMembership(user: User, organizationId: string): MembershipKey {
  if (user.memberships.some((membership) => membership.organizationId === organizationId)) {
    return { organizationId, userId: user.id };
  }
  throw membershipNotFound(organizationId, user.id);
}

/**
 * Changes a membership. Given roles replace those that the API gave, and none clears them; given metadata replaces the old.
 * @throws not_found, also if they are no member; invalid_argument
 */
export async function updateMembership(
  ctx: Context,
  input: MembershipFields & { user: UserRef; organizationId: string; roles?: readonly RoleChoice[] },
): Promise<User> {
  checkFields({}, input);
  return changeUser(ctx, input, async (tx, current, roleIds) => {
    const key = requireMembership(current, input.organizationId);
    if (input.roles) {
      await tx.orm.delete(membershipRole).where(isRoleOf(key));
      await giveRoles(tx, key, roleIds);
    }
    const metadata = input.metadata && { ...input.metadata };
    await tx.orm
      .update(organizationMembership)
      .set({ ...(metadata && { metadata }), updatedAt: ctx.now() })
      .where(isMembership(key));
  });
}

/**
 * Ends a membership.
 * @param input.isUserKept whether a person who is then in no organization stays; otherwise they are deleted
 * @throws not_found, also if they are no member
 */
export async function deleteMembership(
  ctx: Context,
  input: { user: UserRef; organizationId: string; isUserKept: boolean },
): Promise<void> {
  await changeUser(ctx, input, async (tx, current) => {
    const key = requireMembership(current, input.organizationId);
    await tx.orm.delete(organizationMembership).where(isMembership(key));
    if (input.isUserKept || current.memberships.length > 1) return;
    await tx.orm.delete(appUser).where(eq(appUser.id, current.id));
  });
}

/**
 * Gives a member more roles; those they have stay.
 * @throws not_found, also if they are no member; invalid_argument for names that mean no role; failed_precondition if there are too many
 */
export async function assignRoles(
  ctx: Context,
  input: { user: UserRef; organizationId: string; roles: readonly RoleChoice[] },
): Promise<User> {
  return changeUser(ctx, input, async (tx, current, roleIds) => {
    const key = requireMembership(current, input.organizationId);
    await giveRoles(tx, key, roleIds);
    const given = await tx.orm.select({ id: membershipRole.roleId }).from(membershipRole).where(isRoleOf(key));
    if (given.length <= LIMITS.rolesPerMembership) return;
    throw new AppError('failed_precondition', `A member has at most ${LIMITS.rolesPerMembership} roles.`, {
      errorCode: 'ROLE_LIMIT_REACHED',
    });
  });
}

/** Takes from a member a role that the API gave them. @throws not_found, also if they are no member or do not have the role */
export async function removeRole(
  ctx: Context,
  input: { user: UserRef; organizationId: string; role: string },
): Promise<User> {
  return changeUser(ctx, input, async (tx, current) => {
    const key = requireMembership(current, input.organizationId);
    const membership = current.memberships.find(({ organizationId }) => organizationId === input.organizationId);
    const found = membership?.roles.find(({ name, id }) => name === input.role || id === input.role);
    if (!found) {
      throw new AppError('not_found', `User ${current.id} does not have the role ${input.role} in this organization.`);
    }
    await tx.orm.delete(membershipRole).where(and(isRoleOf(key), eq(membershipRole.roleId, found.id)));
  });
}

/**
 * Takes a role that is about to be deleted from everybody who has it, and gives them another one. Part of the change that deletes the
 * role; returns the events.
 * @param input.replacementId without it, nobody may have the role
 * @throws failed_precondition if somebody has the role and nothing takes its place, or if they are too many for one change
 */
export async function releaseRole(
  ctx: Context,
  tx: Tx,
  input: { role: { id: string; name: string }; replacementId?: string },
): Promise<NewEvent[]> {
  requireManager(ctx);
  const { name } = input.role;
  const hasRole = eq(membershipRole.roleId, input.role.id);
  // From here on nobody else is given the role.
  await tx.orm.select({ id: role.id }).from(role).where(eq(role.id, input.role.id)).for('update');
  const holders = tx.orm.select({ id: membershipRole.userId }).from(membershipRole).where(hasRole);
  const rows = await tx.orm
    .select()
    .from(appUser)
    .where(inArray(appUser.id, holders))
    .orderBy(asc(appUser.id))
    .limit(LIMITS.peoplePerChange + 1)
    .for('no key update');
  if (rows.length > LIMITS.peoplePerChange) {
    const problem = `More than ${LIMITS.peoplePerChange} people have the role ${name}. Take it from some of them first.`;
    throw new AppError('failed_precondition', problem, { errorCode: 'ROLE_IN_USE' });
  }
  if (rows.length === 0) return [];
  const environmentId = await getEnvironmentId(tx);
  const before = await assembleUsers(tx, environmentId, rows);
  const memberships = before.flatMap((user) => user.memberships);
  const isHeld = memberships.some(({ roles }) => roles.some(({ id }) => id === input.role.id));
  if (isHeld && input.replacementId === undefined) {
    const problem = `Somebody has the role ${name}. Take it from them first, or name one in reassign_role_name.`;
    throw new AppError('failed_precondition', problem, { errorCode: 'ROLE_IN_USE' });
  }
  const ids = [...new Set(memberships.map(({ organizationId }) => organizationId))];
  const organizations = await holdOrganizations(tx, ids);
  const { events } = await track(ctx, tx, { environmentId, before, organizations }, async () => {
    const taken = await tx.orm.delete(membershipRole).where(hasRole).returning();
    const { replacementId } = input;
    if (replacementId === undefined) return;
    const given = taken.map((membership) => ({ ...membership, roleId: replacementId }));
    await tx.orm.insert(membershipRole).values(given).onConflictDoNothing();
  });
  return events;
}
