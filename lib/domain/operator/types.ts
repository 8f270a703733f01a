/** A session of a signed-in person lives this long. */
export const ACCOUNT_SESSION_SECONDS = 12 * 3600;
/** An invitation of a customer's admin can be accepted this long. */
export const INVITATION_SECONDS = 72 * 3600;
/** After this many wrong passwords in a row an account is locked for a while. */
export const MAX_FAILED_ATTEMPTS = 5;
/** How long the lock lasts. */
export const LOCK_SECONDS = 15 * 60;
export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 256;

/** Someone who signs in: an operator, or an admin of one customer. */
export interface Account {
  readonly id: string;
  readonly kind: 'operator' | 'customerAdmin';
  readonly organizationId: string | null;
  readonly email: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastSignInAt: Date | null;
}

/** A signed-in browser. */
export interface SignedIn {
  readonly sessionId: string;
  readonly account: Account;
  readonly expiresAt: Date;
}

/** An invitation of a customer's admin, without the token of its address: that is shown once. */
export interface Invitation {
  readonly id: string;
  readonly organizationId: string;
  readonly email: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly state: 'open' | 'accepted' | 'expired' | 'revoked';
}
