import { headers } from 'next/headers';
import { AppError } from '@/lib/core/error';
import type { Feature } from '@/lib/domain/organization/types';
import type { Visit } from './session';
import { portalSite } from './site';
import { openTab } from './visit';

/** What a portal form is told when its action was not done. */
export interface FormState {
  /** One or two sentences: what is wrong and what to do. */
  readonly error?: string;
}

/**
 * Whether a form was posted by a page of this service: by its Origin, or, where the browser keeps that to itself, by Sec-Fetch-Site.
 * @param headers of the request
 */
export function isOwnPost(headers: Pick<Headers, 'get'>, publicOrigin: string): boolean {
  const origin = headers.get('origin');
  if (origin === null || origin === 'null') return headers.get('sec-fetch-site') === 'same-origin';
  return origin === publicOrigin;
}

const ENDED = 'This session has ended. Go back to where you opened this page, or open your link again.';
const HIDDEN = 'This part of the portal was switched off. Ask the people who gave you the link.';
const STRANGE = 'This form was not sent from this page, so nothing was changed. Reload the page and try again.';

/** An `AppError` in words for a form, or the error itself, thrown again, when it is not meant for people. */
export function toFormState(error: unknown): Required<FormState> {
  if (!(error instanceof AppError) || error.code === 'internal') throw error;
  if (error.code === 'not_found') return { error: 'This is no longer here. Go back to your directories.' };
  return { error: error.message };
}

/**
 * Runs the work of a portal form, when it was posted by a page of this service, by the holder of the session, on a tab that is open to
 * it; otherwise answers what to tell the visitor.
 * @param sessionId the session in the path of the page
 */
export async function runPortalAction<T>(
  sessionId: string,
  feature: Feature,
  work: (visit: Visit) => Promise<T>,
): Promise<T | Required<FormState>> {
  if (!isOwnPost(await headers(), portalSite().publicOrigin)) return { error: STRANGE };
  const tab = await openTab(sessionId, feature);
  if (tab.kind !== 'open') return { error: tab.kind === 'ended' ? ENDED : HIDDEN };
  try {
    return await work(tab.visit);
  } catch (error) {
    return toFormState(error);
  }
}
