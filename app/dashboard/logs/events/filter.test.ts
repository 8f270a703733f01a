import { expect, test } from 'vitest';
import { eventFilter, isFiltered, readEventView } from './filter';

const NOW = new Date('2026-11-23T12:00:00Z');

test('what makes no sense in an address does not narrow the list', () => {
  const view = readEventView({ organization: 'acme', type: 'no.such', period: '9y', resource: ' ' });
  expect(isFiltered(view)).toBe(false);
  expect(eventFilter(view, NOW)).toEqual({});
});

test('a period counts back from now, and a resource is found by the kind of its id', () => {
  const view = readEventView({ type: 'role.created', period: '24h', resource: 'role_1' });
  expect(eventFilter(view, NOW)).toEqual({
    types: ['role.created'],
    startsAt: new Date('2026-11-22T12:00:00Z'),
    resource: { object: 'Role', id: 'role_1' },
  });
});
