import type { Exchange } from '@/lib/domain/log/types';

/** A failed request in words for the person who set the provider up. */
export interface Explanation {
  /** What happened. */
  readonly words: string;
  /** What to do, and where. */
  readonly fix: string;
}

/**
 * What a failed exchange means.
 * @param provider the provider's name, for sentences
 */
export function explainFailure(
  exchange: Pick<Exchange, 'status' | 'errorDetail' | 'requestId' | 'resourceName' | 'resourceType'>,
  provider: string,
): Explanation {
  const { status, errorDetail, requestId, resourceName, resourceType } = exchange;
  const thing = resourceType === 'Group' ? 'group' : 'person';
  const named = resourceName ? ` (${resourceName})` : '';
  const detail = errorDetail ? `: ${errorDetail}` : '.';
  switch (status) {
    case 401:
      return {
        words: `${provider} sent a token that is not accepted.`,
        fix: `Paste the token again in ${provider}, or make a new one here and paste that.`,
      };
    case 403:
      return {
        words: `What ${provider} sent was refused.`,
        fix: errorDetail ?? `Enable the connection here. ${provider} tries again.`,
      };
    case 404:
      return {
        words: `${provider} asked for a ${thing} that is not here${named}.`,
        fix: `The next synchronisation usually sends it again. If not, remove the assignment in ${provider} and add it again.`,
      };
    case 409:
      return {
        words: `A ${thing} with the same name is here already${named}.`,
        fix: `Look in ${provider} for two entries with this name, or for one that was renamed, and keep one.`,
      };
    case 412:
      return {
        words: 'Two changes to the same entry met.',
        fix: `Nothing to do: ${provider} reads it and tries again.`,
      };
    case 413:
      return { words: 'A request was too large.', fix: `Send fewer groups or members at once in ${provider}.` };
    case 429:
      return {
        words: 'Requests came faster than they are taken.',
        fix: `Nothing to do: ${provider} waits and tries again.`,
      };
    default:
      if (status >= 500) {
        return {
          words: 'A request failed on this side. Nothing is wrong with what you set up.',
          fix: `${provider} tries again. If it goes on, tell the people who gave you this page the reference ${requestId}.`,
        };
      }
      return {
        words: `A value was not accepted${detail}`,
        fix: `Correct it, or its attribute mapping, in ${provider}. It is sent again with the next change.`,
      };
  }
}
