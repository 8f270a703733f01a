import type { Exchange } from '@/lib/domain/log/types';
import type { ExchangeNames } from './names';
import type { Metadata } from 'next';
import type { Query } from '@/components/dashboard/href';
import type { TableColumn } from '@/components/ui/table';
import { ScrollText } from 'lucide-react';
import { HttpStatus } from '@/components/dashboard/http-status';
import { withQuery } from '@/components/dashboard/href';
import { ListKeys } from '@/components/dashboard/list-keys';
import { LiveRefresh } from '@/components/dashboard/live-refresh';
import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Pagination } from '@/components/ui/pagination';
import { RelativeTime } from '@/components/ui/relative-time';
import { Table } from '@/components/ui/table';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { listDirectories } from '@/lib/domain/directory/queries';

import { listExchanges, readLogLosses } from '@/lib/domain/log/queries';
import { listOrganizations } from '@/lib/domain/organization/queries';
import { PROVIDER_NAMES } from '@/lib/providers/provider';
import { pageLinks, readPageParam } from '../paging';
import { isFiltered, logFilter, logParams, readLogView } from './filter';
import { LogFilters } from './log-filters';
import { findOrganization, loadNames } from './names';

export const metadata: Metadata = { title: 'Logs – Gatehouse' };

const PATH = '/dashboard/logs';
const PAGE_SIZE = 50;
/** How many organizations the filter offers: the newest. Any other is found by its own page's link to its log. */
const OFFERED_ORGANIZATIONS = 100;

const NONE = <span className="text-ink-faint">–</span>;

function columnsOf({ organizations, directories }: ExchangeNames): TableColumn<Exchange>[] {
  return [
    {
      key: 'operation',
      header: 'Operation',
      cell: (row) => (
        <span className="wrap-anywhere">
          {row.operation}
          {row.resourceName && <span className="font-normal text-ink-soft"> {row.resourceName}</span>}
        </span>
      ),
    },
    { key: 'status', header: 'Status', width: '9rem', cell: (row) => <HttpStatus status={row.status} /> },
    {
      key: 'organization',
      header: 'Organization',
      cell: (row) => {
        if (row.organizationId === null) return NONE;
        const organization = organizations.get(row.organizationId);
        if (!organization) return <span className="text-ink-faint">Deleted</span>;
        return <span className="wrap-anywhere">{organization.displayName}</span>;
      },
    },
    {
      key: 'directory',
      header: 'Directory',
      cell: (row) => {
        if (row.directoryId === null) return NONE;
        const directory = directories.get(row.directoryId);
        if (!directory) return <span className="text-ink-faint">Deleted</span>;
        const provider = PROVIDER_NAMES[directory.provider];
        if (directory.name === provider) return provider;
        return (
          <span className="wrap-anywhere">
            {directory.name} <span className="text-ink-soft">{provider}</span>
          </span>
        );
      },
    },
    {
      key: 'latency',
      header: 'Latency',
      align: 'end',
      width: '6rem',
      narrow: 'hidden',
      cell: (row) => `${Math.max(1, Math.round(row.latencyMs)).toLocaleString('en')} ms`,
    },
    { key: 'time', header: 'Time', width: '9rem', cell: (row) => <RelativeTime at={row.createdAt} /> },
  ];
}

/** The provisioning log: every SCIM request, newest first, with filters that live in the address. */
export default async function LogsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { ctx } = await requireOperator();
  const query = await searchParams;
  const view = readLogView(query);
  const params = logParams(view);
  const pageToken = readPageParam(query['page']);
  const [page, offered, chosen] = await Promise.all([
    listExchanges(ctx, logFilter(view), { pageSize: PAGE_SIZE, pageToken }),
    listOrganizations(ctx, { pageSize: OFFERED_ORGANIZATIONS }),
    view.organization ? findOrganization(ctx, view.organization) : undefined,
  ]);
  const [names, chosenDirectories] = await Promise.all([
    loadNames(ctx, page.items),
    chosen ? listDirectories(ctx, chosen.id) : [],
  ]);
  const organizations = [...offered.items];
  if (chosen && !organizations.some((item) => item.id === chosen.id)) organizations.unshift(chosen);
  const losses = readLogLosses();
  const hasFilter = isFiltered(view);

  return (
    <>
      <ListKeys />
      <PageHeader
        title="Logs"
        description="Every request that a directory made, with what was asked and what was answered."
        actions={
          <>
            {view.isLive && <LiveRefresh />}
            <LinkButton
              href={withQuery(PATH, { ...params, live: view.isLive ? undefined : '1' })}
              scroll={false}
              replace
            >
              {view.isLive ? 'Stop' : 'Follow live'}
            </LinkButton>
          </>
        }
      />
      {losses.droppedRows + losses.droppedBodies > 0 && (
        <Notice tone="warning" title="The log is not complete" className="mb-4">
          Since the server started, {losses.droppedRows.toLocaleString('en')} requests and the bodies of{' '}
          {losses.droppedBodies.toLocaleString('en')} more were not kept, because they came faster than the database
          took them. The requests themselves were answered as usual.
        </Notice>
      )}
      <div className="mb-3">
        <LogFilters
          action={PATH}
          organizations={[
            { value: '', label: 'All' },
            ...organizations.map((item) => ({ value: item.id, label: item.displayName })),
          ]}
          directories={
            chosenDirectories.length === 0
              ? []
              : [
                  { value: '', label: 'All' },
                  ...chosenDirectories.map((item) => ({ value: item.id, label: item.name })),
                ]
          }
          values={{
            organization: chosen?.id ?? '',
            directory: view.directory ?? '',
            outcome: view.outcome ?? '',
            q: view.q ?? '',
          }}
          isLive={view.isLive}
        />
      </div>
      <Table
        caption="Requests, newest first"
        columns={columnsOf(names)}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `${PATH}/${row.id}`}
        empty={
          hasFilter || pageToken ? (
            <EmptyState title="No request matches" action={<LinkButton href={PATH}>Clear the filters</LinkButton>}>
              Requests are kept for 30 days.
            </EmptyState>
          ) : (
            <EmptyState
              title="No requests yet"
              icon={<ScrollText size={20} aria-hidden="true" />}
              action={<LinkButton href="/dashboard/organizations">Go to organizations</LinkButton>}
            >
              They appear here within a second of a provider calling a directory’s endpoint.
            </EmptyState>
          )
        }
      />
      {page.items.length > 0 && <Pagination {...pageLinks(page, PATH, params)} />}
    </>
  );
}
