import type { ProviderId } from '@/lib/providers/provider';
import type { AttributeMapping } from '../provisioning/types';

/** How many tokens of one directory may live at once: two, so that one can be rotated while the other works. */
export const MAX_LIVE_SECRETS = 2;
/** Starts each directory token, so that one found in the wild can be recognised. */
export const TOKEN_PREFIX = 'scim_';

/** Types that an attribute of a custom extension may have. */
export const EXTENSION_ATTRIBUTE_TYPES = ['string', 'boolean', 'decimal', 'integer', 'dateTime'] as const;

/** An extension schema that someone declared for a directory, such as Entra ID's `urn:ietf:params:scim:schemas:extension:acme:2.0:User`. */
export interface CustomExtension {
  readonly urn: string;
  readonly attributes: readonly {
    readonly name: string;
    readonly type: (typeof EXTENSION_ATTRIBUTE_TYPES)[number];
    readonly isMultiValued: boolean;
  }[];
}

/** Most extensions of one directory. */
export const MAX_CUSTOM_EXTENSIONS = 10;

/** Most attribute mappings of one directory: each is looked up whenever a person is written. */
export const MAX_ATTRIBUTE_MAPPINGS = 50;

/** A connection between an organization and one identity provider. */
export interface Directory {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly type: 'SCIM' | 'POLL';
  readonly provider: ProviderId;
  readonly isEnabled: boolean;
  readonly status: 'DRAFT' | 'IN_PROGRESS' | 'COMPLETED';
  /** Which attributes of its users the application is told of as custom attributes. */
  readonly attributeMappings: readonly AttributeMapping[];
  /** Extension schemas of the provider's own, which its users may carry besides the enterprise one. */
  readonly customExtensions: readonly CustomExtension[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A bearer token of a directory, without the token: that is shown once, when it is made. */
export interface DirectorySecret {
  readonly id: string;
  readonly directoryId: string;
  readonly suffix: string;
  readonly isLive: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** What a bearer token opens. Whether it may be used now is for the caller to say, in its protocol's words. */
export interface TokenHolder {
  readonly directory: Directory;
  readonly secretId: string;
  /** Whether the organization has SCIM provisioning switched on. */
  readonly isFeatureEnabled: boolean;
}

/**
 * Whether the directory's tokens are accepted: while it is enabled, and before it was ever enabled, so that its admin can test the
 * connection first. One that was switched off refuses them.
 */
export function acceptsTokens(directory: Pick<Directory, 'isEnabled' | 'status'>): boolean {
  return directory.isEnabled || directory.status !== 'COMPLETED';
}
