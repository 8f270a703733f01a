import { RETRY_SCHEDULE_SECONDS } from '@/lib/domain/delivery/types';

const UNITS = [
  { name: 'hour', seconds: 3600 },
  { name: 'minute', seconds: 60 },
  { name: 'second', seconds: 1 },
] as const;

/** A stretch of time in its largest whole unit: "5 minutes", "1 hour", "90 minutes". */
export function formatSeconds(seconds: number): string {
  const unit = UNITS.find((one) => seconds >= one.seconds && seconds % one.seconds === 0) ?? UNITS[2];
  const count = seconds / unit.seconds;
  return `${count.toLocaleString('en')} ${unit.name}${count === 1 ? '' : 's'}`;
}

/** When each attempt is made after the one before, in words: "at once", "5 seconds", … */
export const ATTEMPT_DELAYS: readonly string[] = RETRY_SCHEDULE_SECONDS.map((seconds) =>
  seconds === 0 ? 'at once' : formatSeconds(seconds),
);

/** How long it takes until a delivery is given up, without jitter, in hours. */
export const HOURS_UNTIL_GIVEN_UP = Math.round(
  RETRY_SCHEDULE_SECONDS.reduce((sum: number, seconds) => sum + seconds, 0) / 3600,
);
