import { and, eq, inArray, isNull, notInArray } from 'drizzle-orm';
import type { Context } from '@/lib/core/context';
import { AppError, invalidField, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { newSecret } from '@/lib/core/seal';
import { change } from '@/lib/db/change';
import { brokenUniqueConstraint } from '@/lib/db/fault';
import type { Tx } from '@/lib/db/handle';
import { connection, emailDomain } from '@/lib/db/tables/connection';
import { organization } from '@/lib/db/tables/organization';
import { emailDomainEvent } from '../event/commands';
import { getEnvironmentId } from '../operator/queries';
import { getOrganization, requireFeature } from '../organization/queries';
import { isPublicMailDomain } from './public-mail';
import { getDomain } from './queries';
import { fromRow } from './row';
import {
  type EmailDomain,
  type EmailDomainType,
  type LookUpTxt,
  normalizeDomainName,
  VERIFICATION_WINDOW_MS,
} from './types';

type DomainRef = { readonly organizationId: string; readonly domainId: string };

/** The label of the TXT record. The underscore keeps it apart from host names (RFC 8552). */
const TXT_RECORD_KEY = '_gatehouse-domain-verification';
/** Starts what the record says, so that an admin who finds it later knows what it is for. */
const TXT_RECORD_PREFIX = 'gatehouse_verify_';
const TXT_SECRET_BYTES = 24;
/** How many domains one call may assign to a connection; the contract's number. */
const MAX_ASSIGNED_DOMAINS = 50;

/**
 * Whether the actor may write domains of the organization. Those who run the service may whatever its features are: what they
 * store is kept for when the feature is on. A customer's own admin needs domain verification switched on.
 */
async function requireAccess(ctx: Context, organizationId: string): Promise<{ isVouchedFor: boolean }> {
  const isManager = ctx.actor.kind === 'operator' || ctx.actor.kind === 'apiClient' || ctx.actor.kind === 'system';
  if (isManager) await getOrganization(ctx, organizationId);
  else await requireFeature(ctx, organizationId, 'domain_verification');
  return { isVouchedFor: isManager };
}

function readName(text: string): string {
  const name = normalizeDomainName(text);
  if (name === undefined) {
    throw invalidField('domain.domain', 'Give a domain name such as acme.com, without https:// or an @.');
  }
  if (isPublicMailDomain(name)) {
    throw invalidField('domain.domain', `Anyone can have an address at ${name}. Use a domain of the company's own.`);
  }
  return name;
}

/** Holds the organization alive until the transaction ends. @throws not_found */
async function holdOrganization(tx: Tx, id: string): Promise<void> {
  const rows = await tx.orm
    .select({ id: organization.id })
    .from(organization)
    .where(and(eq(organization.id, id), isNull(organization.deletingAt)))
    .for('share');
  if (rows.length === 0) throw notFound('organization', id);
}

/** Holds the connection alive until the transaction ends. @throws not_found */
async function holdConnection(tx: Tx, organizationId: string, id: string): Promise<void> {
  const rows = await tx.orm
    .select({ id: connection.id })
    .from(connection)
    .where(and(eq(connection.id, id), eq(connection.organizationId, organizationId)))
    .for('share');
  if (rows.length === 0) throw notFound('connection', id);
}

async function lock(tx: Tx, ref: DomainRef, environmentId: string): Promise<EmailDomain> {
  const [row] = await tx.orm
    .select()
    .from(emailDomain)
    .where(and(eq(emailDomain.id, ref.domainId), eq(emailDomain.organizationId, ref.organizationId)))
    .for('update');
  if (!row) throw notFound('domain', ref.domainId);
  return fromRow(row, environmentId);
}

function clash(error: unknown, name: string): unknown {
  const constraint = brokenUniqueConstraint(error);
  if (constraint === undefined) return error;
  const description =
    constraint === 'email_domain_verified_key'
      ? `${name} is verified for another organization. It has to be deleted there first.`
      : `The organization has the domain ${name} already.`;
  return new AppError('already_exists', description, {
    cause: error,
    fieldViolations: [{ field: 'domain.domain', description }],
  });
}

/**
 * Adds a domain. Those who run the service vouch for it, so theirs is verified at once; a customer's own waits for its TXT record.
 * @param input.type an organization domain unless said otherwise
 * @throws not_found; invalid_argument for what is no domain or a public mail service; already_exists if this organization has it,
 *   or another one has it verified; failed_precondition for a customer without the feature
 */
export async function createDomain(
  ctx: Context,
  input: { organizationId: string; domain: string; type?: EmailDomainType; connectionId?: string },
): Promise<EmailDomain> {
  const { isVouchedFor } = await requireAccess(ctx, input.organizationId);
  const name = readName(input.domain);
  const type = input.type ?? 'ORGANIZATION_DOMAIN';
  if (input.connectionId && type !== 'ORGANIZATION_DOMAIN') throw notForConnections(name);
  const environmentId = await getEnvironmentId();
  const now = ctx.now();
  try {
    return await change(ctx, async (tx) => {
      await holdOrganization(tx, input.organizationId);
      if (input.connectionId) await holdConnection(tx, input.organizationId, input.connectionId);
      const [row] = await tx.orm
        .insert(emailDomain)
        .values({
          id: newId('domain', now),
          organizationId: input.organizationId,
          domain: name,
          type,
          connectionId: input.connectionId || null,
          txtRecordKey: TXT_RECORD_KEY,
          txtRecordSecret: TXT_RECORD_PREFIX + newSecret(TXT_SECRET_BYTES),
          status: isVouchedFor ? 'VERIFIED' : 'PENDING',
          method: isVouchedFor ? 'ADMIN' : 'DNS',
          createdAt: now,
          updatedAt: now,
        })
        .returning();
      const value = fromRow(row!, environmentId);
      return { value, events: [emailDomainEvent('organization.domain_created', value)] };
    });
  } catch (error) {
    throw clash(error, name);
  }
}

/**
 * Looks for the domain's TXT record, once, and keeps what that shows. A domain that an admin vouches for stays verified without a
 * record and is verified by DNS with one. One that waits fails when its time is over.
 * @returns the domain as it is now
 * @throws not_found; failed_precondition when it has failed already; already_exists if another organization has it verified;
 *   unavailable if no name server answers, with nothing changed
 */
export async function verifyDomain(ctx: Context, input: DomainRef & { lookUpTxt: LookUpTxt }): Promise<EmailDomain> {
  await requireAccess(ctx, input.organizationId);
  const known = await getDomain(ctx, input);
  if (known.status === 'FAILED') {
    throw new AppError(
      'failed_precondition',
      'Its time is over. Delete the domain and add it again for a new record.',
      {
        errorCode: 'DOMAIN_VERIFICATION_FAILED',
      },
    );
  }
  if (known.status === 'VERIFIED' && known.method === 'DNS') return known;
  const records = await input.lookUpTxt(`${known.txtRecordKey}.${known.domain}`);
  const isFound = records.some((record) => record.trim() === known.txtRecordSecret);
  const isOver = ctx.now().getTime() - known.createdAt.getTime() > VERIFICATION_WINDOW_MS;
  try {
    return await change(ctx, async (tx) => {
      const current = await lock(tx, input, known.environmentId);
      if (current.status === 'FAILED' || (current.status === 'VERIFIED' && current.method === 'DNS')) {
        return { value: current, events: [] };
      }
      if (isFound) {
        const value = await update(tx, ctx, current, { status: 'VERIFIED', method: 'DNS' });
        return { value, events: [emailDomainEvent('organization.domain_dns_verification_success', value)] };
      }
      if (current.status === 'VERIFIED' || !isOver) return { value: current, events: [] };
      const value = await update(tx, ctx, current, { status: 'FAILED' });
      return { value, events: [emailDomainEvent('organization.domain_dns_verification_failed', value)] };
    });
  } catch (error) {
    throw clash(error, known.domain);
  }
}

async function update(
  tx: Tx,
  ctx: Context,
  current: EmailDomain,
  patch: Partial<typeof emailDomain.$inferInsert>,
): Promise<EmailDomain> {
  const [row] = await tx.orm
    .update(emailDomain)
    .set({ ...patch, version: current.version + 1, updatedAt: ctx.now() })
    .where(eq(emailDomain.id, current.id))
    .returning();
  return fromRow(row!, current.environmentId);
}

/** Deletes a domain. @param input.connectionId if given, the connection it must be assigned to @throws not_found */
export async function deleteDomain(ctx: Context, input: DomainRef & { connectionId?: string }): Promise<void> {
  await requireAccess(ctx, input.organizationId);
  const environmentId = await getEnvironmentId();
  await change(ctx, async (tx) => {
    const current = await lock(tx, input, environmentId);
    if (input.connectionId && current.connectionId !== input.connectionId) throw notFound('domain', input.domainId);
    await tx.orm.delete(emailDomain).where(eq(emailDomain.id, current.id));
    const deleted = { ...current, version: current.version + 1, updatedAt: ctx.now() };
    return { value: undefined, events: [emailDomainEvent('organization.domain_deleted', deleted)] };
  });
}

/**
 * Makes these the domains of a connection: others leave it, and one that another connection had moves here.
 * @throws not_found for a connection or a domain that the organization does not have; invalid_argument for more than 50 domains or
 *   for one of the other type
 */
export async function assignDomains(
  ctx: Context,
  input: { organizationId: string; connectionId: string; domainIds: readonly string[] },
): Promise<void> {
  const ids = [...new Set(input.domainIds)];
  if (ids.length > MAX_ASSIGNED_DOMAINS) {
    throw invalidField('domain_ids', `At most ${MAX_ASSIGNED_DOMAINS} domains can be assigned.`);
  }
  await requireAccess(ctx, input.organizationId);
  await change(ctx, async (tx) => {
    await holdConnection(tx, input.organizationId, input.connectionId);
    const isOwn = eq(emailDomain.organizationId, input.organizationId);
    const found = await tx.orm
      .select({ id: emailDomain.id, domain: emailDomain.domain, type: emailDomain.type })
      .from(emailDomain)
      .where(and(isOwn, inArray(emailDomain.id, ids)))
      .orderBy(emailDomain.id)
      .for('update');
    const missing = ids.find((id) => !found.some((row) => row.id === id));
    if (missing !== undefined) throw notFound('domain', missing);
    const unfit = found.find(({ type }) => type !== 'ORGANIZATION_DOMAIN');
    if (unfit) throw notForConnections(unfit.domain);
    await tx.orm
      .update(emailDomain)
      .set({ connectionId: null, updatedAt: ctx.now() })
      .where(and(isOwn, eq(emailDomain.connectionId, input.connectionId), notInArray(emailDomain.id, ids)));
    await tx.orm
      .update(emailDomain)
      .set({ connectionId: input.connectionId, updatedAt: ctx.now() })
      .where(and(isOwn, inArray(emailDomain.id, ids)));
    return { value: undefined, events: [] };
  });
}

function notForConnections(name: string): AppError {
  return invalidField(
    'domain_ids',
    `${name} is an allowed email domain. Only organization domains lead to a connection.`,
  );
}
