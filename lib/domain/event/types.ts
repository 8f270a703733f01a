/** Event types that the application is told of. The names are the wire contract's. */
export const EVENT_TYPES = [
  'organization.created',
  'organization.updated',
  'organization.deleted',
  'organization.domain_created',
  'organization.domain_deleted',
  'organization.domain_dns_verification_success',
  'organization.domain_dns_verification_failed',
  'organization.sso_created',
  'organization.sso_enabled',
  'organization.sso_disabled',
  'organization.sso_deleted',
  'organization.directory_enabled',
  'organization.directory_disabled',
  'organization.directory.user_created',
  'organization.directory.user_updated',
  'organization.directory.user_deleted',
  'organization.directory.group_created',
  'organization.directory.group_updated',
  'organization.directory.group_deleted',
  'user.organization_membership_created',
  'user.organization_membership_updated',
  'user.organization_membership_deleted',
  'role.created',
  'role.updated',
  'role.deleted',
  'permission.created',
  'permission.updated',
  'permission.deleted',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** What a person calls an event of each type. */
export const EVENT_TITLES: Readonly<Record<EventType, string>> = {
  'organization.created': 'Organization created',
  'organization.updated': 'Organization updated',
  'organization.deleted': 'Organization deleted',
  'organization.domain_created': 'Domain added',
  'organization.domain_deleted': 'Domain removed',
  'organization.domain_dns_verification_success': 'Domain verified',
  'organization.domain_dns_verification_failed': 'Domain not verified',
  'organization.sso_created': 'SSO connection created',
  'organization.sso_enabled': 'SSO connection enabled',
  'organization.sso_disabled': 'SSO connection disabled',
  'organization.sso_deleted': 'SSO connection deleted',
  'organization.directory_enabled': 'Directory enabled',
  'organization.directory_disabled': 'Directory disabled',
  'organization.directory.user_created': 'Directory user created',
  'organization.directory.user_updated': 'Directory user updated',
  'organization.directory.user_deleted': 'Directory user deleted',
  'organization.directory.group_created': 'Directory group created',
  'organization.directory.group_updated': 'Directory group updated',
  'organization.directory.group_deleted': 'Directory group deleted',
  'user.organization_membership_created': 'Member added',
  'user.organization_membership_updated': 'Member updated',
  'user.organization_membership_deleted': 'Member removed',
  'role.created': 'Role created',
  'role.updated': 'Role updated',
  'role.deleted': 'Role deleted',
  'permission.created': 'Permission created',
  'permission.updated': 'Permission updated',
  'permission.deleted': 'Permission deleted',
};

/** Types of the events that a directory caused: what happened to its people and groups. */
const DIRECTORY_SYNC_PREFIX = 'organization.directory.';

/** Where an event comes from: a directory's people and groups, or everything else. */
export type EventSource = 'directorySync' | 'service';

/** Where events of `type` come from. */
export function sourceOf(type: string): EventSource {
  return type.startsWith(DIRECTORY_SYNC_PREFIX) ? 'directorySync' : 'service';
}

/** Which events to list. What is absent does not narrow; an empty list of types does not either. */
export interface EventFilter {
  readonly types?: readonly string[];
  /** The earliest time, itself included. */
  readonly startsAt?: Date;
  /** The time before which the events happened. */
  readonly endsAt?: Date;
  readonly organizationId?: string;
  readonly source?: EventSource;
  /** The thing that the events are about. */
  readonly resource?: { readonly object: string; readonly id: string };
}

/** An event as it is told to the application. */
export interface AnnouncedEvent {
  readonly id: string;
  readonly type: string;
  readonly object: string;
  readonly organizationId: string | null;
  readonly data: Record<string, unknown>;
  readonly occurredAt: Date;
}
