import { and, asc, eq, inArray, isNotNull, isNull, notExists, sql } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { AppError, type FieldViolation, invalidField, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { hasControlCharacter } from '@/lib/core/text';
import { change } from '@/lib/db/change';
import { brokenUniqueConstraint } from '@/lib/db/fault';
import { database, type Tx } from '@/lib/db/handle';
import { forgetCredentials } from '@/lib/db/short-cache';
import { connection, emailDomain } from '@/lib/db/tables/connection';
import { seatMemory } from '@/lib/db/tables/deprovisioning';
import { directory } from '@/lib/db/tables/directory';
import { account, invitation } from '@/lib/db/tables/installation';
import { organizationMembership } from '@/lib/db/tables/member';
import { organization, portalLink } from '@/lib/db/tables/organization';
import { defaultRole, role } from '@/lib/db/tables/role';
import { run, runPerson } from '@/lib/db/tables/run';
import { organizationData, organizationEvent } from '../event/commands';
import { fromRow, searchKeyOf } from './row';
import {
  ORGANIZATION_LIMITS as LIMITS,
  type Feature,
  FEATURES,
  type Organization,
  type SessionPolicy,
  type UserManagementSettings,
} from './types';

/** Fields a caller may set. Undefined leaves a field as it is; an empty text clears it. */
export interface OrganizationFields {
  readonly displayName?: string;
  readonly externalId?: string;
  readonly slug?: string;
  readonly logoUrl?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

function checkFields(fields: OrganizationFields): void {
  const violations: FieldViolation[] = [];
  const refuse = (field: string, description: string) => violations.push({ field, description });
  const { displayName, externalId, slug, logoUrl, metadata } = fields;
  if (displayName !== undefined) {
    if (displayName.trim() === '') refuse('display_name', 'Give the organization a name.');
    else if ([...displayName].length > LIMITS.displayName) {
      refuse('display_name', `The name may have at most ${LIMITS.displayName} characters.`);
    } else if (hasControlCharacter(displayName)) refuse('display_name', 'The name may not contain control characters.');
  }
  if (externalId && (externalId.length > LIMITS.externalId || hasControlCharacter(externalId))) {
    refuse(
      'external_id',
      `The external id may have at most ${LIMITS.externalId} characters, and no control characters.`,
    );
  }
  if (slug && (slug.length > LIMITS.slug || !SLUG.test(slug))) {
    refuse('slug', 'A slug has small letters, digits and hyphens, such as acme or acme-emea.');
  }
  if (logoUrl && (logoUrl.length > LIMITS.logoUrl || !isHttpsUrl(logoUrl))) {
    refuse('logo_url', `The logo must be an https address of at most ${LIMITS.logoUrl} characters.`);
  }
  if (metadata) {
    const pairs = Object.entries(metadata);
    if (pairs.length > LIMITS.metadataPairs) refuse('metadata', `At most ${LIMITS.metadataPairs} metadata pairs.`);
    for (const [key, value] of pairs) {
      const isKeyFit = key.length >= LIMITS.metadataKeyMin && key.length <= LIMITS.metadataKey;
      if (!isKeyFit || value === '' || value.length > LIMITS.metadataValue) {
        refuse(
          `metadata.${key}`,
          `Keys have ${LIMITS.metadataKeyMin} to ${LIMITS.metadataKey} characters, values 1 to ${LIMITS.metadataValue}.`,
        );
      } else if (`${key}${value}`.includes('\u0000'))
        refuse(`metadata.${key}`, 'Metadata may not contain a NUL character.');
    }
  }
  const [first] = violations;
  if (first) throw new AppError('invalid_argument', first.description, { fieldViolations: violations });
}

function isHttpsUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}

function clash(error: unknown, fields: OrganizationFields): unknown {
  const constraint = brokenUniqueConstraint(error);
  const field = constraint === 'organization_slug_key' ? 'slug' : 'external_id';
  const value = field === 'slug' ? fields.slug : fields.externalId;
  if (constraint === undefined) return error;
  const description = `Another organization already has the ${field === 'slug' ? 'slug' : 'external id'} ${value}.`;
  return new AppError('already_exists', description, { cause: error, fieldViolations: [{ field, description }] });
}

/**
 * Creates an organization with directory sync switched on.
 * @throws invalid_argument with the fields; already_exists if the external id or the slug is taken
 */
export async function createOrganization(
  ctx: Context,
  input: OrganizationFields & { displayName: string },
): Promise<Organization> {
  requireManager(ctx);
  checkFields(input);
  const now = ctx.now();
  const id = newId('organization', now);
  const fields = {
    id,
    displayName: input.displayName.trim(),
    externalId: input.externalId || null,
    slug: input.slug || null,
  };
  try {
    return await change(ctx, async (tx) => {
      const [row] = await tx.orm
        .insert(organization)
        .values({
          ...fields,
          searchKey: searchKeyOf(fields),
          logoUrl: input.logoUrl || null,
          regionCode: 'US',
          metadata: { ...input.metadata },
          isDirSyncEnabled: true,
          isSsoEnabled: false,
          isDomainVerificationEnabled: false,
          createdAt: now,
          updatedAt: now,
        })
        .returning();
      const value = fromRow(row!);
      return { value, events: [organizationEvent('organization.created', value)] };
    });
  } catch (error) {
    throw clash(error, input);
  }
}

async function lock(tx: Tx, id: string): Promise<typeof organization.$inferSelect> {
  const [row] = await tx.orm
    .select()
    .from(organization)
    .where(and(eq(organization.id, id), isNull(organization.deletingAt)))
    .for('no key update');
  if (!row) throw notFound('organization', id);
  return row;
}

/**
 * The organizations with these ids, in order of id, which keep as they are until the transaction ends. Those that do not exist, or are
 * being deleted, are left out. For commands of other modules that write to an organization or tell its events.
 */
export async function holdOrganizations(tx: Tx, ids: readonly string[]): Promise<Organization[]> {
  if (ids.length === 0) return [];
  const rows = await tx.orm
    .select()
    .from(organization)
    .where(and(inArray(organization.id, [...ids]), isNull(organization.deletingAt)))
    .orderBy(asc(organization.id))
    .for('share');
  return rows.map(fromRow);
}

type RowPatch = Partial<typeof organization.$inferInsert>;

async function update(ctx: Context, id: string, patchOf: (current: Organization) => RowPatch): Promise<Organization> {
  return change(ctx, async (tx) => {
    const held = await lock(tx, id);
    const current = fromRow(held);
    const before = organizationData(current);
    const [row] = await tx.orm
      .update(organization)
      .set({ ...patchOf(current), version: current.version + 1, updatedAt: ctx.now() })
      .where(eq(organization.id, id))
      .returning();
    const value = fromRow(row!);
    const after = organizationData(value);
    const changed = Object.keys(after).filter(
      (k) => k !== 'update_time' && JSON.stringify(after[k]) !== JSON.stringify(before[k]),
    );
    const isSame =
      changed.length === 0 &&
      value.slug === current.slug &&
      value.logoUrl === current.logoUrl &&
      JSON.stringify(settingsOf(row!)) === JSON.stringify(settingsOf(held));
    const previous = Object.fromEntries(changed.map((key) => [key, before[key]]));
    return { value, events: isSame ? [] : [organizationEvent('organization.updated', value, { previous })] };
  });
}

/**
 * Changes the given fields of an organization; metadata is replaced as a whole.
 * @throws not_found, invalid_argument, already_exists
 */
export async function updateOrganization(
  ctx: Context,
  input: OrganizationFields & { id: string },
): Promise<Organization> {
  requireManager(ctx);
  checkFields(input);
  try {
    return await update(ctx, input.id, (current) => {
      const fields = {
        id: current.id,
        displayName: input.displayName?.trim() ?? current.displayName,
        externalId: input.externalId === undefined ? current.externalId : input.externalId || null,
        slug: input.slug === undefined ? current.slug : input.slug || null,
      };
      return {
        ...fields,
        searchKey: searchKeyOf(fields),
        logoUrl: input.logoUrl === undefined ? current.logoUrl : input.logoUrl || null,
        metadata: { ...(input.metadata ?? current.metadata) },
      };
    });
  } catch (error) {
    throw clash(error, input);
  }
}

/** Switches features on or off; those not named stay as they are. Switching one off ends the portal sessions. @throws not_found */
export async function setFeatures(
  ctx: Context,
  input: { id: string; features: readonly { name: Feature; enabled: boolean }[] },
): Promise<Organization> {
  requireManager(ctx);
  const updated = await update(ctx, input.id, (current) => {
    const wanted = { ...current.features };
    for (const { name, enabled } of input.features) wanted[name] = enabled;
    const isRemoved = FEATURES.some((name) => current.features[name] && !wanted[name]);
    return {
      ...(isRemoved && { featureRemovedAt: ctx.now() }),
      isDirSyncEnabled: wanted.dir_sync,
      isSsoEnabled: wanted.sso,
      isDomainVerificationEnabled: wanted.domain_verification,
    };
  });
  await forgetCredentials();
  return updated;
}

/** The settings that no payload shows, so that a change to one of them has an event all the same. */
const settingsOf = (row: typeof organization.$inferSelect) => [row.maxAllowedUsers, row.sessionPolicy];

/**
 * Sets how many members an organization may have. Fewer than it has takes nobody away; nobody joins until there is room.
 * @throws not_found; invalid_argument for a limit below 1
 */
export async function setUserManagementSettings(
  ctx: Context,
  input: UserManagementSettings & { id: string },
): Promise<UserManagementSettings> {
  requireManager(ctx);
  const { id, maxAllowedUsers } = input;
  if (maxAllowedUsers !== null && (!Number.isInteger(maxAllowedUsers) || maxAllowedUsers < 1)) {
    throw invalidField('settings.max_allowed_users', 'Allow 1 user or more. Leave it out for no limit.');
  }
  await update(ctx, id, () => ({ maxAllowedUsers }));
  return { maxAllowedUsers };
}

/**
 * Sets how long the people of an organization stay signed in to the application. It is kept and returned; nothing here acts on it.
 * @throws not_found; invalid_argument for times that are no minutes, and for an idle time above the absolute one
 */
export async function setSessionPolicy(
  ctx: Context,
  input: { id: string; policy: SessionPolicy },
): Promise<SessionPolicy> {
  requireManager(ctx);
  const { id, policy } = input;
  if (policy.source === 'CUSTOM') {
    const { absoluteMinutes, idleMinutes, isIdleEnabled } = policy;
    const isFit = (minutes: number) => Number.isInteger(minutes) && minutes >= 1 && minutes <= LIMITS.sessionMinutes;
    const allowed = `Give a time of at least 1 minute and at most ${LIMITS.sessionMinutes} minutes.`;
    if (!isFit(absoluteMinutes)) throw invalidField('absolute_session_timeout', allowed);
    if (idleMinutes !== null && !isFit(idleMinutes)) throw invalidField('idle_session_timeout', allowed);
    if (isIdleEnabled && idleMinutes === null) {
      throw invalidField('idle_session_timeout', 'Say after how long an idle session ends, or leave it switched off.');
    }
    if (idleMinutes !== null && idleMinutes > absoluteMinutes) {
      throw invalidField('idle_session_timeout', 'An idle session cannot live longer than absolute_session_timeout.');
    }
  }
  await update(ctx, id, () => ({ sessionPolicy: policy }));
  return policy;
}

/**
 * Deletes an organization: from this moment its links, sessions, tokens and sign-ins are refused and no query shows it. Its rows
 * are removed afterwards, in batches, by the `purge` loop. @throws not_found
 */
export async function deleteOrganization(ctx: Context, input: { id: string }): Promise<void> {
  requireManager(ctx);
  await change(ctx, async (tx) => {
    const current = fromRow(await lock(tx, input.id));
    const now = ctx.now();
    await tx.orm
      .update(organization)
      .set({ deletingAt: now, version: current.version + 1 })
      .where(eq(organization.id, input.id));
    // At once, so that another organization can have a domain verified that this one had.
    await tx.orm.delete(emailDomain).where(eq(emailDomain.organizationId, input.id));
    // Waits for a batch that is under way: nobody is told of anything behind the deletion.
    await tx.orm
      .update(run)
      .set({ finishedAt: now, updatedAt: now })
      .where(and(eq(run.organizationId, input.id), isNull(run.finishedAt)));
    const deleted = { ...current, version: current.version + 1 };
    return {
      value: undefined,
      events: [organizationEvent('organization.deleted', deleted, { deletedAt: now })],
    };
  });
  await forgetCredentials();
}

/** Removes the rows of deleted organizations whose directories and members are gone already: links, sessions, roles, then the organization itself. */
export async function removeDeletedOrganizations(ctx: Context): Promise<void> {
  requireManager(ctx);
  await database().begin(async ({ orm }) => {
    const gone = await orm
      .select({ id: organization.id })
      .from(organization)
      .where(
        and(
          isNotNull(organization.deletingAt),
          notExists(
            orm
              .select({ one: sql`1` })
              .from(directory)
              .where(eq(directory.organizationId, organization.id)),
          ),
          notExists(
            orm
              .select({ one: sql`1` })
              .from(organizationMembership)
              .where(eq(organizationMembership.organizationId, organization.id)),
          ),
        ),
      )
      .limit(100);
    const ids = gone.map((row) => row.id);
    if (ids.length === 0) return;
    await orm.delete(portalLink).where(inArray(portalLink.organizationId, ids));
    await orm.delete(account).where(inArray(account.organizationId, ids));
    await orm.delete(invitation).where(inArray(invitation.organizationId, ids));
    await orm.delete(defaultRole).where(inArray(defaultRole.scope, ids));
    await orm.delete(role).where(inArray(role.organizationId, ids));
    await orm.delete(connection).where(inArray(connection.organizationId, ids));
    await orm.delete(seatMemory).where(inArray(seatMemory.organizationId, ids));
    const runs = orm.select({ id: run.id }).from(run).where(inArray(run.organizationId, ids));
    await orm.delete(runPerson).where(inArray(runPerson.runId, runs));
    await orm.delete(organization).where(inArray(organization.id, ids));
  });
}
