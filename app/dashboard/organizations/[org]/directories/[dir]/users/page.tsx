import type { DirectoryParams } from '../load-directory';
import type { Metadata } from 'next';
import type { Query } from '@/components/dashboard/href';
import { readParam } from '@/components/dashboard/href';
import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';
import { Pagination } from '@/components/ui/pagination';
import { SearchField } from '@/components/ui/search-field';
import { Table } from '@/components/ui/table';
import { listDirectoryUsers } from '@/lib/domain/provisioning/queries';
import { countOf, pageLinks, readPageParam } from '../../../../../paging';
import { ScimOff } from '../../scim-off';
import { DirectoryHeader } from '../directory-header';
import { loadDirectory } from '../load-directory';
import { USER_COLUMNS } from '../user-columns';

export const metadata: Metadata = { title: 'Directory users – Gatehouse' };

const PAGE_SIZE = 50;

/** The people of a directory, oldest first. */
export default async function DirectoryUsersPage({
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
  const page = await listDirectoryUsers(ctx, {
    organizationId: organization.id,
    directoryId: directory.id,
    search,
    pageSize: PAGE_SIZE,
    pageToken: readPageParam(query['page']),
  });
  const listPath = `${path}/users`;
  return (
    <>
      <DirectoryHeader {...loaded} />
      <div className="mb-3">
        <SearchField action={listPath} label="Search users" defaultValue={search} />
      </div>
      <Table
        caption="Users"
        columns={USER_COLUMNS}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `${listPath}/${row.id}`}
        empty={
          search === undefined ? (
            <EmptyState title="No users yet" action={<LinkButton href={path}>Open setup</LinkButton>}>
              They appear here as the provider sends them. It needs the endpoint URL and a token.
            </EmptyState>
          ) : (
            <EmptyState title="No user matches" action={<LinkButton href={listPath}>Clear the search</LinkButton>}>
              The search looks at name, user name, email address and external id.
            </EmptyState>
          )
        }
      />
      {page.items.length > 0 && (
        <Pagination {...pageLinks(page, listPath, { q: search })} summary={countOf(page.totalSize, 'user', 'users')} />
      )}
    </>
  );
}
