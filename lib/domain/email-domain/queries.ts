import { and, asc, eq, inArray } from 'drizzle-orm';
import { type Context, requireOrganization } from '@/lib/core/context';
import { notFound } from '@/lib/core/error';
import { clampPageSize } from '@/lib/core/page';
import { database, type Tx } from '@/lib/db/handle';
import { emailDomain } from '@/lib/db/tables/connection';
import { getEnvironmentId } from '../operator/queries';
import { getOrganization } from '../organization/queries';
import { fromRow } from './row';
import type { EmailDomain, EmailDomainType } from './types';

const DEFAULT_PAGE_SIZE = 30;
const MAX_PAGE_SIZE = 100;

/** One domain of an organization. @throws not_found */
export async function getDomain(ctx: Context, ref: { organizationId: string; domainId: string }): Promise<EmailDomain> {
  await getOrganization(ctx, ref.organizationId);
  const [row] = await database()
    .orm.select()
    .from(emailDomain)
    .where(and(eq(emailDomain.id, ref.domainId), eq(emailDomain.organizationId, ref.organizationId)));
  if (!row) throw notFound('domain', ref.domainId);
  return fromRow(row, await getEnvironmentId());
}

/**
 * A page of the domains of an organization, oldest first.
 * @param input.pageSize 30 unless given, at most 100
 * @param input.pageNumber counts from 0
 * @throws not_found
 */
export async function listDomains(
  ctx: Context,
  input: {
    organizationId: string;
    type?: EmailDomainType;
    connectionId?: string;
    pageSize?: number;
    pageNumber?: number;
  },
): Promise<{ domains: EmailDomain[]; pageSize: number; pageNumber: number }> {
  await getOrganization(ctx, input.organizationId);
  const pageSize = clampPageSize(input.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const pageNumber = Math.max(0, input.pageNumber ?? 0);
  const rows = await database()
    .orm.select()
    .from(emailDomain)
    .where(
      and(
        eq(emailDomain.organizationId, input.organizationId),
        input.type === undefined ? undefined : eq(emailDomain.type, input.type),
        input.connectionId === undefined ? undefined : eq(emailDomain.connectionId, input.connectionId),
      ),
    )
    .orderBy(asc(emailDomain.id))
    .limit(pageSize)
    .offset(pageNumber * pageSize);
  const environmentId = await getEnvironmentId();
  return { domains: rows.map((row) => fromRow(row, environmentId)), pageSize, pageNumber };
}

/** The domains of several connections, oldest first; connections without one are left out. */
export async function listDomainsOfConnections(
  ctx: Context,
  connections: readonly { readonly id: string; readonly organizationId: string }[],
): Promise<ReadonlyMap<string, readonly EmailDomain[]>> {
  for (const { organizationId } of connections) requireOrganization(ctx, organizationId);
  if (connections.length === 0) return new Map();
  const ids = connections.map(({ id }) => id);
  const rows = await database()
    .orm.select()
    .from(emailDomain)
    .where(inArray(emailDomain.connectionId, ids))
    .orderBy(asc(emailDomain.id));
  const environmentId = await getEnvironmentId();
  const domains = rows.map((row) => fromRow(row, environmentId));
  return new Map(ids.map((id) => [id, domains.filter(({ connectionId }) => connectionId === id)]));
}

/**
 * The organization that each of the domains is verified for, as of now. Domains that are verified for nobody are left out. For those who
 * decide by it within a transaction.
 */
export async function findDomainOwners(tx: Tx, domains: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.orm
    .select({ domain: emailDomain.domain, organizationId: emailDomain.organizationId })
    .from(emailDomain)
    .where(
      and(
        inArray(emailDomain.domain, [...domains]),
        eq(emailDomain.type, 'ORGANIZATION_DOMAIN'),
        eq(emailDomain.status, 'VERIFIED'),
      ),
    );
  return new Map(rows.map(({ domain, organizationId }) => [domain, organizationId]));
}
