/**
 * What an API credential may be allowed to do. `admin` is all of it; a `write` does not include its `read`. `portal_links` stands apart
 * from `organizations`, so that an application can hand out links and nothing else.
 */
export const SCOPES = [
  'admin',
  'organizations:read',
  'organizations:write',
  'portal_links:read',
  'portal_links:write',
  'directories:read',
  'directories:write',
  'connections:read',
  'connections:write',
  'domains:read',
  'domains:write',
  'users:read',
  'users:write',
  'roles:read',
  'roles:write',
  'events:read',
  'credentials:read',
  'credentials:write',
] as const;

export type Scope = (typeof SCOPES)[number];

/** Whether whoever holds `held` may do what needs `scope`. */
export function holdsScope(held: readonly string[], scope: string): boolean {
  return held.includes('admin') || held.includes(scope);
}

/** What is in both: of what was asked for, that which is held. */
export function commonScopes(held: readonly string[], asked: readonly string[]): readonly string[] {
  return asked.includes('admin') ? held : asked.filter((scope) => holdsScope(held, scope));
}

/** How long an access token lives: the wire's own number. */
export const ACCESS_TOKEN_SECONDS = 86_399;
/** The audience of tokens of this API; SCIM tokens are opaque and have none. */
export const API_AUDIENCE = 'gatehouse-api';

/** Limits of API credentials. */
export const CREDENTIAL_LIMITS = {
  nameLengthMax: 100,
  /** One in use, one that replaces it, and some for other deployments. */
  liveSecretsMax: 5,
  /** How long a secret may go on living beside the one that replaces it, in seconds: 30 days. */
  overlapSecondsMax: 30 * 86_400,
} as const;

const DAY_MS = 86_400_000;

/**
 * How signing keys follow each other. The SDK asks for `/keys` once and never again, so the next key is listed for a whole period before
 * it signs: a process that runs for less than that needs no restart.
 */
export const SIGNING_KEYS = {
  periodMs: 180 * DAY_MS,
  /** The least that a key is listed before it signs, where an installation has no next key yet. */
  leadMs: 30 * DAY_MS,
  /** A key stays listed after its last signature for as long as a token lives, and a day for clocks and caches. */
  lingerMs: ACCESS_TOKEN_SECONDS * 1000 + DAY_MS,
} as const;

/** A secret of an API credential, without the secret: that is shown once. */
export interface CredentialSecret {
  readonly id: string;
  readonly suffix: string;
  readonly isLive: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** When it was last exchanged for a token, or a token that it was exchanged for was last used, to the minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** An API credential: a client id and its secrets. */
export interface Credential {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly secrets: readonly CredentialSecret[];
}

/** A credential or secret just made. `plainSecret` cannot be read back. */
export interface NewCredential {
  readonly credential: Credential;
  readonly secretId: string;
  readonly plainSecret: string;
}

/** A live credential, as presented by a caller. */
export interface LiveCredential {
  readonly id: string;
  readonly scopes: readonly string[];
  /** The secret that was presented. */
  readonly secretId: string;
}

/** A public key as `/keys` lists it. */
export type PublicJwk = Record<string, unknown>;

/** A key that signs access tokens, will, or did. */
export interface SigningKey {
  readonly id: string;
  readonly state: 'next' | 'signs' | 'leaves';
  readonly createdAt: Date;
  readonly signsFrom: Date;
  /** When it leaves `/keys`, once another has taken over. */
  readonly retiredAt: Date | null;
}
