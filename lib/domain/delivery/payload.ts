import type { AnnouncedEvent } from '../event/types';
import { toEnvelope } from '../event/types';
import type { DeliveryPayload } from './types';

/** Columns of an event and its delivery that make the payload, as SQL gives them. All of the event's are null for a test event. */
export interface PayloadRow {
  readonly seq: string | null;
  readonly test_envelope: Record<string, unknown> | null;
  readonly event_id: string;
  readonly type: string;
  readonly object: string;
  readonly resource_id: string;
  readonly version: string;
  readonly organization_id: string | null;
  readonly data: Record<string, unknown>;
  readonly previous: Record<string, unknown> | null;
  readonly actor: string;
  readonly request_id: string;
  /** RFC 3339. */
  readonly occurred_at: string;
}

/** The columns of `PayloadRow`, of delivery `d` and event `e`. */
export const PAYLOAD_COLUMNS = `d.seq::text as seq, d.test_envelope, d.event_id, d.type, e.object, e.resource_id, e.version::text as version,
  d.organization_id, e.data, e.previous, e.actor, e.request_id,
  to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred_at`;

/** What the endpoint is sent. */
export function payloadOf(row: PayloadRow, environmentId: string, isOutOfOrder: boolean): DeliveryPayload {
  if (row.test_envelope) return row.test_envelope as unknown as DeliveryPayload;
  const event: Omit<AnnouncedEvent, 'resourceId' | 'directoryId'> = {
    seq: Number(row.seq),
    id: row.event_id,
    type: row.type,
    object: row.object,
    version: Number(row.version),
    organizationId: row.organization_id,
    data: row.data,
    previous: row.previous,
    actor: row.actor,
    requestId: row.request_id,
    occurredAt: new Date(row.occurred_at),
  };
  return { ...toEnvelope(event, environmentId), ...(isOutOfOrder && { out_of_order: true as const }) };
}
