/** Identity providers by the wire's names. */
export const CONNECTION_PROVIDERS = [
  'OKTA',
  'GOOGLE',
  'MICROSOFT_AD',
  'AUTH0',
  'ONELOGIN',
  'PING_IDENTITY',
  'JUMPCLOUD',
  'CUSTOM',
  'GITHUB',
  'GITLAB',
  'LINKEDIN',
  'SALESFORCE',
  'MICROSOFT',
  'IDP_SIMULATOR',
  'SCALEKIT',
  'ADFS',
] as const;
export type ConnectionProvider = (typeof CONNECTION_PROVIDERS)[number];

/** How an OIDC connection is set up, under the contract's names. What is absent is not set. The client secret is kept apart. */
export interface OidcSettings {
  readonly issuer?: string;
  readonly discoveryEndpoint?: string;
  readonly authorizeUri?: string;
  readonly tokenUri?: string;
  readonly userInfoUri?: string;
  readonly jwksUri?: string;
  readonly clientId?: string;
  readonly scopes?: readonly ('openid' | 'profile' | 'email' | 'address' | 'phone')[];
  readonly tokenAuthType?: 'URL_PARAMS' | 'BASIC_AUTH';
  readonly redirectUri?: string;
  readonly pkceEnabled?: boolean;
  readonly idpLogoutRequired?: boolean;
  readonly postLogoutRedirectUri?: string;
  readonly backchannelLogoutRedirectUri?: string;
  readonly syncUserProfileOnLogin?: boolean;
  readonly jitProvisioningWithSsoEnabled?: boolean;
}

/** A certificate that the provider signs with. `id` is its SHA-256 fingerprint in hex; times are RFC 3339. */
export interface IdpCertificate {
  readonly id: string;
  readonly certificate: string;
  readonly issuer: string;
  readonly addedAt: string;
  readonly expiresAt: string;
}

/** How a SAML connection is set up, under the contract's names. What is absent is not set. */
export interface SamlSettings {
  readonly idpMetadataUrl?: string;
  readonly idpEntityId?: string;
  readonly idpSsoUrl?: string;
  readonly idpSloUrl?: string;
  readonly idpCertificates?: readonly IdpCertificate[];
  readonly idpNameIdFormat?: 'UNSPECIFIED' | 'EMAIL' | 'TRANSIENT' | 'PERSISTENT';
  readonly idpSsoRequestBinding?: 'HTTP_POST' | 'HTTP_REDIRECT';
  readonly idpSloRequestBinding?: 'HTTP_POST' | 'HTTP_REDIRECT';
  readonly samlSigningOption?:
    | 'NO_SIGNING'
    | 'SAML_ONLY_RESPONSE_SIGNING'
    | 'SAML_ONLY_ASSERTION_SIGNING'
    | 'SAML_RESPONSE_ASSERTION_SIGNING'
    | 'SAML_RESPONSE_OR_ASSERTION_SIGNING';
  readonly forceAuthn?: boolean;
  readonly defaultRedirectUri?: string;
  readonly assertionEncrypted?: boolean;
  readonly wantRequestSigned?: boolean;
  readonly certificateId?: string;
  readonly idpSloRequired?: boolean;
  readonly spEntityId?: string;
  readonly spAssertionUrl?: string;
  readonly spSloUrl?: string;
  readonly syncUserProfileOnLogin?: boolean;
  readonly jitProvisioningWithSsoEnabled?: boolean;
}

/** Fields to change. Undefined leaves a field as it is; an empty text clears it. */
export type OidcChange = OidcSettings & { readonly clientSecret?: string };

/** Fields to change. Undefined leaves a field as it is; an empty text clears it. `certificate` has one or more, in PEM or bare base64. */
export type SamlChange = Omit<SamlSettings, 'idpCertificates'> & { readonly certificate?: string };

interface ConnectionFields {
  readonly id: string;
  readonly organizationId: string;
  readonly provider: ConnectionProvider;
  /** The provider's name where that is finer than `provider`. */
  readonly providerKey: string;
  readonly keyId: string | null;
  /** `COMPLETED` when it has all that sign-in needs, `DRAFT` while nothing is configured. */
  readonly status: 'DRAFT' | 'IN_PROGRESS' | 'COMPLETED';
  readonly isEnabled: boolean;
  readonly isDebugEnabled: boolean;
  readonly uiButtonTitle: string;
  readonly configurationType: 'DISCOVERY' | 'MANUAL' | null;
  /** Our attribute names to the provider's. */
  readonly attributeMapping: Readonly<Record<string, string>>;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A single sign-on connection of an organization, as configured. */
export type Connection = ConnectionFields &
  (
    | {
        readonly type: 'OIDC';
        readonly settings: OidcSettings;
        /** Stars and, for one long enough, its last characters; null without a secret. The secret itself is never shown. */
        readonly clientSecretMask: string | null;
      }
    | { readonly type: 'SAML'; readonly settings: SamlSettings }
  );

/** A connection with the name of its organization, for lists. */
export type ListedConnection = Connection & { readonly organizationName: string };
