import { and, asc, desc, eq, exists, gt, isNull, like, lt, or, sql, type SQL } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { notFound } from '@/lib/core/error';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import { database } from '@/lib/db/handle';
import { connection, emailDomain } from '@/lib/db/tables/connection';
import { organization } from '@/lib/db/tables/organization';
import { foldKey } from '@/lib/scim/fold';
import { normalizeDomainName } from '../email-domain/types';
import { getOrganization } from '../organization/queries';
import { fromRow } from './row';
import type { Connection, ListedConnection } from './types';

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 30;

/** One connection of an organization. @throws not_found */
export async function getConnection(
  ctx: Context,
  ref: { organizationId: string; connectionId: string },
): Promise<Connection> {
  await getOrganization(ctx, ref.organizationId);
  const [row] = await database()
    .orm.select()
    .from(connection)
    .where(and(eq(connection.id, ref.connectionId), eq(connection.organizationId, ref.organizationId)));
  if (!row) throw notFound('connection', ref.connectionId);
  return fromRow(row);
}

/**
 * Connections, oldest first: of one organization, of all that people with a verified domain sign in through, or of everyone.
 * @param input.isActive true for those that are complete and enabled only
 * @throws not_found for an organization; permission_denied for a customer who asks beyond its own
 */
export async function listConnections(
  ctx: Context,
  input: { organizationId?: string; domain?: string; isActive: boolean },
): Promise<ListedConnection[]> {
  if (input.organizationId === undefined) requireManager(ctx);
  else await getOrganization(ctx, input.organizationId);
  return selectListed(
    and(
      input.organizationId === undefined ? undefined : eq(connection.organizationId, input.organizationId),
      input.domain === undefined ? undefined : hasDomain(input.domain),
      input.isActive ? and(eq(connection.status, 'COMPLETED'), eq(connection.isEnabled, true)) : undefined,
    ),
  )
    .orderBy(asc(connection.id))
    .then((rows) => rows.map(fromListed));
}

function hasDomain(domain: string): SQL {
  const name = normalizeDomainName(domain) ?? '';
  return exists(
    database()
      .orm.select({ one: sql`1` })
      .from(emailDomain)
      .where(
        and(
          eq(emailDomain.connectionId, connection.id),
          eq(emailDomain.domain, name),
          eq(emailDomain.status, 'VERIFIED'),
        ),
      ),
  );
}

function selectListed(filter: SQL | undefined) {
  return database()
    .orm.select({ connection, organizationName: organization.displayName })
    .from(connection)
    .innerJoin(organization, eq(organization.id, connection.organizationId))
    .where(and(isNull(organization.deletingAt), filter));
}

function fromListed(row: { connection: typeof connection.$inferSelect; organizationName: string }): ListedConnection {
  return { ...fromRow(row.connection), organizationName: row.organizationName };
}

/**
 * A page of the connections of all organizations, newest first.
 * @param input.search matches parts of the connection's id, title and provider, and of its organization's name, id, external id and
 *   slug, without regard to case
 * @param input.provider the provider's key, without regard to case
 * @param input.pageSize 10 unless given, at most 30
 */
export async function searchConnections(
  ctx: Context,
  input: {
    search?: string;
    provider?: string;
    status?: Connection['status'];
    type?: Connection['type'];
    isEnabled?: boolean;
    pageSize?: number;
    pageToken?: string;
  } = {},
): Promise<Page<ListedConnection>> {
  requireManager(ctx);
  const size = clampPageSize(input.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const position = readPageToken(input.pageToken);
  const search = input.search?.trim();
  const pattern = search ? `%${foldKey(search).replace(/[\\%_]/g, '\\$&')}%` : undefined;
  const provider = input.provider?.trim().toUpperCase();
  const filter = and(
    pattern ? or(like(connection.searchKey, pattern), like(organization.searchKey, pattern)) : undefined,
    provider ? or(eq(connection.providerKey, provider), eq(connection.provider, provider)) : undefined,
    input.status ? eq(connection.status, input.status) : undefined,
    input.type ? eq(connection.type, input.type) : undefined,
    input.isEnabled === undefined ? undefined : eq(connection.isEnabled, input.isEnabled),
  );
  const isBackwards = position?.direction === 'before';
  const bound = position && (isBackwards ? gt(connection.id, position.key) : lt(connection.id, position.key));
  const [rows, [total]] = await Promise.all([
    selectListed(and(filter, bound))
      .orderBy(isBackwards ? asc(connection.id) : desc(connection.id))
      .limit(size + 1),
    database()
      .orm.select({ count: sql<number>`count(*)::int` })
      .from(connection)
      .innerJoin(organization, eq(organization.id, connection.organizationId))
      .where(and(isNull(organization.deletingAt), filter)),
  ]);
  return toPage(rows.map(fromListed), size, position, total?.count ?? 0, (item) => item.id);
}
