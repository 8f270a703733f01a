import { actorName, type Context } from '@/lib/core/context';
import { newId } from '@/lib/core/id';
import { isSerializationFault } from './fault';
import { database, type Tx } from './handle';
import { event } from './tables/event';
import { wake } from './wake';

/** A fact to be written with the change that caused it. Built by `lib/domain/event`, never by hand. */
export interface NewEvent {
  readonly type: string;
  readonly object: string;
  readonly resourceId: string;
  /** Counts the changes of this resource; consumers keep the highest. */
  readonly version: number;
  readonly organizationId?: string;
  readonly directoryId?: string;
  readonly data: Record<string, unknown>;
  readonly previous?: Record<string, unknown>;
  /** Who caused it, and in which request, where that is not who writes it. */
  readonly actor?: string;
  readonly requestId?: string;
}

/** Deadlocks are rare and short: two more tries settle them. */
const TRIES = 3;

/**
 * One transaction that writes state and the events it caused, or nothing. `work` returns both, so a write that forgets its
 * events does not compile; a write that has none says so with `events: []`.
 */
export async function change<T>(
  ctx: Context,
  work: (tx: Tx) => Promise<{ value: T; events: readonly NewEvent[] }>,
): Promise<T> {
  return retryDeadlocks(() =>
    database().begin(async (tx) => {
      const { value, events } = await work(tx);
      if (events.length > 0) {
        await tx.orm.insert(event).values(
          events.map((e) => ({
            ...e,
            id: newId('event', ctx.now()),
            actor: e.actor ?? actorName(ctx.actor),
            requestId: e.requestId ?? ctx.requestId,
          })),
        );
      }
      return { value, hasEvents: events.length > 0 };
    }),
  ).then(({ value, hasEvents }) => {
    if (hasEvents) wake('events');
    return value;
  });
}

/** Runs `work`, and again if the database chose it as the victim of a deadlock. `work` must be a whole transaction. */
export async function retryDeadlocks<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= TRIES || !isSerializationFault(error)) throw error;
    }
  }
}
