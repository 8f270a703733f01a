import type { DirectoryParams } from '../load-directory';
import type { Metadata } from 'next';
import { Card } from '@/components/ui/card';
import { PageHeader } from '@/components/ui/page-header';
import { countOf } from '../../../../../paging';
import { TypedConfirmation } from '../../../../../typed-confirmation';
import { deleteDirectoryAction } from '../../actions';
import { ScimOff } from '../../scim-off';
import { loadDirectory } from '../load-directory';

export const metadata: Metadata = { title: 'Delete directory – Gatehouse' };

/** Says what deleting a directory does, and asks for its name. */
export default async function DeleteDirectoryPage({ params }: { params: Promise<DirectoryParams> }) {
  const { organization, directory, counts, path } = await loadDirectory(params);
  if (!organization.features.dir_sync) return <ScimOff organization={organization} />;
  const organizationPath = `/dashboard/organizations/${organization.id}`;
  return (
    <>
      <PageHeader
        title="Delete directory"
        crumbs={[
          { label: 'Organizations', href: '/dashboard/organizations' },
          { label: organization.displayName, href: organizationPath },
          { label: directory.name, href: path },
        ]}
      />
      <Card tone="danger" className="max-w-xl">
        <div className="space-y-4">
          <ul className="list-disc space-y-1 pl-4.5 text-ink-soft">
            <li>Requests with its tokens are refused at once.</li>
            <li>
              {countOf(counts.users, 'user', 'users')} and {countOf(counts.groups, 'group', 'groups')} will be removed.
            </li>
            <li>The application is told of each of them, at once: nothing of it is held back.</li>
            <li>This cannot be undone.</li>
          </ul>
          <TypedConfirmation
            action={deleteDirectoryAction}
            fields={{ organization_id: organization.id, directory_id: directory.id }}
            text={directory.name}
            submitLabel="Delete directory"
            cancelHref={path}
          />
        </div>
      </Card>
    </>
  );
}
