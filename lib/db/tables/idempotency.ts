import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from './columns';

/**
 * What was answered to requests that named an idempotency key, for as long as they may be repeated. A row without a status is a request
 * that is still at work, or whose process died.
 */
export const idempotencyKey = pgTable(
  'idempotency_key',
  {
    /** Who called, as events name actors: the keys of one credential are nothing to another. */
    actor: text().notNull(),
    key: text().notNull(),
    requestHash: text().notNull(),
    /** Names the request that works on it, so that one that took too long does not answer for the next. */
    claim: text().notNull(),
    status: integer(),
    /** The JSON of the answer. It may hold a secret that is shown once, so it is sealed. */
    sealedBody: text(),
    createdAt: moment().notNull(),
  },
  (t) => [primaryKey({ columns: [t.actor, t.key] }), index('idempotency_key_created_idx').on(t.createdAt)],
);
