import { bigint, boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { codeText, moment } from './columns';

type SessionPolicyColumn =
  | { source: 'APPLICATION' }
  | { source: 'CUSTOM'; absoluteMinutes: number; isIdleEnabled: boolean; idleMinutes: number | null };

/**
 * A customer of the operator. `deletingAt` hides it from every query at once; its rows go afterwards. External id and slug are
 * unique among the organizations that are not being deleted.
 */
export const organization = pgTable(
  'organization',
  {
    id: codeText().primaryKey(),
    displayName: text().notNull(),
    /** Folded name, id and external id, for search. */
    searchKey: codeText().notNull(),
    externalId: text(),
    slug: text(),
    logoUrl: text(),
    regionCode: text().notNull(),
    metadata: jsonb().$type<Record<string, string>>().notNull(),
    isDirSyncEnabled: boolean().notNull(),
    isSsoEnabled: boolean().notNull(),
    isDomainVerificationEnabled: boolean().notNull(),
    /** How long people stay signed in to the application: stored and returned, not acted on. */
    sessionPolicy: jsonb().$type<SessionPolicyColumn>(),
    /** Members besides those who are inactive; null for no limit. */
    maxAllowedUsers: integer(),
    /** When a feature was last switched off: portal sessions opened before are over. */
    featureRemovedAt: moment(),
    version: bigint({ mode: 'number' }).notNull().default(1),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
    deletingAt: moment(),
  },
  (t) => [
    uniqueIndex('organization_external_id_key')
      .on(t.externalId)
      .where(sql`deleting_at is null and external_id is not null`),
    uniqueIndex('organization_slug_key')
      .on(t.slug)
      .where(sql`deleting_at is null and slug is not null`),
    index('organization_live_idx')
      .on(t.id)
      .where(sql`deleting_at is null`),
  ],
);

/**
 * A portal link. The UUID in its address is a credential and is kept as a hash only. State is derived, never stored:
 *
 *   revoked   revokedAt is set
 *   expired   expiresAt is past
 *   used      kind is `embed` and redeemedAt is set
 *   live      otherwise
 *
 * A single-use link is spent by one conditional update of `redeemedAt`, so two racing loads cannot both win.
 */
export const portalLink = pgTable(
  'portal_link',
  {
    id: text().primaryKey(),
    organizationId: text().notNull(),
    kind: text().$type<'embed' | 'share'>().notNull(),
    tokenHash: text().notNull().unique(),
    /** Portal tabs that this link opens; null means all that the organization has. */
    features: jsonb().$type<string[]>(),
    createdBy: text().notNull(),
    createdAt: moment().notNull(),
    expiresAt: moment().notNull(),
    redeemedAt: moment(),
    lastUsedAt: moment(),
    useCount: integer().notNull().default(0),
    revokedAt: moment(),
  },
  (t) => [index('portal_link_organization_idx').on(t.organizationId, t.createdAt)],
);

/** A visitor's portal session. It lives while `expiresAt` is ahead, `endedAt` is null and its link is not revoked. */
export const portalSession = pgTable(
  'portal_session',
  {
    id: text().primaryKey(),
    linkId: text()
      .notNull()
      .references(() => portalLink.id, { onDelete: 'cascade' }),
    organizationId: text().notNull(),
    secretHash: text().notNull(),
    createdAt: moment().notNull(),
    expiresAt: moment().notNull(),
    endedAt: moment(),
    clientAddress: text(),
    userAgent: text(),
  },
  (t) => [index('portal_session_link_idx').on(t.linkId), index('portal_session_organization_idx').on(t.organizationId)],
);
