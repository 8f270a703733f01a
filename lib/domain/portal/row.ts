import type { portalLink } from '@/lib/db/tables/organization';
import type { Feature } from '../organization/types';
import type { LinkState, PortalLink } from './types';

type Row = typeof portalLink.$inferSelect;

/** The state of a link at `now`: derived here and nowhere else. */
export function stateOf(row: Pick<Row, 'revokedAt' | 'expiresAt' | 'redeemedAt' | 'kind'>, now: Date): LinkState {
  if (row.revokedAt) return 'revoked';
  if (row.kind === 'embed' && row.redeemedAt) return 'used';
  return row.expiresAt <= now ? 'expired' : 'live';
}

/** A link as its row tells it. */
export function fromRow(row: Row, now: Date): PortalLink {
  return {
    id: row.id,
    organizationId: row.organizationId,
    kind: row.kind,
    features: row.features as Feature[] | null,
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    lastUsedAt: row.lastUsedAt,
    useCount: row.useCount,
    state: stateOf(row, now),
  };
}
