import { expect, test } from 'vitest';
import { writePageToken } from '@/lib/core/page';
import { countOf, pageLinks, readPageParam } from './paging';

test('a page token that was cut or made up shows the first page instead of an error', () => {
  const token = writePageToken({ direction: 'after', key: 'org_1' });
  expect(readPageParam(token)).toBe(token);
  expect(readPageParam('nonsense')).toBeUndefined();
  expect(readPageParam(undefined)).toBeUndefined();
});

test('the links of a page keep the search', () => {
  expect(pageLinks({ nextPageToken: 'abc', prevPageToken: '' }, '/list', { q: 'acme' })).toEqual({
    previousHref: undefined,
    nextHref: '/list?q=acme&page=abc',
  });
});

test('a count agrees with its noun', () => {
  expect([countOf(1, 'user', 'users'), countOf(1200, 'user', 'users')]).toEqual(['1 user', '1,200 users']);
});
