import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Timestamp, timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  DirectoryProvider,
  DirectoryType,
  SecretStatus,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import type {
  DirectoryGroupSchema,
  DirectorySchema,
  DirectoryUserSchema,
  SecretSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import { invalidField } from '@/lib/core/error';
import type { Directory, DirectorySecret } from '@/lib/domain/directory/types';
import type { DirectoryCounts, DirectoryGroup, ToldUser } from '@/lib/domain/provisioning/types';
import type { RoleAssignment } from '@/lib/domain/role-mapping/types';
import { type ProviderId, providerOfWire, wireProviderOf } from '@/lib/providers/provider';
import type { JsonObject } from '@/lib/scim/attribute';

/** A pull reads everything that the directory's admin grants: groups cannot be chosen here. */
const ALL_GROUPS = 'ALL';

/** Our provider for the wire's; those without a guide of ours, and none at all, are `custom`. */
export function readProvider(provider: DirectoryProvider): ProviderId {
  return providerOfWire(DirectoryProvider[provider] ?? '');
}

/** The type of a directory of `provider`; the provider's own if none is given. @throws invalid_argument for one it does not have */
export function readType(type: DirectoryType, provider: ProviderId): Directory['type'] | undefined {
  const isGoogle = provider === 'google';
  if (type === DirectoryType.DIRECTORY_TYPE_UNSPECIFIED) return isGoogle ? 'POLL' : 'SCIM';
  if (type === DirectoryType.SCIM) return 'SCIM';
  if (type === DirectoryType.POLL && isGoogle) return 'POLL';
  throw invalidField(
    'directory.directory_type',
    type === DirectoryType.POLL
      ? 'Only Google Workspace is polled. Use SCIM for other providers.'
      : 'LDAP directories are not available on this server. Use SCIM.',
  );
}

/** A directory as the contract has it. @param endpoint the address that its provider pushes to */
export function writeDirectory(
  directory: Directory,
  parts: {
    readonly secrets: readonly DirectorySecret[];
    readonly counts: DirectoryCounts | undefined;
    readonly assignments: readonly RoleAssignment[];
  },
  endpoint: string,
): MessageInitShape<typeof DirectorySchema> {
  const { secrets, counts, assignments } = parts;
  const { users = 0, groups = 0, userUpdatedAt = null, groupUpdatedAt = null } = counts ?? {};
  return {
    id: directory.id,
    name: directory.name,
    directoryType: DirectoryType[directory.type],
    organizationId: directory.organizationId,
    enabled: directory.isEnabled,
    directoryProvider: DirectoryProvider[wireProviderOf(directory.provider)],
    lastSyncedAt: writeTime(latest(userUpdatedAt, groupUpdatedAt)),
    directoryEndpoint: endpoint,
    totalUsers: users,
    totalGroups: groups,
    secrets: secrets.map(writeSecret),
    stats: {
      totalUsers: users,
      totalGroups: groups,
      userUpdatedAt: writeTime(userUpdatedAt),
      groupUpdatedAt: writeTime(groupUpdatedAt),
    },
    roleAssignments: { assignments: [...assignments] },
    attributeMappings: { attributes: [...directory.attributeMappings] },
    status: directory.status,
    groupsTracked: ALL_GROUPS,
  };
}

/** A token of a directory, as far as it can be shown. */
export function writeSecret(secret: DirectorySecret): MessageInitShape<typeof SecretSchema> {
  return {
    id: secret.id,
    createTime: timestampFromDate(secret.createdAt),
    secretSuffix: secret.suffix,
    status: secret.isLive ? SecretStatus.ACTIVE : SecretStatus.INACTIVE,
    expireTime: writeTime(secret.expiresAt),
    lastUsedTime: writeTime(secret.lastUsedAt),
    directoryId: secret.directoryId,
  };
}

/**
 * A person of a directory. @param hasDetail whether the whole SCIM document goes with it, and since when a removal waits to be decided
 */
export function writeUser(user: ToldUser, hasDetail: boolean): MessageInitShape<typeof DirectoryUserSchema> {
  return {
    id: user.id,
    email: user.email ?? '',
    preferredUsername: user.userName,
    givenName: user.givenName ?? '',
    familyName: user.familyName ?? '',
    updatedAt: timestampFromDate(user.updatedAt),
    emails: [...user.emails],
    groups: user.groups.map(writeGroupName),
    userDetail: hasDetail ? writeDetail(user) : undefined,
  };
}

function writeDetail({ doc, isActive, removalPendingSince }: ToldUser): JsonObject {
  return {
    ...doc,
    active: isActive,
    ...(removalPendingSince && { removal_pending_since: removalPendingSince.toISOString() }),
  };
}

/** A group of a directory. @param hasDetail whether the SCIM document, without the members, goes with it */
export function writeGroup(group: DirectoryGroup, hasDetail: boolean): MessageInitShape<typeof DirectoryGroupSchema> {
  return {
    id: group.id,
    displayName: group.displayName,
    totalUsers: group.memberCount,
    updatedAt: timestampFromDate(group.updatedAt),
    groupDetail: hasDetail ? { ...group.doc } : undefined,
  };
}

/** A group by name only. */
export function writeGroupName(group: {
  readonly id: string;
  readonly displayName: string;
}): MessageInitShape<typeof DirectoryGroupSchema> {
  return { id: group.id, displayName: group.displayName };
}

function writeTime(time: Date | null): Timestamp | undefined {
  return time === null ? undefined : timestampFromDate(time);
}

function latest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
