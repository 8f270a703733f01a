import { randomBytes } from 'node:crypto';
import { type Context, systemContext } from '@/lib/core/context';
import { wake } from '@/lib/db/wake';
import { claimDeliveries, settleDeliveries } from '@/lib/domain/delivery/commands';
import type { AttemptResult, ClaimedDelivery } from '@/lib/domain/delivery/types';
import type { Sender } from './send';
import { signatureHeaders } from './sign';

/** Requests to one endpoint at once. One that is slow has its own places and takes nobody else's. */
export const CONCURRENCY = 32;
/** The same for an endpoint whose last attempt failed, until one arrives: what hangs is not given 32 requests to hang. */
const CONCURRENCY_AFTER_FAILURE = 4;
/** Results that are written down in one transaction. */
const SETTLED_AT_ONCE = 200;
const USER_AGENT = 'Gatehouse-Webhooks/1';

/** Sends deliveries that are due. One per process; any number of processes share the work. */
export interface DeliveryWorker {
  /** Claims what there is room for and starts to send it, without waiting for the answers. */
  claim(): Promise<void>;
  /** Waits until everything that was claimed so far is written down. */
  drain(): Promise<void>;
}

interface EndpointState {
  busy: number;
  isFailing: boolean;
}

/** @param ctxOf gives the context of each step; a test's clock comes in here */
export function createDeliveryWorker(
  sender: Sender,
  ctxOf: () => Context = () => systemContext('webhook-deliveries'),
): DeliveryWorker {
  const leaseToken = randomBytes(16).toString('base64url');
  const endpoints = new Map<string, EndpointState>();
  const sending = new Set<Promise<void>>();
  let results: AttemptResult[] = [];
  let settling: Promise<void> | undefined;

  const freeOf = ({ busy, isFailing }: EndpointState) =>
    Math.max(0, (isFailing ? CONCURRENCY_AFTER_FAILURE : CONCURRENCY) - busy);

  /** Writes results down in the order of their coming, many at once while the last write runs. */
  const settle = async (): Promise<void> => {
    while (results.length > 0) {
      const batch = results.slice(0, SETTLED_AT_ONCE);
      results = results.slice(SETTLED_AT_ONCE);
      try {
        await settleDeliveries(ctxOf(), { leaseToken, results: batch });
      } catch (error) {
        // The leases end, and these are sent again: at least once is the promise.
        console.error(`${batch.length} webhook results could not be written and will be sent again:`, error);
      }
      for (const { delivery, error } of batch) {
        const state = endpoints.get(delivery.endpointId);
        if (!state) continue;
        state.busy -= 1;
        state.isFailing = error !== null;
        if (state.busy === 0 && !state.isFailing) endpoints.delete(delivery.endpointId);
      }
      wake('deliveries');
    }
    settling = undefined;
  };

  const send = async (delivery: ClaimedDelivery): Promise<void> => {
    const startedAt = ctxOf().now();
    const requestHeaders = {
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      ...signatureHeaders({ id: delivery.eventId, body: delivery.body, secrets: delivery.secrets }, new Date()),
    };
    const result = await sender.send(delivery.url, requestHeaders, delivery.body);
    results.push({ delivery, startedAt, requestHeaders, ...result });
    settling ??= settle();
  };

  return {
    async claim() {
      const free = new Map([...endpoints].map(([id, state]) => [id, freeOf(state)]));
      const claimed = await claimDeliveries(ctxOf(), { leaseToken, free, freeElsewhere: CONCURRENCY });
      for (const delivery of claimed) {
        const state = endpoints.get(delivery.endpointId) ?? { busy: 0, isFailing: false };
        state.busy += 1;
        endpoints.set(delivery.endpointId, state);
        const sent = send(delivery).finally(() => sending.delete(sent));
        sending.add(sent);
      }
    },
    async drain() {
      await Promise.all(sending);
      await settling;
    },
  };
}
