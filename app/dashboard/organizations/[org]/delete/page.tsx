import type { Metadata } from 'next';
import { Card } from '@/components/ui/card';
import { PageHeader } from '@/components/ui/page-header';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { listDirectories } from '@/lib/domain/directory/queries';
import { getOrganization } from '@/lib/domain/organization/queries';
import { countDirectory } from '@/lib/domain/provisioning/queries';
import { orNotFound } from '../../../or-not-found';
import { countOf } from '../../../paging';
import { TypedConfirmation } from '../../../typed-confirmation';
import { deleteOrganizationAction } from '../actions';

export const metadata: Metadata = { title: 'Delete organization – Gatehouse' };

/** Says what deleting an organization does, and asks for its name. */
export default async function DeleteOrganizationPage({ params }: { params: Promise<{ org: string }> }) {
  const { ctx } = await requireOperator();
  const organization = await orNotFound(getOrganization(ctx, (await params).org));
  const directories = await listDirectories(ctx, organization.id);
  const counts = await countDirectory(
    ctx,
    organization.id,
    directories.map((directory) => directory.id),
  );
  const held = [...counts.values()];
  const users = held.reduce((sum, count) => sum + count.users, 0);
  const groups = held.reduce((sum, count) => sum + count.groups, 0);
  const path = `/dashboard/organizations/${organization.id}`;
  return (
    <>
      <PageHeader
        title="Delete organization"
        crumbs={[
          { label: 'Organizations', href: '/dashboard/organizations' },
          { label: organization.displayName, href: path },
        ]}
      />
      <Card tone="danger" className="max-w-xl">
        <div className="space-y-4">
          <ul className="list-disc space-y-1 pl-4.5 text-ink-soft">
            <li>Portal links, portal sessions and the sign-ins of this customer’s admins stop working at once.</li>
            {directories.length > 0 && (
              <li>
                {countOf(directories.length, 'directory', 'directories')} with {countOf(users, 'user', 'users')} and{' '}
                {countOf(groups, 'group', 'groups')} will be removed. Requests with their tokens are refused from now
                on.
              </li>
            )}
            <li>The application is told once, that the organization was deleted.</li>
            <li>This cannot be undone.</li>
          </ul>
          <TypedConfirmation
            action={deleteOrganizationAction}
            fields={{ organization_id: organization.id }}
            text={organization.displayName}
            submitLabel="Delete organization"
            cancelHref={path}
          />
        </div>
      </Card>
    </>
  );
}
