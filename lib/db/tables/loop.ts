import { bigint, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from './columns';

/** How each background loop goes, over all replicas: written now and then by whoever runs it. */
export const loopState = pgTable('loop_state', {
  name: text().primaryKey(),
  /** How long it sleeps when there is nothing to do, in milliseconds. */
  everyMs: integer().notNull(),
  runCount: bigint({ mode: 'number' }).notNull().default(0),
  lastRunAt: moment(),
  lastError: text(),
  lastErrorAt: moment(),
});
