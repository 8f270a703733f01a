import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { AppError, type FieldViolation, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { change, type NewEvent } from '@/lib/db/change';
import { brokenUniqueConstraint } from '@/lib/db/fault';
import type { Tx } from '@/lib/db/handle';
import { appUser, membershipRole, organizationMembership } from '@/lib/db/tables/member';
import { role } from '@/lib/db/tables/role';
import { foldKey } from '@/lib/scim/fold';
import { memberData, membershipEvent } from '../event/commands';
import { getEnvironmentId } from '../operator/queries';
import { holdOrganizations } from '../organization/commands';
import { listOrganizationRoles } from '../role/queries';
import { assembleUsers, isNamedBy, membershipNotFound, searchKeyOf, userNotFound } from './row';
import { checkFields, type MembershipFields, type UserFields } from './rules';
import { EMPTY_PROFILE, MEMBER_LIMITS as LIMITS, type User, type UserRef } from './types';

/** Names a role of the organization or of the environment, by its name or by its id. */
export type RoleChoice = { readonly name: string } | { readonly id: string };

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

/** The default role of those who join the organization, as a choice. @throws not_found for the organization */
async function chooseDefaultRoles(ctx: Context, organizationId: string): Promise<RoleChoice[]> {
  const roles = await listOrganizationRoles(ctx, organizationId);
  return roles.filter(({ isDefaultMember }) => isDefaultMember).map(({ id }) => ({ id }));
}

/**
 * The ids of the roles that `choices` name, each once. They are not deleted until the transaction ends. They are locked before any
 * person is, as whoever deletes a role does. Throws `invalid_argument` for a name that means no role here.
 */
async function holdRoles(tx: Tx, organizationId: string, choices: readonly RoleChoice[]): Promise<string[]> {
  if (choices.length === 0) return [];
  const names = choices.flatMap((choice) => ('name' in choice ? [choice.name] : []));
  const ids = choices.flatMap((choice) => ('id' in choice ? [choice.id] : []));
  const rows = await tx.orm
    .select({ id: role.id, name: role.name })
    .from(role)
    .where(
      and(
        or(isNull(role.organizationId), eq(role.organizationId, organizationId)),
        or(inArray(role.name, names), inArray(role.id, ids)),
      ),
    )
    .orderBy(asc(role.id))
    .for('key share');
  const violations: FieldViolation[] = [];
  const found = choices.map((choice, at) => {
    const match = rows.find((row) => ('name' in choice ? row.name === choice.name : row.id === choice.id));
    if (!match) {
      const name = 'name' in choice ? `name ${choice.name}` : `id ${choice.id}`;
      violations.push({
        field: `roles[${at}]`,
        description: `There is no role with the ${name} in the environment or in this organization.`,
      });
    }
    return match?.id ?? '';
  });
  const different = [...new Set(found)];
  if (different.length > LIMITS.rolesPerMembership) {
    violations.push({ field: 'roles', description: `A member has at most ${LIMITS.rolesPerMembership} roles.` });
  }
  const [first] = violations;
  if (first) throw new AppError('invalid_argument', first.description, { fieldViolations: violations });
  return different;
}

async function giveRoles(tx: Tx, membership: MembershipKey, roleIds: readonly string[]): Promise<void> {
  if (roleIds.length === 0) return;
  await tx.orm
    .insert(membershipRole)
    .values(roleIds.map((roleId) => ({ ...membership, roleId })))
    .onConflictDoNothing();
}

interface MembershipKey {
  readonly organizationId: string;
  readonly userId: string;
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

/** Locks a person, so that nobody else changes them or their memberships meanwhile. */
async function lockUser(tx: Tx, environmentId: string, ref: UserRef): Promise<User> {
  const rows = await tx.orm.select().from(appUser).where(isNamedBy(ref)).for('no key update');
  const [user] = await assembleUsers(tx, environmentId, rows);
  if (!user) throw userNotFound(ref);
  return user;
}

interface UserChange {
  readonly user: UserRef;
  /** The organization that the change is about. */
  readonly organizationId?: string;
  /** Roles of it that the change is about. */
  readonly roles?: readonly RoleChoice[];
}

/**
 * One change to a person and their memberships. What `work` does is told by comparing before and after: each organization whose
 * members changed, or are told differently, has an event, and a person who is as before has neither event nor new version.
 * Returns the person; as they were, if `work` deleted them.
 */
async function changeUser(
  ctx: Context,
  target: UserChange,
  work: (tx: Tx, current: User, roleIds: readonly string[]) => Promise<unknown>,
): Promise<User> {
  requireManager(ctx);
  const { organizationId } = target;
  const environmentId = await getEnvironmentId();
  return change(ctx, async (tx) => {
    const roleIds = organizationId === undefined ? [] : await holdRoles(tx, organizationId, target.roles ?? []);
    const before = await lockUser(tx, environmentId, target.user);
    const ids = before.memberships.map((membership) => membership.organizationId);
    const organizations = await holdOrganizations(tx, organizationId === undefined ? ids : [...ids, organizationId]);
    if (organizationId !== undefined && !organizations.some(({ id }) => id === organizationId)) {
      throw notFound('organization', organizationId);
    }
    await work(tx, before, roleIds);
    const rows = await tx.orm.select().from(appUser).where(eq(appUser.id, before.id));
    const [found] = await assembleUsers(tx, environmentId, rows);
    const later = { version: before.version + 1, updatedAt: ctx.now() };
    const after = found && { ...found, ...later };
    const events = organizations.flatMap((organization) => {
      const event = tellDifference(before, after, later.version, organization);
      return event ? [event] : [];
    });
    const isSame = after !== undefined && events.length === 0 && comparable(before) === comparable(after);
    if (isSame) return { value: before, events };
    if (after) await tx.orm.update(appUser).set(later).where(eq(appUser.id, before.id));
    return { value: after ?? before, events };
  });
}

function comparable({ externalId, metadata, profile }: User): string {
  return JSON.stringify([externalId, metadata, profile]);
}

function tellDifference(
  before: User,
  after: User | undefined,
  version: number,
  organization: Parameters<typeof membershipEvent>[1]['organization'],
): NewEvent | undefined {
  const isIn = (user: User | undefined) =>
    user?.memberships.some(({ organizationId }) => organizationId === organization.id) ?? false;
  if (!isIn(before)) {
    if (!after || !isIn(after)) return undefined;
    return membershipEvent('user.organization_membership_created', { organization, user: after });
  }
  if (!after || !isIn(after)) {
    return membershipEvent('user.organization_membership_deleted', { organization, user: { ...before, version } });
  }
  const old = memberData(before, organization.id);
  const current = memberData(after, organization.id);
  const changed = Object.keys(current).filter(
    (key) => key !== 'update_time' && JSON.stringify(current[key]) !== JSON.stringify(old[key]),
  );
  if (changed.length === 0) return undefined;
  const previous = Object.fromEntries(changed.map((key) => [key, old[key]]));
  return membershipEvent('user.organization_membership_updated', { organization, user: after }, { previous });
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
