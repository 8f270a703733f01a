import { and, asc, desc, eq, gt, isNull, like, lt, sql } from 'drizzle-orm';
import { type Context, requireManager, requireOrganization } from '@/lib/core/context';
import { AppError, notFound } from '@/lib/core/error';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import { asDate, database } from '@/lib/db/handle';
import { organization } from '@/lib/db/tables/organization';
import { foldKey } from '@/lib/scim/fold';
import { fromRow } from './row';
import type { Feature, Organization, OrganizationDeletion, SessionPolicy, UserManagementSettings } from './types';

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

const isLive = isNull(organization.deletingAt);

async function readRow(ctx: Context, id: string): Promise<typeof organization.$inferSelect> {
  requireOrganization(ctx, id);
  const [row] = await database()
    .orm.select()
    .from(organization)
    .where(and(eq(organization.id, id), isLive));
  if (!row) throw notFound('organization', id);
  return row;
}

/** The organization with this id. @throws not_found */
export async function getOrganization(ctx: Context, id: string): Promise<Organization> {
  return fromRow(await readRow(ctx, id));
}

/** How many people the organization may have. @throws not_found */
export async function getUserManagementSettings(ctx: Context, id: string): Promise<UserManagementSettings> {
  const { maxAllowedUsers } = await readRow(ctx, id);
  return { maxAllowedUsers };
}

/** How long the people of the organization stay signed in: as the application says, unless it was set. @throws not_found */
export async function getSessionPolicy(ctx: Context, id: string): Promise<SessionPolicy> {
  return (await readRow(ctx, id)).sessionPolicy ?? { source: 'APPLICATION' };
}

/** The organization with this external id. @throws not_found */
export async function getOrganizationByExternalId(ctx: Context, externalId: string): Promise<Organization> {
  requireManager(ctx);
  const [row] = await database()
    .orm.select()
    .from(organization)
    .where(and(eq(organization.externalId, externalId), isLive));
  if (!row) throw new AppError('not_found', `No organization with external id ${externalId}.`);
  return fromRow(row);
}

/** Throws `failed_precondition` unless the organization has `feature` switched on; returns the organization. */
export async function requireFeature(ctx: Context, organizationId: string, feature: Feature): Promise<Organization> {
  const found = await getOrganization(ctx, organizationId);
  if (found.features[feature]) return found;
  const name = { dir_sync: 'SCIM provisioning', sso: 'Single sign-on', domain_verification: 'Domain verification' }[
    feature
  ];
  throw new AppError('failed_precondition', `${name} is switched off for this organization.`, {
    errorCode: 'FEATURE_DISABLED',
  });
}

/**
 * A page of organizations, newest first.
 * @param input.search matches parts of name, id, external id and slug, without regard to case
 */
export async function listOrganizations(
  ctx: Context,
  input: { pageSize?: number; pageToken?: string; search?: string; externalId?: string } = {},
): Promise<Page<Organization>> {
  requireManager(ctx);
  const { orm } = database();
  const size = clampPageSize(input.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const position = readPageToken(input.pageToken);
  const search = input.search?.trim();
  const filter = and(
    isLive,
    search ? like(organization.searchKey, `%${foldKey(search).replace(/[\\%_]/g, '\\$&')}%`) : undefined,
    input.externalId ? eq(organization.externalId, input.externalId) : undefined,
  );
  const isBackwards = position?.direction === 'before';
  const bound = position && (isBackwards ? gt(organization.id, position.key) : lt(organization.id, position.key));
  const [rows, [total]] = await Promise.all([
    orm
      .select()
      .from(organization)
      .where(and(filter, bound))
      .orderBy(isBackwards ? asc(organization.id) : desc(organization.id))
      .limit(size + 1),
    orm
      .select({ count: sql<number>`count(*)::int` })
      .from(organization)
      .where(filter),
  ]);
  return toPage(rows.map(fromRow), size, position, total?.count ?? 0, (item) => item.id);
}

/** Organizations shown while their rows go. */
const SHOWN_DELETIONS = 20;

/** Deleted organizations whose rows are still going, the one that has waited longest first; 20 at most. */
export async function listOrganizationDeletions(ctx: Context): Promise<OrganizationDeletion[]> {
  requireManager(ctx);
  const rows = await database().sql.rows<{
    id: string;
    display_name: string;
    deleting_at: string;
    people: number;
    members: number;
  }>(
    `select o.id, o.display_name, o.deleting_at,
       (select count(*) from directory d join dir_user u on u.directory_id = d.id where d.organization_id = o.id)::int as people,
       (select count(*) from organization_membership m where m.organization_id = o.id)::int as members
     from organization o where o.deleting_at is not null order by o.deleting_at, o.id limit ${SHOWN_DELETIONS}`,
  );
  return rows.map((row) => ({
    id: row.id,
    displayName: row.display_name,
    startedAt: asDate(row.deleting_at),
    peopleLeft: row.people,
    membersLeft: row.members,
  }));
}
