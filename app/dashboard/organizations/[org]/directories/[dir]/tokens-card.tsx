import type { DirectorySecret } from '@/lib/domain/directory/types';
import type { TableColumn } from '@/components/ui/table';
import { describeActor } from '@/components/dashboard/actor';
import { Card } from '@/components/ui/card';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusDot } from '@/components/ui/status-dot';
import { Table } from '@/components/ui/table';
import { MAX_LIVE_SECRETS } from '@/lib/domain/directory/types';
import { ConfirmAction } from '../../../../confirm-action';
import { revokeTokenAction } from '../actions';
import { TokenForm } from './token-form';

type Fields = Readonly<Record<string, string>>;

function columnsOf(fields: Fields, ownAccountId: string): TableColumn<DirectorySecret>[] {
  return [
    { key: 'suffix', header: 'Token', cell: (row) => <code className="font-mono text-sm">…{row.suffix}</code> },
    {
      key: 'state',
      header: 'State',
      width: '8rem',
      cell: (row) =>
        row.isLive ? <StatusDot tone="success">Live</StatusDot> : <StatusDot tone="danger">Revoked</StatusDot>,
    },
    { key: 'creator', header: 'Made by', width: '10rem', cell: (row) => describeActor(row.createdBy, ownAccountId) },
    { key: 'created', header: 'Made', width: '9rem', cell: (row) => <RelativeTime at={row.createdAt} /> },
    {
      key: 'used',
      header: 'Last used',
      width: '9rem',
      cell: (row) =>
        row.lastUsedAt ? <RelativeTime at={row.lastUsedAt} /> : <span className="text-ink-faint">Never</span>,
    },
    {
      key: 'actions',
      header: 'Action',
      align: 'end',
      width: '6rem',
      cell: (row) =>
        row.isLive ? (
          <ConfirmAction
            action={revokeTokenAction}
            fields={{ ...fields, secret_id: row.id }}
            label="Revoke"
            accessibleLabel={`Revoke the token that ends in ${row.suffix}`}
            title="Revoke this token?"
            description={`Requests with the token that ends in ${row.suffix} are refused at once. If the provider uses it, provisioning stops until it has a new one.`}
            confirmLabel="Revoke token"
            size="small"
          />
        ) : null,
    },
  ];
}

/** Props of {@link TokensCard}. */
export interface TokensCardProps {
  fields: Fields;
  /** Newest first, revoked ones included. */
  secrets: readonly DirectorySecret[];
  ownAccountId: string;
}

/** The bearer tokens of a directory: make one, see those there are, revoke them. */
export function TokensCard({ fields, secrets, ownAccountId }: TokensCardProps) {
  const live = secrets.filter((secret) => secret.isLive);
  const revoked = secrets.filter((secret) => !secret.isLive);
  const columns = columnsOf(fields, ownAccountId);
  return (
    <Card
      title="Tokens"
      description="The provider sends one with each request. Two can live at once, so that one can be replaced while the other works."
    >
      <TokenForm fields={fields} isFirst={live.length === 0} isFull={live.length >= MAX_LIVE_SECRETS} />
      {live.length > 0 && (
        <div className="-mx-4 mt-4 border-t border-line last:-mb-4">
          <Table caption="Live tokens" columns={columns} rows={live} rowKey={(row) => row.id} isFramed={false} />
        </div>
      )}
      {revoked.length > 0 && (
        <details className="-mx-4 mt-4 -mb-4 border-t border-line [div+&]:mt-0">
          <summary className="px-4 py-2.5 text-sm text-ink-soft hover:text-ink">{revoked.length} revoked</summary>
          <div className="border-t border-line">
            <Table
              caption="Revoked tokens"
              columns={columns.filter((column) => column.key !== 'actions')}
              rows={revoked}
              rowKey={(row) => row.id}
              isFramed={false}
            />
          </div>
        </details>
      )}
    </Card>
  );
}
