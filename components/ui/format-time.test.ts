import { describe, expect, test } from 'vitest';
import { formatAbsolute, formatRelative } from './format-time';

const NOW = Date.UTC(2026, 10, 23, 20, 31, 7);
const MINUTE = 60_000;

describe('a relative time', () => {
  test.each([
    [0, 'now'],
    [-9_000, 'now'],
    [-42_000, '42 seconds ago'],
    [-3 * MINUTE - 59_000, '3 minutes ago'],
    [-59 * MINUTE, '59 minutes ago'],
    [-26 * 60 * MINUTE, 'yesterday'],
    [-29 * 24 * 60 * MINUTE, '29 days ago'],
    [6 * 60 * MINUTE, 'in 6 hours'],
    [7 * 24 * 60 * MINUTE - 2_000, 'in 7 days'],
    [60 * MINUTE - 2_000, 'in 1 hour'],
    [31 * MINUTE, 'in 31 minutes'],
    [7 * 24 * 60 * MINUTE, 'in 7 days'],
    [-800 * 24 * 60 * MINUTE, '2 years ago'],
  ])('%i ms from now reads "%s"', (distance, words) => {
    expect(formatRelative(NOW + distance, NOW, 'en')).toBe(words);
  });

  test('follows the language of the page', () => {
    expect(formatRelative(NOW - 3 * MINUTE, NOW, 'de')).toBe('vor 3 Minuten');
  });
});

test('an absolute time names its zone', () => {
  expect(formatAbsolute(NOW, 'en-GB', 'UTC')).toBe('23 Nov 2026, 20:31:07 UTC');
});
