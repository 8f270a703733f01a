import type { Directory } from '@/lib/domain/directory/types';
import type { Metadata } from 'next';
import type { Organization } from '@/lib/domain/organization/types';
import type { Query } from '@/components/dashboard/href';
import type { TableColumn } from '@/components/ui/table';
import { Building2, Plus } from 'lucide-react';
import { DirectoryStatus } from '@/components/dashboard/directory-status';
import { readParam } from '@/components/dashboard/href';
import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';
import { PageHeader } from '@/components/ui/page-header';
import { Pagination } from '@/components/ui/pagination';
import { RelativeTime } from '@/components/ui/relative-time';
import { SearchField } from '@/components/ui/search-field';
import { Table } from '@/components/ui/table';
import { Toast } from '@/components/ui/toast';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { listDirectoriesOf } from '@/lib/domain/directory/queries';
import { listOrganizations } from '@/lib/domain/organization/queries';
import { PROVIDER_NAMES } from '@/lib/providers/provider';
import { countOf, pageLinks, readPageParam } from '../paging';
import { Attention } from './attention';

export const metadata: Metadata = { title: 'Organizations – Gatehouse' };

const PATH = '/dashboard/organizations';
const PAGE_SIZE = 25;

function columnsOf(directories: ReadonlyMap<string, readonly Directory[]>): TableColumn<Organization>[] {
  const primaryOf = (row: Organization) => directories.get(row.id)?.[0];
  const none = <span className="text-ink-faint">–</span>;
  return [
    { key: 'name', header: 'Name', cell: (row) => <span className="wrap-anywhere">{row.displayName}</span> },
    {
      key: 'external-id',
      header: 'External id',
      cell: (row) =>
        row.externalId ? <code className="font-mono text-sm wrap-anywhere">{row.externalId}</code> : none,
    },
    {
      key: 'directory',
      header: 'Directory',
      width: '10rem',
      cell: (row) =>
        row.features.dir_sync ? (
          <DirectoryStatus directory={primaryOf(row)} />
        ) : (
          <span className="text-ink-faint">SCIM is off</span>
        ),
    },
    {
      key: 'provider',
      header: 'Provider',
      width: '12rem',
      cell: (row) => {
        const primary = primaryOf(row);
        return primary ? PROVIDER_NAMES[primary.provider] : none;
      },
    },
    { key: 'created', header: 'Created', width: '9rem', cell: (row) => <RelativeTime at={row.createdAt} /> },
  ];
}

const NEW_BUTTON = (
  <LinkButton href={`${PATH}/new`} variant="primary" icon={<Plus size={16} aria-hidden="true" />}>
    New organization
  </LinkButton>
);

/** All organizations, newest first, with a search that lives in the address. */
export default async function OrganizationsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { ctx } = await requireOperator();
  const query = await searchParams;
  const search = readParam(query['q']);
  const page = await listOrganizations(ctx, { search, pageSize: PAGE_SIZE, pageToken: readPageParam(query['page']) });
  const directories = await listDirectoriesOf(
    ctx,
    page.items.map((item) => item.id),
  );
  const isFirstRun = page.totalSize === 0 && search === undefined;

  return (
    <>
      <PageHeader
        title="Organizations"
        description="Your customers, each with its own directory, portal links and log."
        actions={isFirstRun ? undefined : NEW_BUTTON}
      />
      <Attention ctx={ctx} />
      {!isFirstRun && (
        <div className="mb-3">
          <SearchField action={PATH} label="Search organizations" defaultValue={search} />
        </div>
      )}
      <Table
        caption="Organizations"
        columns={columnsOf(directories)}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `${PATH}/${row.id}`}
        empty={
          isFirstRun ? (
            <EmptyState
              title="No organizations yet"
              icon={<Building2 size={20} aria-hidden="true" />}
              action={NEW_BUTTON}
            >
              Create one for a customer, then send its IT admin a portal link to connect their directory.
            </EmptyState>
          ) : (
            <EmptyState title="No organization matches" action={<LinkButton href={PATH}>Clear the search</LinkButton>}>
              The search looks at name, id, external id and slug.
            </EmptyState>
          )
        }
      />
      {page.items.length > 0 && (
        <Pagination
          {...pageLinks(page, PATH, { q: search })}
          summary={countOf(page.totalSize, 'organization', 'organizations')}
        />
      )}
      {query['done'] === 'deleted' && <Toast>Organization deleted</Toast>}
    </>
  );
}
