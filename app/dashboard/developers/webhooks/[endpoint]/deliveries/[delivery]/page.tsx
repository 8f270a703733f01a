import type { DeliveryAttempt } from '@/lib/domain/delivery/types';
import type { Metadata } from 'next';
import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { HttpStatus } from '@/components/dashboard/http-status';
import { LiveRefresh } from '@/components/dashboard/live-refresh';
import { Card } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { IdText } from '@/components/ui/id-text';
import { JsonView } from '@/components/ui/json-view';
import { KeyValueList } from '@/components/ui/key-value-list';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusDot } from '@/components/ui/status-dot';
import { getDelivery } from '@/lib/domain/delivery/queries';
import { EVENT_TITLES } from '@/lib/domain/event/types';
import { orNotFound } from '../../../../../or-not-found';
import { replayDeliveryAction } from '../../../actions';
import { DeliveryStatusDot } from '../../../delivery-status';
import { ActionButton } from '../../action-button';
import { endpointName } from '../../endpoint-header';
import { loadEndpoint } from '../../load-endpoint';

export const metadata: Metadata = { title: 'Delivery – Gatehouse' };

/** While an attempt is this near, the page reads itself again. */
const NEAR_MS = 20_000;

function printHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

function Outcome({ attempt }: { attempt: DeliveryAttempt }) {
  if (attempt.status === null) return <StatusDot tone="danger">No answer</StatusDot>;
  // Only 2xx is success here: a redirect is not followed.
  if (attempt.error !== null && attempt.status < 400) {
    return (
      <StatusDot tone="danger">
        Failed <span className="font-mono text-sm text-ink-soft">{attempt.status}</span>
      </StatusDot>
    );
  }
  return <HttpStatus status={attempt.status} />;
}

function Attempts({ attempts }: { attempts: readonly DeliveryAttempt[] }) {
  return (
    <Card title="Attempts" description="The latest first. Each is signed anew." isFlush>
      {attempts.length === 0 ? (
        <p className="p-4 text-ink-soft">None yet.</p>
      ) : (
        <ul className="divide-y divide-line">
          {attempts.map((attempt, index) => (
            <li key={attempt.number}>
              <details className="group" open={index === 0}>
                <summary className="flex flex-wrap items-center gap-x-4 gap-y-0.5 px-4 py-2.5 -outline-offset-2 hover:bg-hover">
                  <ChevronRight
                    size={14}
                    aria-hidden="true"
                    className="-mr-2 shrink-0 text-ink-faint transition-transform duration-100 group-open:rotate-90"
                  />
                  <span className="w-24 font-medium">Attempt {attempt.number}</span>
                  <span className="min-w-0 flex-[1_1_10rem]">
                    <Outcome attempt={attempt} />
                  </span>
                  <span className="text-sm text-ink-soft tabular-nums">
                    {attempt.latencyMs.toLocaleString('en')} ms
                  </span>
                  <span className="text-sm text-ink-soft">
                    <RelativeTime at={attempt.startedAt} />
                  </span>
                </summary>
                <div className="space-y-3 border-t border-line p-4">
                  {attempt.error && <Notice tone="danger">{attempt.error}</Notice>}
                  {attempt.isOutOfOrder && (
                    <Notice>
                      It was sent with out_of_order, since an earlier event of the resource had not arrived.
                    </Notice>
                  )}
                  {attempt.answer ? (
                    <CodeBlock title="Beginning of the answer" code={attempt.answer} maxHeight="12rem" />
                  ) : (
                    <p className="text-ink-soft">The answer had no body.</p>
                  )}
                  <CodeBlock title="Request headers" code={printHeaders(attempt.requestHeaders)} maxHeight="16rem" />
                </div>
              </details>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** One event for one endpoint: what was sent, what was answered, and every attempt. */
export default async function DeliveryPage({ params }: { params: Promise<{ endpoint: string; delivery: string }> }) {
  const { ctx, endpoint, path } = await loadEndpoint(params);
  const delivery = await orNotFound(getDelivery(ctx, (await params).delivery));
  const { nextAttemptAt } = delivery;
  const isNear =
    delivery.isBeingSent || (nextAttemptAt !== null && nextAttemptAt.getTime() - ctx.now().getTime() < NEAR_MS);
  return (
    <>
      <PageHeader
        title={EVENT_TITLES[delivery.type]}
        crumbs={[
          { label: 'Webhooks', href: '/dashboard/developers/webhooks' },
          { label: endpointName(endpoint), href: path },
        ]}
        status={<DeliveryStatusDot delivery={delivery} />}
        description={<code className="font-mono text-sm wrap-anywhere">{delivery.type}</code>}
        actions={
          <>
            {isNear && endpoint.isEnabled && <LiveRefresh />}
            {endpoint.isEnabled && (
              <ActionButton action={replayDeliveryAction} fields={{ delivery_id: delivery.id }} label="Replay" />
            )}
          </>
        }
      />
      <div className="space-y-6">
        <Card>
          <KeyValueList
            items={[
              {
                label: 'Event',
                value: delivery.isTest ? (
                  'A test event, which has no place in the order'
                ) : (
                  <Link href={`/dashboard/logs/events/${delivery.eventId}`} className="underline underline-offset-2">
                    Open event
                  </Link>
                ),
              },
              { label: 'Event id', value: <IdText value={delivery.eventId} of="event id" /> },
              { label: 'Made', value: <RelativeTime at={delivery.createdAt} /> },
              ...(delivery.finishedAt
                ? [
                    {
                      label: delivery.status === 'failed' ? 'Given up' : 'Delivered',
                      value: <RelativeTime at={delivery.finishedAt} />,
                    },
                  ]
                : []),
              ...(nextAttemptAt
                ? [
                    {
                      label: delivery.isWaiting ? 'Goes ahead' : 'Next attempt',
                      value: (
                        <>
                          <RelativeTime at={nextAttemptAt} />
                          {delivery.isWaiting && ' at the latest: it waits for an earlier event of the same resource'}
                        </>
                      ),
                    },
                  ]
                : []),
              { label: 'Delivery id', value: <IdText value={delivery.id} of="delivery id" /> },
            ]}
          />
        </Card>
        <Attempts attempts={delivery.attempts} />
        <JsonView title="Payload" value={delivery.payload} />
      </div>
    </>
  );
}
