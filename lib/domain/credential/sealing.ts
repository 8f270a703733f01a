/** Purposes that bind sealed values of this module to their column. */
export const INTERNAL_SECRET_PURPOSE = 'api_client.sealed_secret';
export const SIGNING_KEY_PURPOSE = 'signing_key.sealed_private_jwk';
