import type { AnnouncedEvent } from '@/lib/domain/event/types';
import type { ListedNames } from '../names';
import type { Metadata } from 'next';
import type { Query } from '@/components/dashboard/href';
import type { TableColumn } from '@/components/ui/table';
import { Radio } from 'lucide-react';
import { describeActor } from '@/components/dashboard/actor';
import { FilterBar } from '@/components/dashboard/filter-bar';
import { withQuery } from '@/components/dashboard/href';
import { ListKeys } from '@/components/dashboard/list-keys';
import { LiveRefresh } from '@/components/dashboard/live-refresh';
import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';
import { PageHeader } from '@/components/ui/page-header';
import { Pagination } from '@/components/ui/pagination';
import { RelativeTime } from '@/components/ui/relative-time';
import { Table } from '@/components/ui/table';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { listEvents } from '@/lib/domain/event/queries';
import { EVENT_TITLES, EVENT_TYPES } from '@/lib/domain/event/types';
import { pageLinks, readPageParam } from '../../paging';
import { loadNames, offerOrganizations } from '../names';
import { eventFilter, eventParams, isFiltered, PERIODS, readEventView } from './filter';
import { subjectOf } from './subject';

export const metadata: Metadata = { title: 'Events – Gatehouse' };

const PATH = '/dashboard/logs/events';
const PAGE_SIZE = 50;
const ALL = { value: '', label: 'All' };
const NONE = <span className="text-ink-faint">–</span>;
const TITLES: Readonly<Record<string, string | undefined>> = EVENT_TITLES;

function columnsOf({ organizations }: ListedNames, ownAccountId: string): TableColumn<AnnouncedEvent>[] {
  return [
    {
      key: 'event',
      header: 'Event',
      cell: (row) => (
        <span className="wrap-anywhere">
          {TITLES[row.type] ?? row.type}
          <span className="font-normal text-ink-soft"> {subjectOf(row.data)}</span>
        </span>
      ),
    },
    {
      key: 'organization',
      header: 'Organization',
      width: '13rem',
      cell: (row) => {
        if (row.organizationId === null) return NONE;
        const organization = organizations.get(row.organizationId);
        if (!organization) return <span className="text-ink-faint">Deleted</span>;
        return <span className="wrap-anywhere">{organization.displayName}</span>;
      },
    },
    {
      key: 'actor',
      header: 'Caused by',
      width: '9rem',
      cell: (row) => <span className="text-ink-soft">{describeActor(row.actor, ownAccountId)}</span>,
    },
    { key: 'version', header: 'Version', align: 'end', width: '6rem', narrow: 'hidden', cell: (row) => row.version },
    {
      key: 'seq',
      header: 'Place',
      align: 'end',
      width: '6rem',
      narrow: 'hidden',
      cell: (row) => row.seq.toLocaleString('en'),
    },
    { key: 'time', header: 'Time', width: '9rem', cell: (row) => <RelativeTime at={row.occurredAt} /> },
  ];
}

/** What the application is told, the last announced first, with filters that live in the address. */
export default async function EventsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { ctx, signedIn } = await requireOperator();
  const query = await searchParams;
  const view = readEventView(query);
  const params = eventParams(view);
  const pageToken = readPageParam(query['page']);
  const [page, { chosen, options }] = await Promise.all([
    listEvents(ctx, eventFilter(view, ctx.now()), { pageSize: PAGE_SIZE, pageToken }),
    offerOrganizations(ctx, view.organization),
  ]);
  const names = await loadNames(ctx, page.items);
  const isNarrowed = isFiltered(view);

  return (
    <>
      <ListKeys />
      <PageHeader
        title="Events"
        description="What your application is told, by webhooks and through the API, the latest first."
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
      <div className="mb-3">
        <FilterBar
          action={PATH}
          keep={{ live: params['live'] }}
          fields={[
            {
              name: 'resource',
              label: 'Resource',
              value: view.resource ?? '',
              placeholder: 'Id of a user, group, role, …',
            },
            {
              name: 'type',
              label: 'Type',
              value: view.type ?? '',
              width: 'large',
              options: [ALL, ...EVENT_TYPES.map((type) => ({ value: type, label: EVENT_TITLES[type] }))],
            },
            {
              name: 'organization',
              label: 'Organization',
              value: chosen?.id ?? '',
              width: 'large',
              options: [ALL, ...options],
            },
            {
              name: 'period',
              label: 'Time',
              value: view.period ?? '',
              width: 'small',
              options: [{ value: '', label: 'Any time' }, ...PERIODS],
            },
          ]}
        />
      </div>
      <Table
        caption="Events, the last announced first"
        columns={columnsOf(names, signedIn.account.id)}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `${PATH}/${row.id}`}
        empty={
          isNarrowed || pageToken ? (
            <EmptyState title="No event matches" action={<LinkButton href={PATH}>Clear the filters</LinkButton>}>
              A resource is found by its whole id.
            </EmptyState>
          ) : (
            <EmptyState
              title="No events yet"
              icon={<Radio size={20} aria-hidden="true" />}
              action={<LinkButton href="/dashboard/organizations">Go to organizations</LinkButton>}
            >
              Every change to an organization, a directory, its people and groups, or a role appears here.
            </EmptyState>
          )
        }
      />
      {page.items.length > 0 && <Pagination {...pageLinks(page, PATH, params)} />}
    </>
  );
}
