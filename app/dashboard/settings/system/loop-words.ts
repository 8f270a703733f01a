import type { LoopState } from '@/lib/domain/loop/types';

const TITLES: Readonly<Record<string, string>> = {
  announcements: 'Events get their place in the order',
  webhooks: 'Events become deliveries',
  'webhook-deliveries': 'Deliveries are sent',
  'webhook-history': 'Old deliveries are forgotten',
  members: 'Members follow directories',
  runs: 'Large changes are told in batches',
  'held-people': 'Held people are released or alerted',
  'old-removals': 'Old removals are forgotten',
  purge: 'Deleted data is removed',
  'log-partitions': 'Days of the log begin and end',
  vacuum: 'Changed tables are vacuumed',
  'signing-keys': 'Signing keys follow each other',
  'idempotency-keys': 'Old idempotency keys are forgotten',
};

/** What a loop does, in words; its name where there are none. */
export function titleOfLoop(name: string): string {
  return TITLES[name] ?? name;
}

/** A stretch of time for a person to compare: "0 ms", "340 ms", "12 s", "4 min", "3 h". */
export function formatLag(lagMs: number): string {
  if (lagMs < 1000) return `${Math.round(lagMs)} ms`;
  if (lagMs < 120_000) return `${Math.round(lagMs / 1000)} s`;
  if (lagMs < 7_200_000) return `${Math.round(lagMs / 60_000)} min`;
  return `${Math.round(lagMs / 3_600_000)} h`;
}

/** How often loops tell how they went, and then some: less is no delay. */
const REPORT_SLACK_MS = 15_000;
/** A loop that missed this many turns is late. */
const MISSED_TURNS = 3;
/** Work that has waited this long is behind. */
const BEHIND_MS = 10_000;

/** How a loop goes. */
export function stateOfLoop(loop: LoopState, now: Date): 'ok' | 'failing' | 'late' | 'behind' {
  const { lastRunAt, lastErrorAt, everyMs, backlog } = loop;
  if (lastErrorAt && (!lastRunAt || lastErrorAt > lastRunAt)) return 'failing';
  if (!lastRunAt || now.getTime() - lastRunAt.getTime() > everyMs * MISSED_TURNS + REPORT_SLACK_MS) return 'late';
  return backlog && backlog.lagMs > BEHIND_MS ? 'behind' : 'ok';
}
