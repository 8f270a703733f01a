import { SCOPES } from '@/lib/domain/credential/types';

/**
 * What generic OAuth tooling asks for before it talks to us: RFC 8414 §2, with the fields that OpenID Connect Discovery 1.0 §3
 * demands beside. Nobody signs in here, so there is no authorization endpoint and no response type.
 * @param issuer the public origin
 */
export function describeServer(issuer: string): Record<string, unknown> {
  return {
    issuer,
    token_endpoint: `${issuer}/oauth/token`,
    jwks_uri: `${issuer}/keys`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    scopes_supported: [...SCOPES],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}
