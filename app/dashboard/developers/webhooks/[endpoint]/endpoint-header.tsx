import type { WebhookEndpoint } from '@/lib/domain/webhook/types';
import { IdText } from '@/components/ui/id-text';
import { PageHeader } from '@/components/ui/page-header';
import { TabNav } from '@/components/ui/tab-nav';
import { EndpointStatus } from '../endpoint-status';
import { ActionButton } from './action-button';
import { sendTestAction } from '../actions';

/** What an endpoint is called: its host, which is what tells it from others at a glance. */
export function endpointName(endpoint: Pick<WebhookEndpoint, 'url'>): string {
  const { host, pathname } = new URL(endpoint.url);
  return host + (pathname === '/' ? '' : pathname);
}

/** The head of an endpoint's pages. */
export function EndpointHeader({ endpoint, path }: { endpoint: WebhookEndpoint; path: string }) {
  return (
    <PageHeader
      title={<span className="wrap-anywhere">{endpointName(endpoint)}</span>}
      crumbs={[{ label: 'Webhooks', href: '/dashboard/developers/webhooks' }]}
      status={<EndpointStatus endpoint={endpoint} />}
      description={
        <>
          {endpoint.description && <p className="wrap-anywhere">{endpoint.description}</p>}
          <IdText value={endpoint.id} of="endpoint id" />
        </>
      }
      actions={
        endpoint.isEnabled && (
          <ActionButton action={sendTestAction} fields={{ endpoint_id: endpoint.id }} label="Send test event" />
        )
      }
      tabs={
        <TabNav
          label={endpointName(endpoint)}
          items={[
            { label: 'Deliveries', href: path },
            { label: 'Settings', href: `${path}/settings` },
          ]}
        />
      }
    />
  );
}
