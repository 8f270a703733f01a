import type { EventType } from '../event/types';

/** Where the application is told of events. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  /** Empty: all types. */
  readonly eventTypes: readonly EventType[];
  /** Empty: all organizations, and events that belong to none. */
  readonly organizationIds: readonly string[];
  readonly isEnabled: boolean;
  /** Why it is disabled: somebody did it, or it answered 410 Gone. */
  readonly disabledReason: 'operator' | 'gone' | null;
  /** Since when deliveries were given up that nobody has looked at. */
  readonly flaggedAt: Date | null;
  /** Until when deliveries are signed with the secret before, too; null when there is one secret only. */
  readonly previousSecretUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An endpoint and how it goes. */
export interface ListedWebhookEndpoint extends WebhookEndpoint {
  /** Deliveries that wait for an attempt. */
  readonly pendingCount: number;
  /** Deliveries that were given up. */
  readonly failedCount: number;
  /** Since when the oldest of the waiting ones is there; null if none waits. */
  readonly oldestPendingAt: Date | null;
  /** The delivery that was made last; null if there was none. */
  readonly lastDelivery: { readonly at: Date; readonly state: 'pending' | 'delivered' | 'failed' } | null;
}

/** What an endpoint can be given. What is absent stays, or has its default. */
export interface WebhookEndpointInput {
  readonly url?: string;
  readonly description?: string;
  readonly eventTypes?: readonly string[];
  readonly organizationIds?: readonly string[];
  readonly isEnabled?: boolean;
}

export const WEBHOOK_LIMITS = { endpoints: 50, urlLength: 2000, descriptionLength: 500, organizations: 1000 } as const;

/** How long the secret before a rotation keeps signing, in hours, unless told otherwise. */
export const SECRET_OVERLAP_HOURS = 24;
/** The longest overlap: a week. A secret that leaked is replaced with none. */
export const SECRET_OVERLAP_HOURS_MAX = 168;
