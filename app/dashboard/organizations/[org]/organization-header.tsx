import type { Organization } from '@/lib/domain/organization/types';
import type { ReactNode } from 'react';
import { IdText } from '@/components/ui/id-text';
import { PageHeader } from '@/components/ui/page-header';
import { TabNav } from '@/components/ui/tab-nav';

/** The head of an organization's own pages. SCIM provisioning has a tab only while it is switched on. */
export function OrganizationHeader({ organization, actions }: { organization: Organization; actions?: ReactNode }) {
  const path = `/dashboard/organizations/${organization.id}`;
  const tabs = [
    { label: 'Overview', href: path },
    ...(organization.features.dir_sync ? [{ label: 'SCIM provisioning', href: `${path}/directories` }] : []),
  ];
  return (
    <PageHeader
      title={organization.displayName}
      crumbs={[{ label: 'Organizations', href: '/dashboard/organizations' }]}
      description={<IdText value={organization.id} of="organization id" />}
      actions={actions}
      tabs={<TabNav label={organization.displayName} items={tabs} />}
    />
  );
}
