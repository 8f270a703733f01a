import type { NewEvent } from '@/lib/db/change';
import { database } from '@/lib/db/handle';
import { wake } from '@/lib/db/wake';
import { wireProviderOf } from '@/lib/providers/provider';
import type { Connection } from '../connection/types';
import type { Directory } from '../directory/types';
import type { EmailDomain } from '../email-domain/types';
import { fullNameOf, type Membership, type User } from '../member/types';
import type { Organization } from '../organization/types';
import { featureSettings } from '../organization/types';
import type { Permission, Role } from '../role/types';

/**
 * The event of a change to an organization, as it is after the change.
 * @param previous the attributes that changed, as they were, in the payload's names
 */
export function organizationEvent(
  type: 'organization.created' | 'organization.updated' | 'organization.deleted',
  organization: Organization,
  options: { previous?: Record<string, unknown>; deletedAt?: Date } = {},
): NewEvent {
  return {
    type,
    object: 'Organization',
    resourceId: organization.id,
    organizationId: organization.id,
    version: organization.version,
    data: {
      ...organizationData(organization),
      ...(options.deletedAt && { deleted_at: options.deletedAt.toISOString() }),
    },
    previous: options.previous,
  };
}

/** The payload of an organization: RFC 3339 times, snake_case names. */
export function organizationData(organization: Organization): Record<string, unknown> {
  return {
    id: organization.id,
    display_name: organization.displayName,
    external_id: organization.externalId,
    metadata: organization.metadata,
    region_code: organization.regionCode,
    create_time: organization.createdAt.toISOString(),
    update_time: organization.updatedAt.toISOString(),
    settings: { features: featureSettings(organization) },
  };
}

/** The event that a directory was enabled or disabled. */
export function directoryEvent(
  type: 'organization.directory_enabled' | 'organization.directory_disabled',
  directory: Directory,
): NewEvent {
  return {
    type,
    object: 'Directory',
    resourceId: directory.id,
    organizationId: directory.organizationId,
    directoryId: directory.id,
    version: directory.version,
    data: {
      id: directory.id,
      directory_type: directory.type,
      enabled: directory.isEnabled,
      organization_id: directory.organizationId,
      provider: wireProviderOf(directory.provider),
      status: directory.status,
      updated_at: directory.updatedAt.toISOString(),
    },
  };
}

/**
 * The event that tells operators of removals that wait for their decision.
 * @param held.counts people by the reason why they are held
 * @param held.since when the first of them was
 */
export function removalsHeldEvent(
  directory: Directory,
  held: { counts: Readonly<Record<string, number>>; since: Date },
): NewEvent {
  return {
    type: 'organization.directory.removals_held',
    object: 'Directory',
    resourceId: directory.id,
    organizationId: directory.organizationId,
    directoryId: directory.id,
    version: directory.version,
    data: {
      id: directory.id,
      organization_id: directory.organizationId,
      name: directory.name,
      provider: wireProviderOf(directory.provider),
      held: Object.values(held.counts).reduce((sum, people) => sum + people, 0),
      reasons: held.counts,
      held_since: held.since.toISOString(),
    },
  };
}

/**
 * The event of a change to a role, as it is after the change. Only that of an organization's role, or of what a role is to one
 * organization, names an organization.
 * @param options.previous the attributes that changed, as they were; also those that the payload leaves out
 */
export function roleEvent(
  type: 'role.created' | 'role.updated' | 'role.deleted',
  role: Role,
  options: { previous?: Record<string, unknown>; organizationId?: string } = {},
): NewEvent {
  return {
    type,
    object: 'Role',
    resourceId: role.id,
    organizationId: options.organizationId ?? role.organizationId ?? undefined,
    version: role.version,
    data: roleData(role),
    previous: options.previous,
  };
}

/** The payload of a role. */
export function roleData(role: Role): Record<string, unknown> {
  return {
    id: role.id,
    name: role.name,
    display_name: role.displayName,
    description: role.description,
    extends: role.baseName,
  };
}

/** The event of a change to a permission, as it is after the change. */
export function permissionEvent(
  type: 'permission.created' | 'permission.updated' | 'permission.deleted',
  permission: Permission,
  options: { previous?: Record<string, unknown> } = {},
): NewEvent {
  const { id, name, description, version } = permission;
  return {
    type,
    object: 'Permission',
    resourceId: id,
    version,
    data: { id, name, description },
    previous: options.previous,
  };
}

/** The event of a change to a domain of an organization, as it is after the change. */
export function emailDomainEvent(
  type:
    | 'organization.domain_created'
    | 'organization.domain_deleted'
    | 'organization.domain_dns_verification_success'
    | 'organization.domain_dns_verification_failed',
  domain: EmailDomain,
): NewEvent {
  return {
    type,
    object: 'Organization',
    resourceId: domain.id,
    organizationId: domain.organizationId,
    version: domain.version,
    data: {
      id: domain.id,
      domain: domain.domain,
      domain_type: domain.type,
      organization_id: domain.organizationId,
      environment_id: domain.environmentId,
      txt_record_key: domain.txtRecordKey,
      txt_record_secret: domain.txtRecordSecret,
      verification_status: domain.status,
      verification_method: domain.method,
      updated_at: domain.updatedAt.toISOString(),
    },
  };
}

/** The event of a change to a single sign-on connection, as it is after the change. Its configuration is not in it. */
export function connectionEvent(
  type:
    'organization.sso_created' | 'organization.sso_enabled' | 'organization.sso_disabled' | 'organization.sso_deleted',
  connection: Connection,
): NewEvent {
  return {
    type,
    object: 'Connection',
    resourceId: connection.id,
    organizationId: connection.organizationId,
    version: connection.version,
    data: {
      id: connection.id,
      organization_id: connection.organizationId,
      connection_type: connection.type,
      provider: connection.provider,
      enabled: connection.isEnabled,
      status: connection.status,
    },
  };
}

/**
 * The event of a change to a person's membership of an organization, as it is after the change; of a deletion, as it was before.
 * Nothing in it tells of other organizations. It counts by the person's versions.
 * @param options.previous the attributes of the person that changed, as they were
 */
export function membershipEvent(
  type:
    | 'user.organization_membership_created'
    | 'user.organization_membership_updated'
    | 'user.organization_membership_deleted',
  subject: { organization: Organization; user: User },
  options: { previous?: Record<string, unknown> } = {},
): NewEvent {
  const { organization, user } = subject;
  return {
    type,
    object: 'OrgMembership',
    resourceId: user.id,
    organizationId: organization.id,
    version: user.version,
    data: { organization: organizationData(organization), user: memberData(user, organization.id) },
    previous: options.previous && { user: options.previous },
  };
}

/** The payload of a person in one organization. */
export function memberData(user: User, organizationId: string): Record<string, unknown> {
  const { profile } = user;
  return {
    id: user.id,
    environment_id: user.environmentId,
    email: user.email,
    external_id: user.externalId,
    create_time: user.createdAt.toISOString(),
    update_time: user.updatedAt.toISOString(),
    metadata: user.metadata,
    user_profile: {
      first_name: profile.givenName,
      last_name: profile.familyName,
      given_name: profile.givenName,
      family_name: profile.familyName,
      name: fullNameOf(profile),
      locale: profile.locale,
      phone_number: profile.phoneNumber,
      preferred_username: profile.preferredUsername,
      picture: profile.picture,
      gender: profile.gender,
      groups: profile.groups,
      custom_attributes: profile.customAttributes,
      metadata: profile.metadata,
    },
    memberships: user.memberships
      .filter((membership) => membership.organizationId === organizationId)
      .map(membershipData),
  };
}

function membershipData(membership: Membership): Record<string, unknown> {
  return {
    organization_id: membership.organizationId,
    join_time: membership.joinedAt?.toISOString() ?? null,
    membership_status: membership.status,
    provisioning_method: membership.provisioningMethod,
    roles: membership.roles.map(({ id, name, displayName }) => ({ id, name, display_name: displayName })),
    metadata: membership.metadata,
    inviter_email: membership.inviterEmail,
    created_at: membership.createdAt.toISOString(),
  };
}

/** Events that get their places in one transaction. Readers wait for no more than that. */
const ANNOUNCED_AT_ONCE = 1000;

/**
 * Gives events that were committed their places in the order of announcements, up to 1,000, and wakes those who follow it. Any number of
 * replicas may call it at once. @returns whether more may be waiting
 */
export async function announceEvents(): Promise<boolean> {
  const [row] = await database().sql.rows<{ count: number }>('select announce_events($1::int) as count', [
    ANNOUNCED_AT_ONCE,
  ]);
  const count = row?.count ?? 0;
  if (count > 0) wake('announcements');
  return count === ANNOUNCED_AT_ONCE;
}
