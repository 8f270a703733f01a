/**
 * What loops of this process wait for: events were committed (`events`), events were numbered (`announcements`), webhooks fell due or
 * finished (`deliveries`), a fan-out run was written (`runs`), someone is held back (`holds`).
 */
export type WakeTopic = 'events' | 'announcements' | 'deliveries' | 'runs' | 'holds';

const STORE = Symbol.for('gatehouse.wake');
const store = globalThis as unknown as { [STORE]?: Map<WakeTopic, Set<() => void>> };
const listeners = (store[STORE] ??= new Map<WakeTopic, Set<() => void>>());

/**
 * Tells the loops of this process that there is work of `topic`. Called after the commit. Other replicas poll: a NOTIFY for each event would
 * make all commits wait for one lock.
 */
export function wake(topic: WakeTopic): void {
  for (const listener of listeners.get(topic) ?? []) listener();
}

/** Calls `listener` at each `wake` of `topic` until the returned function is called. It must not throw. */
export function onWake(topic: WakeTopic, listener: () => void): () => void {
  const known = listeners.get(topic) ?? new Set();
  listeners.set(topic, known.add(listener));
  return () => known.delete(listener);
}
