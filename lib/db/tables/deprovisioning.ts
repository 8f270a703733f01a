import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { codeText, moment } from './columns';
import { directory } from './directory';

/**
 * What happens when a directory removes people. What the operator and what the customer's admins chose is kept apart; the typed columns
 * are what holds of both, and are all that SQL reads. A directory without a row has the defaults of the columns.
 */
export const removalPolicy = pgTable('removal_policy', {
  directoryId: codeText()
    .primaryKey()
    .references(() => directory.id, { onDelete: 'cascade' }),
  operatorChoice: jsonb().$type<Record<string, unknown>>().notNull(),
  adminChoice: jsonb().$type<Record<string, unknown>>().notNull(),
  /** As what the application is told of a deactivation: `user_deleted` or `user_updated`. */
  announceAs: text().$type<'delete' | 'update'>().notNull().default('delete'),
  isBreakerOn: boolean().notNull().default(true),
  breakerPeople: integer().notNull().default(25),
  breakerPercent: integer().notNull().default(20),
  graceHours: integer().notNull().default(0),
  /** Names of roles that somebody must always have. */
  protectedRoles: text().array().notNull().default([]),
  /** What happens to people beyond the organization's limit: the request is refused, or they are held back. */
  seatOverflow: text().$type<'refuse' | 'hold'>().notNull().default('refuse'),
  updatedAt: moment().notNull(),
});

/** That someone lost their access, as the directory has it: what the breaker counts, and what people can be restored from. */
export const removal = pgTable(
  'removal',
  {
    directoryId: codeText().notNull(),
    removedAt: moment().notNull(),
    userId: codeText().notNull(),
    /** When the person was created, so that it can be told who was there when a window began. */
    joinedAt: moment().notNull(),
  },
  (t) => [
    primaryKey({ name: 'removal_pk', columns: [t.directoryId, t.removedAt, t.userId] }),
    // Rows lie in the order of their times: what is too old is found without an index that each removal would pay for.
    index('removal_time_idx').using('brin', t.removedAt),
  ],
);

/**
 * What the breaker of a directory remembers, so that most removals count nothing: `removed` people within the hour when the sequence of
 * events was at `place`, of `allowed`. What was removed before `decidedAt` does not count any more.
 */
export const breakerMemory = pgTable('breaker_memory', {
  directoryId: codeText().primaryKey(),
  countedAt: moment(),
  place: bigint({ mode: 'number' }),
  removed: integer(),
  allowed: integer(),
  decidedAt: moment(),
  /** When operators were last told that people are held. */
  alertedAt: moment(),
});

/** Seats of an organization that were taken when the sequence of events was at `place`, so that most people who join count nobody. */
export const seatMemory = pgTable('seat_memory', {
  organizationId: codeText().primaryKey(),
  place: bigint({ mode: 'number' }).notNull(),
  taken: integer().notNull(),
});

/**
 * Someone of whom the application is not told for now: their events from `fromVersion` on are recorded and wait. To the application they
 * are what the event `toldId` says. `dirUser.isHeld` is true exactly for those who have a row here; one whom the directory deleted meanwhile
 * has only this row. Whoever writes it holds the person's row, or is the one who deletes that.
 */
export const heldPerson = pgTable(
  'held_person',
  {
    directoryId: codeText().notNull(),
    userId: codeText().notNull(),
    organizationId: codeText().notNull(),
    reason: text().$type<'breaker' | 'grace' | 'last_holder' | 'seat'>().notNull(),
    fromVersion: bigint({ mode: 'number' }).notNull(),
    /** The last event that the application was told, null if it knows nothing of the person. */
    toldId: text(),
    /** Whether the application takes the person to be active. */
    isToldActive: boolean().notNull(),
    since: moment().notNull(),
    /** When it goes out by itself; null where someone must decide. */
    releaseAt: moment(),
  },
  (t) => [
    primaryKey({ name: 'held_person_pk', columns: [t.directoryId, t.userId] }),
    index('held_person_reason_idx').on(t.directoryId, t.reason, t.since),
    index('held_person_organization_idx').on(t.organizationId),
    index('held_person_release_idx')
      .on(t.releaseAt)
      .where(sql`release_at is not null`),
  ],
);
