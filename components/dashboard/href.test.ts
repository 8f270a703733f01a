import { expect, test } from 'vitest';
import { readParam, withQuery } from './href';

test('a repeated parameter counts once, and a blank one not at all', () => {
  expect(readParam(['first', 'second'])).toBe('first');
  expect(readParam('  ')).toBeUndefined();
  expect(readParam(undefined)).toBeUndefined();
});

test('an address carries only the parameters that have a value, encoded', () => {
  expect(withQuery('/logs', { q: 'a b&c', page: undefined, outcome: '' })).toBe('/logs?q=a+b%26c');
  expect(withQuery('/logs', {})).toBe('/logs');
});
