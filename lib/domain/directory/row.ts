import type { directory, directorySecret } from '@/lib/db/tables/directory';
import type { ProviderId } from '@/lib/providers/provider';
import type { Directory, DirectorySecret } from './types';

/** A directory as its row tells it. */
export function fromRow(row: typeof directory.$inferSelect): Directory {
  return {
    id: row.id,
    organizationId: row.organizationId,
    name: row.name,
    type: row.type,
    provider: row.provider as ProviderId,
    isEnabled: row.isEnabled,
    status: row.status,
    attributeMappings: row.attributeMappings,
    customExtensions: row.customExtensions,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** A secret as its row tells it, at `now`. */
export function secretFromRow(row: typeof directorySecret.$inferSelect, now: Date): DirectorySecret {
  return {
    id: row.id,
    directoryId: row.directoryId,
    suffix: row.suffix,
    isLive: row.revokedAt === null && (row.expiresAt === null || row.expiresAt > now),
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    lastUsedAt: row.lastUsedAt,
    revokedAt: row.revokedAt,
  };
}
