import type { Metadata } from 'next';
import { PageHeader } from '@/components/ui/page-header';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { createOrganizationAction } from '../actions';
import { OrganizationForm } from '../organization-form';

export const metadata: Metadata = { title: 'New organization – Gatehouse' };

/** A form for a new organization. */
export default async function NewOrganizationPage() {
  await requireOperator();
  return (
    <>
      <PageHeader
        title="New organization"
        crumbs={[{ label: 'Organizations', href: '/dashboard/organizations' }]}
        description="SCIM provisioning is switched on at once; everything here can be changed later."
      />
      <OrganizationForm
        action={createOrganizationAction}
        submitLabel="Create organization"
        cancelHref="/dashboard/organizations"
      />
    </>
  );
}
