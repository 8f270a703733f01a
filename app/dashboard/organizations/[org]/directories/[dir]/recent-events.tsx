import type { RecordedEvent } from '@/lib/domain/event/queries';
import { ChevronRight } from 'lucide-react';
import { describeActor } from '@/components/dashboard/actor';
import { Card } from '@/components/ui/card';
import { JsonView } from '@/components/ui/json-view';
import { LinkButton } from '@/components/ui/link-button';
import { RelativeTime } from '@/components/ui/relative-time';

/** What happened to one resource lately, newest first; each event opens to what was sent to the application. */
export function RecentEvents({ events, ownAccountId }: { events: readonly RecordedEvent[]; ownAccountId: string }) {
  return (
    <Card title="Recent events" description="What changed, newest first." isFlush>
      {events.length === 0 ? (
        <p className="p-4 text-ink-soft">No events are kept for it.</p>
      ) : (
        <ul className="divide-y divide-line">
          {events.map((event) => (
            <li key={event.id}>
              <details className="group">
                <summary className="flex flex-wrap items-center gap-x-4 gap-y-0.5 px-4 py-2.5 -outline-offset-2 hover:bg-hover">
                  <ChevronRight
                    size={14}
                    aria-hidden="true"
                    className="-mr-2 shrink-0 text-ink-faint transition-transform duration-100 group-open:rotate-90"
                  />
                  <code className="min-w-0 flex-[1_1_16rem] font-mono text-sm wrap-anywhere">{event.type}</code>
                  <span className="text-sm text-ink-soft">{describeActor(event.actor, ownAccountId)}</span>
                  <span className="text-sm text-ink-soft">
                    <RelativeTime at={event.occurredAt} />
                  </span>
                </summary>
                <div className="space-y-3 border-t border-line p-4">
                  {event.previous && <JsonView title="What changed, as it was before" value={event.previous} />}
                  <JsonView title="Payload" value={event.data} />
                  <LinkButton href={`/dashboard/logs/events/${event.id}`} size="small">
                    Open event
                  </LinkButton>
                </div>
              </details>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
