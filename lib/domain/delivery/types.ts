import type { EventEnvelope, EventType } from '../event/types';

/** What a person sees of a delivery: not tried yet, tried and to be tried again, arrived, given up. */
export type DeliveryStatus = 'queued' | 'retrying' | 'delivered' | 'failed';

export const DELIVERY_STATUSES: readonly DeliveryStatus[] = ['queued', 'retrying', 'delivered', 'failed'];

/** When the attempts of a delivery are made: seconds after the one before, the first at once. About 27.5 hours in all. */
export const RETRY_SCHEDULE_SECONDS = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000] as const;

/** A retry is put off by up to this share of its delay, so that what failed together does not come back together. */
export const RETRY_JITTER_SHARE = 0.1;

/** How long an event waits for an earlier one of the same resource, in seconds. */
export const ORDER_WAIT_SECONDS = 600;

/** The same for an event that takes access away: a leaver must not wait. */
export const REMOVAL_WAIT_SECONDS = 60;

/** How long deliveries that arrived are kept, in days. Those that were given up stay as long as their endpoint. */
export const DELIVERY_KEPT_DAYS = 30;

/** One event for one endpoint. */
export interface Delivery {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly type: EventType;
  readonly organizationId: string | null;
  /** The place of the announcement; null for a test event. */
  readonly seq: number | null;
  readonly isTest: boolean;
  readonly status: DeliveryStatus;
  readonly attemptCount: number;
  /** When it is tried next at the earliest; null while it is being sent, and once it arrived or was given up. */
  readonly nextAttemptAt: Date | null;
  /** Whether an attempt is under way. */
  readonly isBeingSent: boolean;
  /** Whether it waits for an earlier event of its resource. */
  readonly isWaiting: boolean;
  /** HTTP status of the last answer. */
  readonly lastStatus: number | null;
  /** What went wrong the last time, in words. */
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** One request to the endpoint, and what came of it. */
export interface DeliveryAttempt {
  readonly number: number;
  readonly startedAt: Date;
  readonly latencyMs: number;
  /** HTTP status, null if no answer came. */
  readonly status: number | null;
  /** What went wrong, in words; null if it arrived. */
  readonly error: string | null;
  /** As they were sent, with the signature. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** Whether the body said `out_of_order: true`. */
  readonly isOutOfOrder: boolean;
  /** The first 2 kB of the answer. */
  readonly answer: string;
}

/** What the endpoint is sent. `out_of_order` says that the resource's events do not arrive in order: compare `version`. */
export type DeliveryPayload = EventEnvelope & { readonly out_of_order?: true };

export interface DeliveryDetail extends Delivery {
  readonly payload: DeliveryPayload;
  /** The latest first. */
  readonly attempts: readonly DeliveryAttempt[];
}

/** Which deliveries to list. What is absent does not narrow. */
export interface DeliveryFilter {
  readonly endpointId?: string;
  readonly status?: DeliveryStatus;
  readonly type?: string;
  readonly organizationId?: string;
  /** The earliest time, itself included. */
  readonly startsAt?: Date;
  /** The time before which they were made. */
  readonly endsAt?: Date;
}

/** A delivery that a worker has claimed and is to send now. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly url: string;
  /** Sign with each: the newest first. */
  readonly secrets: readonly string[];
  readonly eventId: string;
  /** The body, as JSON text. */
  readonly body: string;
  readonly isOutOfOrder: boolean;
  /** Attempts of this round that were made before. */
  readonly roundAttempts: number;
}

/** What came of sending a claimed delivery. */
export interface AttemptResult {
  readonly delivery: ClaimedDelivery;
  readonly startedAt: Date;
  readonly latencyMs: number;
  readonly status: number | null;
  /** In words; null if it arrived. */
  readonly error: string | null;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly answer: string;
}
