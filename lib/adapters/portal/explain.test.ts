import { describe, expect, test } from 'vitest';
import { explainFailure } from './explain';

const exchange = {
  errorDetail: 'userName is required',
  requestId: 'req_1',
  resourceName: 'ada@acme.example',
  resourceType: 'User' as const,
};

describe('each way to fail has words of its own and a way on', () => {
  const seen = new Set<string>();
  test.each([400, 401, 403, 404, 409, 412, 413, 429, 500])('%i', (status) => {
    const { words, fix } = explainFailure({ ...exchange, status }, 'Okta');
    expect(words).toMatch(/\S/);
    expect(fix).toMatch(/\S/);
    expect(seen.has(words)).toBe(false);
    seen.add(words);
  });
});

test('a wrong value says what was wrong with it', () => {
  expect(explainFailure({ ...exchange, status: 400 }, 'Okta').words).toContain('userName is required');
});

test('a clash names who clashes', () => {
  expect(explainFailure({ ...exchange, status: 409 }, 'Okta').words).toContain('ada@acme.example');
  expect(explainFailure({ ...exchange, status: 409, resourceType: 'Group' }, 'Okta').words).toContain('group');
});

test('a failure on this side gives the reference and blames nobody else', () => {
  const { words, fix } = explainFailure({ ...exchange, status: 503 }, 'Okta');
  expect(words).toContain('Nothing is wrong with what you set up');
  expect(fix).toContain('req_1');
});
