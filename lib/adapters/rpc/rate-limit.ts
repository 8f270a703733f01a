import { AppError } from '@/lib/core/error';

/** How many seconds' worth of calls may come at once after a pause. */
const BURST_SECONDS = 4;
/** Far more credentials than call at the same time. */
const BUCKETS_MAX = 10_000;

interface Bucket {
  calls: number;
  filledAtMs: number;
}

/** How many calls each API credential may make: a bucket that fills steadily, in this process's memory. */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();
  readonly #callsPerSecond: number;
  readonly #now: () => number;

  /** @param callsPerSecond 0 for no limit @param now the clock, in milliseconds */
  constructor(callsPerSecond: number, now: () => number = () => Date.now()) {
    this.#callsPerSecond = callsPerSecond;
    this.#now = now;
  }

  /** Counts one call. Throws `resource_exhausted`, with the seconds to wait, if it is one too many. */
  take(credentialId: string): void {
    if (this.#callsPerSecond === 0) return;
    const bucket = this.#fill(credentialId);
    if (bucket.calls >= 1) {
      bucket.calls -= 1;
      return;
    }
    const seconds = Math.max(1, Math.ceil((1 - bucket.calls) / this.#callsPerSecond));
    throw new AppError(
      'resource_exhausted',
      `This credential makes more than ${this.#callsPerSecond} calls a second. Try again in ${seconds} s.`,
      { errorCode: 'RATE_LIMITED', retryAfterSeconds: seconds, resource: { name: credentialId } },
    );
  }

  #fill(credentialId: string): Bucket {
    const nowMs = this.#now();
    const full = this.#callsPerSecond * BURST_SECONDS;
    const known = this.#buckets.get(credentialId);
    if (!known) {
      if (this.#buckets.size >= BUCKETS_MAX) this.#buckets.clear();
      const bucket = { calls: full, filledAtMs: nowMs };
      this.#buckets.set(credentialId, bucket);
      return bucket;
    }
    const elapsedSeconds = Math.max(0, nowMs - known.filledAtMs) / 1000;
    known.calls = Math.min(full, known.calls + elapsedSeconds * this.#callsPerSecond);
    known.filledAtMs = nowMs;
    return known;
  }
}
