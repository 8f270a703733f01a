import { expect, test } from 'vitest';
import { objectOf, subjectOf, subjectPath } from './subject';

test('an id says which events are about it', () => {
  expect(objectOf('diruser_123')).toBe('DirectoryUser');
  expect(objectOf('dir_123')).toBe('Directory');
  expect(objectOf('nonsense')).toBe('');
});

test('a subject is called by its name, a member by that of the person', () => {
  expect(subjectOf({ id: 'role_1', name: 'admin', display_name: 'Admin' })).toBe('Admin');
  expect(subjectOf({ organization: { display_name: 'Acme' }, user: { email: 'ann@acme.example' } })).toBe(
    'ann@acme.example',
  );
  expect(subjectOf({ user: { email: '', user_profile: { preferred_username: 'ann' } } })).toBe('ann');
  expect(subjectOf({ id: 'x', display_name: null, name: '' })).toBeUndefined();
});

test('people, groups, directories and organizations have pages, and what belongs to none has not', () => {
  const at = { organizationId: 'org_1', directoryId: 'dir_1' };
  expect(subjectPath({ ...at, resourceId: 'diruser_1' })).toBe(
    '/dashboard/organizations/org_1/directories/dir_1/users/diruser_1',
  );
  expect(subjectPath({ ...at, resourceId: 'dir_1' })).toBe('/dashboard/organizations/org_1/directories/dir_1');
  expect(subjectPath({ organizationId: 'org_1', directoryId: null, resourceId: 'org_1' })).toBe(
    '/dashboard/organizations/org_1',
  );
  expect(subjectPath({ organizationId: null, directoryId: null, resourceId: 'role_1' })).toBeUndefined();
});
