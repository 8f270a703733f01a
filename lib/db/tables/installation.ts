import { boolean, integer, jsonb, pgTable, text, uniqueIndex, index } from 'drizzle-orm/pg-core';
import { codeText, moment } from './columns';

/**
 * One row: this installation. `id` fills `environment_id` in every event. The set-up token exists only while there is no
 * operator; only its hash is kept, so a new one is made, and the old one dies, at each boot until someone signs up.
 */
export const installation = pgTable('installation', {
  id: text().primaryKey(),
  setupTokenHash: text(),
  createdAt: moment().notNull(),
});

/**
 * People who sign in. `kind` decides everything: an operator reaches the dashboard, a customer's admin reaches `/settings` of
 * `organizationId` and nothing else. `passwordHash` is scrypt with its parameters in front.
 */
export const account = pgTable(
  'account',
  {
    id: text().primaryKey(),
    kind: text().$type<'operator' | 'customerAdmin'>().notNull(),
    organizationId: text(),
    email: text().notNull(),
    /** The folded address; unique over both kinds, so an address signs in to one thing. */
    emailKey: codeText().notNull(),
    name: text().notNull(),
    passwordHash: text().notNull(),
    failedAttempts: integer().notNull().default(0),
    lockedUntil: moment(),
    createdAt: moment().notNull(),
    lastSignInAt: moment(),
  },
  (t) => [uniqueIndex('account_email_key').on(t.emailKey), index('account_organization_idx').on(t.organizationId)],
);

/** A signed-in browser. The signed cookie carries the id only; a row with `endedAt` set, or none, means signed out. */
export const accountSession = pgTable(
  'account_session',
  {
    id: text().primaryKey(),
    accountId: text()
      .notNull()
      .references(() => account.id, { onDelete: 'cascade' }),
    createdAt: moment().notNull(),
    expiresAt: moment().notNull(),
    endedAt: moment(),
    userAgent: text(),
    clientAddress: text(),
  },
  (t) => [index('account_session_account_idx').on(t.accountId)],
);

/** A one-time link by which a customer's admin chooses a password. Spent by one conditional update of `acceptedAt`. */
export const invitation = pgTable(
  'invitation',
  {
    id: text().primaryKey(),
    organizationId: text().notNull(),
    email: text().notNull(),
    tokenHash: text().notNull().unique(),
    createdBy: text().notNull(),
    createdAt: moment().notNull(),
    expiresAt: moment().notNull(),
    acceptedAt: moment(),
    revokedAt: moment(),
  },
  (t) => [index('invitation_organization_idx').on(t.organizationId)],
);

/**
 * An API credential. `id` is the client id, as given at set-up or made by us. `isInternal` marks the one that `/settings` uses:
 * its secret is sealed in `sealedSecret` and shown nowhere.
 */
export const apiClient = pgTable('api_client', {
  id: text().primaryKey(),
  name: text().notNull(),
  scopes: jsonb().$type<string[]>().notNull(),
  isInternal: boolean().notNull().default(false),
  sealedSecret: text(),
  createdBy: text().notNull(),
  createdAt: moment().notNull(),
});

/** A secret of an API credential. Several may live at once; it lives while neither revoked nor expired. */
export const apiClientSecret = pgTable(
  'api_client_secret',
  {
    id: text().primaryKey(),
    clientId: text()
      .notNull()
      .references(() => apiClient.id, { onDelete: 'cascade' }),
    secretHash: text().notNull(),
    suffix: text().notNull(),
    createdBy: text().notNull(),
    createdAt: moment().notNull(),
    expiresAt: moment(),
    lastUsedAt: moment(),
    revokedAt: moment(),
  },
  (t) => [index('api_client_secret_client_idx').on(t.clientId)],
);

/**
 * Keys that sign access tokens. A key is published in `/keys` from the moment it is made and signs from `signsFrom` on; clients
 * cache `/keys` for their whole life, so a new key is published long before it signs.
 */
export const signingKey = pgTable('signing_key', {
  id: text().primaryKey(),
  algorithm: text().notNull(),
  publicJwk: jsonb().$type<Record<string, unknown>>().notNull(),
  sealedPrivateJwk: text().notNull(),
  createdAt: moment().notNull(),
  signsFrom: moment().notNull(),
  /** From here on the key no longer signs and is no longer published. */
  retiredAt: moment(),
});

/** Origins that may frame the portal and are told its UI events, as registered under Redirect URIs. */
export const redirectUri = pgTable('redirect_uri', {
  id: text().primaryKey(),
  uri: text().notNull().unique(),
  createdBy: text().notNull(),
  createdAt: moment().notNull(),
});
