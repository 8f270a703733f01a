import type { EventDetail } from '@/lib/domain/event/queries';
import type { TableColumn } from '@/components/ui/table';
import { Card } from '@/components/ui/card';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusDot } from '@/components/ui/status-dot';
import { Table } from '@/components/ui/table';
import { EVENT_TITLES } from '@/lib/domain/event/types';
import { subjectOf } from './subject';

const TITLES: Readonly<Record<string, string | undefined>> = EVENT_TITLES;

const COLUMNS: readonly TableColumn<EventDetail>[] = [
  {
    key: 'event',
    header: 'Event',
    cell: (row) => (
      <span className="wrap-anywhere">
        {TITLES[row.type] ?? row.type} <span className="font-normal text-ink-soft">{subjectOf(row.data)}</span>
      </span>
    ),
  },
  {
    key: 'state',
    header: 'State',
    width: '10rem',
    cell: (row) =>
      row.isAnnounced ? (
        <StatusDot tone="success">Announced</StatusDot>
      ) : (
        <StatusDot tone="idle">Recorded only</StatusDot>
      ),
  },
  { key: 'time', header: 'Time', width: '9rem', cell: (row) => <RelativeTime at={row.occurredAt} /> },
];

/** What one request caused. */
export function CausedEvents({ events, isCut }: { events: readonly EventDetail[]; isCut: boolean }) {
  return (
    <Card
      title="Events"
      description={
        isCut ? `The first ${events.length} of what this request caused.` : 'What this request caused, in order.'
      }
      isFlush
    >
      <Table
        caption="Events that this request caused"
        columns={COLUMNS}
        rows={events}
        rowKey={(row) => row.id}
        rowHref={(row) => `/dashboard/logs/events/${row.id}`}
        isFramed={false}
      />
    </Card>
  );
}
