import { describe, expect, test } from 'vitest';
import { AppError } from '@/lib/core/error';
import { isOwnPost, toFormState } from './action';

const own = 'https://portal.example';
const isOwn = (headers: Record<string, string>) => isOwnPost(new Headers(headers), own);

describe('a form is taken', () => {
  test('from a page of this service', () => {
    expect(isOwn({ origin: own })).toBe(true);
    expect(isOwn({ origin: 'null', 'sec-fetch-site': 'same-origin' })).toBe(true);
    expect(isOwn({ 'sec-fetch-site': 'same-origin' })).toBe(true);
  });

  test.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'http://portal.example' }],
    [{ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }],
    [{ origin: 'null' }],
    [{ origin: 'null', 'sec-fetch-site': 'cross-site' }],
    [{}],
  ])('but not with %o', (headers: Record<string, string>) => expect(isOwn(headers)).toBe(false));
});

test('an error made for people is told, any other is thrown again', () => {
  expect(toFormState(new AppError('failed_precondition', 'Two tokens are in use.'))).toEqual({
    error: 'Two tokens are in use.',
  });
  expect(toFormState(new AppError('not_found', 'No directory with id dir_1.')).error).not.toContain('dir_1');
  const bug = new TypeError('x');
  expect(() => toFormState(bug)).toThrow(bug);
});
