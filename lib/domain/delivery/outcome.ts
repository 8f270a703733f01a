import { type AttemptResult, RETRY_JITTER_SHARE, RETRY_SCHEDULE_SECONDS } from './types';

/** The one status that says more than that it failed: nobody will ever listen here again (RFC 9110 §15.5.11). */
const GONE = 410;

/** What becomes of a delivery after an attempt. */
export interface Outcome {
  readonly state: 'pending' | 'delivered' | 'failed';
  /** When it is tried again; null if it is not. */
  readonly dueAt: Date | null;
  readonly isGone: boolean;
}

/** @param random 0 to 1, for the jitter */
export function outcomeOf(result: AttemptResult, now: Date, random: () => number): Outcome {
  if (result.error === null) return { state: 'delivered', dueAt: null, isGone: false };
  const delay = RETRY_SCHEDULE_SECONDS[result.delivery.roundAttempts + 1];
  if (result.status === GONE) return { state: 'failed', dueAt: null, isGone: true };
  if (delay === undefined) return { state: 'failed', dueAt: null, isGone: false };
  const waitMs = delay * 1000 * (1 + RETRY_JITTER_SHARE * random());
  return { state: 'pending', dueAt: new Date(now.getTime() + waitMs), isGone: false };
}
