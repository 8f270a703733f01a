import { and, asc, eq, inArray } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { AppError, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { change, type NewEvent, retryDeadlocks } from '@/lib/db/change';
import { brokenUniqueConstraint } from '@/lib/db/fault';
import { database, type Tx } from '@/lib/db/handle';
import { appUser, membershipRole, organizationMembership } from '@/lib/db/tables/member';
import { role } from '@/lib/db/tables/role';
import { foldKey } from '@/lib/scim/fold';
import { announceEvents, membershipEvent } from '../event/commands';
import { getEnvironmentId } from '../operator/queries';
import { holdOrganizations } from '../organization/commands';
import { chooseDefaultRoles, giveRoles, holdRoles } from './given-roles';
import {
  handOver,
  insertMembership,
  isMembership,
  isRoleOf,
  managedByDirectory,
  requireMembership,
  requireSeat,
} from './membership';
import { assembleUsers, searchKeyOf } from './row';
import { isBehind, mirror, takeStretch } from './mirror';
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

/**
 * Creates a person and makes them a member of an organization. No mail is sent, and nobody has to accept: the membership is active.
 * @throws not_found for the organization; invalid_argument with the fields; already_exists if the email or the external id is taken;
 *   failed_precondition if the organization has as many members as it may have
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
      await requireSeat(tx, organizationId);
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

/** Deletes a person with all their memberships. @throws not_found; failed_precondition if a directory has them */
export async function deleteUser(ctx: Context, input: { user: UserRef }): Promise<void> {
  await changeUser(ctx, input, async (tx, { id, memberships }) => {
    const directoryIds = memberships.flatMap((membership) => membership.directoryIds);
    if (directoryIds.length > 0) throw managedByDirectory(`user ${id}`, directoryIds);
    await tx.orm.delete(appUser).where(eq(appUser.id, id));
  });
}

/**
 * Makes a person a member of one more organization. Whom only a directory made a member is one by the API too from then on, and stays
 * when the directory removes them.
 * @throws not_found for the person and the organization; invalid_argument; already_exists if they are a member by the API;
 *   failed_precondition if the organization has as many members as it may have
 */
export async function createMembership(
  ctx: Context,
  input: NewMembership & { user: UserRef; organizationId: string },
): Promise<User> {
  checkFields({}, input);
  const { organizationId } = input;
  const roles = input.roles?.length ? input.roles : await chooseDefaultRoles(ctx, organizationId);
  return changeUser(ctx, { ...input, roles }, async (tx, { id, memberships }, roleIds) => {
    const membership = memberships.find((each) => each.organizationId === organizationId);
    if (membership?.provisioningMethod === 'direct_provision') {
      throw new AppError('already_exists', `User ${id} is already a member of organization ${organizationId}.`);
    }
    if (membership?.status !== 'ACTIVE') await requireSeat(tx, organizationId);
    await insertMembership(ctx, tx, { organizationId, userId: id }, { fields: input, roleIds });
  });
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
    const { key } = requireMembership(current, input.organizationId);
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
 * Ends a membership, as far as the API gave it. Whom a directory has too stays a member by the directory alone.
 * @param input.isUserKept whether a person who is then in no organization stays; otherwise they are deleted
 * @throws not_found, also if they are no member; failed_precondition if only a directory gives the membership
 */
export async function deleteMembership(
  ctx: Context,
  input: { user: UserRef; organizationId: string; isUserKept: boolean },
): Promise<void> {
  await changeUser(ctx, input, async (tx, current) => {
    const { key, membership } = requireMembership(current, input.organizationId);
    if (membership.directoryIds.length > 0) {
      await handOver(ctx, tx, key, membership);
      return;
    }
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
    const { key } = requireMembership(current, input.organizationId);
    await giveRoles(tx, key, roleIds);
    const given = await tx.orm.select({ id: membershipRole.roleId }).from(membershipRole).where(isRoleOf(key));
    if (given.length <= LIMITS.rolesPerMembership) return;
    throw new AppError('failed_precondition', `A member has at most ${LIMITS.rolesPerMembership} roles.`, {
      errorCode: 'ROLE_LIMIT_REACHED',
    });
  });
}

/**
 * Takes from a member a role that the API gave them. If a directory gives it too, they still have it.
 * @throws not_found, also if they are no member or do not have the role; failed_precondition if only a directory gives it
 */
export async function removeRole(
  ctx: Context,
  input: { user: UserRef; organizationId: string; role: string },
): Promise<User> {
  return changeUser(ctx, input, async (tx, current) => {
    const { key, membership } = requireMembership(current, input.organizationId);
    const found = membership.roles.find(({ name, id }) => name === input.role || id === input.role);
    if (!found) {
      throw new AppError('not_found', `User ${current.id} does not have the role ${input.role} in this organization.`);
    }
    if (!found.isGivenByApi) {
      throw new AppError(
        'failed_precondition',
        `The role ${found.name} comes from groups of directory ${membership.directoryIds[0]}. Change the directory's roles, or take the person out of the group there.`,
        { errorCode: 'MANAGED_BY_DIRECTORY' },
      );
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
  const isHeld = memberships.some(({ roles }) => roles.some((each) => each.isGivenByApi && each.id === input.role.id));
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

/** The API may make a person of the same email at once, who is found at the next try: one try for each who comes in between. */
const MIRROR_TRIES = 10;

/**
 * Brings members in step with the next announcements of what directories have; everything that was committed before the call is among
 * them. Safe in several processes: one at a time follows, and the cursor moves in the transaction of what it caused.
 * @returns whether these were the last announcements so far
 */
export async function mirrorDirectories(ctx: Context): Promise<boolean> {
  requireManager(ctx);
  while (await announceEvents());
  if (!(await isBehind())) return true;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await change(ctx, async (tx) => {
        const { told, isLast } = await takeStretch(tx);
        return { value: isLast, events: await mirror(ctx, tx, told) };
      });
    } catch (error) {
      if (attempt >= MIRROR_TRIES || brokenUniqueConstraint(error) !== 'app_user_email_key') throw error;
    }
  }
}

/**
 * Removes some of the memberships of organizations that are being deleted, and the people whom only their directories brought.
 * @returns whether none are left
 */
export async function removeMembersOfDeleted(ctx: Context): Promise<boolean> {
  requireManager(ctx);
  return retryDeadlocks(() =>
    database().begin(async ({ orm, sql: client }) => {
      const found = await client.rows<{ organization_id: string; user_id: string }>(
        `select m.organization_id, m.user_id from organization o join organization_membership m on m.organization_id = o.id
         where o.deleting_at is not null limit ${LIMITS.peoplePerChange}`,
      );
      const userIds = [...new Set(found.map((row) => row.user_id))];
      await orm
        .select({ id: appUser.id })
        .from(appUser)
        .where(inArray(appUser.id, userIds))
        .orderBy(asc(appUser.id))
        .for('update');
      await client.rows(
        `delete from organization_membership m using unnest($1::text[], $2::text[]) t(organization_id, user_id)
         where m.organization_id = t.organization_id and m.user_id = t.user_id`,
        [found.map((row) => row.organization_id), found.map((row) => row.user_id)],
      );
      await client.rows(
        `delete from app_user u where u.id = any($1::text[]) and u.is_made_by_directory
         and not exists (select 1 from organization_membership m where m.user_id = u.id)`,
        [userIds],
      );
      return found.length < LIMITS.peoplePerChange;
    }),
  );
}
