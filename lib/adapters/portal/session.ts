import { type Context, newContext } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { isId } from '@/lib/core/id';
import type { Feature, Organization } from '@/lib/domain/organization/types';
import { findVisit } from '@/lib/domain/portal/queries';
import { readTicket } from './cookie';

/** A visitor with a live session, and what they may see. */
export interface Visit {
  /** Acts as the portal session. */
  readonly ctx: Context;
  readonly sessionId: string;
  readonly organization: Organization;
  /** The tabs: what the link opens and the organization has. */
  readonly features: readonly Feature[];
  readonly expiresAt: Date;
  readonly parentOrigin?: string;
}

/**
 * The visit of the browser that asks for a path of the session `sessionId`, or undefined when its cookie does not open that session: there
 * is none, it is another session's, or the session is over. No other cookie is looked at: signing in opens no portal.
 * @param cookie the value of the session cookie, as the browser sent it
 */
export async function readVisit(request: {
  sessionId: string;
  cookie: string | undefined;
  clientAddress?: string;
}): Promise<Visit | undefined> {
  const { sessionId, cookie, clientAddress } = request;
  const ticket = readTicket(cookie);
  if (!ticket || !isId('portalSession', sessionId)) return undefined;
  const visitor = newContext({ kind: 'anonymous' }, { clientAddress });
  try {
    const found = await findVisit(visitor, { sessionId, secret: ticket.secret });
    const { linkId, organization, features, expiresAt } = found;
    return {
      ctx: {
        ...visitor,
        actor: { kind: 'portalSession', id: sessionId, linkId, organizationId: organization.id, features },
      },
      sessionId,
      organization,
      features,
      expiresAt,
      parentOrigin: ticket.parentOrigin,
    };
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated') return undefined;
    throw error;
  }
}
