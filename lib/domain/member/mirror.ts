import { and, eq, inArray, or, sql } from 'drizzle-orm';
import type { Context } from '@/lib/core/context';
import { newId } from '@/lib/core/id';
import type { NewEvent } from '@/lib/db/change';
import { database, type Tx } from '@/lib/db/handle';
import { appUser, directoryMember, organizationMembership } from '@/lib/db/tables/member';
import { foldKey } from '@/lib/scim/fold';
import { findDomainOwners } from '../email-domain/queries';
import { normalizeDomainName } from '../email-domain/types';
import { membershipEvent } from '../event/commands';
import { getEnvironmentId } from '../operator/queries';
import { holdOrganizations } from '../organization/commands';
import { findRoleIds } from './given-roles';
import { type Known, type Plan, planMembers, type Share, type Told } from './mirror-plan';
import { assembleUsers, readShares, searchKeyOf } from './row';
import { track } from './track';
import { EMPTY_PROFILE, MEMBER_LIMITS as LIMITS, type MembershipStatus, type UserProfile } from './types';

/** How many announcements one transaction follows: few enough that the embedded database is not held for long. */
const STRETCH = 100;

/** What follows the announcements under this name in `consumer_cursor`. */
const CONSUMER = 'members';

interface AnnouncedRow {
  readonly seq: string;
  readonly type: string;
  readonly organization_id: string;
  readonly directory_id: string;
  readonly resource_id: string;
  readonly data: Record<string, unknown> | null;
  readonly actor: string;
  readonly request_id: string;
}

/** Whether there are announcements that members are not in step with. */
export async function isBehind(): Promise<boolean> {
  const [row] = await database().sql.rows<{ is_behind: boolean }>(
    `select exists (select 1 from consumer_cursor a join consumer_cursor m on m.name = $1::text
       where a.name = 'announcements' and a.seq > m.seq) as is_behind`,
    [CONSUMER],
  );
  return row?.is_behind ?? false;
}

/** The next announcements, once each: the cursor moves with what the transaction does. */
export async function takeStretch(tx: Tx): Promise<{ told: Told[]; isLast: boolean }> {
  const [cursor] = await tx.sql.rows<{ seq: string }>(
    'select seq::text as seq from consumer_cursor where name = $1::text for update',
    [CONSUMER],
  );
  if (!cursor) throw new Error(`consumer_cursor has no row ${CONSUMER}.`);
  const rows = await tx.sql.rows<AnnouncedRow>(
    `select a.seq::text as seq, a.type, a.organization_id, a.directory_id, e.resource_id, e.actor, e.request_id,
       e.data - '{raw_attributes,groups}'::text[] as data
     from (select * from announcement where seq > $1::bigint order by seq limit ${STRETCH}) a
     left join event e on e.n = a.n and a.type like 'organization.directory.user\\_%'
     order by a.seq`,
    [cursor.seq],
  );
  const last = rows.at(-1);
  if (last) {
    await tx.sql.rows('update consumer_cursor set seq = $2::bigint where name = $1::text', [CONSUMER, last.seq]);
  }
  return { told: rows.flatMap((row) => (row.data ? [readTold(row, row.data)] : [])), isLast: rows.length < STRETCH };
}

function readTold(row: AnnouncedRow, data: Record<string, unknown>): Told {
  const isDeleted = row.type === 'organization.directory.user_deleted';
  const isGone = isDeleted && data['reason'] !== 'deactivated';
  const isActive = !isDeleted && data['active'] !== false;
  return {
    organizationId: row.organization_id,
    directoryId: row.directory_id,
    directoryUserId: row.resource_id,
    state: isGone ? 'gone' : isActive ? 'active' : 'inactive',
    email: textOf(data['email'], LIMITS.email),
    profile: readProfile(data),
    roleNames: listOf(data['roles']).flatMap((each) => textOf(each['role_name'], LIMITS.name) || []),
    cause: { actor: row.actor, requestId: row.request_id },
  };
}

/** Groups are not in it: a person is not told again when one of theirs is renamed. */
function readProfile(data: Record<string, unknown>): Partial<UserProfile> {
  const custom = Object.entries(data['custom_attributes'] ?? {}).flatMap(([key, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value) ? [[key, String(value)]] : [],
  );
  return {
    givenName: textOf(data['given_name'], LIMITS.givenName),
    familyName: textOf(data['family_name'], LIMITS.familyName),
    name: textOf(data['name'], LIMITS.name),
    locale: textOf(data['locale'], LIMITS.locale),
    phoneNumber: textOf(data['phone_number'], LIMITS.phoneNumber),
    preferredUsername: textOf(data['preferred_username'], LIMITS.preferredUsername),
    picture: textOf(data['picture'], LIMITS.picture),
    customAttributes: Object.fromEntries(custom),
  };
}

/** A text that fits; anything else, such as a picture sent as its own bytes, is as good as not given. */
function textOf(value: unknown, limit: number): string {
  return typeof value === 'string' && value.length <= limit ? value : '';
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}

/** Brings people and memberships in step with what was told, and returns the events of what changed. */
export async function mirror(ctx: Context, tx: Tx, told: readonly Told[]): Promise<NewEvent[]> {
  if (told.length === 0) return [];
  const environmentId = await getEnvironmentId(tx);
  const owners = await findDomainOwners(tx, [...new Set(told.flatMap(({ email }) => domainOf(email) ?? []))]);
  const isProven = (organizationId: string, email: string) => owners.get(domainOf(email) ?? '') === organizationId;
  const rows = await lockPeople(tx, told, isProven);
  const organizations = await holdOrganizations(tx, [...new Set(told.map(({ organizationId }) => organizationId))]);
  const ids = rows.map(({ id }) => id);
  const shares = await readShares(tx, ids);
  const plan = planMembers(
    {
      people: rows.map(({ id, email, isFoundByEmail, isMadeByDirectory, externalId, profile }) => ({
        id,
        email,
        isFoundByEmail,
        isMadeByDirectory,
        externalId,
        profile: { ...EMPTY_PROFILE, ...profile },
      })),
      memberships: await readMemberships(tx, ids),
      shares,
      liveDirectoryIds: await readLiveDirectories(
        tx,
        told.map(({ directoryId }) => directoryId),
      ),
      liveOrganizationIds: new Set(organizations.map(({ id }) => id)),
      isProven,
      roleIdOf: await findRoleIds(
        tx,
        told.flatMap(({ roleNames }) => roleNames),
      ),
      newPerson: () => ({ id: newId('user', ctx.now()), externalId: null, profile: EMPTY_PROFILE }),
    },
    told,
  );
  const touched = touchedBy(plan);
  // Most changes of people, such as another title, are none of a member.
  if (touched.size === 0) return [];
  const before = await assembleUsers(
    tx,
    environmentId,
    rows.filter(({ id }) => touched.has(id)),
  );
  const { events } = await track(
    ctx,
    tx,
    { environmentId, before, organizations, retold: await findRetold(tx, plan, shares) },
    () => write(ctx, tx, plan),
  );
  const newIds = plan.newPeople.map(({ id }) => id);
  const newRows = await tx.orm.select().from(appUser).where(inArray(appUser.id, newIds));
  for (const user of await assembleUsers(tx, environmentId, newRows)) {
    for (const organization of organizations) {
      if (!user.memberships.some(({ organizationId }) => organizationId === organization.id)) continue;
      events.push(membershipEvent('user.organization_membership_created', { organization, user }));
    }
  }
  return events.map((event) => ({ ...event, ...plan.causes.get(event.resourceId) }));
}

/** The people whom a plan changes anything of. */
function touchedBy(plan: Plan): Set<string> {
  const people = [...plan.newPeople, ...plan.changedPeople];
  const parts = [...plan.endedShares, ...plan.endedMemberships, ...plan.memberships, ...plan.shares];
  return new Set([...plan.gonePeople, ...people.map(({ id }) => id), ...parts.map(({ userId }) => userId)]);
}

/** Who loses a role that was deleted, by organization: it is not among those that they seem to have had. */
async function findRetold(tx: Tx, plan: Plan, before: readonly Share[]): Promise<Map<string, Set<string>>> {
  const retold = new Map<string, Set<string>>();
  const kept = new Map(plan.shares.map((share) => [`${share.directoryId} ${share.directoryUserId}`, share.roleIds]));
  const losses = before.flatMap((share) => {
    const left = kept.get(`${share.directoryId} ${share.directoryUserId}`) ?? share.roleIds;
    return share.roleIds.filter((id) => !left.includes(id)).map((roleId) => ({ ...share, roleId }));
  });
  if (losses.length === 0) return retold;
  const rows = await tx.sql.rows<{ id: string }>('select id from role where id = any($1::text[])', [
    losses.map(({ roleId }) => roleId),
  ]);
  const existing = new Set(rows.map(({ id }) => id));
  for (const { organizationId, userId, roleId } of losses) {
    if (!existing.has(roleId)) retold.set(organizationId, (retold.get(organizationId) ?? new Set()).add(userId));
  }
  return retold;
}

function domainOf(email: string): string | undefined {
  const at = email.lastIndexOf('@');
  return at < 1 ? undefined : normalizeDomainName(email.slice(at + 1));
}

/** Locks everybody whom the directories have already, or who are found by an email that was told. */
async function lockPeople(tx: Tx, told: readonly Told[], isProven: Known['isProven']) {
  const found = await tx.sql.rows<{ user_id: string }>(
    `select distinct d.user_id from unnest($1::text[], $2::text[]) t(directory_id, directory_user_id)
     join directory_member d on d.directory_id = t.directory_id and d.directory_user_id = t.directory_user_id`,
    [told.map(({ directoryId }) => directoryId), told.map(({ directoryUserId }) => directoryUserId)],
  );
  const proven = told.filter(({ organizationId, email }) => isProven(organizationId, email));
  const emailKeys = [...new Set(proven.map(({ email }) => foldKey(email)))];
  return tx.orm
    .select()
    .from(appUser)
    .where(
      or(
        inArray(
          appUser.id,
          found.map((row) => row.user_id),
        ),
        and(eq(appUser.isFoundByEmail, true), inArray(appUser.emailKey, emailKeys)),
      ),
    )
    .orderBy(appUser.id)
    .for('no key update');
}

async function readLiveDirectories(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.sql.rows<{ id: string }>(
    'select id from directory where id = any($1::text[]) and deleting_at is null',
    [[...new Set(ids)]],
  );
  return new Set(rows.map(({ id }) => id));
}

async function readMemberships(tx: Tx, userIds: readonly string[]): Promise<Known['memberships']> {
  const rows = await tx.sql.rows<{
    organization_id: string;
    user_id: string;
    method: string;
    status: MembershipStatus;
    is_hidden: boolean;
  }>(
    `select m.organization_id, m.user_id, m.provisioning_method as method, m.status, o.deleting_at is not null as is_hidden
     from organization_membership m join organization o on o.id = m.organization_id where m.user_id = any($1::text[])`,
    [userIds],
  );
  return rows.map((row) => ({
    organizationId: row.organization_id,
    userId: row.user_id,
    isMadeByApi: row.method === 'direct_provision',
    status: row.status,
    isHidden: row.is_hidden,
  }));
}

async function write(ctx: Context, tx: Tx, plan: Plan): Promise<void> {
  const now = ctx.now();
  await end(tx, plan);
  const people = [...plan.newPeople, ...plan.changedPeople];
  if (plan.changedPeople.length > 0) {
    // Two people may swap their addresses: both are free while they do.
    const ids = plan.changedPeople.map(({ id }) => id);
    await tx.orm.update(appUser).set({ isFoundByEmail: false }).where(inArray(appUser.id, ids));
  }
  if (people.length > 0) {
    await tx.orm
      .insert(appUser)
      .values(
        people.map((person) => ({
          ...person,
          profile: { ...person.profile },
          emailKey: foldKey(person.email),
          searchKey: searchKeyOf(person),
          metadata: {},
          createdAt: now,
          updatedAt: now,
        })),
      )
      .onConflictDoUpdate({
        target: appUser.id,
        set: {
          email: sql`excluded.email`,
          emailKey: sql`excluded.email_key`,
          isFoundByEmail: sql`excluded.is_found_by_email`,
          profile: sql`excluded.profile`,
          searchKey: sql`excluded.search_key`,
        },
      });
  }
  if (plan.memberships.length > 0) {
    await tx.orm
      .insert(organizationMembership)
      .values(
        plan.memberships.map((membership) => ({
          ...membership,
          provisioningMethod: 'directory_sync' as const,
          metadata: {},
          createdAt: now,
          joinedAt: now,
          updatedAt: now,
        })),
      )
      .onConflictDoUpdate({
        target: [organizationMembership.organizationId, organizationMembership.userId],
        set: { status: sql`excluded.status`, updatedAt: now },
      });
  }
  if (plan.shares.length > 0) {
    await tx.orm
      .insert(directoryMember)
      .values(plan.shares.map((share) => ({ ...share, roleIds: [...share.roleIds] })))
      .onConflictDoUpdate({
        target: [directoryMember.directoryId, directoryMember.directoryUserId],
        set: {
          userId: sql`excluded.user_id`,
          isActive: sql`excluded.is_active`,
          roleIds: sql`excluded.role_ids`,
        },
      });
  }
}

async function end(tx: Tx, plan: Plan): Promise<void> {
  if (plan.endedShares.length > 0) {
    await tx.sql.rows(
      `delete from directory_member d using unnest($1::text[], $2::text[]) t(directory_id, directory_user_id)
       where d.directory_id = t.directory_id and d.directory_user_id = t.directory_user_id`,
      [
        plan.endedShares.map(({ directoryId }) => directoryId),
        plan.endedShares.map(({ directoryUserId }) => directoryUserId),
      ],
    );
  }
  if (plan.endedMemberships.length > 0) {
    await tx.sql.rows(
      `delete from organization_membership m using unnest($1::text[], $2::text[]) t(organization_id, user_id)
       where m.organization_id = t.organization_id and m.user_id = t.user_id`,
      [
        plan.endedMemberships.map(({ organizationId }) => organizationId),
        plan.endedMemberships.map(({ userId }) => userId),
      ],
    );
  }
  if (plan.gonePeople.length > 0) await tx.orm.delete(appUser).where(inArray(appUser.id, [...plan.gonePeople]));
}
