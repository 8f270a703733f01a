import { expect, test } from 'vitest';
import { isFiltered, logParams, readLogView } from './filter';

test('a filter that is nonsense counts as not given', () => {
  const view = readLogView({ organization: "'; drop", directory: 'org_1', outcome: 'maybe', q: '\u0000', live: 'yes' });
  expect(isFiltered(view)).toBe(false);
  expect(view.isLive).toBe(false);
});

test('a view goes into the address and comes back', () => {
  const query = { organization: 'org_1', directory: 'dir_2', outcome: 'failed', q: 'ann@acme.com', live: '1' };
  expect(logParams(readLogView(query))).toEqual(query);
});
