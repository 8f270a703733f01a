import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import type { Feature } from '@/lib/domain/organization/types';
import { clientAddressOf } from '../client-address';
import { SESSION_COOKIE } from './cookie';
import { readVisit, type Visit } from './session';
import { portalSite } from './site';

/**
 * The visit that the current request belongs to, by the session in its path and the cookie bound to that path. Undefined when there is
 * none. Asked by every page, handler and action of the portal; within one request it is read once.
 */
export const openVisit = cache(async (sessionId: string): Promise<Visit | undefined> => {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return readVisit({
    sessionId,
    cookie: jar.get(SESSION_COOKIE)?.value,
    clientAddress: clientAddressOf(new Request(portalSite().publicOrigin, { headers: head })),
  });
});

/** What a page of one tab finds: a visit that may see it, or why there is none. */
export type TabVisit = { readonly kind: 'open'; readonly visit: Visit } | { readonly kind: 'ended' | 'hidden' };

/** The visit, if its session is live and its link and organization have `feature`. */
export async function openTab(sessionId: string, feature: Feature): Promise<TabVisit> {
  const visit = await openVisit(sessionId);
  if (!visit) return { kind: 'ended' };
  return visit.features.includes(feature) ? { kind: 'open', visit } : { kind: 'hidden' };
}
