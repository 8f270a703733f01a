import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { codeText, moment } from './columns';

/**
 * Consequences for many people that go on after the transaction that caused them, in batches: written with the cause, so that no crash
 * loses them. Whom it tells are rows of `runPerson`, or for kinds that concern a whole directory its people by id, from behind `after`.
 */
export const run = pgTable(
  'run',
  {
    id: codeText().primaryKey(),
    kind: text().notNull(),
    organizationId: text().notNull(),
    directoryId: codeText().notNull(),
    /** What the cause was about, such as a group; null when it was the directory itself. */
    subjectId: text(),
    /** Who caused it, and in which request: its events name both. */
    actor: text().notNull(),
    requestId: text().notNull(),
    after: codeText(),
    /** People to look at, as counted at the start; those who would be told nothing new are passed over. */
    total: integer().notNull(),
    done: integer().notNull().default(0),
    told: integer().notNull().default(0),
    error: text(),
    /** Failures in a row; a run that fails waits before it is tried again. */
    failures: integer().notNull().default(0),
    retryAt: moment(),
    startedAt: moment().notNull(),
    updatedAt: moment().notNull(),
    finishedAt: moment(),
  },
  (t) => [
    index('run_open_idx')
      .on(t.id)
      .where(sql`finished_at is null`),
    index('run_directory_idx').on(t.directoryId, t.id),
  ],
);

/** Someone whom a run has yet to tell. */
export const runPerson = pgTable('run_person', { runId: codeText().notNull(), userId: codeText().notNull() }, (t) => [
  primaryKey({ name: 'run_person_pk', columns: [t.runId, t.userId] }),
]);
