import type { Actor, Context } from '@/lib/core/context';
import { newId } from '@/lib/core/id';

/** What an implementation is given beside the request. */
export interface CallContext {
  readonly ctx: Context;
  readonly requestId: string;
  /** Aborted when the caller hangs up or its deadline passes. */
  readonly signal: AbortSignal;
}

/**
 * Finds out who calls, from the `authorization` header. Throws an `unauthenticated` AppError for a missing, unknown,
 * expired or revoked token; never `permission_denied`, for which the SDK would not fetch a new token.
 */
export type Authenticate = (authorization: string | undefined) => Promise<Actor>;

/** A call as it arrives, whatever the protocol. */
export interface IncomingCall {
  readonly requestId: string;
  readonly authorization: string | undefined;
  readonly clientAddress: string | undefined;
  readonly signal: AbortSignal;
}

const SANE_REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The caller's `x-request-id` if it is short and harmless, else a new one. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get('x-request-id');
  return given !== null && SANE_REQUEST_ID.test(given) ? given : newId('request');
}
