import type { DirectoryGroup } from '@/lib/domain/provisioning/types';
import type { DirectoryParams } from '../load-directory';
import type { Metadata } from 'next';
import type { Query } from '@/components/dashboard/href';
import type { TableColumn } from '@/components/ui/table';
import { readParam } from '@/components/dashboard/href';
import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';
import { Pagination } from '@/components/ui/pagination';
import { RelativeTime } from '@/components/ui/relative-time';
import { SearchField } from '@/components/ui/search-field';
import { Table } from '@/components/ui/table';
import { listDirectoryGroups } from '@/lib/domain/provisioning/queries';
import { countOf, pageLinks, readPageParam } from '../../../../../paging';
import { ScimOff } from '../../scim-off';
import { DirectoryHeader } from '../directory-header';
import { loadDirectory } from '../load-directory';

export const metadata: Metadata = { title: 'Directory groups – Gatehouse' };

const PAGE_SIZE = 50;

const COLUMNS: readonly TableColumn<DirectoryGroup>[] = [
  { key: 'name', header: 'Name', cell: (row) => <span className="wrap-anywhere">{row.displayName}</span> },
  {
    key: 'external-id',
    header: 'External id',
    cell: (row) =>
      row.externalId ? (
        <code className="font-mono text-sm wrap-anywhere">{row.externalId}</code>
      ) : (
        <span className="text-ink-faint">–</span>
      ),
  },
  {
    key: 'members',
    header: 'Members',
    align: 'end',
    width: '7rem',
    cell: (row) => row.memberCount.toLocaleString('en'),
  },
  { key: 'updated', header: 'Changed', width: '9rem', cell: (row) => <RelativeTime at={row.updatedAt} /> },
];

/** The groups of a directory, oldest first. */
export default async function DirectoryGroupsPage({
  params,
  searchParams,
}: {
  params: Promise<DirectoryParams>;
  searchParams: Promise<Query>;
}) {
  const loaded = await loadDirectory(params);
  const { ctx, organization, directory, path } = loaded;
  if (!organization.features.dir_sync) return <ScimOff organization={organization} />;
  const query = await searchParams;
  const search = readParam(query['q']);
  const page = await listDirectoryGroups(ctx, {
    organizationId: organization.id,
    directoryId: directory.id,
    search,
    pageSize: PAGE_SIZE,
    pageToken: readPageParam(query['page']),
  });
  const listPath = `${path}/groups`;
  return (
    <>
      <DirectoryHeader {...loaded} />
      <div className="mb-3">
        <SearchField action={listPath} label="Search groups" defaultValue={search} />
      </div>
      <Table
        caption="Groups"
        columns={COLUMNS}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `${listPath}/${row.id}`}
        empty={
          search === undefined ? (
            <EmptyState title="No groups yet" action={<LinkButton href={path}>Open setup</LinkButton>}>
              They appear here once the provider pushes them, which is set up separately from users at most providers.
            </EmptyState>
          ) : (
            <EmptyState title="No group matches" action={<LinkButton href={listPath}>Clear the search</LinkButton>}>
              The search looks at the group’s name.
            </EmptyState>
          )
        }
      />
      {page.items.length > 0 && (
        <Pagination
          {...pageLinks(page, listPath, { q: search })}
          summary={countOf(page.totalSize, 'group', 'groups')}
        />
      )}
    </>
  );
}
