import type { HeldSummary } from '@/lib/domain/deprovisioning/types';
import type { Directory } from '@/lib/domain/directory/types';
import type { DirectoryCounts } from '@/lib/domain/provisioning/types';
import type { Organization } from '@/lib/domain/organization/types';
import { DirectoryStatus } from '@/components/dashboard/directory-status';
import { countHeld, HeldNotice } from '@/components/dashboard/held-notice';
import { withQuery } from '@/components/dashboard/href';
import { IdText } from '@/components/ui/id-text';
import { LinkButton } from '@/components/ui/link-button';
import { PageHeader } from '@/components/ui/page-header';
import { TabNav } from '@/components/ui/tab-nav';

/** Props of {@link DirectoryHeader}. */
export interface DirectoryHeaderProps {
  organization: Organization;
  directory: Directory;
  counts: DirectoryCounts;
  held: HeldSummary;
  path: string;
  /** On the page where it is decided about people who are held back. */
  isReviewed?: boolean;
}

/** The head of a directory's pages. */
export function DirectoryHeader({ organization, directory, counts, held, path, isReviewed }: DirectoryHeaderProps) {
  const organizationPath = `/dashboard/organizations/${organization.id}`;
  return (
    <>
      <PageHeader
        title={directory.name}
        crumbs={[
          { label: 'Organizations', href: '/dashboard/organizations' },
          { label: organization.displayName, href: organizationPath },
          { label: 'SCIM provisioning', href: `${organizationPath}/directories` },
        ]}
        status={<DirectoryStatus directory={directory} />}
        description={<IdText value={directory.id} of="directory id" />}
        actions={
          <LinkButton href={withQuery('/dashboard/logs', { organization: organization.id, directory: directory.id })}>
            View logs
          </LinkButton>
        }
        tabs={
          <TabNav
            label={directory.name}
            items={[
              { label: 'Setup', href: path },
              { label: 'Users', href: `${path}/users`, count: counts.users },
              { label: 'Groups', href: `${path}/groups`, count: counts.groups },
              { label: 'Roles', href: `${path}/roles` },
              { label: 'Deprovisioning', href: `${path}/deprovisioning`, count: countHeld(held) || undefined },
              { label: 'Attributes', href: `${path}/attributes` },
            ]}
          />
        }
      />

      <HeldNotice held={held} path={path} isReviewed={isReviewed} />
    </>
  );
}
