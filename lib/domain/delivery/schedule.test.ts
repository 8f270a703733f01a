import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { outcomeOf } from './outcome';
import {
  type ClaimedDelivery,
  DELIVERY_KEPT_DAYS,
  ORDER_WAIT_SECONDS,
  REMOVAL_WAIT_SECONDS,
  RETRY_JITTER_SHARE,
  RETRY_SCHEDULE_SECONDS,
} from './types';

const guide = readFileSync('docs/webhooks.md', 'utf8');

function inWords(seconds: number): string {
  if (seconds === 0) return 'at once';
  if (seconds < 60) return `${seconds} seconds`;
  return seconds < 3600 ? `${seconds / 60} minutes` : `${seconds / 3600} hours`;
}

test('the guide has the schedule, the waits and the times that the service has', () => {
  const [, table = ''] = /<!-- schedule -->\n(.*)\n<!-- \/schedule -->/s.exec(guide) ?? [];
  const rows = table.split('\n').slice(2);
  expect(rows).toEqual(RETRY_SCHEDULE_SECONDS.map((seconds, at) => `| ${at + 1} | ${inWords(seconds)} |`));
  expect(guide).toContain(`up to ${RETRY_JITTER_SHARE * 100} % longer`);
  expect(guide).toContain(`waits for ${ORDER_WAIT_SECONDS / 60} minutes at`);
  expect(guide).toContain(`for ${REMOVAL_WAIT_SECONDS / 60} minute if it takes access away`);
  expect(guide).toContain(`kept for ${DELIVERY_KEPT_DAYS} days`);
});

test('each failure leads to the next delay, with its jitter, and the last one to giving up', () => {
  const now = new Date(0);
  const failWith = (roundAttempts: number, random: number, status = 500) => {
    const delivery = { roundAttempts } as ClaimedDelivery;
    const result = { delivery, startedAt: now, latencyMs: 1, status, error: 'no', requestHeaders: {}, answer: '' };
    return outcomeOf(result, now, () => random);
  };
  const delays = RETRY_SCHEDULE_SECONDS.slice(1);
  for (const [at, seconds] of delays.entries()) {
    expect(failWith(at, 0)).toEqual({ state: 'pending', dueAt: new Date(seconds * 1000), isGone: false });
    expect(failWith(at, 1).dueAt).toEqual(new Date(seconds * 1100));
  }
  expect(failWith(delays.length, 0)).toEqual({ state: 'failed', dueAt: null, isGone: false });
  expect(failWith(0, 0, 410)).toEqual({ state: 'failed', dueAt: null, isGone: true });
});
