'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { Card } from '@/components/ui/card';
import { Checklist } from '@/components/ui/checklist';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusDot } from '@/components/ui/status-dot';
import { Table, type TableColumn } from '@/components/ui/table';
import type { LiveGroup, LiveState, LiveUser } from '@/lib/adapters/portal/live';

const POLL_INTERVAL_MS = 2000;

type Link = 'live' | 'lost' | 'ended';

/** Reads the state every two seconds while the page can be seen, one read at a time, and at once when it comes back into view. */
function useLive(initial: LiveState, url: string): [LiveState, Link] {
  const [state, setState] = useState(initial);
  const [link, setLink] = useState<Link>('live');

  useEffect(() => {
    let isOver = false;
    let isReading = false;
    const read = async () => {
      if (isOver || isReading || document.visibilityState !== 'visible') return;
      isReading = true;
      try {
        const response = await fetch(url, { headers: { accept: 'application/json' } });
        if (response.ok) setState((await response.json()) as LiveState);
        const isEnded = response.status === 401 || response.status === 403 || response.status === 404;
        if (isEnded) isOver = true;
        setLink(isEnded ? 'ended' : response.ok ? 'live' : 'lost');
      } catch {
        setLink('lost');
      } finally {
        isReading = false;
      }
    };
    const timer = setInterval(read, POLL_INTERVAL_MS);
    document.addEventListener('visibilitychange', read);
    return () => {
      isOver = true;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', read);
    };
  }, [url]);

  return [state, link];
}

function LinkState({
  link,
  providerName,
  lastCall,
}: {
  link: Link;
  providerName: string;
  lastCall: LiveState['lastCall'];
}) {
  if (link === 'ended') return <StatusDot tone="idle">Session ended</StatusDot>;
  if (link === 'lost') return <StatusDot tone="warning">Trying to reconnect</StatusDot>;
  if (!lastCall) {
    return (
      <StatusDot tone="progress" isLive>
        Waiting for {providerName}
      </StatusDot>
    );
  }
  return (
    <StatusDot tone={lastCall.isOk ? 'success' : 'warning'} isLive>
      Last request <RelativeTime at={lastCall.at} />
    </StatusDot>
  );
}

function Problem({ problem }: { problem: NonNullable<LiveState['problem']> }) {
  if (problem.isResolved) {
    return (
      <p className="text-sm text-ink-soft">
        {problem.operation} failed <RelativeTime at={problem.at} /> and has worked since.
      </p>
    );
  }
  return (
    <Notice tone="warning" title={problem.words}>
      {problem.fix}{' '}
      <span className="text-ink-soft">
        {problem.operation}, <RelativeTime at={problem.at} />.
      </span>
    </Notice>
  );
}

const USER_COLUMNS: readonly TableColumn<LiveUser>[] = [
  {
    key: 'name',
    header: 'Name',
    narrow: 'title',
    cell: (user) => (
      <>
        <span className="block truncate font-medium">{user.name || user.userName}</span>
        <span className="block truncate text-sm text-ink-soft">{user.userName}</span>
      </>
    ),
  },
  { key: 'groups', header: 'Groups', cell: (user) => user.groups.join(', ') || '–' },
  {
    key: 'state',
    header: 'State',
    width: '7.5rem',
    cell: (user) => (
      <StatusDot tone={user.isActive ? 'success' : 'idle'}>{user.isActive ? 'Active' : 'Deactivated'}</StatusDot>
    ),
  },
];

const GROUP_COLUMNS: readonly TableColumn<LiveGroup>[] = [
  {
    key: 'name',
    header: 'Name',
    narrow: 'title',
    cell: (group) => <span className="font-medium">{group.name}</span>,
  },
  {
    key: 'members',
    header: 'Members',
    align: 'end',
    width: '7.5rem',
    cell: (group) => group.memberCount.toLocaleString('en'),
  },
];

function Arrivals({ state, providerName }: { state: LiveState; providerName: string }) {
  const { users, groups } = state;
  return (
    <>
      <Card title="People" actions={<Shown shown={users.items.length} total={users.total} />} isFlush level={3}>
        <Table
          caption="People who arrived, newest first"
          isFramed={false}
          rows={users.items}
          rowKey={(user) => user.id}
          columns={USER_COLUMNS}
          empty={<Nothing>Nobody has arrived from {providerName} yet. People appear here by themselves.</Nothing>}
        />
      </Card>
      <Card title="Groups" actions={<Shown shown={groups.items.length} total={groups.total} />} isFlush level={3}>
        <Table
          caption="Groups that arrived, newest first"
          isFramed={false}
          rows={groups.items}
          rowKey={(group) => group.id}
          columns={GROUP_COLUMNS}
          empty={<Nothing>No group has arrived yet.</Nothing>}
        />
      </Card>
    </>
  );
}

function Shown({ shown, total }: { shown: number; total: number }) {
  const words = total > shown ? `the newest ${shown} of ${total.toLocaleString('en')}` : total.toLocaleString('en');
  return <span className="text-sm text-ink-soft tabular-nums">{words}</span>;
}

function Nothing({ children }: { children: ReactNode }) {
  return <p className="px-4 py-5 text-ink-soft">{children}</p>;
}

/**
 * What arrives from the provider, as it arrives. Without script it shows what is there and has a button that reads it again.
 * @param props.shows `connection` for the state of the connection only
 */
export function LiveView({
  initial,
  url,
  providerName,
  shows,
}: {
  initial: LiveState;
  url: string;
  providerName: string;
  shows: 'connection' | 'everything';
}) {
  const [state, link] = useLive(initial, url);
  const next = state.checks.find((check) => !check.isMet);
  const checks = shows === 'connection' ? state.checks.slice(0, 1) : state.checks;
  return (
    <section aria-label={`What arrives from ${providerName}`} className="space-y-4">
      <Card
        title={`What arrives from ${providerName}`}
        actions={<LinkState link={link} providerName={providerName} lastCall={state.lastCall} />}
      >
        <div className="space-y-3">
          {checks.length > 0 && (
            <Checklist
              items={checks.map((check) => ({
                key: check.id,
                label: check.label,
                state: check.isMet ? 'done' : check === next ? 'active' : 'waiting',
                detail: check.isMet ? undefined : check.hint,
              }))}
            />
          )}
          {state.problem && <Problem problem={state.problem} />}
        </div>
        <noscript>
          <form method="get" className="mt-3">
            <button className="underline underline-offset-2">Look again</button>
          </form>
        </noscript>
        <output className="sr-only">
          {state.users.total} people and {state.groups.total} groups
        </output>
      </Card>
      {shows === 'everything' && <Arrivals state={state} providerName={providerName} />}
    </section>
  );
}
