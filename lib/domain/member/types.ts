/** What is known of a person besides their email. An empty text means that it is not known. */
export interface UserProfile {
  readonly givenName: string;
  readonly familyName: string;
  /** The whole name, if it was given; `fullNameOf` says what to show. */
  readonly name: string;
  readonly locale: string;
  readonly phoneNumber: string;
  readonly preferredUsername: string;
  readonly picture: string;
  readonly gender: string;
  readonly groups: readonly string[];
  readonly customAttributes: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export const EMPTY_PROFILE: UserProfile = {
  givenName: '',
  familyName: '',
  name: '',
  locale: '',
  phoneNumber: '',
  preferredUsername: '',
  picture: '',
  gender: '',
  groups: [],
  customAttributes: {},
  metadata: {},
};

/** The whole name as it was given, else made from its parts; empty if nothing is known. */
export function fullNameOf(profile: UserProfile): string {
  return profile.name || [profile.givenName, profile.familyName].filter(Boolean).join(' ');
}

export type MembershipStatus = 'ACTIVE' | 'INACTIVE' | 'PENDING_INVITE' | 'INVITE_EXPIRED';

/** How a membership came about: through the API, in the contract's word, or only by a directory. */
export type ProvisioningMethod = 'direct_provision' | 'directory_sync';

/** A role that a person has in an organization. */
export interface MemberRole {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  /** Null for a role of the environment. */
  readonly organizationId: string | null;
  /** Whether the API gave it; otherwise only a directory's groups do. */
  readonly isGivenByApi: boolean;
}

/** Names a role of the organization or of the environment, by its name or by its id. */
export type RoleChoice = { readonly name: string } | { readonly id: string };

/** A person in an organization. */
export interface Membership {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly status: MembershipStatus;
  readonly provisioningMethod: ProvisioningMethod;
  /** The directories that have the person in this organization, once for each time that they do. */
  readonly directoryIds: readonly string[];
  /** What the API gave and what directories give, in priority order. */
  readonly roles: readonly MemberRole[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly inviterEmail: string | null;
  readonly createdAt: Date;
  readonly joinedAt: Date | null;
}

/** A person as the application knows them, with what they are in each organization, oldest membership first. */
export interface User {
  readonly id: string;
  readonly environmentId: string;
  readonly email: string;
  readonly externalId: string | null;
  readonly profile: UserProfile;
  readonly metadata: Readonly<Record<string, string>>;
  readonly memberships: readonly Membership[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Names a person by our id or by the application's. */
export type UserRef = { readonly id: string } | { readonly externalId: string };

/** Limits, of the contract where it sets one. */
export const MEMBER_LIMITS = {
  email: 254,
  externalId: 510,
  pairs: 20,
  pairKeyMin: 3,
  pairKey: 25,
  pairValue: 256,
  givenName: 255,
  familyName: 255,
  name: 512,
  locale: 64,
  phoneNumber: 64,
  preferredUsername: 512,
  picture: 2048,
  gender: 64,
  groups: 50,
  group: 250,
  rolesPerMembership: 100,
  /** How many people one change touches, so that it stays short: their events are written with it. */
  peoplePerChange: 1000,
} as const;
