import { expect, test } from 'vitest';
import { FailureLimit, FAILURES_MAX } from './failure-limit';

const MINUTE_MS = 60_000;

function fail(limit: FailureLimit, address: string, times: number, nowMs: number): void {
  for (let count = 0; count < times; count++) limit.addFailure(address, 'skc_1', nowMs);
}

test('an address may fail twenty times a minute, then waits for the rest of it', () => {
  const limit = new FailureLimit();
  fail(limit, '192.0.2.1', FAILURES_MAX - 1, 0);
  expect(limit.secondsToWait('192.0.2.1', 'skc_1', 1000)).toBe(0);
  fail(limit, '192.0.2.1', 1, 1000);
  expect(limit.secondsToWait('192.0.2.1', 'skc_1', 10_000)).toBe(50);
  expect(limit.secondsToWait('192.0.2.1', 'skc_1', MINUTE_MS)).toBe(0);
  fail(limit, '192.0.2.1', 1, MINUTE_MS);
  expect(limit.secondsToWait('192.0.2.1', 'skc_1', MINUTE_MS)).toBe(0);
});

test('ten thousand other addresses push out the oldest count, not the latest', () => {
  const limit = new FailureLimit();
  fail(limit, 'old', FAILURES_MAX, 0);
  for (let count = 0; count < 9998; count++) fail(limit, `other ${count}`, 1, 1);
  fail(limit, 'late', FAILURES_MAX, 2);
  expect(limit.secondsToWait('old', 'skc_1', 3)).toBe(60);
  fail(limit, 'one more', 1, 3);
  expect(limit.secondsToWait('old', 'skc_1', 3)).toBe(0);
  expect(limit.secondsToWait('late', 'skc_1', 3)).toBe(60);
});
