import { randomUUID } from 'node:crypto';
import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { actorName, type Context, requireManager } from '@/lib/core/context';
import { AppError, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { hashSecret, newSecret } from '@/lib/core/seal';
import { brokenUniqueConstraint } from '@/lib/db/fault';
import { database } from '@/lib/db/handle';
import { redirectUri } from '@/lib/db/tables/installation';
import { organization, portalLink, portalSession } from '@/lib/db/tables/organization';
import { getOrganization } from '../organization/queries';
import type { Feature } from '../organization/types';
import { checkRedirectUri } from './redirect-uri';
import { fromRow, stateOf } from './row';
import {
  EMBED_LINK_SECONDS,
  type LinkErrorCode,
  type LinkKind,
  type NewPortalLink,
  type OpenedSession,
  PORTAL_SESSION_SECONDS,
  type RedirectUri,
  SHARE_LINK_SECONDS,
  SHARE_SUFFIX,
} from './types';

function after(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}

/**
 * Makes a link to the admin portal of an organization. The token is in the answer and cannot be read back.
 * @throws not_found
 */
export async function createLink(
  ctx: Context,
  input: { organizationId: string; kind: LinkKind; features?: readonly Feature[] },
): Promise<NewPortalLink> {
  requireManager(ctx);
  await getOrganization(ctx, input.organizationId);
  const now = ctx.now();
  const token = randomUUID() + (input.kind === 'share' ? SHARE_SUFFIX : '');
  const [row] = await database()
    .orm.insert(portalLink)
    .values({
      id: newId('portalLink', now),
      organizationId: input.organizationId,
      kind: input.kind,
      tokenHash: hashSecret(token),
      features: input.features?.length ? [...new Set(input.features)] : null,
      createdBy: actorName(ctx.actor),
      createdAt: now,
      expiresAt: after(now, input.kind === 'share' ? SHARE_LINK_SECONDS : EMBED_LINK_SECONDS),
    })
    .returning();
  return { link: fromRow(row!, now), token };
}

function linkError(errorCode: LinkErrorCode): AppError {
  const messages: Record<LinkErrorCode, string> = {
    LINK_NOT_FOUND: 'This link does not exist.',
    LINK_EXPIRED: 'This link has expired.',
    LINK_ALREADY_USED: 'This link was already used.',
    LINK_REVOKED: 'This link was revoked.',
  };
  return new AppError(errorCode === 'LINK_NOT_FOUND' ? 'not_found' : 'failed_precondition', messages[errorCode], {
    errorCode,
  });
}

/**
 * Opens a session with the token of a link. A single-use link is spent in the same statement, so of any number of requests at once
 * exactly one gets a session.
 * @throws an error whose `errorCode` is a `LinkErrorCode`
 */
export async function redeemLink(
  ctx: Context,
  input: { token: string; userAgent?: string },
): Promise<OpenedSession & { linkId: string; organizationId: string }> {
  const now = ctx.now();
  const tokenHash = hashSecret(input.token);
  return database().begin(async ({ orm }) => {
    const [spent] = await orm
      .update(portalLink)
      .set({
        redeemedAt: sql`coalesce(${portalLink.redeemedAt}, ${now.toISOString()}::timestamptz)`,
        lastUsedAt: now,
        useCount: sql`${portalLink.useCount} + 1`,
      })
      .where(
        and(
          eq(portalLink.tokenHash, tokenHash),
          isNull(portalLink.revokedAt),
          gt(portalLink.expiresAt, now),
          or(eq(portalLink.kind, 'share'), isNull(portalLink.redeemedAt)),
          sql`exists (select 1 from ${organization} where ${organization.id} = ${portalLink.organizationId} and ${organization.deletingAt} is null)`,
        ),
      )
      .returning();
    if (!spent) {
      const [found] = await orm.select().from(portalLink).where(eq(portalLink.tokenHash, tokenHash));
      if (!found) throw linkError('LINK_NOT_FOUND');
      const state = stateOf(found, now);
      // A live link that could not be spent belongs to an organization that was deleted.
      throw linkError(state === 'used' ? 'LINK_ALREADY_USED' : state === 'expired' ? 'LINK_EXPIRED' : 'LINK_REVOKED');
    }
    const session = {
      id: newId('portalSession', now),
      secret: newSecret(),
      expiresAt: after(now, PORTAL_SESSION_SECONDS),
    };
    await orm.insert(portalSession).values({
      id: session.id,
      linkId: spent.id,
      organizationId: spent.organizationId,
      secretHash: hashSecret(session.secret),
      createdAt: now,
      expiresAt: session.expiresAt,
      clientAddress: ctx.clientAddress,
      userAgent: input.userAgent?.slice(0, 300),
    });
    return {
      sessionId: session.id,
      secret: session.secret,
      expiresAt: session.expiresAt,
      linkId: spent.id,
      organizationId: spent.organizationId,
    };
  });
}

/**
 * Revokes one link, by its id or by the token of its address, and ends the sessions that it opened. Revoking twice is the same as once.
 * @throws not_found
 */
export async function revokeLink(ctx: Context, input: { organizationId: string; link: string }): Promise<void> {
  requireManager(ctx);
  await getOrganization(ctx, input.organizationId);
  const now = ctx.now();
  await database().begin(async ({ orm }) => {
    const [row] = await orm
      .update(portalLink)
      .set({ revokedAt: sql`coalesce(${portalLink.revokedAt}, ${now.toISOString()}::timestamptz)` })
      .where(
        and(
          eq(portalLink.organizationId, input.organizationId),
          or(eq(portalLink.id, input.link), eq(portalLink.tokenHash, hashSecret(input.link))),
        ),
      )
      .returning();
    // The address of a link is a credential: an error does not repeat it.
    if (!row) throw new AppError('not_found', 'No portal link with this id.');
    await orm
      .update(portalSession)
      .set({ endedAt: now })
      .where(and(eq(portalSession.linkId, row.id), isNull(portalSession.endedAt)));
  });
}

/** Revokes every link of an organization and ends all its portal sessions. @throws not_found */
export async function revokeAllLinks(ctx: Context, input: { organizationId: string }): Promise<void> {
  requireManager(ctx);
  await getOrganization(ctx, input.organizationId);
  const now = ctx.now();
  await database().begin(async ({ orm }) => {
    await orm
      .update(portalLink)
      .set({ revokedAt: now })
      .where(and(eq(portalLink.organizationId, input.organizationId), isNull(portalLink.revokedAt)));
    await orm
      .update(portalSession)
      .set({ endedAt: now })
      .where(and(eq(portalSession.organizationId, input.organizationId), isNull(portalSession.endedAt)));
  });
}

/** Ends one portal session: the visitor signed out. */
export async function endSession(ctx: Context): Promise<void> {
  if (ctx.actor.kind !== 'portalSession')
    throw new AppError('permission_denied', 'Only a portal session can end itself.');
  await database()
    .orm.update(portalSession)
    .set({ endedAt: ctx.now() })
    .where(and(eq(portalSession.id, ctx.actor.id), isNull(portalSession.endedAt)));
}

/**
 * Registers an address whose origin may embed the portal.
 * @param input.isLenient whether http, localhost and wildcards are allowed: only where this service itself runs on a loopback name
 * @throws invalid_argument, already_exists
 */
export async function addRedirectUri(ctx: Context, input: { uri: string; isLenient: boolean }): Promise<RedirectUri> {
  requireManager(ctx);
  const uri = checkRedirectUri(input.uri, input.isLenient);
  try {
    const [row] = await database()
      .orm.insert(redirectUri)
      .values({ id: newId('redirectUri'), uri, createdBy: actorName(ctx.actor), createdAt: ctx.now() })
      .returning();
    return row!;
  } catch (error) {
    if (brokenUniqueConstraint(error) === undefined) throw error;
    const description = `${uri} is already registered.`;
    throw new AppError('already_exists', description, { fieldViolations: [{ field: 'uri', description }] });
  }
}

/** Removes a registered address: pages there can no longer embed the portal. @throws not_found */
export async function removeRedirectUri(ctx: Context, input: { id: string }): Promise<void> {
  requireManager(ctx);
  const [row] = await database().orm.delete(redirectUri).where(eq(redirectUri.id, input.id)).returning();
  if (!row) throw notFound('redirect URI', input.id);
}
