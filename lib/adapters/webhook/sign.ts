import { createHmac } from 'node:crypto';

/**
 * The headers of one attempt by Standard Webhooks: the event's id, which stays the same over all attempts, the time of this attempt in Unix
 * seconds, and a signature for each secret, so that receivers may have any of them.
 */
export function signatureHeaders(
  message: { readonly id: string; readonly body: string; readonly secrets: readonly string[] },
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = message.secrets.map((secret) => {
    const key = Buffer.from(secret.slice(secret.indexOf('_') + 1), 'base64');
    return `v1,${createHmac('sha256', key).update(`${message.id}.${timestamp}.${message.body}`).digest('base64')}`;
  });
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
