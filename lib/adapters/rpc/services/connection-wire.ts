import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  ConfigurationType,
  ConnectionProvider,
  ConnectionStatus,
  ConnectionType,
  NameIdFormat,
  OIDCScope,
  RequestBinding,
  SAMLSigningOptions,
  TokenAuthType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import type {
  ConnectionSchema,
  ListConnectionSchema,
  OIDCConnectionConfig,
  OIDCConnectionConfigSchema,
  SAMLConnectionConfigRequest,
  SAMLConnectionConfigResponseSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { invalidField } from '@/lib/core/error';
import type {
  Connection,
  ConnectionProvider as Provider,
  ListedConnection,
  OidcChange,
  OidcSettings,
  SamlChange,
  SamlSettings,
} from '@/lib/domain/connection/types';
import type { EmailDomain } from '@/lib/domain/email-domain/types';
import { writeDomain } from './domain-wire';

/** The name of an enum's value, or undefined for the one that says nothing. */
function nameOf<N extends string>(names: Readonly<Record<number, string>>, value: number): N | undefined {
  return value === 0 ? undefined : (names[value] as N | undefined);
}

/** The type that a request names; undefined if it names none. @throws invalid_argument for one that is no single sign-on */
export function readConnectionType(type: ConnectionType): Connection['type'] | undefined {
  if (type === ConnectionType.INVALID) return undefined;
  if (type === ConnectionType.OIDC) return 'OIDC';
  if (type === ConnectionType.SAML) return 'SAML';
  throw invalidField('connection.type', 'A connection of an organization is OIDC or SAML.');
}

/** The provider that a request names; undefined if it names none. */
export function readConnectionProvider(provider: ConnectionProvider): Provider | undefined {
  return nameOf<Provider>(ConnectionProvider, provider);
}

/** The status that a filter names; undefined if it names none. */
export function readConnectionStatus(status: ConnectionStatus | undefined): Connection['status'] | undefined {
  return nameOf<Connection['status']>(ConnectionStatus, status ?? 0);
}

/** The way of configuring that a request names; undefined if it names none. */
export function readConfigurationType(type: ConfigurationType): 'DISCOVERY' | 'MANUAL' | undefined {
  return nameOf<'DISCOVERY' | 'MANUAL'>(ConfigurationType, type);
}

/** The fields of an OIDC configuration that a request carries. */
export function readOidc(config: OIDCConnectionConfig): OidcChange {
  const { $typeName: _, $unknown: __, scopes, tokenAuthType, redirectUri, ...fields } = config;
  return {
    ...fields,
    // These cannot say that they are absent, so empty means unchanged.
    redirectUri: redirectUri || undefined,
    scopes:
      scopes.length === 0
        ? undefined
        : scopes.flatMap((scope) => nameOf<NonNullable<OidcSettings['scopes']>[number]>(OIDCScope, scope) ?? []),
    tokenAuthType: nameOf<NonNullable<OidcSettings['tokenAuthType']>>(TokenAuthType, tokenAuthType),
  };
}

/** The fields of a SAML configuration that a request carries. Its button title is the connection's, and read apart. */
export function readSaml(config: SAMLConnectionConfigRequest): SamlChange {
  const { $typeName: _, $unknown: __, uiButtonTitle: ___, idpCertificate: certificate, ...given } = config;
  const { idpNameIdFormat, idpSsoRequestBinding, idpSloRequestBinding, samlSigningOption, ...fields } = given;
  type Binding = NonNullable<SamlSettings['idpSsoRequestBinding']>;
  return {
    ...fields,
    certificate,
    idpNameIdFormat: nameOf<NonNullable<SamlSettings['idpNameIdFormat']>>(NameIdFormat, idpNameIdFormat),
    idpSsoRequestBinding: nameOf<Binding>(RequestBinding, idpSsoRequestBinding),
    idpSloRequestBinding: nameOf<Binding>(RequestBinding, idpSloRequestBinding),
    samlSigningOption: nameOf<NonNullable<SamlSettings['samlSigningOption']>>(SAMLSigningOptions, samlSigningOption),
  };
}

/**
 * A connection as the contract has it. The client secret is masked. Addresses of ours for the provider are left out, as there is
 * nothing behind them before sign-in is there: only those that were given are shown.
 */
export function writeConnection(
  connection: Connection,
  domains: readonly EmailDomain[],
): MessageInitShape<typeof ConnectionSchema> {
  return {
    id: connection.id,
    provider: ConnectionProvider[connection.provider],
    type: ConnectionType[connection.type],
    status: ConnectionStatus[connection.status],
    enabled: connection.isEnabled,
    debugEnabled: connection.isDebugEnabled,
    organizationId: connection.organizationId,
    uiButtonTitle: connection.uiButtonTitle,
    configurationType: connection.configurationType ? ConfigurationType[connection.configurationType] : 0,
    attributeMapping: { ...connection.attributeMapping },
    createTime: timestampFromDate(connection.createdAt),
    updateTime: timestampFromDate(connection.updatedAt),
    settings:
      connection.type === 'OIDC'
        ? { case: 'oidcConfig', value: writeOidc(connection.settings, connection.clientSecretMask) }
        : { case: 'samlConfig', value: writeSaml(connection.settings, connection.uiButtonTitle) },
    keyId: connection.keyId ?? undefined,
    providerKey: connection.providerKey,
    domains: domains.map(writeDomain),
  };
}

function writeOidc(
  settings: OidcSettings,
  clientSecretMask: string | null,
): MessageInitShape<typeof OIDCConnectionConfigSchema> {
  const { scopes = [], tokenAuthType, ...fields } = settings;
  return {
    ...fields,
    clientSecret: clientSecretMask ?? undefined,
    scopes: scopes.map((scope) => OIDCScope[scope]),
    tokenAuthType: tokenAuthType ? TokenAuthType[tokenAuthType] : 0,
  };
}

function writeSaml(
  settings: SamlSettings,
  uiButtonTitle: string,
): MessageInitShape<typeof SAMLConnectionConfigResponseSchema> {
  const { idpCertificates = [], idpNameIdFormat, idpSsoRequestBinding, idpSloRequestBinding, ...others } = settings;
  const { samlSigningOption, ...fields } = others;
  return {
    ...fields,
    uiButtonTitle: uiButtonTitle || undefined,
    idpCertificates: idpCertificates.map(({ id, certificate, issuer, addedAt, expiresAt }) => ({
      id,
      certificate,
      issuer,
      createTime: timestampFromDate(new Date(addedAt)),
      expiryTime: timestampFromDate(new Date(expiresAt)),
    })),
    idpNameIdFormat: idpNameIdFormat ? NameIdFormat[idpNameIdFormat] : 0,
    idpSsoRequestBinding: idpSsoRequestBinding ? RequestBinding[idpSsoRequestBinding] : 0,
    idpSloRequestBinding: idpSloRequestBinding ? RequestBinding[idpSloRequestBinding] : 0,
    samlSigningOption: samlSigningOption ? SAMLSigningOptions[samlSigningOption] : 0,
  };
}

/** A connection as lists have it: domains by name, nothing of its configuration. */
export function writeListedConnection(
  connection: ListedConnection,
  domains: readonly EmailDomain[],
): MessageInitShape<typeof ListConnectionSchema> {
  return {
    id: connection.id,
    provider: ConnectionProvider[connection.provider],
    type: ConnectionType[connection.type],
    status: ConnectionStatus[connection.status],
    enabled: connection.isEnabled,
    organizationId: connection.organizationId,
    uiButtonTitle: connection.uiButtonTitle,
    domains: domains.map(({ domain }) => domain),
    organizationName: connection.organizationName,
    providerKey: connection.providerKey,
    keyId: connection.keyId ?? '',
    createdAt: timestampFromDate(connection.createdAt),
  };
}
