import type { SampleOrganization } from './samples';
import type { TableColumn } from '@/components/ui/table';
import { LogOut, Plus } from 'lucide-react';
import { DashboardShell } from '@/components/dashboard/shell';
import { Button } from '@/components/ui/button';
import { IdText } from '@/components/ui/id-text';
import { LinkButton } from '@/components/ui/link-button';
import { PageHeader } from '@/components/ui/page-header';
import { Pagination } from '@/components/ui/pagination';
import { RelativeTime } from '@/components/ui/relative-time';
import { SearchField } from '@/components/ui/search-field';
import { StatusDot } from '@/components/ui/status-dot';
import { Table } from '@/components/ui/table';
import { readClockMs } from '@/components/ui/format-time';
import { succeedSlowly } from './actions';
import { ORGANIZATIONS } from './samples';

const MINUTE_MS = 60_000;

/** The columns of the list of organizations, as of a moment. */
export function organizationColumns(nowMs: number): readonly TableColumn<SampleOrganization>[] {
  return [
    { key: 'name', header: 'Name', isSortable: true, cell: (row) => row.name },
    { key: 'id', header: 'Id', narrow: 'hidden', cell: (row) => <IdText value={row.id} of="organization id" /> },
    {
      key: 'directory',
      header: 'Directory',
      cell: (row) => row.directory ?? <span className="text-ink-faint">None yet</span>,
    },
    {
      key: 'status',
      header: 'Status',
      width: '10rem',
      cell: (row) => <StatusDot tone={row.status}>{row.statusWord}</StatusDot>,
    },
    {
      key: 'users',
      header: 'Users',
      isSortable: true,
      align: 'end',
      width: '6rem',
      cell: (row) => row.users.toLocaleString('en'),
    },
    {
      key: 'last',
      header: 'Last call',
      isSortable: true,
      width: '9rem',
      cell: (row) =>
        row.lastCallMinutesAgo === null ? (
          <span className="text-ink-faint">Never</span>
        ) : (
          <RelativeTime at={new Date(nowMs - row.lastCallMinutesAgo * MINUTE_MS)} />
        ),
    },
  ];
}

/** The list of organizations in the dashboard's shell. */
export function DashboardSample() {
  return (
    <DashboardShell
      user={{ name: 'Dana Okafor', email: 'dana@operator.example' }}
      host="provision.operator.example"
      path="/dashboard/organizations"
      signOut={
        <form action={succeedSlowly}>
          <Button variant="quiet" className="w-full justify-start!" icon={<LogOut size={16} aria-hidden="true" />}>
            Sign out
          </Button>
        </form>
      }
    >
      <PageHeader
        title="Organizations"
        description="Your customers, each with its own directory, portal links and log."
        actions={
          <LinkButton href="/dev/gallery?view=dashboard" variant="primary" icon={<Plus size={16} aria-hidden="true" />}>
            New organization
          </LinkButton>
        }
      />
      <div className="mb-3">
        <SearchField action="/dev/gallery" label="Search organizations" keep={{ view: 'dashboard' }} />
      </div>
      <Table
        caption="Organizations"
        columns={organizationColumns(readClockMs())}
        rows={ORGANIZATIONS}
        rowKey={(row) => row.id}
        rowHref={(row) => `/dev/gallery?view=dashboard#${row.id}`}
        sort={{
          key: 'name',
          direction: 'asc',
          hrefFor: (key, way) => `/dev/gallery?view=dashboard&sort=${key}.${way}`,
        }}
      />
      <Pagination summary="1–5 of 43" nextHref="/dev/gallery?view=dashboard&page=2" />
    </DashboardShell>
  );
}
