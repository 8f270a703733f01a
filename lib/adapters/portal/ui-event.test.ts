import { describe, expect, test } from 'vitest';
import { chooseTargets, directorySwitched, loadFailure, sessionEvent } from './ui-event';

const session = { organizationId: 'org_1', expiresAt: new Date('2026-05-28T12:40:29.989Z') };

describe('events have the shapes of the contract', () => {
  test('directory enabled and disabled', () => {
    expect(directorySwitched('org_1', { id: 'dir_2', provider: 'MICROSOFT_AD', isEnabled: true })).toEqual({
      event_type: 'ORGANIZATION_DIRECTORY_ENABLED',
      object: 'directory',
      organization_id: 'org_1',
      message: 'SCIM Provisioning enabled successfully',
      data: { directory_type: 'SCIM', id: 'dir_2', provider: 'MICROSOFT_AD', enabled: true },
    });
    expect(directorySwitched('org_1', { id: 'dir_2', provider: 'OKTA', isEnabled: false })).toMatchObject({
      event_type: 'ORGANIZATION_DIRECTORY_DISABLED',
      message: 'SCIM Provisioning disabled successfully',
      data: { enabled: false },
    });
  });

  test.each(['PORTAL_LOAD_SUCCESS', 'PORTAL_SESSION_WARNING', 'PORTAL_SESSION_EXPIRY'] as const)('%s', (type) => {
    expect(sessionEvent(type, session)).toEqual({
      event_type: type,
      object: 'session',
      organization_id: 'org_1',
      message: expect.stringMatching(/\S/),
      data: { expiry: '2026-05-28T12:40:29.989Z' },
    });
  });

  test('a failure carries its code and no organization', () => {
    const event = loadFailure('SESSION_EXPIRED');
    expect(event).toMatchObject({
      event_type: 'PORTAL_LOAD_FAILURE',
      object: 'session',
      data: { error_code: 'SESSION_EXPIRED' },
    });
    expect(event).not.toHaveProperty('organization_id');
  });
});

describe('events go', () => {
  const allowed = ['https://portal.example', 'https://app.example', 'https://*.acme.com'];

  test('to the framing page, when it is registered', () => {
    expect(chooseTargets(['https://app.example'], allowed)).toEqual(['https://app.example']);
    expect(chooseTargets(['https://eu.acme.com'], allowed)).toEqual(['https://eu.acme.com']);
  });

  test('to the second best knowledge when the first is silent', () => {
    expect(chooseTargets([undefined, 'https://app.example'], allowed)).toEqual(['https://app.example']);
    expect(chooseTargets(['null', ''], allowed)).toEqual(['https://portal.example', 'https://app.example']);
  });

  test.each([
    'https://evil.example',
    'https://app.example.evil.example',
    'http://app.example',
    'https://a.b.acme.com',
    'https://acme.com',
    'https://.acme.com',
  ])('nowhere when the framing page is %s', (origin) => expect(chooseTargets([origin], allowed)).toEqual([]));

  test('to each exact origin when nothing is known, and never to a star', () => {
    expect(chooseTargets([undefined], allowed)).toEqual(['https://portal.example', 'https://app.example']);
  });
});
