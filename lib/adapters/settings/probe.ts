import http2 from 'node:http2';

/** Long enough for a far environment, short enough for a person who waits for a page. */
export const PROBE_TIMEOUT_MS = 4000;

/**
 * Resolves when a server that speaks HTTP/2 answers at `url`, and rejects with the reason otherwise. The SDK must not be let
 * loose on one that does not: its connection then fails in a way that nobody can catch, and that ends the process.
 */
export function probeHttp2(url: string, timeoutMs: number = PROBE_TIMEOUT_MS): Promise<void> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(url);
    const end = (error?: Error) => {
      clearTimeout(timer);
      // The listener for errors stays: a destroyed session may still complain.
      session.destroy();
      if (error) reject(error);
      else resolve();
    };
    const timer = setTimeout(() => end(new Error(`No answer within ${timeoutMs / 1000} seconds.`)), timeoutMs);
    session.once('remoteSettings', () => end());
    session.on('error', (error) => end(error));
    session.once('close', () => end(new Error('The connection was closed.')));
  });
}
