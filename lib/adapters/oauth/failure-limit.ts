/** Wrong secrets that one address may present for one client id in a window, before it has to wait. */
export const FAILURES_MAX = 20;
const WINDOW_MS = 60_000;
/** Enough for an attack from many addresses to be counted, small enough to be kept in memory. */
const ENTRIES_MAX = 10_000;

interface Count {
  failures: number;
  readonly resetsAtMs: number;
}

/**
 * Counts wrong secrets by client address and client id, in this process's memory. Both, because everyone behind one reverse
 * proxy shares its address: somebody's guesses at one client must not lock out the others.
 */
export class FailureLimit {
  readonly #counts = new Map<string, Count>();

  /** Seconds to wait before the next try, 0 if it may be made now. */
  secondsToWait(address: string | undefined, clientId: string, nowMs: number): number {
    const count = this.#counts.get(keyOf(address, clientId));
    if (!count || count.failures < FAILURES_MAX || count.resetsAtMs <= nowMs) return 0;
    return Math.ceil((count.resetsAtMs - nowMs) / 1000);
  }

  /** Counts one wrong secret. */
  addFailure(address: string | undefined, clientId: string, nowMs: number): void {
    const key = keyOf(address, clientId);
    const known = this.#counts.get(key);
    if (known && known.resetsAtMs > nowMs) {
      known.failures++;
      return;
    }
    if (this.#counts.size >= ENTRIES_MAX) this.#makeRoom(nowMs);
    this.#counts.delete(key);
    this.#counts.set(key, { failures: 1, resetsAtMs: nowMs + WINDOW_MS });
  }

  /** Drops what is over, and the oldest if nothing is: entries are in the order in which their windows end. */
  #makeRoom(nowMs: number): void {
    for (const [key, { resetsAtMs }] of this.#counts) {
      if (resetsAtMs > nowMs && this.#counts.size < ENTRIES_MAX) return;
      this.#counts.delete(key);
    }
  }
}

function keyOf(address: string | undefined, clientId: string): string {
  return `${address ?? ''} ${clientId.slice(0, 200)}`;
}
