import { database } from './handle';

/** What a short cache remembers may be wrong this long in a replica that missed the notice, and never longer. */
const CACHE_MS = 2000;
const MAX_ENTRIES = 10_000;
const CHANNEL = 'gatehouse_forget';

interface Entry {
  readonly value: object;
  readonly expiresAtMs: number;
}

const STORE = Symbol.for('gatehouse.short-cache');
const store = globalThis as unknown as { [STORE]?: Map<string, Entry> };
// One map per process, even where the bundler makes two copies of this module.
const entries = (store[STORE] ??= new Map());

/**
 * What `load` answered for `key` at most two seconds ago, or what it answers now. "Not found" is not remembered, so that a
 * credential just made works at once. Only for answers that `forgetCredentials` clears.
 */
export async function remember<T extends object>(
  key: string,
  nowMs: number,
  load: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const known = entries.get(key);
  if (known && known.expiresAtMs > nowMs) return known.value as T;
  const value = await load();
  if (entries.size >= MAX_ENTRIES) entries.clear();
  if (value) entries.set(key, { value, expiresAtMs: nowMs + CACHE_MS });
  else entries.delete(key);
  return value;
}

/**
 * Forgets every cached credential, here at once and in other replicas by NOTIFY. Called after each committed change that could
 * make a token, a credential or a session be refused.
 */
export async function forgetCredentials(): Promise<void> {
  entries.clear();
  await database().sql.rows(`select pg_notify('${CHANNEL}', '')`);
}

/** Listens for the notice of other replicas. Returns what ends it. */
export function listenForForgottenCredentials(): Promise<() => Promise<void>> {
  return database().listen(CHANNEL, () => entries.clear());
}
