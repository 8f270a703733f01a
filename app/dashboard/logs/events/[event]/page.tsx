import type { Metadata } from 'next';
import Link from 'next/link';
import { describeActor } from '@/components/dashboard/actor';
import { withQuery } from '@/components/dashboard/href';
import { HttpStatus } from '@/components/dashboard/http-status';
import { Card } from '@/components/ui/card';
import { IdText } from '@/components/ui/id-text';
import { JsonView } from '@/components/ui/json-view';
import { KeyValueList } from '@/components/ui/key-value-list';
import { LinkButton } from '@/components/ui/link-button';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusDot } from '@/components/ui/status-dot';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { getEvent } from '@/lib/domain/event/queries';
import { EVENT_TITLES } from '@/lib/domain/event/types';
import { findExchangeOfRequest } from '@/lib/domain/log/queries';
import { orNotFound } from '../../../or-not-found';
import { loadNames } from '../../names';
import { subjectOf, subjectPath } from '../subject';

export const metadata: Metadata = { title: 'Event – Gatehouse' };

const TITLES: Readonly<Record<string, string | undefined>> = EVENT_TITLES;
const LINK_STYLE = 'underline underline-offset-2 wrap-anywhere';

/** One event: what it tells, what was before, who caused it and in which request. */
export default async function EventPage({ params }: { params: Promise<{ event: string }> }) {
  const { ctx, signedIn } = await requireOperator();
  const event = await orNotFound(getEvent(ctx, (await params).event));
  const [{ organizations, directories }, exchange] = await Promise.all([
    loadNames(ctx, [event]),
    findExchangeOfRequest(ctx, event.requestId),
  ]);
  const organization = event.organizationId === null ? undefined : organizations.get(event.organizationId);
  const directory = event.directoryId === null ? undefined : directories.get(event.directoryId);
  const subject = subjectOf(event.data) ?? event.resourceId;
  const isRemoval = event.type.endsWith('_deleted') || event.type.endsWith('.deleted');
  // What was deleted, and whatever was in a deleted directory, has no page any more.
  const path =
    isRemoval || !organization || (event.directoryId !== null && !directory) ? undefined : subjectPath(event);
  const organizationPath = organization && `/dashboard/organizations/${organization.id}`;

  return (
    <>
      <PageHeader
        title={TITLES[event.type] ?? event.type}
        crumbs={[
          { label: 'Logs', href: '/dashboard/logs' },
          { label: 'Events', href: '/dashboard/logs/events' },
        ]}
        status={
          event.isAnnounced ? (
            <StatusDot tone="success">Announced</StatusDot>
          ) : (
            <StatusDot tone="idle">Recorded only</StatusDot>
          )
        }
        description={<code className="font-mono text-sm wrap-anywhere">{event.type}</code>}
        actions={
          <LinkButton href={withQuery('/dashboard/logs/events', { resource: event.resourceId })}>
            All of this resource
          </LinkButton>
        }
      />
      <div className="space-y-6">
        <Card>
          <KeyValueList
            items={[
              {
                label: 'About',
                value: path ? (
                  <Link href={path} className={LINK_STYLE}>
                    {subject}
                  </Link>
                ) : (
                  <span className="wrap-anywhere">{subject}</span>
                ),
              },
              { label: 'Resource id', value: <IdText value={event.resourceId} of="resource id" /> },
              { label: 'Version', value: <span className="tabular-nums">{event.version.toLocaleString('en')}</span> },
              {
                label: 'Organization',
                value: organization ? (
                  <Link href={organizationPath!} className={LINK_STYLE}>
                    {organization.displayName}
                  </Link>
                ) : event.organizationId ? (
                  <IdText value={event.organizationId} of="organization id" />
                ) : undefined,
              },
              ...(event.directoryId === null
                ? []
                : [
                    {
                      label: 'Directory',
                      value: directory ? (
                        <Link href={`${organizationPath}/directories/${directory.id}`} className={LINK_STYLE}>
                          {directory.name}
                        </Link>
                      ) : (
                        <IdText value={event.directoryId} of="directory id" />
                      ),
                    },
                  ]),
              { label: 'Caused by', value: describeActor(event.actor, signedIn.account.id) },
              {
                label: 'Request',
                value: exchange ? (
                  <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
                    <Link href={`/dashboard/logs/${exchange.id}`} className={LINK_STYLE}>
                      {exchange.operation}
                    </Link>
                    <HttpStatus status={exchange.status} />
                  </span>
                ) : (
                  <IdText value={event.requestId} of="request id" />
                ),
              },
              { label: 'Happened', value: <RelativeTime at={event.occurredAt} /> },
              {
                label: 'Announced',
                value: event.announcedAt ? (
                  <>
                    <RelativeTime at={event.announcedAt} />
                    {event.seq !== null && (
                      <span className="text-ink-soft tabular-nums">, place {event.seq.toLocaleString('en')}</span>
                    )}
                  </>
                ) : event.isAnnounced ? (
                  'In a moment'
                ) : (
                  'Not told to the application, or not yet'
                ),
              },
              { label: 'Event id', value: <IdText value={event.id} of="event id" /> },
            ]}
          />
        </Card>
        {event.previous && <JsonView title="What changed, as it was before" value={event.previous} />}
        <JsonView title="Payload" value={event.data} />
      </div>
    </>
  );
}
