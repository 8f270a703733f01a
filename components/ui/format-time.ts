type Unit = readonly [unit: Intl.RelativeTimeFormatUnit, ms: number];

const SECOND: Unit = ['second', 1000];
const ALMOST = 0.99;
const UNITS: readonly Unit[] = [
  ['year', 365 * 24 * 60 * 60 * 1000],
  ['month', 30 * 24 * 60 * 60 * 1000],
  ['day', 24 * 60 * 60 * 1000],
  ['hour', 60 * 60 * 1000],
  ['minute', 60 * 1000],
  SECOND,
];

/** Under this distance it is "now": a counting second hand would only disturb. */
export const NOW_WITHIN_MS = 10_000;

/** A moment as a distance from now: "3 minutes ago", "in 2 days", "now". */
export function formatRelative(atMs: number, nowMs: number, locale: string): string {
  const distanceMs = atMs - nowMs;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (Math.abs(distanceMs) < NOW_WITHIN_MS) return format.format(0, 'second');
  if (distanceMs < 0) {
    const [unit, ms] = UNITS.find((entry) => -distanceMs >= entry[1]) ?? SECOND;
    return format.format(Math.trunc(distanceMs / ms), unit);
  }
  // A link made for seven days must not read "in 6 days" a second later.
  const [unit, ms] = UNITS.find((entry) => distanceMs >= entry[1] * ALMOST) ?? SECOND;
  return format.format(Math.round(distanceMs / ms), unit);
}

/** A moment in full, to the second, with its zone: "23 Nov 2026, 20:31:07 UTC". The zone is the runtime's unless given. */
export function formatAbsolute(atMs: number, locale: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    timeZone,
  }).format(atMs);
}

/** The clock in ms, for components, which may not read it while they render. */
export function readClockMs(): number {
  return Date.now();
}

/** How long from now until the relative form can read differently, in ms. */
export function nextChangeMs(atMs: number, nowMs: number): number {
  const distanceMs = Math.abs(atMs - nowMs);
  if (distanceMs < 60_000) return 10_000;
  return distanceMs < 60 * 60_000 ? 30_000 : 10 * 60_000;
}
