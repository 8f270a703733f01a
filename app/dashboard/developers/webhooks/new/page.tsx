import type { Metadata } from 'next';
import { PageHeader } from '@/components/ui/page-header';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { NewEndpointForm } from '../endpoint-form';
import { offerOrganizations } from '../offered-organizations';

export const metadata: Metadata = { title: 'Add endpoint – Gatehouse' };

const LIST_PATH = '/dashboard/developers/webhooks';

/** A form for a new endpoint, and then its secret. */
export default async function NewEndpointPage() {
  const { ctx } = await requireOperator();
  return (
    <>
      <PageHeader title="Add endpoint" crumbs={[{ label: 'Webhooks', href: LIST_PATH }]} />
      <NewEndpointForm {...await offerOrganizations(ctx, [])} listHref={LIST_PATH} />
    </>
  );
}
