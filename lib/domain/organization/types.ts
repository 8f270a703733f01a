/** Portal modules and API areas that an operator switches on for a customer, by the names the wire uses. */
export const FEATURES = ['dir_sync', 'sso', 'domain_verification'] as const;
export type Feature = (typeof FEATURES)[number];

/** Other names that the wire, the SDK and the guides use for the same features. */
const FEATURE_ALIASES: Readonly<Record<string, Feature>> = {
  dir_sync: 'dir_sync',
  directory_sync: 'dir_sync',
  scim: 'dir_sync',
  sso: 'sso',
  domain_verification: 'domain_verification',
};

/** The feature that `name` means, or undefined for a name that means none. */
export function readFeature(name: string): Feature | undefined {
  return Object.hasOwn(FEATURE_ALIASES, name) ? FEATURE_ALIASES[name] : undefined;
}

/** A customer of the operator. */
export interface Organization {
  readonly id: string;
  readonly displayName: string;
  readonly externalId: string | null;
  readonly slug: string | null;
  readonly logoUrl: string | null;
  readonly regionCode: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly features: Readonly<Record<Feature, boolean>>;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * How long the people of an organization stay signed in to the application: as the application says for everyone, or by times of the
 * organization's own. Kept for the application; nothing here ends its sessions.
 */
export type SessionPolicy =
  | { readonly source: 'APPLICATION' }
  | {
      readonly source: 'CUSTOM';
      readonly absoluteMinutes: number;
      readonly isIdleEnabled: boolean;
      readonly idleMinutes: number | null;
    };

/** How many people an organization may have. */
export interface UserManagementSettings {
  /** Members besides those who are inactive; null for no limit. */
  readonly maxAllowedUsers: number | null;
}

/** The features as the wire lists them. */
export function featureSettings(organization: Organization): { name: Feature; enabled: boolean }[] {
  return FEATURES.map((name) => ({ name, enabled: organization.features[name] }));
}

/** Limits that the contract sets. */
export const ORGANIZATION_LIMITS = {
  displayName: 200,
  externalId: 255,
  slug: 253,
  logoUrl: 1024,
  metadataPairs: 10,
  metadataKeyMin: 3,
  metadataKey: 25,
  metadataValue: 256,
  /** Ten years, in minutes. A session that lives longer is a mistake in the unit. */
  sessionMinutes: 5_256_000,
} as const;

/** An organization that was deleted, while its rows go. */
export interface OrganizationDeletion {
  readonly id: string;
  readonly displayName: string;
  readonly startedAt: Date;
  /** People of its directories that are left to remove. */
  readonly peopleLeft: number;
  /** Its members that are left to remove. */
  readonly membersLeft: number;
}
