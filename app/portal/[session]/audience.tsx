'use client';

import { createContext, type ReactNode, use, useEffect, useRef } from 'react';
import { chooseTargets, type PortalUiEvent } from '@/lib/adapters/portal/ui-event';

/** Who may be told what happens in the portal. */
export interface Audience {
  /** Origin of the framing page when the portal was opened, where the browser told the server. */
  readonly parentOrigin?: string;
  /** Origins of the registered redirect URIs, and this service's own. */
  readonly allowed: readonly string[];
}

/** Posts an event to the page that frames the portal, if it is one that may know. In a window of its own nothing is posted. */
export function postUiEvent(event: PortalUiEvent, audience: Audience): void {
  if (window.parent === window) return;
  // Not in every browser: some tell the referrer of the first load only.
  const ancestors: Partial<Pick<Location, 'ancestorOrigins'>> = window.location;
  const targets = chooseTargets([ancestors.ancestorOrigins?.[0], audience.parentOrigin], audience.allowed);
  for (const origin of targets) window.parent.postMessage(event, origin);
}

const AudienceContext = createContext<Audience>({ allowed: [] });

/** Lets everything inside tell the framing page what happens. */
export function AudienceProvider({ audience, children }: { audience: Audience; children: ReactNode }) {
  return <AudienceContext value={audience}>{children}</AudienceContext>;
}

/**
 * Posts `event` when it is a new one: once, however often the page around it is read again.
 * @param event the same object for as long as it is the same event
 */
export function usePostUiEvent(event: PortalUiEvent | undefined): void {
  const audience = use(AudienceContext);
  const posted = useRef<PortalUiEvent>(undefined);
  useEffect(() => {
    if (event === undefined || event === posted.current) return;
    posted.current = event;
    postUiEvent(event, audience);
  }, [event, audience]);
}
