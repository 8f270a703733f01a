import type { account, invitation } from '@/lib/db/tables/installation';
import type { Account, Invitation } from './types';

/** An account as its row tells it, without the password's hash. */
export function fromRow(row: typeof account.$inferSelect): Account {
  const { id, kind, organizationId, email, name, createdAt, lastSignInAt } = row;
  return { id, kind, organizationId, email, name, createdAt, lastSignInAt };
}

/** An invitation as its row tells it, at `now`. */
export function invitationFromRow(row: typeof invitation.$inferSelect, now: Date): Invitation {
  const { id, organizationId, email, createdBy, createdAt, expiresAt } = row;
  const state = row.acceptedAt ? 'accepted' : row.revokedAt ? 'revoked' : expiresAt <= now ? 'expired' : 'open';
  return { id, organizationId, email, createdBy, createdAt, expiresAt, state };
}
