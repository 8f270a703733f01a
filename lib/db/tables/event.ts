import { bigint, boolean, index, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';

/**
 * Append-only facts, written in the transaction of the change they tell of. `n` is taken while the resource's row is locked, so
 * a later version of a resource has a larger `n`; but transactions commit in any order, so readers follow `seq`, the place in the
 * announcement order, which is given after commit. `data` and `previous` are as of the moment of the change.
 */
export const event = pgTable(
  'event',
  {
    n: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    id: text().primaryKey(),
    seq: bigint({ mode: 'number' }),
    /** False for a fact that the application is not told, such as a change to a person who is inactive. */
    isAnnounced: boolean().notNull().default(true),
    organizationId: text(),
    directoryId: text(),
    type: text().notNull(),
    /** The wire's object name: `Organization`, `DirectoryUser`, … */
    object: text().notNull(),
    resourceId: text().notNull(),
    version: bigint({ mode: 'number' }).notNull(),
    data: jsonb().$type<Record<string, unknown>>().notNull(),
    /** Only the attributes that changed, as they were before. */
    previous: jsonb().$type<Record<string, unknown>>(),
    actor: text().notNull(),
    requestId: text().notNull(),
    occurredAt: timestamp({ withTimezone: true, precision: 6, mode: 'date' }).notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('event_n_key').on(t.n),
    uniqueIndex('event_seq_key').on(t.seq),
    index('event_unsequenced_idx')
      .on(t.n)
      .where(sql`seq is null`),
    index('event_organization_idx').on(t.organizationId, t.n),
    index('event_resource_idx').on(t.resourceId, t.n),
    index('event_type_idx').on(t.type, t.n),
    // Rows lie in the order of their times, so an index of ranges finds a window of time and costs a write next to nothing.
    index('event_occurred_idx').using('brin', t.occurredAt),
  ],
);
