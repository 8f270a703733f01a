import { expect, test } from 'vitest';
import { EVENT_TYPES } from '@/lib/domain/event/types';
import { EVENT_GROUPS } from './event-groups';

test('every event type can be chosen, and stands in one group only', () => {
  const offered = EVENT_GROUPS.flatMap(({ types }) => types);
  expect(offered.toSorted()).toEqual([...EVENT_TYPES].toSorted());
});
