import { expect, test } from 'vitest';
import { describeDirectory } from './directory-status';

test('a directory is Active once it is enabled, whatever it was before', () => {
  expect(describeDirectory({ isEnabled: true, status: 'COMPLETED' }).word).toBe('Active');
  expect(describeDirectory({ isEnabled: true, status: 'IN_PROGRESS' }).word).toBe('Active');
});

test('one that was never enabled is being set up; one that was switched off is disabled', () => {
  expect(describeDirectory({ isEnabled: false, status: 'DRAFT' }).word).toBe('Setting up');
  expect(describeDirectory({ isEnabled: false, status: 'IN_PROGRESS' }).word).toBe('Setting up');
  expect(describeDirectory({ isEnabled: false, status: 'COMPLETED' }).word).toBe('Disabled');
  expect(describeDirectory(undefined).word).toBe('Not connected');
});
