import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { codeText, moment } from './columns';

/** An address of the application that is told of events. */
export const webhookEndpoint = pgTable('webhook_endpoint', {
  id: codeText().primaryKey(),
  url: text().notNull(),
  description: text().notNull(),
  /** Empty: all types. */
  eventTypes: text().array().notNull(),
  /** Empty: all organizations, and what belongs to none. */
  organizationIds: text().array().notNull(),
  isEnabled: boolean().notNull().default(true),
  /** Why it is disabled: somebody did it, or it answered 410. */
  disabledReason: text().$type<'operator' | 'gone'>(),
  /** Since when deliveries were given up that nobody has looked at. */
  flaggedAt: moment(),
  sealedSecret: text().notNull(),
  /** Signs beside the new one until `previousSecretUntil`. */
  sealedPreviousSecret: text(),
  previousSecretUntil: moment(),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull(),
});

/**
 * One event for one endpoint. `dueAt` says when the next attempt may be made, and is null once there is nothing left to do. A worker that
 * claims a delivery puts `dueAt` at the end of its lease and its token into `leaseToken`: if it dies, the delivery falls due by itself.
 */
export const webhookDelivery = pgTable(
  'webhook_delivery',
  {
    id: codeText().primaryKey(),
    endpointId: codeText()
      .notNull()
      .references(() => webhookEndpoint.id, { onDelete: 'cascade' }),
    /** The place of the announcement; null for a test event, whose envelope is in `testEnvelope`. */
    seq: bigint({ mode: 'number' }),
    /** The event's `n`. */
    n: bigint({ mode: 'number' }),
    eventId: codeText().notNull(),
    type: text().notNull(),
    organizationId: text(),
    /** Deliveries with the same key are sent in order: the endpoint, and the object with its id. One column, so that it has one index. */
    orderKey: codeText().notNull(),
    testEnvelope: jsonb().$type<Record<string, unknown>>(),
    state: text().$type<'pending' | 'delivered' | 'failed'>().notNull().default('pending'),
    dueAt: moment(),
    /** Whether it waits for an earlier delivery of its resource; `dueAt` is then when it goes ahead all the same. */
    isWaiting: boolean().notNull().default(false),
    leaseToken: text(),
    /** All attempts ever made. */
    attemptCount: integer().notNull().default(0),
    /** Attempts of the present round of the schedule: a replay begins a new one. */
    roundAttempts: integer().notNull().default(0),
    lastStatus: integer(),
    lastError: text(),
    createdAt: moment().notNull(),
    /** When it was delivered or given up. */
    finishedAt: moment(),
  },
  (t) => [
    uniqueIndex('webhook_delivery_seq_key').on(t.endpointId, t.seq),
    index('webhook_delivery_due_idx')
      .on(t.endpointId, t.dueAt, t.seq)
      .where(sql`state = 'pending'`),
    index('webhook_delivery_pending_idx')
      .on(t.orderKey, t.seq)
      .where(sql`state = 'pending'`),
    index('webhook_delivery_sent_idx')
      .on(t.orderKey, t.seq)
      .where(sql`attempt_count > 0 or lease_token is not null`),
    index('webhook_delivery_state_idx').on(t.endpointId, t.state, t.id),
  ],
);

/** One request to an endpoint, and what came of it. */
export const webhookAttempt = pgTable(
  'webhook_attempt',
  {
    deliveryId: codeText()
      .notNull()
      .references(() => webhookDelivery.id, { onDelete: 'cascade' }),
    /** From 1, over all rounds. */
    number: integer().notNull(),
    startedAt: moment().notNull(),
    latencyMs: integer().notNull(),
    /** Null if no answer came. */
    status: integer(),
    /** What went wrong, in words; null if nothing did. */
    error: text(),
    requestHeaders: jsonb().$type<Record<string, string>>().notNull(),
    /** Whether the body said `out_of_order`. */
    isOutOfOrder: boolean().notNull(),
    /** The beginning of the answer. */
    answer: text().notNull(),
  },
  (t) => [uniqueIndex('webhook_attempt_key').on(t.deliveryId, t.number)],
);
