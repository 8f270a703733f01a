import { expect, test } from 'vitest';
import { newContext } from '@/lib/core/context';
import { EVENT_TYPES } from '../event/types';
import { sampleEvent } from './sample';

test('a test event names the object that real events of its type name', () => {
  const ctx = newContext({ kind: 'operator', id: 'acc_1', email: 'op@example.com' });
  const objects = new Map(EVENT_TYPES.map((type) => [type, sampleEvent(ctx, type, null).object]));
  expect(Object.fromEntries(objects)).toMatchObject({
    'organization.created': 'Organization',
    'organization.directory_enabled': 'Directory',
    'organization.directory.removals_held': 'Directory',
    'organization.directory.user_updated': 'DirectoryUser',
    'organization.directory.group_deleted': 'DirectoryGroup',
    'organization.sso_created': 'Connection',
    'organization.domain_created': 'Organization',
    'user.organization_membership_created': 'OrgMembership',
    'role.created': 'Role',
    'permission.deleted': 'Permission',
  });
});
