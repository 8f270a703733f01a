import type { StatusTone } from '@/components/ui/status-dot';
import type { TableColumn } from '@/components/ui/table';
import type { SigningKey } from '@/lib/domain/credential/types';
import { EmptyState } from '@/components/ui/empty-state';
import { IdText } from '@/components/ui/id-text';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusDot } from '@/components/ui/status-dot';
import { Table } from '@/components/ui/table';
import { ConfirmAction } from '../../confirm-action';
import { rotateSigningKeyAction } from './actions';

const STATES: Readonly<Record<SigningKey['state'], { tone: StatusTone; word: string }>> = {
  next: { tone: 'progress', word: 'Next' },
  signs: { tone: 'success', word: 'Signs' },
  leaves: { tone: 'idle', word: 'Leaving' },
};

const COLUMNS: readonly TableColumn<SigningKey>[] = [
  { key: 'id', header: 'Key', cell: (row) => <IdText value={row.id} of="key" /> },
  {
    key: 'state',
    header: 'State',
    width: '8rem',
    cell: (row) => <StatusDot tone={STATES[row.state].tone}>{STATES[row.state].word}</StatusDot>,
  },
  { key: 'listed', header: 'Listed', width: '9rem', cell: (row) => <RelativeTime at={row.createdAt} /> },
  { key: 'signs', header: 'Signs from', width: '9rem', cell: (row) => <RelativeTime at={row.signsFrom} /> },
];

/** The keys that sign access tokens, and the way to the next before its time. */
export function SigningKeys({ keys }: { keys: readonly SigningKey[] }) {
  return (
    <div className="space-y-3">
      <Table
        caption="Signing keys"
        columns={COLUMNS}
        rows={keys}
        rowKey={(row) => row.id}
        empty={<EmptyState title="No keys yet">They are made when the server starts.</EmptyState>}
      />
      <ConfirmAction
        action={rotateSigningKeyAction}
        fields={{}}
        label="Rotate now"
        title="Let the next key sign from now on?"
        description="Access tokens that were signed until now stay valid. A program that asked for /keys before the next key was listed must be restarted to check new tokens by itself."
        confirmLabel="Rotate key"
        confirmVariant="primary"
      />
    </div>
  );
}
