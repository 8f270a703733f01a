import type { LoopState } from '@/lib/domain/loop/types';
import type { Metadata } from 'next';
import type { Query } from '@/components/dashboard/href';
import type { StatusTone } from '@/components/ui/status-dot';
import type { TableColumn } from '@/components/ui/table';
import { LiveRefresh } from '@/components/dashboard/live-refresh';
import { readParam } from '@/components/dashboard/href';
import { RunList } from '@/components/provisioning/run-list';
import { Card, Section } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { KeyValueList } from '@/components/ui/key-value-list';
import { LinkButton } from '@/components/ui/link-button';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusDot } from '@/components/ui/status-dot';
import { Table } from '@/components/ui/table';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { readLogLosses } from '@/lib/domain/log/queries';
import { listLoops, readDatabase } from '@/lib/domain/loop/queries';
import { listOrganizationDeletions } from '@/lib/domain/organization/queries';
import { listRuns } from '@/lib/domain/run/queries';
import { version } from '@/package.json';
import { formatLag, stateOfLoop, titleOfLoop } from './loop-words';

export const metadata: Metadata = { title: 'System – Gatehouse' };

const PATH = '/dashboard/settings/system';
const SHOWN_RUNS = 20;
const ENGINES = { embedded: 'Embedded Postgres, in the process', server: 'Postgres server' } as const;

const STATES: Readonly<Record<ReturnType<typeof stateOfLoop>, { tone: StatusTone; word: string }>> = {
  ok: { tone: 'success', word: 'Running' },
  failing: { tone: 'danger', word: 'Failing' },
  late: { tone: 'warning', word: 'Late' },
  behind: { tone: 'warning', word: 'Behind' },
};

function columnsAt(now: Date): TableColumn<LoopState>[] {
  return [
    {
      key: 'loop',
      header: 'Loop',
      cell: (row) => (
        <>
          <span className="font-medium">{titleOfLoop(row.name)}</span>
          <code className="block font-mono text-sm text-ink-faint">{row.name}</code>
        </>
      ),
    },
    {
      key: 'state',
      header: 'State',
      width: '8rem',
      cell: (row) => {
        const { tone, word } = STATES[stateOfLoop(row, now)];
        return <StatusDot tone={tone}>{word}</StatusDot>;
      },
    },
    {
      key: 'waiting',
      header: 'Waiting',
      align: 'end',
      width: '7rem',
      cell: (row) => (row.backlog ? row.backlog.count.toLocaleString('en') : <span className="text-ink-faint">–</span>),
    },
    {
      key: 'lag',
      header: 'Lag',
      align: 'end',
      width: '6rem',
      cell: (row) => (row.backlog ? formatLag(row.backlog.lagMs) : <span className="text-ink-faint">–</span>),
    },
    {
      key: 'run',
      header: 'Last run',
      width: '9rem',
      cell: (row) =>
        row.lastRunAt ? <RelativeTime at={row.lastRunAt} /> : <span className="text-ink-faint">Never</span>,
    },
    {
      key: 'error',
      header: 'Last error',
      cell: (row) =>
        row.lastErrorAt ? (
          <>
            <span className="text-sm text-ink-soft">
              <RelativeTime at={row.lastErrorAt} />
            </span>
            <code className="line-clamp-3 font-mono text-sm wrap-anywhere">{row.lastError}</code>
          </>
        ) : (
          <span className="text-ink-faint">None</span>
        ),
    },
  ];
}

/** What runs in the background and how far it is, and what it runs on. */
export default async function SystemPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { ctx } = await requireOperator();
  const isLive = readParam((await searchParams)['live']) === '1';
  const [loops, runs, deletions, database] = await Promise.all([
    listLoops(ctx),
    listRuns(ctx, { isOpen: true }, { pageSize: SHOWN_RUNS }),
    listOrganizationDeletions(ctx),
    readDatabase(ctx),
  ]);
  const now = ctx.now();
  const losses = readLogLosses();
  return (
    <>
      <PageHeader
        title="System"
        crumbs={[{ label: 'Settings', href: '/dashboard/settings' }]}
        description="What runs in the background and how far it is, over all servers of this installation."
        actions={
          <>
            {isLive && <LiveRefresh />}
            <LinkButton href={isLive ? PATH : `${PATH}?live=1`} scroll={false} replace>
              {isLive ? 'Stop' : 'Follow live'}
            </LinkButton>
          </>
        }
      />
      <div className="space-y-10">
        <Section
          title="Loops"
          description="Each runs on every server and shares its work with the others. How they went is written down every few seconds; one that runs hourly appears after its first hour."
        >
          <Table
            caption="Background loops"
            columns={columnsAt(now)}
            rows={loops}
            rowKey={(row) => row.name}
            empty={
              <EmptyState title="No loop has run yet">
                They tell how they went a few seconds after the start.
              </EmptyState>
            }
          />
        </Section>
        {runs.items.length > 0 && (
          <Section title="Runs" description="Changes that concern many people and are being told in batches.">
            <Card isFlush>
              <RunList runs={runs.items} />
            </Card>
          </Section>
        )}
        {deletions.length > 0 && (
          <Section
            title="Organizations being deleted"
            description="Nobody can reach them any more. Their rows are removed in batches."
          >
            <Card isFlush>
              <ul className="divide-y divide-line">
                {deletions.map(({ id, displayName, startedAt, peopleLeft, membersLeft }) => (
                  <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-3">
                    <span className="font-medium wrap-anywhere">{displayName}</span>
                    <span className="text-sm text-ink-soft tabular-nums">
                      Deleted <RelativeTime at={startedAt} />. Left: {peopleLeft.toLocaleString('en')} in directories,{' '}
                      {membersLeft.toLocaleString('en')} members.
                    </span>
                  </li>
                ))}
              </ul>
            </Card>
          </Section>
        )}
        <Section title="This server">
          <Card>
            <KeyValueList
              items={[
                { label: 'Gatehouse', value: version },
                { label: 'Node', value: process.versions.node },
                { label: 'Database', value: `${ENGINES[database.engine]}, ${database.version}` },
                { label: 'Started', value: <RelativeTime at={new Date(now.getTime() - process.uptime() * 1000)} /> },
                {
                  label: 'Log entries lost',
                  value:
                    losses.droppedRows + losses.droppedBodies === 0
                      ? 'None since the start'
                      : `${losses.droppedRows.toLocaleString('en')} requests and ${losses.droppedBodies.toLocaleString('en')} bodies since the start`,
                },
              ]}
            />
          </Card>
        </Section>
      </div>
    </>
  );
}
