import type { JsonValue } from '@bufbuild/protobuf';
import { createHash } from 'node:crypto';
import type { Context } from '@/lib/core/context';
import { claimKey, releaseKey, storeAnswer } from '@/lib/domain/idempotency/commands';

/** An answer over REST, before it is written out. */
export interface RestAnswer {
  readonly status: number;
  readonly body: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The request header that names a request, so that a repetition of it is not done again. */
export const IDEMPOTENCY_HEADER = 'idempotency-key';
const REPLAYED = { 'idempotency-replayed': 'true' } as const;
const TOO_MANY_REQUESTS = 429;
const GATEWAY_TIMEOUT = 504;

/** What a request asks for, as a hash: two requests with one key must ask for the same. */
export function hashRequest(verb: string, url: URL, body: string): string {
  return createHash('sha256')
    .update(JSON.stringify([verb, url.pathname, url.search, body]))
    .digest('hex');
}

/**
 * What `work` answers, or what it answered to the same request before. Only what settles the matter is kept: after a fault of ours, or
 * when the caller was too fast, the request may be tried again. `work` must go on when its caller hangs up, since then the answer is
 * what the caller comes back for.
 * @throws AppError, as `claimKey` does
 */
export async function answerOnce(
  ctx: Context,
  request: { readonly key: string; readonly requestHash: string },
  work: () => Promise<RestAnswer>,
): Promise<RestAnswer> {
  const taken = await claimKey(ctx, request);
  if (taken.kind === 'answered') {
    return { status: taken.answer.status, body: JSON.parse(taken.answer.body) as JsonValue, headers: REPLAYED };
  }
  const answer = await work();
  // After a time-out the work may still be going on: the key stays taken until it cannot be.
  if (answer.status === GATEWAY_TIMEOUT) return answer;
  try {
    if (answer.status >= 500 || answer.status === TOO_MANY_REQUESTS) await releaseKey(ctx, taken);
    else await storeAnswer(ctx, { ...taken, answer: { status: answer.status, body: JSON.stringify(answer.body) } });
  } catch (error) {
    // What was done is done, and the caller learns it; only a repetition would not.
    console.error(`The answer to request ${ctx.requestId} could not be kept for its idempotency key:`, error);
  }
  return answer;
}
