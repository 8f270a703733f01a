import type { NewEvent } from '@/lib/db/change';
import { wireProviderOf } from '@/lib/providers/provider';
import type { Connection } from '../connection/types';
import type { Directory } from '../directory/types';
import type { EmailDomain } from '../email-domain/types';
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
