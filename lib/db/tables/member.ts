import { sql } from 'drizzle-orm';
import { bigint, boolean, foreignKey, index, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { codeText, moment } from './columns';
import { role } from './role';

/**
 * A person as the application knows them, in any number of organizations. An external id belongs to one person, and so does an email
 * (without regard to case) among those who are found by it. Whoever changes a person or their memberships locks this row first and
 * takes its next `version`.
 */
export const appUser = pgTable(
  'app_user',
  {
    id: codeText().primaryKey(),
    email: text().notNull(),
    emailKey: codeText().notNull(),
    /** False for whom a directory brought under an address of a domain that is not proven to be its organization's. */
    isFoundByEmail: boolean().notNull().default(true),
    /** Whom a directory brought goes when no organization has them any more; whom the API made stays. */
    isMadeByDirectory: boolean().notNull().default(false),
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
    uniqueIndex('app_user_email_key')
      .on(t.emailKey)
      .where(sql`is_found_by_email`),
    uniqueIndex('app_user_external_id_key')
      .on(t.externalId)
      .where(sql`external_id is not null`),
  ],
);

/**
 * A person in an organization, because the API made them a member (`direct_provision`), because directories of the organization have
 * them (rows of `directoryMember`), or both. It ends when neither is left. Those of an organization that is being deleted are
 * hidden at once and removed afterwards.
 */
export const organizationMembership = pgTable(
  'organization_membership',
  {
    organizationId: codeText().notNull(),
    userId: codeText()
      .notNull()
      .references(() => appUser.id, { onDelete: 'cascade' }),
    status: text().$type<'ACTIVE' | 'INACTIVE' | 'PENDING_INVITE' | 'INVITE_EXPIRED'>().notNull(),
    provisioningMethod: text().$type<'direct_provision' | 'directory_sync'>().notNull(),
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

/**
 * That a directory has a person of the organization, as the application was told last. Only the mirror of the directories' events
 * writes it, so what is held back there is held back here.
 */
export const directoryMember = pgTable(
  'directory_member',
  {
    directoryId: codeText().notNull(),
    /** The person in the directory. */
    directoryUserId: codeText().notNull(),
    organizationId: codeText().notNull(),
    userId: codeText().notNull(),
    isActive: boolean().notNull(),
    /** Roles that the directory's groups give, by id; a role that was deleted since is not there any more. */
    roleIds: text().array().notNull(),
  },
  (t) => [
    primaryKey({ name: 'directory_member_pk', columns: [t.directoryId, t.directoryUserId] }),
    foreignKey({
      name: 'directory_member_membership_fk',
      columns: [t.organizationId, t.userId],
      foreignColumns: [organizationMembership.organizationId, organizationMembership.userId],
    }).onDelete('cascade'),
    index('directory_member_user_idx').on(t.userId, t.organizationId),
  ],
);
