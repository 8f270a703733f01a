import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { codeText, moment } from './columns';

/**
 * A role of the application: of the environment, which all organizations have, or of one organization. A role is named by its name
 * alone wherever roles are assigned, so an organization's role never has the name of an environment role; this one rule is kept by
 * the commands, under their lock. So is the rest of inheritance: a base is an environment role or of the same organization, and no
 * role inherits from itself.
 */
export const role = pgTable(
  'role',
  {
    id: codeText().primaryKey(),
    /** Null for a role of the environment. */
    organizationId: text(),
    name: codeText().notNull(),
    displayName: text().notNull(),
    description: text().notNull(),
    /** Smaller numbers go first; then roles of the organization before those of the environment, then by name. */
    priority: integer().notNull(),
    /** The role whose permissions this one has too. */
    baseRoleId: text().references((): AnyPgColumn => role.id, { onDelete: 'set null' }),
    version: bigint({ mode: 'number' }).notNull().default(1),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (t) => [
    uniqueIndex('role_environment_name_key')
      .on(t.name)
      .where(sql`organization_id is null`),
    uniqueIndex('role_organization_name_key')
      .on(t.organizationId, t.name)
      .where(sql`organization_id is not null`),
    index('role_name_idx').on(t.name),
    index('role_base_idx')
      .on(t.baseRoleId)
      .where(sql`base_role_id is not null`),
  ],
);

/** Something that a role may allow. What it means is the application's business. */
export const permission = pgTable('permission', {
  id: codeText().primaryKey(),
  name: codeText().notNull().unique('permission_name_key'),
  description: text().notNull(),
  version: bigint({ mode: 'number' }).notNull().default(1),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull(),
});

/** That a role has a permission itself. What it has through its base is derived, never stored. */
export const rolePermission = pgTable(
  'role_permission',
  {
    roleId: text()
      .notNull()
      .references(() => role.id, { onDelete: 'cascade' }),
    permissionId: text()
      .notNull()
      .references(() => permission.id),
  },
  (t) => [
    primaryKey({ name: 'role_permission_pk', columns: [t.roleId, t.permissionId] }),
    index('role_permission_permission_idx').on(t.permissionId),
  ],
);

/** The role that whoever creates an organization, or joins one, gets unless told otherwise. */
export const defaultRole = pgTable(
  'default_role',
  {
    /** An organization's id, or `environment`. */
    scope: text().notNull(),
    kind: text().$type<'creator' | 'member'>().notNull(),
    roleId: text()
      .notNull()
      .references(() => role.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ name: 'default_role_pk', columns: [t.scope, t.kind] }),
    index('default_role_role_idx').on(t.roleId),
  ],
);
