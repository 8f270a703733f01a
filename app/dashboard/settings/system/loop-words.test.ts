import { expect, test } from 'vitest';
import { formatLag, stateOfLoop } from './loop-words';

const NOW = new Date('2026-11-23T12:00:00Z');
const before = (ms: number) => new Date(NOW.getTime() - ms);
const loop = {
  name: 'runs',
  everyMs: 1000,
  runCount: 5,
  lastRunAt: before(2000),
  lastError: null,
  lastErrorAt: null,
  backlog: null,
};

test('a loop that runs is well, one that failed since it last ran is failing, and an older failure is history', () => {
  expect(stateOfLoop(loop, NOW)).toBe('ok');
  expect(stateOfLoop({ ...loop, lastError: 'x', lastErrorAt: before(1000) }, NOW)).toBe('failing');
  expect(stateOfLoop({ ...loop, lastError: 'x', lastErrorAt: before(5000) }, NOW)).toBe('ok');
});

test('a loop that missed its turns is late, and one whose work waits is behind', () => {
  expect(stateOfLoop({ ...loop, lastRunAt: before(60_000) }, NOW)).toBe('late');
  expect(stateOfLoop({ ...loop, everyMs: 3_600_000, lastRunAt: before(60_000) }, NOW)).toBe('ok');
  expect(stateOfLoop({ ...loop, backlog: { count: 9, lagMs: 20_000 } }, NOW)).toBe('behind');
});

test('a lag is said in the unit that fits', () => {
  expect([0, 340, 12_400, 240_000, 10_800_000].map(formatLag)).toEqual(['0 ms', '340 ms', '12 s', '4 min', '3 h']);
});
