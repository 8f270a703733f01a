import type { LinkState, PortalLink } from '@/lib/domain/portal/types';
import type { StatusTone } from '@/components/ui/status-dot';
import type { TableColumn } from '@/components/ui/table';
import { describeActor } from '@/components/dashboard/actor';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { IdText } from '@/components/ui/id-text';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusDot } from '@/components/ui/status-dot';
import { Table } from '@/components/ui/table';
import { ConfirmAction } from '../../confirm-action';
import { revokeAllLinksAction, revokeLinkAction } from './actions';
import { GenerateLinkForm } from './shown-once-form';

const STATES: Readonly<Record<LinkState, { tone: StatusTone; word: string }>> = {
  live: { tone: 'success', word: 'Live' },
  used: { tone: 'idle', word: 'Used' },
  expired: { tone: 'idle', word: 'Expired' },
  revoked: { tone: 'danger', word: 'Revoked' },
};

function columnsOf(ownAccountId: string): TableColumn<PortalLink>[] {
  return [
    { key: 'id', header: 'Link', cell: (row) => <IdText value={row.id} of="link id" /> },
    {
      key: 'state',
      header: 'State',
      width: '6.5rem',
      cell: (row) => <StatusDot tone={STATES[row.state].tone}>{STATES[row.state].word}</StatusDot>,
    },
    { key: 'creator', header: 'Made by', width: '9.5rem', cell: (row) => describeActor(row.createdBy, ownAccountId) },
    { key: 'created', header: 'Made', width: '8rem', cell: (row) => <RelativeTime at={row.createdAt} /> },
    { key: 'expires', header: 'Expires', width: '8rem', cell: (row) => <RelativeTime at={row.expiresAt} /> },
    {
      key: 'used',
      header: 'Last use',
      width: '8rem',
      cell: (row) =>
        row.lastUsedAt ? <RelativeTime at={row.lastUsedAt} /> : <span className="text-ink-faint">Never</span>,
    },
    { key: 'uses', header: 'Uses', align: 'end', width: '4rem', cell: (row) => row.useCount.toLocaleString('en') },
    {
      key: 'actions',
      header: 'Action',
      align: 'end',
      width: '6rem',
      cell: (row) =>
        row.state === 'live' ? (
          <ConfirmAction
            action={revokeLinkAction}
            fields={{ organization_id: row.organizationId, link_id: row.id }}
            label="Revoke"
            accessibleLabel={`Revoke link ${row.id}`}
            title="Revoke this link?"
            description="It stops working at once, and the portal sessions that it opened end. What was set up stays."
            confirmLabel="Revoke link"
            size="small"
          />
        ) : null,
    },
  ];
}

/** Props of {@link PortalLinks}. */
export interface PortalLinksProps {
  organizationId: string;
  /** The links made for sharing, newest first. */
  links: readonly PortalLink[];
  ownAccountId: string;
}

/** Links to the admin portal: make one, see those there are, revoke them. */
export function PortalLinks({ organizationId, links, ownAccountId }: PortalLinksProps) {
  const live = links.filter((link) => link.state === 'live');
  const ended = links.filter((link) => link.state !== 'live');
  const columns = columnsOf(ownAccountId);
  return (
    <Card
      title="Portal links"
      description="Send one to the customer’s IT admin. It opens the setup portal for 7 days, any number of times."
      actions={
        live.length > 1 && (
          <ConfirmAction
            action={revokeAllLinksAction}
            fields={{ organization_id: organizationId }}
            label="Revoke all"
            title="Revoke all links?"
            description="Every link of this organization stops working at once, and all its portal sessions end, embedded ones too. What was set up stays."
            confirmLabel="Revoke all links"
            variant="quiet"
          />
        )
      }
    >
      <GenerateLinkForm organizationId={organizationId} />
      <div className="-mx-4 mt-4 -mb-4 border-t border-line">
        <Table
          caption="Live portal links"
          columns={columns}
          rows={live}
          rowKey={(row) => row.id}
          isFramed={false}
          empty={
            <EmptyState title="No live links">
              Generate one when the customer is ready to connect its directory.
            </EmptyState>
          }
        />
        {ended.length > 0 && (
          <details className="border-t border-line">
            <summary className="px-4 py-2.5 text-sm text-ink-soft hover:text-ink">
              {ended.length} used, expired or revoked
            </summary>
            <div className="border-t border-line">
              <Table
                caption="Used, expired and revoked portal links"
                columns={columns.filter((column) => column.key !== 'actions')}
                rows={ended}
                rowKey={(row) => row.id}
                isFramed={false}
              />
            </div>
          </details>
        )}
      </div>
    </Card>
  );
}
