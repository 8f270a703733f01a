import type { Exchange } from '@/lib/domain/log/types';
import type { ListedNames } from './names';
import type { Metadata } from 'next';
import type { Query } from '@/components/dashboard/href';
import type { TableColumn } from '@/components/ui/table';
import { ScrollText } from 'lucide-react';
import { FilterBar } from '@/components/dashboard/filter-bar';
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
import { PROVIDER_NAMES } from '@/lib/providers/provider';
import { pageLinks, readPageParam } from '../paging';
import { isFiltered, logFilter, logParams, readLogView } from './filter';
import { loadNames, offerOrganizations } from './names';

export const metadata: Metadata = { title: 'Logs – Gatehouse' };

const PATH = '/dashboard/logs';
const PAGE_SIZE = 50;

const ALL = { value: '', label: 'All' };
const NONE = <span className="text-ink-faint">–</span>;

function columnsOf({ organizations, directories }: ListedNames): TableColumn<Exchange>[] {
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
  const [page, { chosen, options }] = await Promise.all([
    listExchanges(ctx, logFilter(view), { pageSize: PAGE_SIZE, pageToken }),
    offerOrganizations(ctx, view.organization),
  ]);
  const [names, chosenDirectories] = await Promise.all([
    loadNames(ctx, page.items),
    chosen ? listDirectories(ctx, chosen.id) : [],
  ]);
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
        <FilterBar
          action={PATH}
          keep={{ live: params['live'] }}
          fields={[
            { name: 'q', label: 'Text', value: view.q ?? '', placeholder: 'Name, id, path or request id' },
            {
              name: 'organization',
              label: 'Organization',
              value: chosen?.id ?? '',
              width: 'large',
              // The directories to choose from are those of the organization that was left.
              clears: 'directory',
              options: [ALL, ...options],
            },
            ...(chosenDirectories.length === 0
              ? []
              : [
                  {
                    name: 'directory',
                    label: 'Directory',
                    value: view.directory ?? '',
                    width: 'medium' as const,
                    options: [ALL, ...chosenDirectories.map((item) => ({ value: item.id, label: item.name }))],
                  },
                ]),
            {
              name: 'outcome',
              label: 'Outcome',
              value: view.outcome ?? '',
              width: 'small',
              options: [ALL, { value: 'ok', label: 'OK' }, { value: 'failed', label: 'Refused or failed' }],
            },
          ]}
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
