import { expect, test } from 'vitest';
import { RateLimit } from './rate-limit';

const LIMITED = expect.objectContaining({ code: 'resource_exhausted', errorCode: 'RATE_LIMITED' });

function takeAll(limit: RateLimit, id: string): number {
  for (let calls = 0; ; calls += 1) {
    try {
      limit.take(id);
    } catch (error) {
      expect(error).toEqual(LIMITED);
      return calls;
    }
  }
}

test('a credential may make four seconds’ worth of calls at once, then as many as were earned since', () => {
  let nowMs = 0;
  const limit = new RateLimit(10, () => nowMs);
  expect(takeAll(limit, 'skc_1')).toBe(40);
  nowMs += 500;
  expect(takeAll(limit, 'skc_1')).toBe(5);
  nowMs += 60_000;
  expect(takeAll(limit, 'skc_1')).toBe(40);
});

test('a clock that goes back neither gives nor takes calls', () => {
  let nowMs = 10_000;
  const limit = new RateLimit(10, () => nowMs);
  expect(takeAll(limit, 'skc_1')).toBe(40);
  nowMs = 0;
  expect(takeAll(limit, 'skc_1')).toBe(0);
});

test('one credential takes nothing from another', () => {
  const limit = new RateLimit(1, () => 0);
  expect(takeAll(limit, 'skc_1')).toBe(4);
  expect(takeAll(limit, 'skc_2')).toBe(4);
});

test('the refusal says how long to wait', () => {
  const limit = new RateLimit(1, () => 0);
  takeAll(limit, 'skc_1');
  expect(() => limit.take('skc_1')).toThrow(/more than 1 calls a second\. Try again in 1 s/);
});

test('without a limit nothing is counted', () => {
  const limit = new RateLimit(0, () => 0);
  for (let calls = 0; calls < 1000; calls += 1) limit.take('skc_1');
});
