import type { NewEvent } from '@/lib/db/change';
import { wireProviderOf } from '@/lib/providers/provider';
import type { Directory } from '../directory/types';
import type { Organization } from '../organization/types';
import { featureSettings } from '../organization/types';

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
