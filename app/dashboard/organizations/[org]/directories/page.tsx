import type { Directory } from '@/lib/domain/directory/types';
import type { DirectoryCounts } from '@/lib/domain/provisioning/types';
import type { Metadata } from 'next';
import type { TableColumn } from '@/components/ui/table';
import { Plus } from 'lucide-react';
import { DirectoryStatus } from '@/components/dashboard/directory-status';
import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';
import { RelativeTime } from '@/components/ui/relative-time';
import { Table } from '@/components/ui/table';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { listDirectories } from '@/lib/domain/directory/queries';
import { findLastExchange } from '@/lib/domain/log/queries';
import { getOrganization } from '@/lib/domain/organization/queries';
import { countDirectory } from '@/lib/domain/provisioning/queries';
import { PROVIDER_NAMES } from '@/lib/providers/provider';
import { orNotFound } from '../../../or-not-found';
import { OrganizationHeader } from '../organization-header';
import { ScimOff } from './scim-off';

export const metadata: Metadata = { title: 'SCIM provisioning – Gatehouse' };

function columnsOf(
  counts: ReadonlyMap<string, DirectoryCounts>,
  lastRequests: ReadonlyMap<string, Date | undefined>,
): TableColumn<Directory>[] {
  return [
    { key: 'name', header: 'Directory', cell: (row) => <span className="wrap-anywhere">{row.name}</span> },
    { key: 'provider', header: 'Provider', width: '13rem', cell: (row) => PROVIDER_NAMES[row.provider] },
    { key: 'status', header: 'Status', width: '9rem', cell: (row) => <DirectoryStatus directory={row} /> },
    {
      key: 'users',
      header: 'Users',
      align: 'end',
      width: '6rem',
      cell: (row) => (counts.get(row.id)?.users ?? 0).toLocaleString('en'),
    },
    {
      key: 'groups',
      header: 'Groups',
      align: 'end',
      width: '6rem',
      cell: (row) => (counts.get(row.id)?.groups ?? 0).toLocaleString('en'),
    },
    {
      key: 'last',
      header: 'Last request',
      width: '10rem',
      cell: (row) => {
        const at = lastRequests.get(row.id);
        return at ? <RelativeTime at={at} /> : <span className="text-ink-faint">None yet</span>;
      },
    },
  ];
}

/** The directories of an organization. */
export default async function DirectoriesPage({ params }: { params: Promise<{ org: string }> }) {
  const { ctx } = await requireOperator();
  const organization = await orNotFound(getOrganization(ctx, (await params).org));
  if (!organization.features.dir_sync) return <ScimOff organization={organization} />;
  const directories = await listDirectories(ctx, organization.id);
  const [counts, lastRequests] = await Promise.all([
    countDirectory(
      ctx,
      organization.id,
      directories.map((item) => item.id),
    ),
    Promise.all(directories.map(async (item) => [item.id, (await findLastExchange(ctx, item))?.createdAt] as const)),
  ]);
  const path = `/dashboard/organizations/${organization.id}/directories`;
  const newButton = (
    <LinkButton href={`${path}/new`} variant="primary" icon={<Plus size={16} aria-hidden="true" />}>
      Connect a directory
    </LinkButton>
  );
  return (
    <>
      <OrganizationHeader organization={organization} actions={directories.length > 0 ? newButton : undefined} />
      <Table
        caption="Directories"
        columns={columnsOf(counts, new Map(lastRequests))}
        rows={directories}
        rowKey={(row) => row.id}
        rowHref={(row) => `${path}/${row.id}`}
        empty={
          <EmptyState title="No directory yet" action={newButton}>
            Send the customer’s IT admin a portal link, which leads through every step, or begin here.
          </EmptyState>
        }
      />
    </>
  );
}
