import type { emailDomain } from '@/lib/db/tables/connection';
import type { EmailDomain } from './types';

/** A domain as its row tells it. */
export function fromRow(row: typeof emailDomain.$inferSelect, environmentId: string): EmailDomain {
  return {
    id: row.id,
    environmentId,
    organizationId: row.organizationId,
    domain: row.domain,
    type: row.type,
    connectionId: row.connectionId,
    txtRecordKey: row.txtRecordKey,
    txtRecordSecret: row.txtRecordSecret,
    status: row.status,
    method: row.method,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
