/** Refused requests of one address that are logged per minute: enough to diagnose, too few to fill the log. */
const MAX_PER_MINUTE = 60;
const WINDOW_MS = 60_000;
const MAX_ADDRESSES = 10_000;

const windows = new Map<string, { startedAtMs: number; count: number }>();

/** Whether one more refused request of this address is logged now. */
export function mayLogRefusal(address: string | undefined, nowMs: number): boolean {
  const key = address ?? 'unknown';
  const window = windows.get(key);
  if (!window || nowMs - window.startedAtMs >= WINDOW_MS) {
    if (windows.size >= MAX_ADDRESSES) windows.clear();
    windows.set(key, { startedAtMs: nowMs, count: 1 });
    return true;
  }
  window.count += 1;
  return window.count <= MAX_PER_MINUTE;
}
