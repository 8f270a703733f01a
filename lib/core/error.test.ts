import { expect, test } from 'vitest';
import { AppError, toAppError } from './error';

test('an error of ours is told as it is', () => {
  const error = new AppError('not_found', 'No user with id 1.');
  expect(toAppError(error)).toBe(error);
});

test.each([
  { code: 'ECONNREFUSED' },
  { code: 'CONNECTION_CLOSED' },
  { code: '57P01', severity: 'FATAL' },
  { code: '55000', severity: 'FATAL' },
  { code: '53300', severity: 'FATAL' },
])('a lost database ($code) is unavailable, also below a wrapping error, and says when to try again', (fields) => {
  const cause = Object.assign(new Error('driver'), fields);
  for (const error of [cause, new Error('Failed query', { cause })]) {
    expect(toAppError(error)).toMatchObject({ code: 'unavailable', retryAfterSeconds: 5, cause: error });
  }
});

test('anything else is internal and says nothing of its cause', () => {
  for (const error of [
    new Error('secret'),
    Object.assign(new Error('secret'), { code: '55000', severity: 'ERROR' }),
    'secret',
    null,
  ]) {
    expect(toAppError(error)).toMatchObject({ code: 'internal', message: 'Something went wrong on our side.' });
  }
});
