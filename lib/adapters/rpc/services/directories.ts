import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import {
  DirectoryStatus,
  DirectoryType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import type {
  DirectoryMapping,
  DirectorySchema,
  DirectoryService,
  ToggleDirectoryResponseSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import type { Context } from '@/lib/core/context';
import { AppError, invalidField } from '@/lib/core/error';
import * as directories from '@/lib/domain/directory/commands';
import { getDirectory, listDirectories, listSecrets } from '@/lib/domain/directory/queries';
import type { Directory } from '@/lib/domain/directory/types';
import { requireFeature } from '@/lib/domain/organization/queries';
import { countDirectory, listDirectoryGroups, listToldGroups, listToldUsers } from '@/lib/domain/provisioning/queries';
import { assignRoles } from '@/lib/domain/role-mapping/commands';
import { listRoleAssignments } from '@/lib/domain/role-mapping/queries';
import type { ServiceImplementation } from '../descriptors';
import {
  readProvider,
  readType,
  writeDirectory,
  writeGroup,
  writeGroupName,
  writeSecret,
  writeUser,
} from './directory-wire';

type DirectoryRef = { readonly organizationId: string; readonly directoryId: string };

const SUMMARY_PAGE_SIZE = 100;
/** The range of `google.protobuf.Timestamp`, in seconds: the years 1 to 9999. */
const TIMESTAMP_SECONDS = { min: -62_135_596_800n, max: 253_402_300_799n } as const;

const STATUSES: Readonly<Partial<Record<DirectoryStatus, Directory['status']>>> = {
  [DirectoryStatus.DRAFT]: 'DRAFT',
  [DirectoryStatus.IN_PROGRESS]: 'IN_PROGRESS',
  [DirectoryStatus.COMPLETED]: 'COMPLETED',
};

/**
 * DirectoryService, as far as it is built. Every call answers `failed_precondition` while the organization has directory sync
 * switched off. @param publicOrigin where the SCIM endpoints are
 */
export function createDirectoryService(publicOrigin: string): ServiceImplementation<typeof DirectoryService> {
  const show = (ctx: Context, directory: Directory) => describeDirectory(ctx, directory, publicOrigin);
  return {
    async createDirectory({ organizationId, directory }, { ctx }) {
      if (!directory) throw invalidField('directory', 'directory is required.');
      const provider = readProvider(directory.directoryProvider);
      const type = readType(directory.directoryType, provider);
      return { directory: await show(ctx, await directories.createDirectory(ctx, { organizationId, provider, type })) };
    },
    async getDirectory({ organizationId, id }, { ctx }) {
      return { directory: await show(ctx, await requireDirectory(ctx, { organizationId, directoryId: id })) };
    },
    async listDirectories({ organizationId }, { ctx }) {
      await requireFeature(ctx, organizationId, 'dir_sync');
      const found = await listDirectories(ctx, organizationId);
      return { directories: await Promise.all(found.map((directory) => show(ctx, directory))) };
    },
    async updateDirectory({ organizationId, id, directory }, { ctx }) {
      if (!directory) throw invalidField('directory', 'directory is required.');
      if (directory.groups.length > 0) {
        throw new AppError('unimplemented', 'Choosing the groups to sync is not available on this server.');
      }
      const ref = { organizationId, directoryId: id };
      const current = await requireDirectory(ctx, ref);
      const provider = directory.directoryProvider === 0 ? undefined : readProvider(directory.directoryProvider);
      const isTypeGiven = directory.directoryType !== DirectoryType.DIRECTORY_TYPE_UNSPECIFIED;
      const updated = await directories.updateDirectory(ctx, {
        ...ref,
        provider,
        type: isTypeGiven || provider ? readType(directory.directoryType, provider ?? current.provider) : undefined,
        name: directory.name || undefined,
        status: STATUSES[directory.status],
        // The field cannot say that it is absent, so false means unchanged: DisableDirectory switches off.
        isEnabled: directory.enabled || undefined,
        attributeMappings: readMappings(directory.mappings),
      });
      return { directory: await show(ctx, updated) };
    },
    async deleteDirectory({ organizationId, id }, { ctx }) {
      await directories.deleteDirectory(ctx, { organizationId, directoryId: id });
      return {};
    },
    enableDirectory: ({ organizationId, id }, { ctx }) =>
      toggle(ctx, { organizationId, directoryId: id }, directories.enableDirectory),
    disableDirectory: ({ organizationId, id }, { ctx }) =>
      toggle(ctx, { organizationId, directoryId: id }, directories.disableDirectory),
    async triggerDirectorySync({ organizationId, directoryId }, { ctx }) {
      throw notPulled(await requireDirectory(ctx, { organizationId, directoryId }));
    },
    async assignGroupsForDirectory({ organizationId, id }, { ctx }) {
      throw notPulled(await requireDirectory(ctx, { organizationId, directoryId: id }));
    },
    async createDirectorySecret({ organizationId, directoryId }, { ctx }) {
      const { token, secret } = await directories.createSecret(ctx, { organizationId, directoryId });
      return { plainSecret: token, secret: writeSecret(secret) };
    },
    async regenerateDirectorySecret({ organizationId, directoryId }, { ctx }) {
      const { token, secret } = await directories.regenerateSecret(ctx, { organizationId, directoryId });
      return { plainSecret: token, secret: writeSecret(secret) };
    },
    async listDirectoryUsers(request, { ctx }) {
      const { organizationId, directoryId, pageSize, pageToken, directoryGroupId, includeDetail } = request;
      const updatedAfter = readTime('updated_after', request.updatedAfter);
      await requireDirectory(ctx, { organizationId, directoryId });
      const groupId = directoryGroupId || undefined;
      const scope = { organizationId, directoryId, pageSize, pageToken, updatedAfter, groupId };
      const { items, ...page } = await listToldUsers(ctx, scope);
      return { ...page, users: items.map((user) => writeUser(user, includeDetail === true)) };
    },
    async listDirectoryGroups(request, { ctx }) {
      const { organizationId, directoryId, pageSize, pageToken, includeDetail } = request;
      const updatedAfter = readTime('updated_after', request.updatedAfter);
      await requireDirectory(ctx, { organizationId, directoryId });
      const scope = { organizationId, directoryId, pageSize, pageToken, updatedAfter };
      const { items, ...page } = await listToldGroups(ctx, scope);
      return { ...page, groups: items.map((group) => writeGroup(group, includeDetail === true)) };
    },
    async listDirectoryGroupsSummary({ organizationId, directoryId }, { ctx, signal }) {
      await requireDirectory(ctx, { organizationId, directoryId });
      const groups = [];
      let pageToken = '';
      do {
        const input = { organizationId, directoryId, pageToken, pageSize: SUMMARY_PAGE_SIZE };
        // Each page needs the token of the one before.
        const page = await listDirectoryGroups(ctx, input);
        groups.push(...page.items.map(writeGroupName));
        pageToken = page.nextPageToken;
      } while (pageToken !== '' && !signal.aborted);
      return { groups, totalSize: groups.length };
    },
    async updateAttributes({ organizationId, id, attributeMapping }, { ctx }) {
      if (!attributeMapping) throw invalidField('attribute_mapping', 'attribute_mapping is required.');
      const attributeMappings = attributeMapping.attributes.map(({ key, mapTo }) => ({ key, mapTo }));
      const updated = await directories.updateDirectory(ctx, { organizationId, directoryId: id, attributeMappings });
      return { attributeMappings: { attributes: [...updated.attributeMappings] } };
    },
    async assignRoles({ organizationId, id, roleAssignments }, { ctx }) {
      if (!roleAssignments) throw invalidField('role_assignments', 'role_assignments is required.');
      const { assignments } = roleAssignments;
      return {
        roleAssignments: {
          assignments: [...(await assignRoles(ctx, { organizationId, directoryId: id, assignments }))],
        },
      };
    },
  };
}

/** Why a directory cannot be asked for its people, or for some of its groups. */
function notPulled({ id, organizationId, type }: Directory): AppError {
  const resource = { name: id, owner: organizationId };
  if (type === 'POLL') {
    return new AppError('unimplemented', 'Pulling from a directory is not available on this server.', { resource });
  }
  const message = 'The provider of this directory pushes its changes. Only directories that are pulled can be synced.';
  return new AppError('failed_precondition', message, { errorCode: 'DIRECTORY_NOT_PULLED', resource });
}

/** The directory, if the organization has it and directory sync is on. @throws not_found, failed_precondition */
async function requireDirectory(ctx: Context, ref: DirectoryRef): Promise<Directory> {
  await requireFeature(ctx, ref.organizationId, 'dir_sync');
  return getDirectory(ctx, ref);
}

async function describeDirectory(
  ctx: Context,
  directory: Directory,
  publicOrigin: string,
): Promise<MessageInitShape<typeof DirectorySchema>> {
  const { id, organizationId } = directory;
  const secrets = await listSecrets(ctx, { organizationId, directoryId: id });
  const counts = (await countDirectory(ctx, organizationId, [id])).get(id);
  const assignments = (await listRoleAssignments(ctx, organizationId, [id])).get(id) ?? [];
  return writeDirectory(directory, { secrets, counts, assignments }, `${publicOrigin}/scim/v2/${id}`);
}

/** Switches a directory. The contract tells why that cannot be done now in the answer, not as an error. */
async function toggle(
  ctx: Context,
  ref: DirectoryRef,
  command: (ctx: Context, ref: DirectoryRef) => Promise<Directory>,
): Promise<MessageInitShape<typeof ToggleDirectoryResponseSchema>> {
  const current = await requireDirectory(ctx, ref);
  try {
    return { enabled: (await command(ctx, ref)).isEnabled };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'failed_precondition') throw error;
    return { enabled: current.isEnabled, errorMessage: error.message };
  }
}

function readMappings(mappings: readonly DirectoryMapping[]): { key: string; mapTo: string }[] | undefined {
  return mappings.length === 0 ? undefined : mappings.map(({ key, mapTo }) => ({ key, mapTo }));
}

function readTime(field: string, time: Timestamp | undefined): Date | undefined {
  if (!time) return undefined;
  if (time.seconds < TIMESTAMP_SECONDS.min || time.seconds > TIMESTAMP_SECONDS.max) {
    throw invalidField(field, `${field} must be a time between the years 1 and 9999.`);
  }
  return timestampDate(time);
}
