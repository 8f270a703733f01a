import type { DirectoryUser } from '@/lib/domain/provisioning/types';
import type { TableColumn } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusDot } from '@/components/ui/status-dot';

/** How people are listed. */
export const USER_COLUMNS: readonly TableColumn<DirectoryUser>[] = [
  { key: 'name', header: 'Name', cell: (row) => <span className="wrap-anywhere">{row.displayName}</span> },
  { key: 'userName', header: 'User name', cell: (row) => <span className="wrap-anywhere">{row.userName}</span> },
  {
    key: 'status',
    header: 'Status',
    width: '8rem',
    cell: (row) =>
      row.isActive ? <StatusDot tone="success">Active</StatusDot> : <StatusDot tone="idle">Inactive</StatusDot>,
  },
  {
    key: 'groups',
    header: 'Groups',
    cell: (row) =>
      row.groups.length > 0 ? (
        <span className="wrap-anywhere">{row.groups.map((group) => group.displayName).join(', ')}</span>
      ) : (
        <span className="text-ink-faint">–</span>
      ),
  },
  { key: 'updated', header: 'Changed', width: '9rem', cell: (row) => <RelativeTime at={row.updatedAt} /> },
];
