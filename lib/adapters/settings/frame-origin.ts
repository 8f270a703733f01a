import { processSetup } from '@/lib/core/data-folder.mjs';

const STORE = Symbol.for('gatehouse.frame-origin');
const store = globalThis as unknown as { [STORE]?: string };

/**
 * The origin that the settings page may frame: the one that the environment's links had last, and until the first link the one
 * that is expected. `proxy.ts` needs it before the page has made its link, because a page cannot set headers.
 */
export function frameOrigin(): string {
  if (store[STORE] !== undefined) return store[STORE];
  const { publicOrigin, environmentUrl, isEnvironmentSelf } = processSetup().config;
  return isEnvironmentSelf ? publicOrigin : environmentUrl;
}

/**
 * Remembers the origin of a link that was just made. Returns whether that is news: then the answer under way has been given a
 * policy for another origin, and the page must be asked for again. An environment with a domain of its own does that once.
 */
export function learnFrameOrigin(origin: string): boolean {
  const isNews = frameOrigin() !== origin;
  store[STORE] = origin;
  return isNews;
}

/** Forgets what was learned, for tests. */
export function forgetFrameOrigin(): void {
  store[STORE] = undefined;
}
