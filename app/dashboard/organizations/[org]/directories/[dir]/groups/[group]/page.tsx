import type { DirectoryParams } from '../../load-directory';
import type { Metadata } from 'next';
import type { Query } from '@/components/dashboard/href';
import { readParam } from '@/components/dashboard/href';
import { EmptyState } from '@/components/ui/empty-state';
import { IdText } from '@/components/ui/id-text';
import { JsonView } from '@/components/ui/json-view';
import { LinkButton } from '@/components/ui/link-button';
import { PageHeader } from '@/components/ui/page-header';
import { Pagination } from '@/components/ui/pagination';
import { SearchField } from '@/components/ui/search-field';
import { Table } from '@/components/ui/table';
import { listRecentEvents } from '@/lib/domain/event/queries';
import { getGroup, listDirectoryUsers } from '@/lib/domain/provisioning/queries';
import { orNotFound } from '../../../../../../or-not-found';
import { countOf, pageLinks, readPageParam } from '../../../../../../paging';
import { ScimOff } from '../../../scim-off';
import { loadDirectory } from '../../load-directory';
import { RecentEvents } from '../../recent-events';
import { USER_COLUMNS } from '../../user-columns';

export const metadata: Metadata = { title: 'Directory group – Gatehouse' };

const EVENT_COUNT = 20;
const PAGE_SIZE = 50;

/** One group of a directory, with the people who are in it directly. */
export default async function DirectoryGroupPage({
  params,
  searchParams,
}: {
  params: Promise<DirectoryParams & { group: string }>;
  searchParams: Promise<Query>;
}) {
  const { ctx, signedIn, organization, directory, path } = await loadDirectory(params);
  if (!organization.features.dir_sync) return <ScimOff organization={organization} />;
  const scope = { organizationId: organization.id, directoryId: directory.id };
  const group = await orNotFound(getGroup(scope, (await params).group));
  const query = await searchParams;
  const search = readParam(query['q']);
  const [members, events] = await Promise.all([
    listDirectoryUsers(ctx, {
      ...scope,
      groupId: group.id,
      search,
      pageSize: PAGE_SIZE,
      pageToken: readPageParam(query['page']),
    }),
    listRecentEvents(ctx, { organizationId: organization.id, resourceId: group.id, limit: EVENT_COUNT }),
  ]);
  const groupPath = `${path}/groups/${group.id}`;
  const name = group.doc['displayName'];
  return (
    <>
      <PageHeader
        title={typeof name === 'string' ? name : group.id}
        crumbs={[
          { label: organization.displayName, href: `/dashboard/organizations/${organization.id}` },
          { label: directory.name, href: path },
          { label: 'Groups', href: `${path}/groups` },
        ]}
        description={<IdText value={group.id} of="group id" />}
      />
      <div className="space-y-6">
        <div>
          <div className="mb-3">
            <SearchField action={groupPath} label="Search members" defaultValue={search} />
          </div>
          <Table
            caption="Members"
            columns={USER_COLUMNS}
            rows={members.items}
            rowKey={(row) => row.id}
            rowHref={(row) => `${path}/users/${row.id}`}
            empty={
              search === undefined ? (
                <EmptyState title="No members">Nobody is in this group directly.</EmptyState>
              ) : (
                <EmptyState
                  title="No member matches"
                  action={<LinkButton href={groupPath}>Clear the search</LinkButton>}
                >
                  The search looks at name, user name, email address and external id.
                </EmptyState>
              )
            }
          />
          {members.items.length > 0 && (
            <Pagination
              {...pageLinks(members, groupPath, { q: search })}
              summary={countOf(members.totalSize, 'member', 'members')}
            />
          )}
        </div>
        <JsonView title="SCIM document, without its members" value={group.doc} />
        <RecentEvents events={events} ownAccountId={signedIn.account.id} />
      </div>
    </>
  );
}
