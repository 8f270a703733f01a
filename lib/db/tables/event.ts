import { bigint, boolean, index, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment } from './columns';

/**
 * Append-only facts, written in the transaction of the change they tell of. `n` is taken while the resource's row is locked, so
 * a later version of a resource has a larger `n`; but transactions commit in any order, so readers follow `announcement`. `data` and
 * `previous` are as of the moment of the change.
 */
export const event = pgTable(
  'event',
  {
    n: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    id: text().primaryKey(),
    /** False for a fact that the application is not told, or not yet. */
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
    index('event_organization_idx').on(t.organizationId, t.n),
    index('event_resource_idx').on(t.resourceId, t.n),
    // Rows lie in the order of their times, so an index of ranges finds a window of time and costs a write next to nothing.
    index('event_occurred_idx').using('brin', t.occurredAt),
  ],
);

/**
 * Announced events that have no place in the order yet. A trigger of `event` fills it; who releases a held event puts it here.
 * Rows live for milliseconds.
 */
export const eventOutbox = pgTable('event_outbox', { n: bigint({ mode: 'number' }).primaryKey() });

/**
 * The order in which the application is told, which every consumer follows. Places are given after the commit (`announce_events`), so a late
 * commit gets a later place and is never skipped. Of one resource the order is that of its versions.
 */
export const announcement = pgTable(
  'announcement',
  {
    /** Without gaps, from 1. */
    seq: bigint({ mode: 'number' }).primaryKey(),
    n: bigint({ mode: 'number' }).notNull(),
    /** Copied from the event, for readers that follow some types or one organization. */
    type: text().notNull(),
    organizationId: text(),
    directoryId: text(),
    announcedAt: moment().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('announcement_n_key').on(t.n),
    index('announcement_type_idx').on(t.type, t.seq),
    index('announcement_organization_idx').on(t.organizationId, t.seq),
    index('announcement_time_idx').using('brin', t.announcedAt),
  ],
);

/**
 * How far each consumer has come. One that writes advances its row in the transaction of its effects, under the row's lock, and so does
 * each thing exactly once. The row `announcements` is the sequencer's own: the last place that was given.
 */
export const consumerCursor = pgTable('consumer_cursor', {
  name: text().primaryKey(),
  seq: bigint({ mode: 'number' }).notNull().default(0),
});
