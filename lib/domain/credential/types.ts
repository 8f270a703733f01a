/** What an API credential may be allowed to do. `admin` is all of it; finer scopes come with the calls they guard. */
export const SCOPES = ['admin'] as const;

/** How long an access token lives: the wire's own number. */
export const ACCESS_TOKEN_SECONDS = 86_399;
/** The audience of tokens of this API; SCIM tokens are opaque and have none. */
export const API_AUDIENCE = 'gatehouse-api';

/** A secret of an API credential, without the secret: that is shown once. */
export interface CredentialSecret {
  readonly id: string;
  readonly suffix: string;
  readonly isLive: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
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
