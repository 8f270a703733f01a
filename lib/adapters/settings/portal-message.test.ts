import { expect, test } from 'vitest';
import { readPortalMessage } from './portal-message';

test('an event of the portal becomes a line to read', () => {
  const data = { event_type: 'ORGANIZATION_DIRECTORY_ENABLED', object: 'directory', organization_id: 'org_1' };
  expect(readPortalMessage(data)).toEqual({ tone: 'success', text: 'SCIM provisioning enabled' });
});

test.each([
  undefined,
  null,
  'text',
  7,
  {},
  { event_type: 7 },
  { event_type: 'constructor' },
  { event_type: '__proto__' },
])('%j is no event of the portal', (data) => expect(readPortalMessage(data)).toBeUndefined());

test('what needs no words says nothing, and an ended session says how to go on', () => {
  expect(readPortalMessage({ event_type: 'PORTAL_LOAD_SUCCESS' })).toBeUndefined();
  expect(readPortalMessage({ event_type: 'PORTAL_SESSION_EXPIRY' })).toMatchObject({ needsReload: true });
});
