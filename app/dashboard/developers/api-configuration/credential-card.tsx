import type { Credential, CredentialSecret } from '@/lib/domain/credential/types';
import type { TableColumn } from '@/components/ui/table';
import { describeActor } from '@/components/dashboard/actor';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { IdText } from '@/components/ui/id-text';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusDot } from '@/components/ui/status-dot';
import { Table } from '@/components/ui/table';
import { ConfirmAction } from '../../confirm-action';
import { deleteCredentialAction, revokeSecretAction } from './actions';
import { AddSecretForm, ReplaceSecretForm } from './credential-forms';

function SecretState({ secret }: { secret: CredentialSecret }) {
  if (secret.revokedAt) return <StatusDot tone="danger">Revoked</StatusDot>;
  if (!secret.isLive) return <StatusDot tone="idle">Expired</StatusDot>;
  if (!secret.expiresAt) return <StatusDot tone="success">Live</StatusDot>;
  return (
    <StatusDot tone="warning">
      Live, ends <RelativeTime at={secret.expiresAt} />
    </StatusDot>
  );
}

function columnsOf(credential: Credential, ownAccountId: string): TableColumn<CredentialSecret>[] {
  return [
    { key: 'suffix', header: 'Secret', cell: (row) => <code className="font-mono text-sm">…{row.suffix}</code> },
    {
      key: 'state',
      header: 'State',
      width: '11rem',
      cell: (row) => <SecretState secret={row} />,
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
            action={revokeSecretAction}
            fields={{ credential_id: credential.id, secret_id: row.id }}
            label="Revoke"
            accessibleLabel={`Revoke the secret that ends in ${row.suffix}`}
            title="Revoke this secret?"
            description="Calls with it, and with the access tokens that it was exchanged for, are refused at once."
            confirmLabel="Revoke secret"
            size="small"
          />
        ) : null,
    },
  ];
}

/** Props of {@link CredentialCard}. */
export interface CredentialCardProps {
  credential: Credential;
  ownAccountId: string;
  environmentUrl: string;
}

/** An API credential with its secrets. */
export function CredentialCard({ credential, ownAccountId, environmentUrl }: CredentialCardProps) {
  return (
    <Card
      level={3}
      title={<span className="wrap-anywhere">{credential.name}</span>}
      description={
        <span className="flex flex-wrap items-center gap-1.5">
          <IdText value={credential.id} of="client id" />
          {credential.scopes.map((scope) => (
            <Badge key={scope} isMono>
              {scope}
            </Badge>
          ))}
        </span>
      }
      actions={
        <ConfirmAction
          action={deleteCredentialAction}
          fields={{ credential_id: credential.id }}
          label="Delete"
          accessibleLabel={`Delete ${credential.name}`}
          title="Delete this credential?"
          description={`${credential.name}: all its secrets and access tokens are refused at once. Applications that use it stop working until they have another.`}
          confirmLabel="Delete credential"
          variant="quiet"
          size="small"
        />
      }
    >
      <div className="-mx-4 -mb-4">
        <div className="border-t border-line">
          <Table
            caption={`Secrets of ${credential.name}`}
            columns={columnsOf(credential, ownAccountId)}
            rows={credential.secrets}
            rowKey={(row) => row.id}
            isFramed={false}
            empty={<p className="px-4 py-3 text-ink-soft">No secrets. Add one to use this credential.</p>}
          />
        </div>
        <div className="flex flex-wrap gap-x-12 gap-y-4 border-t border-line px-4 py-3 *:min-w-0">
          <AddSecretForm credentialId={credential.id} name={credential.name} environmentUrl={environmentUrl} />
          <ReplaceSecretForm
            credentialId={credential.id}
            name={credential.name}
            environmentUrl={environmentUrl}
            secrets={credential.secrets.filter(({ isLive }) => isLive).map(({ id, suffix }) => ({ id, suffix }))}
          />
        </div>
      </div>
    </Card>
  );
}
