import type { ListedWebhookEndpoint } from '@/lib/domain/webhook/types';
import type { Metadata } from 'next';
import type { TableColumn } from '@/components/ui/table';
import { Webhook } from 'lucide-react';
import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import { Table } from '@/components/ui/table';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { listWebhookEndpoints } from '@/lib/domain/webhook/queries';
import { countOf } from '../../paging';
import { EndpointStatus } from './endpoint-status';

export const metadata: Metadata = { title: 'Webhooks – Gatehouse' };

const PATH = '/dashboard/developers/webhooks';

const LAST_WORDS = { pending: 'On its way', delivered: 'Delivered', failed: 'Failed' } as const;

const COLUMNS: readonly TableColumn<ListedWebhookEndpoint>[] = [
  {
    key: 'url',
    header: 'Endpoint',
    cell: (row) => (
      <>
        <span className="font-mono text-sm wrap-anywhere">{row.url}</span>
        {row.description && <span className="block font-normal text-ink-soft wrap-anywhere">{row.description}</span>}
      </>
    ),
  },
  {
    key: 'events',
    header: 'Events',
    width: '7rem',
    cell: (row) => (row.eventTypes.length === 0 ? 'All' : countOf(row.eventTypes.length, 'type', 'types')),
  },
  { key: 'status', header: 'Status', width: '8rem', cell: (row) => <EndpointStatus endpoint={row} /> },
  {
    key: 'pending',
    header: 'Waiting',
    align: 'end',
    width: '6rem',
    cell: (row) => row.pendingCount.toLocaleString('en'),
  },
  {
    key: 'failed',
    header: 'Failed',
    align: 'end',
    width: '6rem',
    cell: (row) => row.failedCount.toLocaleString('en'),
  },
  {
    key: 'last',
    header: 'Last delivery',
    width: '13rem',
    cell: (row) =>
      row.lastDelivery ? (
        <>
          {LAST_WORDS[row.lastDelivery.state]}{' '}
          <span className="text-ink-soft">
            <RelativeTime at={row.lastDelivery.at} />
          </span>
        </>
      ) : (
        <span className="text-ink-faint">None yet</span>
      ),
  },
];

/** Where the application is told of events. */
export default async function WebhooksPage() {
  const { ctx } = await requireOperator();
  const endpoints = await listWebhookEndpoints(ctx);
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="Addresses of your application that are told of every event, signed, at least once and in order."
        actions={
          endpoints.length > 0 && (
            <LinkButton href={`${PATH}/new`} variant="primary">
              Add endpoint
            </LinkButton>
          )
        }
      />
      <Table
        caption="Webhook endpoints"
        columns={COLUMNS}
        rows={endpoints}
        rowKey={(row) => row.id}
        rowHref={(row) => `${PATH}/${row.id}`}
        empty={
          <EmptyState
            title="No endpoints yet"
            icon={<Webhook size={20} aria-hidden="true" />}
            action={
              <LinkButton href={`${PATH}/new`} variant="primary">
                Add endpoint
              </LinkButton>
            }
          >
            Your application learns within a second who joined, moved and left.
          </EmptyState>
        }
      />
    </>
  );
}
