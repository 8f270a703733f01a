import { and, asc, desc, eq, gt, isNull, or } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { hashSecret } from '@/lib/core/seal';
import { database } from '@/lib/db/handle';
import { redirectUri } from '@/lib/db/tables/installation';
import { organization as organizationTable, portalLink, portalSession } from '@/lib/db/tables/organization';
import { getOrganization } from '../organization/queries';
import { FEATURES } from '../organization/types';
import { matchesOrigin, originOf } from './redirect-uri';
import { fromRow } from './row';
import type { LinkKind, PortalLink, PortalVisit, RedirectUri } from './types';

/** How many links a list shows: embedded ones come with every page load, so older ones are left out. */
const LIST_LIMIT = 100;

/** The latest links of an organization, newest first, of one kind when `kind` is given. @throws not_found */
export async function listLinks(
  ctx: Context,
  input: { organizationId: string; kind?: LinkKind },
): Promise<PortalLink[]> {
  requireManager(ctx);
  await getOrganization(ctx, input.organizationId);
  const rows = await database()
    .orm.select()
    .from(portalLink)
    .where(
      and(
        eq(portalLink.organizationId, input.organizationId),
        input.kind === undefined ? undefined : eq(portalLink.kind, input.kind),
      ),
    )
    .orderBy(desc(portalLink.createdAt), desc(portalLink.id))
    .limit(LIST_LIMIT);
  return rows.map((row) => fromRow(row, ctx.now()));
}

/**
 * What the holder of a session's secret may see now.
 * @throws unauthenticated with errorCode SESSION_EXPIRED when the session is unknown, over, or its link revoked
 */
export async function findVisit(ctx: Context, input: { sessionId: string; secret: string }): Promise<PortalVisit> {
  const now = ctx.now();
  const [row] = await database()
    .orm.select({ session: portalSession, features: portalLink.features })
    .from(portalSession)
    .innerJoin(portalLink, eq(portalLink.id, portalSession.linkId))
    .innerJoin(organizationTable, eq(organizationTable.id, portalSession.organizationId))
    .where(
      and(
        eq(portalSession.id, input.sessionId),
        eq(portalSession.secretHash, hashSecret(input.secret)),
        gt(portalSession.expiresAt, now),
        isNull(portalSession.endedAt),
        isNull(portalLink.revokedAt),
        isNull(organizationTable.deletingAt),
        or(isNull(organizationTable.featureRemovedAt), gt(portalSession.createdAt, organizationTable.featureRemovedAt)),
      ),
    );
  const ended = new AppError('unauthenticated', 'This session has ended.', { errorCode: 'SESSION_EXPIRED' });
  if (!row) throw ended;
  const asSystem: Context = { ...ctx, actor: { kind: 'system', id: 'portal' } };
  const organization = await getOrganization(asSystem, row.session.organizationId).catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'not_found' ? ended : error;
  });
  return {
    sessionId: row.session.id,
    linkId: row.session.linkId,
    organization,
    features: FEATURES.filter((name) => organization.features[name] && (row.features?.includes(name) ?? true)),
    expiresAt: row.session.expiresAt,
  };
}

/** Whether the live session `input.sessionId` was opened by the link with this token: then a reload may go back to it. */
export async function isSessionOfLink(
  ctx: Context,
  input: { sessionId: string; secret: string; token: string },
): Promise<boolean> {
  const visit = await findVisit(ctx, input).catch(() => undefined);
  if (!visit) return false;
  const [row] = await database()
    .orm.select({ id: portalLink.id })
    .from(portalLink)
    .where(and(eq(portalLink.id, visit.linkId), eq(portalLink.tokenHash, hashSecret(input.token))));
  return row !== undefined;
}

/** The registered addresses, oldest first. */
export async function listRedirectUris(ctx: Context): Promise<RedirectUri[]> {
  requireManager(ctx);
  return database().orm.select().from(redirectUri).orderBy(asc(redirectUri.createdAt), asc(redirectUri.id));
}

/** Origins that may frame the portal, for `frame-ancestors`. Anyone may ask: browsers are told in a header. */
export async function listFrameOrigins(): Promise<string[]> {
  const rows = await database().orm.select({ uri: redirectUri.uri }).from(redirectUri);
  return [...new Set(rows.map((row) => originOf(row.uri)))];
}

/** Whether a page of `origin` may frame the portal. */
export async function isFrameOrigin(origin: string): Promise<boolean> {
  const rows = await database().orm.select({ uri: redirectUri.uri }).from(redirectUri);
  return rows.some((row) => matchesOrigin(row.uri, origin));
}
