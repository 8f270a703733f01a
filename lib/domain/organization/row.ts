import type { organization } from '@/lib/db/tables/organization';
import { foldKey } from '@/lib/scim/fold';
import type { Organization } from './types';

/** An organization as its row tells it. */
export function fromRow(row: typeof organization.$inferSelect): Organization {
  return {
    id: row.id,
    displayName: row.displayName,
    externalId: row.externalId,
    slug: row.slug,
    logoUrl: row.logoUrl,
    regionCode: row.regionCode,
    metadata: row.metadata,
    features: {
      dir_sync: row.isDirSyncEnabled,
      sso: row.isSsoEnabled,
      domain_verification: row.isDomainVerificationEnabled,
    },
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** The text that search looks through: name, id, external id and slug, folded. */
export function searchKeyOf(fields: {
  id: string;
  displayName: string;
  externalId: string | null;
  slug: string | null;
}): string {
  return [fields.displayName, fields.id, fields.externalId ?? '', fields.slug ?? ''].map(foldKey).join('\n');
}
