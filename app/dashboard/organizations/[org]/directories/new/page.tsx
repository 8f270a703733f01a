import type { Metadata } from 'next';
import { PageHeader } from '@/components/ui/page-header';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { getOrganization } from '@/lib/domain/organization/queries';
import { listProviders } from '@/lib/providers/registry';
import { orNotFound } from '../../../../or-not-found';
import { ScimOff } from '../scim-off';
import { NewDirectoryForm } from './new-directory-form';

export const metadata: Metadata = { title: 'Connect a directory – Gatehouse' };

/** A form for a new directory of an organization. */
export default async function NewDirectoryPage({ params }: { params: Promise<{ org: string }> }) {
  const { ctx } = await requireOperator();
  const organization = await orNotFound(getOrganization(ctx, (await params).org));
  if (!organization.features.dir_sync) return <ScimOff organization={organization} />;
  const path = `/dashboard/organizations/${organization.id}`;
  return (
    <>
      <PageHeader
        title="Connect a directory"
        crumbs={[
          { label: 'Organizations', href: '/dashboard/organizations' },
          { label: organization.displayName, href: path },
          { label: 'SCIM provisioning', href: `${path}/directories` },
        ]}
        description="You get an endpoint URL and a token to pass on. A portal link does the same with the IT admin at the keyboard."
      />
      <NewDirectoryForm
        organizationId={organization.id}
        providers={listProviders().map(({ id, name, unavailable }) => ({ id, name, unavailable }))}
        cancelHref={`${path}/directories`}
      />
    </>
  );
}
