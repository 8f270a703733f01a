import type { WebhookEndpoint } from '@/lib/domain/webhook/types';
import { StatusDot } from '@/components/ui/status-dot';

/** How an endpoint stands, as a dot and a word. */
export function EndpointStatus({
  endpoint,
}: {
  endpoint: Pick<WebhookEndpoint, 'isEnabled' | 'disabledReason' | 'flaggedAt'>;
}) {
  if (!endpoint.isEnabled) {
    return endpoint.disabledReason === 'gone' ? (
      <StatusDot tone="danger">Gone</StatusDot>
    ) : (
      <StatusDot tone="idle">Disabled</StatusDot>
    );
  }
  if (endpoint.flaggedAt) return <StatusDot tone="danger">Failing</StatusDot>;
  return <StatusDot tone="success">Enabled</StatusDot>;
}
