import { sql } from 'drizzle-orm';
import { bigint, foreignKey, index, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { codeText, moment } from './columns';
import { role } from './role';

/**
 * A person as the application knows them, in any number of organizations. Email (without regard to case) and external id each
 * belong to one person. Whoever changes a person or their memberships locks this row first and takes its next `version`.
 */
export const appUser = pgTable(
  'app_user',
  {
    id: codeText().primaryKey(),
    email: text().notNull(),
    emailKey: codeText().notNull(),
    externalId: codeText(),
    profile: jsonb().$type<Record<string, unknown>>().notNull(),
    metadata: jsonb().$type<Record<string, string>>().notNull(),
    /** Folded email, names, id and external id, for search. */
    searchKey: codeText().notNull(),
    version: bigint({ mode: 'number' }).notNull().default(1),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (t) => [
    uniqueIndex('app_user_email_key').on(t.emailKey),
    uniqueIndex('app_user_external_id_key')
      .on(t.externalId)
      .where(sql`external_id is not null`),
  ],
);

/** A person in an organization. Those of an organization that is being deleted are hidden at once and removed afterwards. */
export const organizationMembership = pgTable(
  'organization_membership',
  {
    organizationId: codeText().notNull(),
    userId: codeText()
      .notNull()
      .references(() => appUser.id, { onDelete: 'cascade' }),
    status: text().$type<'ACTIVE' | 'INACTIVE' | 'PENDING_INVITE' | 'INVITE_EXPIRED'>().notNull(),
    provisioningMethod: text().$type<'direct_provision'>().notNull(),
    metadata: jsonb().$type<Record<string, string>>().notNull(),
    inviterEmail: text(),
    createdAt: moment().notNull(),
    joinedAt: moment(),
    updatedAt: moment().notNull(),
  },
  (t) => [
    primaryKey({ name: 'organization_membership_pk', columns: [t.organizationId, t.userId] }),
    index('organization_membership_user_idx').on(t.userId),
  ],
);

/**
 * A role that the API gave to a person in an organization. The role is the organization's own or the environment's; a role that
 * somebody has is not deleted.
 */
export const membershipRole = pgTable(
  'membership_role',
  {
    organizationId: codeText().notNull(),
    userId: codeText().notNull(),
    roleId: codeText()
      .notNull()
      .references(() => role.id),
  },
  (t) => [
    primaryKey({ name: 'membership_role_pk', columns: [t.organizationId, t.userId, t.roleId] }),
    foreignKey({
      name: 'membership_role_membership_fk',
      columns: [t.organizationId, t.userId],
      foreignColumns: [organizationMembership.organizationId, organizationMembership.userId],
    }).onDelete('cascade'),
    index('membership_role_role_idx').on(t.roleId),
  ],
);
