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
  'organization.directory.removals_held',
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
  'organization.directory.removals_held': 'Directory removals held',
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
  /** Its place in the order of announcements: without gaps, from 1. */
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly object: string;
  readonly resourceId: string;
  /** Counts the changes of the resource; consumers keep the highest. */
  readonly version: number;
  readonly organizationId: string | null;
  readonly directoryId: string | null;
  readonly data: Record<string, unknown>;
  /** Only the attributes that changed, as they were before. */
  readonly previous: Record<string, unknown> | null;
  readonly actor: string;
  readonly requestId: string;
  readonly occurredAt: Date;
}

/** The version of the envelope that events are told in. */
const SPEC_VERSION = '1';
const TITLES: Readonly<Record<string, string | undefined>> = EVENT_TITLES;

/** What an event is told in, in JSON: the contract's names, and what a consumer needs to keep itself in step. */
export interface EventEnvelope {
  readonly spec_version: string;
  readonly id: string;
  readonly type: string;
  readonly object: string;
  /** RFC 3339, UTC. */
  readonly occurred_at: string;
  readonly environment_id: string;
  /** Absent from an event that is about no single organization. */
  readonly organization_id?: string;
  readonly display_name: string;
  readonly data: Record<string, unknown>;
  /** Only the attributes that changed, as they were before. Absent where nothing was before. */
  readonly previous?: Record<string, unknown>;
  readonly version: number;
  readonly request_id: string;
  readonly actor: string;
  /** Absent from a test event, which has no place in the order. */
  readonly seq?: number;
}

/** The one envelope of webhooks, the API and the streams. */
export function toEnvelope(
  event: Omit<AnnouncedEvent, 'seq' | 'resourceId' | 'directoryId'> & { readonly seq: number | undefined },
  environmentId: string,
): EventEnvelope {
  return {
    spec_version: SPEC_VERSION,
    id: event.id,
    type: event.type,
    object: event.object,
    occurred_at: event.occurredAt.toISOString(),
    environment_id: environmentId,
    ...(event.organizationId !== null && { organization_id: event.organizationId }),
    display_name: TITLES[event.type] ?? event.type,
    data: event.data,
    ...(event.previous !== null && { previous: event.previous }),
    version: event.version,
    request_id: event.requestId,
    actor: event.actor,
    ...(event.seq !== undefined && { seq: event.seq }),
  };
}

/** Which announcements to follow. What is absent does not narrow; an empty list of types does not either. */
export interface AnnouncementFilter {
  readonly types?: readonly string[];
  readonly organizationId?: string;
  readonly directoryId?: string;
}

/** A stretch of the order of announcements, ascending. */
export interface AnnouncementPage {
  readonly events: readonly AnnouncedEvent[];
  /** Up to which place everything that matches was read. The next page starts after it. */
  readonly cursor: number;
  /** Whether more was there already. */
  readonly hasMore: boolean;
}
