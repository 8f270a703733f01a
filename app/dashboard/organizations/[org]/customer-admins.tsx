import type { Account, Invitation } from '@/lib/domain/operator/types';
import type { TableColumn } from '@/components/ui/table';
import { Card } from '@/components/ui/card';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusDot } from '@/components/ui/status-dot';
import { Table } from '@/components/ui/table';
import { ConfirmAction } from '../../confirm-action';
import { removeAdminAction, revokeInvitationAction } from './actions';
import { InviteAdminForm } from './shown-once-form';

type Row =
  { readonly kind: 'admin'; readonly item: Account } | { readonly kind: 'invitation'; readonly item: Invitation };

const INVITATION_WORDS: Readonly<Record<Invitation['state'], string>> = {
  open: 'Invited',
  accepted: 'Accepted',
  expired: 'Invitation expired',
  revoked: 'Invitation revoked',
};

function RowState({ row }: { row: Row }) {
  if (row.kind === 'admin') return <StatusDot tone="success">Can sign in</StatusDot>;
  return (
    <StatusDot tone={row.item.state === 'open' ? 'progress' : 'idle'}>{INVITATION_WORDS[row.item.state]}</StatusDot>
  );
}

function RowTime({ row }: { row: Row }) {
  if (row.kind === 'admin') {
    if (!row.item.lastSignInAt) return <span className="text-ink-faint">Never signed in</span>;
    return (
      <>
        Signed in <RelativeTime at={row.item.lastSignInAt} />
      </>
    );
  }
  if (row.item.state !== 'open') return null;
  return (
    <>
      Expires <RelativeTime at={row.item.expiresAt} />
    </>
  );
}

function RowAction({ row, organizationId }: { row: Row; organizationId: string }) {
  if (row.kind === 'admin') {
    return (
      <ConfirmAction
        action={removeAdminAction}
        fields={{ organization_id: organizationId, account_id: row.item.id }}
        label="Remove"
        accessibleLabel={`Remove ${row.item.email}`}
        title="Remove this admin?"
        description={`${row.item.email} is signed out at once and cannot sign in any more. What they set up stays.`}
        confirmLabel="Remove admin"
        size="small"
      />
    );
  }
  if (row.item.state !== 'open') return null;
  return (
    <ConfirmAction
      action={revokeInvitationAction}
      fields={{ organization_id: organizationId, invitation_id: row.item.id }}
      label="Revoke"
      accessibleLabel={`Revoke the invitation of ${row.item.email}`}
      title="Revoke this invitation?"
      description={`The link that was made for ${row.item.email} stops working at once.`}
      confirmLabel="Revoke invitation"
      size="small"
    />
  );
}

function columnsOf(organizationId: string): TableColumn<Row>[] {
  return [
    { key: 'email', header: 'Email address', cell: (row) => <span className="wrap-anywhere">{row.item.email}</span> },
    { key: 'state', header: 'State', width: '12rem', cell: (row) => <RowState row={row} /> },
    { key: 'time', header: 'Activity', width: '13rem', cell: (row) => <RowTime row={row} /> },
    {
      key: 'actions',
      header: 'Action',
      align: 'end',
      width: '6rem',
      cell: (row) => <RowAction row={row} organizationId={organizationId} />,
    },
  ];
}

/** Props of {@link CustomerAdmins}. */
export interface CustomerAdminsProps {
  organizationId: string;
  admins: readonly Account[];
  /** Those not accepted. */
  invitations: readonly Invitation[];
}

/** Who may sign in for the customer, and who was invited to. */
export function CustomerAdmins({ organizationId, admins, invitations }: CustomerAdminsProps) {
  const rows: Row[] = [
    ...admins.map((item) => ({ kind: 'admin' as const, item })),
    ...invitations.map((item) => ({ kind: 'invitation' as const, item })),
  ];
  return (
    <Card
      title="Customer admins"
      description="They sign in here and reach this organization’s settings page only, with the portal in it."
    >
      <InviteAdminForm organizationId={organizationId} />
      {rows.length > 0 && (
        <div className="-mx-4 mt-4 -mb-4 border-t border-line">
          <Table
            caption="Customer admins and invitations"
            columns={columnsOf(organizationId)}
            rows={rows}
            rowKey={(row) => row.item.id}
            isFramed={false}
          />
        </div>
      )}
    </Card>
  );
}
