import type { DirectoryParams } from '../../load-directory';
import type { Metadata } from 'next';
import Link from 'next/link';
import { RoleChain } from '@/components/provisioning/role-chain';
import { IdText } from '@/components/ui/id-text';
import { Card } from '@/components/ui/card';
import { JsonView } from '@/components/ui/json-view';
import { KeyValueList } from '@/components/ui/key-value-list';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusDot } from '@/components/ui/status-dot';
import { findHeldPerson } from '@/lib/domain/deprovisioning/queries';
import { HOLD_TITLES } from '@/lib/domain/deprovisioning/types';
import { listRecentEvents } from '@/lib/domain/event/queries';
import { getDirectoryUser } from '@/lib/domain/provisioning/queries';
import { explainRoles } from '@/lib/domain/role-mapping/queries';
import { orNotFound } from '../../../../../../or-not-found';
import { ScimOff } from '../../../scim-off';
import { loadDirectory } from '../../load-directory';
import { RecentEvents } from '../../recent-events';

export const metadata: Metadata = { title: 'Directory user – Gatehouse' };

const EVENT_COUNT = 20;

/** One person of a directory, as the provider sent them. */
export default async function DirectoryUserPage({ params }: { params: Promise<DirectoryParams & { user: string }> }) {
  const { ctx, signedIn, organization, directory, path } = await loadDirectory(params);
  if (!organization.features.dir_sync) return <ScimOff organization={organization} />;
  const scope = { organizationId: organization.id, directoryId: directory.id };
  const user = await orNotFound(getDirectoryUser(ctx, scope, (await params).user));
  const [events, explanation, held] = await Promise.all([
    listRecentEvents(ctx, { organizationId: organization.id, resourceId: user.id, limit: EVENT_COUNT }),
    explainRoles(ctx, { ...scope, userId: user.id }),
    findHeldPerson(ctx, scope, user.id),
  ]);
  const none = <span className="text-ink-faint">None</span>;
  return (
    <>
      <PageHeader
        title={user.displayName}
        crumbs={[
          { label: organization.displayName, href: `/dashboard/organizations/${organization.id}` },
          { label: directory.name, href: path },
          { label: 'Users', href: `${path}/users` },
        ]}
        status={
          user.isActive ? <StatusDot tone="success">Active</StatusDot> : <StatusDot tone="idle">Inactive</StatusDot>
        }
        description={<IdText value={user.id} of="user id" />}
      />
      <div className="space-y-6">
        {held && (
          <Notice
            tone="warning"
            title={`Held back: ${HOLD_TITLES[held.reason].toLowerCase()}`}
            action={<LinkButton href={`${path}/deprovisioning`}>Review and decide</LinkButton>}
          >
            {held.isToldActive === null
              ? 'The application does not know of this person yet.'
              : `The application still takes them to be ${held.isToldActive ? 'active' : 'inactive'}. This page shows what the directory says.`}
          </Notice>
        )}
        <Card>
          <KeyValueList
            items={[
              { label: 'User name', value: <IdText value={user.userName} of="user name" /> },
              { label: 'Email address', value: user.email ?? none },
              {
                label: 'External id',
                value: user.externalId ? <IdText value={user.externalId} of="external id" /> : none,
              },
              {
                label: 'Groups',
                value:
                  user.groups.length === 0 ? (
                    none
                  ) : (
                    <ul className="flex flex-wrap gap-x-3 gap-y-1">
                      {user.groups.map((group) => (
                        <li key={group.id}>
                          <Link href={`${path}/groups/${group.id}`} className="underline underline-offset-2">
                            {group.displayName}
                          </Link>
                        </li>
                      ))}
                    </ul>
                  ),
              },
              { label: 'Created', value: <RelativeTime at={user.createdAt} /> },
              { label: 'Changed', value: <RelativeTime at={user.updatedAt} /> },
              { label: 'Version', value: <span className="tabular-nums">{user.version}</span> },
            ]}
          />
        </Card>
        <RoleChain explanation={explanation} kept={held?.isToldActive ? held.roles : undefined} />
        <JsonView title="SCIM document" value={user.doc} />
        <RecentEvents events={events} ownAccountId={signedIn.account.id} />
      </div>
    </>
  );
}
