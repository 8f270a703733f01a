/**
 * How the front door and the rest of the service find each other: `instrumentation.ts` builds the lanes inside Next's own
 * module graph and leaves them on globalThis, where the door, which is plain Node, picks them up.
 *
 * @typedef {object} Lanes
 * @property {(req: import('node:http2').Http2ServerRequest, res: import('node:http2').Http2ServerResponse) => void} rpc
 *   gRPC over HTTP/2.
 * @property {(req: import('node:http').IncomingMessage, res: import('node:http').ServerResponse) => void | Promise<void>} scim
 *   HTTP/1.1 requests under `/scim/v2/`.
 * @property {() => Promise<boolean> | boolean} isReady
 * @property {string} [setupUrl] Printed once while there is no operator.
 * @property {() => void} [drain] Called when the door starts to close: ends answers that would never end by themselves.
 * @property {() => Promise<void>} close Called last: flushes what is buffered and closes the database.
 */

const LANES = Symbol.for('gatehouse.lanes');
const BOOT_FAILURE = Symbol.for('gatehouse.boot-failure');
const POLL_MS = 20;

const shared = /** @type {{[LANES]?: Lanes, [BOOT_FAILURE]?: {error: unknown}}} */ (
  /** @type {unknown} */ (globalThis)
);

/** Opens the way for the door: it listens as soon as this was called. @param {Lanes} lanes */
export function publishLanes(lanes) {
  shared[LANES] = lanes;
}

/**
 * Tells the door that boot failed. Next logs what `register()` throws and goes on, so the error has to be left here.
 * @param {unknown} error
 */
export function publishBootFailure(error) {
  shared[BOOT_FAILURE] = { error };
}

/**
 * The lanes, once boot has published them. In production Next says that it is prepared before `register()` has ended.
 * @param {number} timeoutMs
 * @returns {Promise<Lanes>}
 * @throws what boot failed with, or an Error when nothing was published in time
 */
export async function waitForLanes(timeoutMs) {
  const givesUpAt = Date.now() + timeoutMs;
  for (;;) {
    const failure = shared[BOOT_FAILURE];
    if (failure) throw failure.error;
    const lanes = shared[LANES];
    if (lanes) return lanes;
    if (Date.now() > givesUpAt) {
      throw new Error(`the service was not ready after ${timeoutMs / 1000} seconds. Look for an earlier error above.`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
