import { actorName, type Context } from '@/lib/core/context';
import { newId } from '@/lib/core/id';
import type { AnnouncedEvent, EventType } from '../event/types';

const OBJECTS: readonly (readonly [prefix: string, object: string])[] = [
  ['organization.directory.user', 'DirectoryUser'],
  ['organization.directory.group', 'DirectoryGroup'],
  ['organization.directory.removals_held', 'Directory'],
  ['organization.directory_', 'Directory'],
  ['organization.sso_', 'Connection'],
  ['organization.', 'Organization'],
  ['user.', 'OrgMembership'],
  ['role.', 'Role'],
  ['permission.', 'Permission'],
];

/** An event that never happened, of an organization that need not exist: what a test delivery tells. */
export function sampleEvent(
  ctx: Context,
  type: EventType,
  organizationId: string | null,
): Omit<AnnouncedEvent, 'seq'> & { readonly seq: undefined } {
  const now = ctx.now();
  const resourceId = newId('directoryUser', now);
  const isPerson = type.startsWith('organization.directory.user');
  return {
    seq: undefined,
    id: newId('event', now),
    type,
    object: OBJECTS.find(([prefix]) => type.startsWith(prefix))?.[1] ?? 'Organization',
    resourceId,
    version: 1,
    organizationId,
    directoryId: null,
    data: {
      test: true,
      id: resourceId,
      ...(isPerson && {
        email: 'ada@example.com',
        name: 'Ada Example',
        given_name: 'Ada',
        family_name: 'Example',
        active: true,
        groups: [],
        roles: [],
      }),
    },
    previous: null,
    actor: actorName(ctx.actor),
    requestId: ctx.requestId,
    occurredAt: now,
  };
}
