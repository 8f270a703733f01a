import type { Metadata } from 'next';
import { PageHeader } from '@/components/ui/page-header';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { getOrganization, getUserManagementSettings } from '@/lib/domain/organization/queries';
import { orNotFound } from '../../../or-not-found';
import { updateOrganizationAction } from '../../actions';
import { metadataInputValues } from '../../metadata-inputs';
import { OrganizationForm } from '../../organization-form';

export const metadata: Metadata = { title: 'Edit organization – Gatehouse' };

/** A form with what an organization is now. */
export default async function EditOrganizationPage({ params }: { params: Promise<{ org: string }> }) {
  const { ctx } = await requireOperator();
  const organization = await orNotFound(getOrganization(ctx, (await params).org));
  const { maxAllowedUsers } = await getUserManagementSettings(ctx, organization.id);
  const path = `/dashboard/organizations/${organization.id}`;
  return (
    <>
      <PageHeader
        title="Edit organization"
        crumbs={[
          { label: 'Organizations', href: '/dashboard/organizations' },
          { label: organization.displayName, href: path },
        ]}
      />
      <OrganizationForm
        action={updateOrganizationAction}
        fields={{ organization_id: organization.id }}
        initial={{
          display_name: organization.displayName,
          external_id: organization.externalId ?? '',
          slug: organization.slug ?? '',
          logo_url: organization.logoUrl ?? '',
          max_allowed_users: maxAllowedUsers === null ? '' : String(maxAllowedUsers),
          ...metadataInputValues(organization.metadata),
        }}
        hasSeatLimit
        submitLabel="Save changes"
        cancelHref={path}
      />
    </>
  );
}
