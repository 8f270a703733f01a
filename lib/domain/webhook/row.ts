import type { webhookEndpoint } from '@/lib/db/tables/webhook';
import type { EventType } from '../event/types';
import type { WebhookEndpoint } from './types';

/** An endpoint as its row tells it, without its secrets. */
export function fromRow(row: typeof webhookEndpoint.$inferSelect, now: Date): WebhookEndpoint {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    eventTypes: row.eventTypes as EventType[],
    organizationIds: row.organizationIds,
    isEnabled: row.isEnabled,
    disabledReason: row.disabledReason,
    flaggedAt: row.flaggedAt,
    previousSecretUntil: row.previousSecretUntil && row.previousSecretUntil > now ? row.previousSecretUntil : null,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
