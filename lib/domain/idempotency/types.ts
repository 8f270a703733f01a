/** Limits of idempotency keys. */
export const IDEMPOTENCY_LIMITS = {
  keyLengthMax: 255,
  /** How long an answer is repeated: a client that retries for longer has given up. */
  keepMs: 24 * 3_600_000,
  /** After this no answer of a request comes any more: twice the longest time that a call may take. */
  claimMs: 60_000,
} as const;

/** What was answered to the first request with a key. */
export interface StoredAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

/** A key in the hands of one request, or the answer that an earlier one was given. */
export type Claim =
  | { readonly kind: 'claimed'; readonly key: string; readonly claim: string }
  | { readonly kind: 'answered'; readonly answer: StoredAnswer };
