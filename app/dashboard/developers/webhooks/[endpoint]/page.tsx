import type { Delivery } from '@/lib/domain/delivery/types';
import type { Metadata } from 'next';
import type { Query } from '@/components/dashboard/href';
import type { TableColumn } from '@/components/ui/table';
import type { WebhookEndpoint } from '@/lib/domain/webhook/types';
import { Send } from 'lucide-react';
import { FilterBar } from '@/components/dashboard/filter-bar';
import { readParam, withQuery } from '@/components/dashboard/href';
import { ListKeys } from '@/components/dashboard/list-keys';
import { LiveRefresh } from '@/components/dashboard/live-refresh';
import { Badge } from '@/components/ui/badge';
import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { Pagination } from '@/components/ui/pagination';
import { RelativeTime } from '@/components/ui/relative-time';
import { Table } from '@/components/ui/table';
import { Toast } from '@/components/ui/toast';
import { listDeliveries } from '@/lib/domain/delivery/queries';
import { DELIVERY_STATUSES } from '@/lib/domain/delivery/types';
import { EVENT_TITLES, EVENT_TYPES } from '@/lib/domain/event/types';
import { PERIODS, startOfPeriod } from '../../../logs/events/filter';
import { countOf, pageLinks, readPageParam } from '../../../paging';
import { clearFlagAction, enableEndpointAction, replayFailedAction } from '../actions';
import { DELIVERY_WORDS, DeliveryStatusDot } from '../delivery-status';
import { ActionButton } from './action-button';
import { EndpointHeader } from './endpoint-header';
import { loadEndpoint } from './load-endpoint';

export const metadata: Metadata = { title: 'Deliveries – Gatehouse' };

const PAGE_SIZE = 50;
const ALL = { value: '', label: 'All' };

const COLUMNS: readonly TableColumn<Delivery>[] = [
  {
    key: 'event',
    header: 'Event',
    cell: (row) => (
      <span className="inline-flex flex-wrap items-center gap-x-2">
        {EVENT_TITLES[row.type]}
        {row.isTest && <Badge>Test</Badge>}
      </span>
    ),
  },
  { key: 'status', header: 'Status', width: '10rem', cell: (row) => <DeliveryStatusDot delivery={row} /> },
  {
    key: 'answer',
    header: 'Last answer',
    cell: (row) =>
      row.lastError ? (
        <span className="text-ink-soft wrap-anywhere">{row.lastError}</span>
      ) : row.lastStatus === null ? (
        <span className="text-ink-faint">–</span>
      ) : (
        <code className="font-mono text-sm">{row.lastStatus}</code>
      ),
  },
  { key: 'attempts', header: 'Attempts', align: 'end', width: '6rem', cell: (row) => row.attemptCount },
  {
    key: 'next',
    header: 'Next attempt',
    width: '9rem',
    cell: (row) =>
      row.nextAttemptAt ? <RelativeTime at={row.nextAttemptAt} /> : <span className="text-ink-faint">–</span>,
  },
  { key: 'time', header: 'Made', width: '9rem', cell: (row) => <RelativeTime at={row.createdAt} /> },
];

function Attention({ endpoint }: { endpoint: WebhookEndpoint }) {
  const fields = { endpoint_id: endpoint.id };
  if (!endpoint.isEnabled) {
    const isGone = endpoint.disabledReason === 'gone';
    return (
      <Notice
        tone={isGone ? 'danger' : 'warning'}
        title={isGone ? 'This endpoint answered 410 Gone and was disabled' : 'This endpoint is disabled'}
        action={<ActionButton action={enableEndpointAction} fields={fields} label="Enable endpoint" />}
      >
        Nothing is sent to it, and events that happen meanwhile are not kept for it. Once it is enabled, replay the time
        that it missed.
      </Notice>
    );
  }
  if (!endpoint.flaggedAt) return null;
  return (
    <Notice
      tone="danger"
      title={
        <>
          Deliveries were given up <RelativeTime at={endpoint.flaggedAt} />
        </>
      }
      action={
        <div className="flex flex-wrap gap-2">
          <ActionButton action={clearFlagAction} fields={fields} label="Dismiss" variant="quiet" />
          <ActionButton action={replayFailedAction} fields={fields} label="Replay all failed" />
        </div>
      }
    >
      Every attempt of the schedule failed. They are kept below: repair the endpoint, then replay them.
    </Notice>
  );
}

/** What was sent to an endpoint, the latest first, with filters that live in the address. */
export default async function EndpointPage({
  params,
  searchParams,
}: {
  params: Promise<{ endpoint: string }>;
  searchParams: Promise<Query>;
}) {
  const { ctx, endpoint, path } = await loadEndpoint(params);
  const query = await searchParams;
  const status = DELIVERY_STATUSES.find((known) => known === readParam(query['status']));
  const type = EVENT_TYPES.find((known) => known === readParam(query['type']));
  const period = PERIODS.find(({ value }) => value === readParam(query['period']))?.value;
  const isLive = readParam(query['live']) === '1';
  const replayed = Number(readParam(query['replayed'])) || 0;
  const view = { status, type, period, live: isLive ? '1' : undefined };
  const pageToken = readPageParam(query['page']);
  const page = await listDeliveries(
    ctx,
    { endpointId: endpoint.id, status, type, startsAt: startOfPeriod(period, ctx.now()) },
    { pageSize: PAGE_SIZE, pageToken },
  );
  const isNarrowed = Boolean(status ?? type ?? period ?? pageToken);
  return (
    <>
      <ListKeys />
      <EndpointHeader endpoint={endpoint} path={path} />
      <div className="space-y-4">
        <Attention endpoint={endpoint} />
        <div className="flex flex-wrap items-end justify-between gap-3">
          <div className="min-w-0 max-lg:w-full">
            <FilterBar
              action={path}
              keep={{ live: view.live }}
              fields={[
                {
                  name: 'status',
                  label: 'Status',
                  value: status ?? '',
                  width: 'small',
                  options: [ALL, ...DELIVERY_STATUSES.map((value) => ({ value, label: DELIVERY_WORDS[value] }))],
                },
                {
                  name: 'type',
                  label: 'Type',
                  value: type ?? '',
                  width: 'large',
                  options: [ALL, ...EVENT_TYPES.map((value) => ({ value, label: EVENT_TITLES[value] }))],
                },
                {
                  name: 'period',
                  label: 'Time',
                  value: period ?? '',
                  width: 'small',
                  options: [{ value: '', label: 'Any time' }, ...PERIODS],
                },
              ]}
            />
          </div>
          <div className="flex flex-wrap items-center gap-2">
            {isLive && <LiveRefresh />}
            <LinkButton href={withQuery(path, { ...view, live: isLive ? undefined : '1' })} scroll={false} replace>
              {isLive ? 'Stop' : 'Follow live'}
            </LinkButton>
            {endpoint.isEnabled && <LinkButton href={`${path}/replay`}>Replay</LinkButton>}
          </div>
        </div>
        <Table
          caption="Deliveries, the latest first"
          columns={COLUMNS}
          rows={page.items}
          rowKey={(row) => row.id}
          rowHref={(row) => `${path}/deliveries/${row.id}`}
          empty={
            isNarrowed ? (
              <EmptyState title="No delivery matches" action={<LinkButton href={path}>Clear the filters</LinkButton>}>
                What arrived is kept for 30 days.
              </EmptyState>
            ) : (
              <EmptyState title="Nothing was sent yet" icon={<Send size={20} aria-hidden="true" />}>
                The next event that this endpoint wants appears here. Send a test event to see one now.
              </EmptyState>
            )
          }
        />
      </div>
      {page.items.length > 0 && <Pagination {...pageLinks(page, path, view)} />}
      {replayed > 0 && <Toast key={replayed}>{countOf(replayed, 'delivery', 'deliveries')} queued again</Toast>}
    </>
  );
}
