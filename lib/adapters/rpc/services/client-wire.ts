import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ClientSecretStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import type {
  ClientSchema,
  ClientSecretSchema,
  CreateClient,
  UpdateClient,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import { invalidField } from '@/lib/core/error';
import { ACCESS_TOKEN_SECONDS, type Credential, type CredentialSecret } from '@/lib/domain/credential/types';

/** The one type of clients there is: a program that calls the API with an id and a secret. */
export const CLIENT_TYPE = 'M2M';
const GRANT_TYPE = 'client_credentials';

/** An API credential as the contract has it. @param shown a secret that was just made, with its text */
export function writeClient(
  credential: Credential,
  shown?: { readonly secretId: string; readonly plainSecret: string },
): MessageInitShape<typeof ClientSchema> {
  return {
    id: credential.id,
    createTime: timestampFromDate(credential.createdAt),
    name: credential.name,
    scopes: [...credential.scopes],
    secrets: credential.secrets.map((secret) =>
      writeClientSecret(secret, secret.id === shown?.secretId ? shown.plainSecret : undefined),
    ),
    clientType: CLIENT_TYPE,
    grantTypes: [GRANT_TYPE],
    accessTokenExpiry: BigInt(ACCESS_TOKEN_SECONDS),
  };
}

/** A secret of an API credential. @param plainSecret its text, at the only moment when there is one */
export function writeClientSecret(
  secret: CredentialSecret,
  plainSecret?: string,
): MessageInitShape<typeof ClientSecretSchema> {
  return {
    id: secret.id,
    createTime: timestampFromDate(secret.createdAt),
    secretSuffix: secret.suffix,
    createdBy: secret.createdBy,
    status: secret.isLive ? ClientSecretStatus.ACTIVE : ClientSecretStatus.INACTIVE,
    expireTime: secret.expiresAt ? timestampFromDate(secret.expiresAt) : undefined,
    lastUsedTime: secret.lastUsedAt ? timestampFromDate(secret.lastUsedAt) : undefined,
    plainSecret,
  };
}

/** Throws `invalid_argument` for what clients of a login product have and API credentials do not. */
export function refuseLoginFields(client: CreateClient | UpdateClient): void {
  const expiry = Number(client.accessTokenExpiry);
  const checks: readonly (readonly [string, boolean])[] = [
    ['back_channel_logout_uris', client.backChannelLogoutUris.length === 0],
    ['post_logout_redirect_uris', client.postLogoutRedirectUris.length === 0],
    ['post_login_uris', client.postLoginUris.length === 0],
    ['initiate_login_uri', !client.initiateLoginUri],
    ['custom_claims', client.customClaims.length === 0],
    ['access_token_expiry', expiry === 0 || expiry === ACCESS_TOKEN_SECONDS],
    ['disallow_scalekit_api_access', client.disallowScalekitApiAccess !== true],
    ['grant_types', client.grantTypes.every((type) => type === GRANT_TYPE)],
    ['enforce_pkce', client.enforcePkce !== true],
  ];
  const refused = checks.find(([, isFine]) => !isFine)?.[0];
  if (refused === undefined) return;
  throw invalidField(`client.${refused}`, `${refused} is not available for API credentials. Leave it out.`);
}
