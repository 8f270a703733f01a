import { sql } from 'drizzle-orm';
import { bigint, boolean, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { codeText, moment } from './columns';

/**
 * A single sign-on connection of an organization, as configured. `settings` has the fields of its type, under the contract's names;
 * the client secret is beside it, sealed, with the end of it that may be shown.
 */
export const connection = pgTable(
  'connection',
  {
    id: codeText().primaryKey(),
    organizationId: text().notNull(),
    provider: text().notNull(),
    providerKey: text().notNull(),
    keyId: text(),
    type: text().$type<'OIDC' | 'SAML'>().notNull(),
    status: text().$type<'DRAFT' | 'IN_PROGRESS' | 'COMPLETED'>().notNull(),
    isEnabled: boolean().notNull(),
    isDebugEnabled: boolean().notNull(),
    uiButtonTitle: text().notNull(),
    configurationType: text().$type<'DISCOVERY' | 'MANUAL'>(),
    attributeMapping: jsonb().$type<Record<string, string>>().notNull(),
    settings: jsonb().$type<Record<string, unknown>>().notNull(),
    sealedClientSecret: text(),
    clientSecretSuffix: text(),
    /** Folded id, title and provider, for search. */
    searchKey: codeText().notNull(),
    version: bigint({ mode: 'number' }).notNull().default(1),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (t) => [index('connection_organization_idx').on(t.organizationId, t.id)],
);

/**
 * A domain of an organization's email addresses, in small ASCII letters. An organization domain may wait for verification in many
 * organizations, and is verified for one of them only.
 */
export const emailDomain = pgTable(
  'email_domain',
  {
    id: codeText().primaryKey(),
    organizationId: text().notNull(),
    domain: codeText().notNull(),
    type: text().$type<'ALLOWED_EMAIL_DOMAIN' | 'ORGANIZATION_DOMAIN'>().notNull(),
    /** The connection that people with this domain sign in through. */
    connectionId: codeText().references(() => connection.id, { onDelete: 'set null' }),
    txtRecordKey: text().notNull(),
    txtRecordSecret: text().notNull(),
    status: text().$type<'PENDING' | 'VERIFIED' | 'FAILED'>().notNull(),
    method: text().$type<'ADMIN' | 'DNS'>().notNull(),
    version: bigint({ mode: 'number' }).notNull().default(1),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (t) => [
    uniqueIndex('email_domain_organization_key').on(t.organizationId, t.domain, t.type),
    uniqueIndex('email_domain_verified_key')
      .on(t.domain)
      .where(sql`type = 'ORGANIZATION_DOMAIN' and status = 'VERIFIED'`),
    index('email_domain_organization_idx').on(t.organizationId, t.id),
    index('email_domain_connection_idx').on(t.connectionId),
  ],
);
