import { randomBytes } from 'node:crypto';
import { seal, unseal } from '@/lib/core/seal';

const PURPOSE = 'webhook_endpoint.sealed_secret';
const SECRET_BYTES = 32;

/**
 * A new signing secret. Standard base64, as Standard Webhooks and the SDK have it: the SDK splits at the underscore, so that the URL-safe
 * alphabet would cut some secrets short.
 */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

export const sealWebhookSecret = (secret: string): string => seal(PURPOSE, secret);

export const unsealWebhookSecret = (sealed: string): string => unseal(PURPOSE, sealed);
