import type { connection } from '@/lib/db/tables/connection';
import { foldKey } from '@/lib/scim/fold';
import type { Connection, ConnectionProvider } from './types';

const MASK = '********';
const SUFFIX_LENGTH = 4;
/** A shorter secret shows nothing of itself: four characters would be too much of it. */
const SHORTEST_WITH_SUFFIX = 16;

/** The end of a client secret that may be shown. */
export function suffixOf(secret: string): string {
  return secret.length < SHORTEST_WITH_SUFFIX ? '' : secret.slice(-SUFFIX_LENGTH);
}

/** A connection as its row tells it, without its secret. */
export function fromRow(row: typeof connection.$inferSelect): Connection {
  const fields = {
    id: row.id,
    organizationId: row.organizationId,
    provider: row.provider as ConnectionProvider,
    providerKey: row.providerKey,
    keyId: row.keyId,
    status: row.status,
    isEnabled: row.isEnabled,
    isDebugEnabled: row.isDebugEnabled,
    uiButtonTitle: row.uiButtonTitle,
    configurationType: row.configurationType,
    attributeMapping: row.attributeMapping,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
  if (row.type === 'SAML') return { ...fields, type: row.type, settings: row.settings };
  const clientSecretMask = row.sealedClientSecret === null ? null : MASK + (row.clientSecretSuffix ?? '');
  return { ...fields, type: row.type, settings: row.settings, clientSecretMask };
}

/** The text that search looks through: id, title and provider, folded. */
export function searchKeyOf(fields: { id: string; uiButtonTitle: string; providerKey: string }): string {
  return [fields.id, fields.uiButtonTitle, fields.providerKey].map(foldKey).join('\n');
}
