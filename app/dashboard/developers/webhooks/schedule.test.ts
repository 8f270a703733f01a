import { expect, test } from 'vitest';
import { ATTEMPT_DELAYS, formatSeconds, HOURS_UNTIL_GIVEN_UP } from './schedule';

test('a delay is said in its largest whole unit', () => {
  expect([1, 5, 60, 300, 3600, 5400, 36_000].map(formatSeconds)).toEqual([
    '1 second',
    '5 seconds',
    '1 minute',
    '5 minutes',
    '1 hour',
    '90 minutes',
    '10 hours',
  ]);
});

test('the schedule that is shown is the one that is used', () => {
  expect(ATTEMPT_DELAYS).toEqual([
    'at once',
    '5 seconds',
    '5 minutes',
    '30 minutes',
    '2 hours',
    '5 hours',
    '10 hours',
    '10 hours',
  ]);
  expect(HOURS_UNTIL_GIVEN_UP).toBe(28);
});
