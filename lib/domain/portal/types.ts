import type { Feature, Organization } from '../organization/types';

/** A link made for sharing lives this long and opens any number of sessions. */
export const SHARE_LINK_SECONDS = 7 * 24 * 3600;
/** A link made for embedding must be loaded this soon, once. */
export const EMBED_LINK_SECONDS = 60;
/** A visitor's session lives this long from the load of the link. */
export const PORTAL_SESSION_SECONDS = 6 * 3600;
/** Ends the UUID of a link made for sharing, as the contract shows it. */
export const SHARE_SUFFIX = '_p';

export type LinkKind = 'embed' | 'share';
export type LinkState = 'live' | 'used' | 'expired' | 'revoked';

/** A portal link, without the credential in its address: that is shown once, when the link is made. */
export interface PortalLink {
  readonly id: string;
  readonly organizationId: string;
  readonly kind: LinkKind;
  /** Portal tabs that it opens; null means all that the organization has. */
  readonly features: readonly Feature[] | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
  readonly useCount: number;
  readonly state: LinkState;
}

/** A link just made. `token` is the last part of its address. */
export interface NewPortalLink {
  readonly link: PortalLink;
  readonly token: string;
}

/** A session just opened: `secret` goes into the visitor's cookie and nowhere else. */
export interface OpenedSession {
  readonly sessionId: string;
  readonly secret: string;
  readonly expiresAt: Date;
}

/** What a live portal session may see. */
export interface PortalVisit {
  readonly sessionId: string;
  readonly linkId: string;
  readonly organization: Organization;
  /** The tabs: what the link opens and the organization has. */
  readonly features: readonly Feature[];
  readonly expiresAt: Date;
}

/** Why a link does not open, as `errorCode` of the error; the contract's UI events carry the same names. */
export type LinkErrorCode = 'LINK_NOT_FOUND' | 'LINK_EXPIRED' | 'LINK_ALREADY_USED' | 'LINK_REVOKED';

/** An address whose origin may frame the portal and is told its UI events. */
export interface RedirectUri {
  readonly id: string;
  readonly uri: string;
  readonly createdBy: string;
  readonly createdAt: Date;
}
