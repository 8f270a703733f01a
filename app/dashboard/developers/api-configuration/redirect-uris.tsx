import type { RedirectUri } from '@/lib/domain/portal/types';
import type { TableColumn } from '@/components/ui/table';
import { describeActor } from '@/components/dashboard/actor';
import { EmptyState } from '@/components/ui/empty-state';
import { IdText } from '@/components/ui/id-text';
import { RelativeTime } from '@/components/ui/relative-time';
import { Table } from '@/components/ui/table';
import { ConfirmAction } from '../../confirm-action';
import { removeRedirectUriAction } from './actions';
import { RedirectUriForm } from './redirect-uri-form';

function columnsOf(ownAccountId: string): TableColumn<RedirectUri>[] {
  return [
    { key: 'uri', header: 'Address', cell: (row) => <IdText value={row.uri} of="redirect URI" /> },
    { key: 'creator', header: 'Added by', width: '10rem', cell: (row) => describeActor(row.createdBy, ownAccountId) },
    { key: 'created', header: 'Added', width: '9rem', cell: (row) => <RelativeTime at={row.createdAt} /> },
    {
      key: 'actions',
      header: 'Action',
      align: 'end',
      width: '6rem',
      cell: (row) => (
        <ConfirmAction
          action={removeRedirectUriAction}
          fields={{ uri_id: row.id }}
          label="Remove"
          accessibleLabel={`Remove ${row.uri}`}
          title="Remove this address?"
          description={`Pages of ${new URL(row.uri).host} can no longer embed the portal, unless another address allows them to.`}
          confirmLabel="Remove address"
          size="small"
        />
      ),
    },
  ];
}

/** Props of {@link RedirectUris}. */
export interface RedirectUrisProps {
  uris: readonly RedirectUri[];
  ownAccountId: string;
  /** Whether http, localhost and wildcards are accepted. */
  isLenient: boolean;
}

/** The addresses whose pages may embed the portal. */
export function RedirectUris({ uris, ownAccountId, isLenient }: RedirectUrisProps) {
  return (
    <div className="space-y-4">
      <RedirectUriForm
        hint={
          isLenient
            ? 'Because this installation runs on localhost, http, localhost and one * at the left are accepted too.'
            : 'An https address without query and fragment.'
        }
      />
      <Table
        caption="Redirect URIs"
        columns={columnsOf(ownAccountId)}
        rows={uris}
        rowKey={(row) => row.id}
        empty={
          <EmptyState title="No redirect URIs yet">Add the address of the page that embeds the portal.</EmptyState>
        }
      />
    </div>
  );
}
