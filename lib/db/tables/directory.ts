import { sql } from 'drizzle-orm';
import { bigint, boolean, foreignKey, index, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { codeText, moment } from './columns';
import { role } from './role';

interface CustomExtensionColumn {
  urn: string;
  attributes: {
    name: string;
    type: 'string' | 'boolean' | 'decimal' | 'integer' | 'dateTime';
    isMultiValued: boolean;
  }[];
}

/** A connection between an organization and one provider. `deletingAt` hides it at once; its people and groups go in a run. */
export const directory = pgTable(
  'directory',
  {
    id: codeText().primaryKey(),
    organizationId: text().notNull(),
    name: text().notNull(),
    type: text().$type<'SCIM' | 'POLL'>().notNull(),
    /** A key of the provider registry (`okta`, `entra`, …), finer than the provider names on the wire. */
    provider: text().notNull(),
    isEnabled: boolean().notNull(),
    status: text().$type<'DRAFT' | 'IN_PROGRESS' | 'COMPLETED'>().notNull(),
    /** Extension schemas of the provider's own, declared for this directory. */
    customExtensions: jsonb().$type<CustomExtensionColumn[]>().notNull().default([]),
    attributeMappings: jsonb().$type<{ key: string; mapTo: string }[]>().notNull(),
    version: bigint({ mode: 'number' }).notNull().default(1),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
    deletingAt: moment(),
  },
  (t) => [index('directory_organization_idx').on(t.organizationId, t.id)],
);

/** A bearer token of a directory, kept as a hash. It lives while neither revoked nor expired. */
export const directorySecret = pgTable(
  'directory_secret',
  {
    id: text().primaryKey(),
    directoryId: text()
      .notNull()
      .references(() => directory.id, { onDelete: 'cascade' }),
    tokenHash: text().notNull().unique(),
    suffix: text().notNull(),
    createdBy: text().notNull(),
    createdAt: moment().notNull(),
    expiresAt: moment(),
    lastUsedAt: moment(),
    revokedAt: moment(),
  },
  (t) => [index('directory_secret_directory_idx').on(t.directoryId)],
);

/**
 * A person as the directory sent it. `doc` is the SCIM resource without what is derived (id, meta, groups); `profile` is the part of
 * the webhook payload that comes from it. Typed columns are what filters and lists use. Each write takes the next `version`.
 */
export const dirUser = pgTable(
  'dir_user',
  {
    directoryId: codeText().notNull(),
    id: codeText().notNull(),
    userName: text().notNull(),
    /** `foldKey(userName)`: the name is unique in a directory without regard to case (RFC 7643 §4.1.1). */
    userNameKey: codeText().notNull(),
    externalId: codeText(),
    isActive: boolean().notNull(),
    /** Whether the application is not told of this person for now: there is a row of `heldPerson`, and events wait. */
    isHeld: boolean().notNull().default(false),
    primaryEmail: text(),
    primaryEmailKey: codeText(),
    /** Folded addresses besides the primary one; null when there are none, so that their index costs most writes nothing. */
    otherEmailKeys: text().array(),
    displayName: codeText().notNull(),
    doc: jsonb().$type<Record<string, unknown>>().notNull(),
    /** `doc` as filters compare it: texts that are not case exact folded, dates as milliseconds since 1970. */
    comparable: jsonb().$type<Record<string, unknown>>().notNull(),
    profile: jsonb().$type<Record<string, unknown>>().notNull(),
    version: bigint({ mode: 'number' }).notNull().default(1),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (t) => [
    primaryKey({ name: 'dir_user_pk', columns: [t.directoryId, t.id] }),
    uniqueIndex('dir_user_user_name_key').on(t.directoryId, t.userNameKey),
    index('dir_user_external_id_idx')
      .on(t.directoryId, t.externalId)
      .where(sql`external_id is not null`),
    index('dir_user_email_idx').on(t.directoryId, t.primaryEmailKey),
    index('dir_user_other_emails_idx')
      .using('gin', t.otherEmailKeys)
      .where(sql`other_email_keys is not null`),
    index('dir_user_inactive_idx')
      .on(t.directoryId, t.id)
      .where(sql`not is_active`),
    index('dir_user_updated_idx').on(t.directoryId, t.updatedAt),
  ],
);

/**
 * What remains of a deleted person who had an external id: the id by which the application knew them. Directories recycle external
 * ids, so someone created later under the same one is told with this as `previous_id`, and inherits nothing.
 */
export const dirUserTombstone = pgTable(
  'dir_user_tombstone',
  {
    directoryId: codeText().notNull(),
    externalId: codeText().notNull(),
    userId: text().notNull(),
    deletedAt: moment().notNull(),
  },
  (t) => [primaryKey({ name: 'dir_user_tombstone_pk', columns: [t.directoryId, t.externalId] })],
);

/**
 * A group as the directory sent it; its members are rows of `membership` and `groupNesting`. The display name is unique in a
 * directory, since Entra ID finds groups by it. `deletingAt` hides the group at once; a job removes its rows.
 */
export const dirGroup = pgTable(
  'dir_group',
  {
    directoryId: codeText().notNull(),
    id: codeText().notNull(),
    displayName: text().notNull(),
    displayNameKey: codeText().notNull(),
    externalId: codeText(),
    doc: jsonb().$type<Record<string, unknown>>().notNull(),
    /** `doc` as filters compare it, without what has a column. */
    comparable: jsonb().$type<Record<string, unknown>>().notNull(),
    version: bigint({ mode: 'number' }).notNull().default(1),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
    deletingAt: moment(),
  },
  (t) => [
    primaryKey({ name: 'dir_group_pk', columns: [t.directoryId, t.id] }),
    uniqueIndex('dir_group_display_name_key')
      .on(t.directoryId, t.displayNameKey)
      .where(sql`deleting_at is null`),
    index('dir_group_external_id_idx')
      .on(t.directoryId, t.externalId)
      .where(sql`external_id is not null`),
  ],
);

/** A person in a group, by direct membership. Writers lock the group first, then its people in order of id. */
export const membership = pgTable(
  'membership',
  {
    directoryId: codeText().notNull(),
    groupId: codeText().notNull(),
    userId: codeText().notNull(),
  },
  (t) => [
    primaryKey({ name: 'membership_pk', columns: [t.directoryId, t.groupId, t.userId] }),
    index('membership_user_idx').on(t.directoryId, t.userId, t.groupId),
    foreignKey({
      name: 'membership_user_fk',
      columns: [t.directoryId, t.userId],
      foreignColumns: [dirUser.directoryId, dirUser.id],
    }).onDelete('cascade'),
  ],
);

/** A group as a member of a group: stored and shown; membership of people is not derived from it. */
export const groupNesting = pgTable(
  'group_nesting',
  {
    directoryId: codeText().notNull(),
    groupId: codeText().notNull(),
    memberGroupId: codeText().notNull(),
  },
  (t) => [
    primaryKey({ name: 'group_nesting_pk', columns: [t.directoryId, t.groupId, t.memberGroupId] }),
    index('group_nesting_member_idx').on(t.directoryId, t.memberGroupId),
  ],
);

/**
 * That the people of a group have a role: all of a directory's rows are its mapping. Direct members count. What roles a person has is
 * derived from it, never stored (`roles_of_groups`). The rows of a group go when it is deleted.
 */
export const directoryGroupRole = pgTable(
  'directory_group_role',
  {
    directoryId: codeText().notNull(),
    groupId: codeText().notNull(),
    roleId: codeText()
      .notNull()
      .references(() => role.id),
  },
  (t) => [
    primaryKey({ name: 'directory_group_role_pk', columns: [t.directoryId, t.groupId, t.roleId] }),
    index('directory_group_role_role_idx').on(t.roleId),
    foreignKey({
      name: 'directory_group_role_group_fk',
      columns: [t.directoryId, t.groupId],
      foreignColumns: [dirGroup.directoryId, dirGroup.id],
    }).onDelete('cascade'),
  ],
);
