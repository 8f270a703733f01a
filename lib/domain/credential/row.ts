import type { apiClient, apiClientSecret } from '@/lib/db/tables/installation';
import type { Credential, CredentialSecret } from './types';

/** A secret as its row tells it, at `now`. */
export function secretFromRow(row: typeof apiClientSecret.$inferSelect, now: Date): CredentialSecret {
  return {
    id: row.id,
    suffix: row.suffix,
    isLive: row.revokedAt === null && (row.expiresAt === null || row.expiresAt > now),
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    lastUsedAt: row.lastUsedAt,
    revokedAt: row.revokedAt,
  };
}

/** A credential as its rows tell it, newest secret first. */
export function fromRows(
  row: typeof apiClient.$inferSelect,
  secrets: readonly (typeof apiClientSecret.$inferSelect)[],
  now: Date,
): Credential {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    secrets: secrets
      .filter((secret) => secret.clientId === row.id)
      .map((secret) => secretFromRow(secret, now))
      .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1)),
  };
}
