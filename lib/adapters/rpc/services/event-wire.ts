import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ObjectType, Source } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb.js';
import type {
  EventFilter as WireFilter,
  ScalekitEventSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb.js';
import { invalidField } from '@/lib/core/error';
import { type AnnouncedEvent, type EventFilter, type EventSource, toEnvelope } from '@/lib/domain/event/types';

/** The range of `google.protobuf.Timestamp`, in seconds: the years 1 to 9999. */
const TIMESTAMP_SECONDS = { min: -62_135_596_800n, max: 253_402_300_799n } as const;
const SOURCES: Readonly<Partial<Record<Source, EventSource>>> = {
  [Source.SCALEKIT]: 'service',
  [Source.DIR_SYNC]: 'directorySync',
};
const OBJECTS = ObjectType as unknown as Readonly<Record<string, ObjectType | undefined>>;

/** An event in the contract's envelope. */
export function writeEvent(event: AnnouncedEvent, environmentId: string): MessageInitShape<typeof ScalekitEventSchema> {
  const envelope = toEnvelope(event, environmentId);
  return {
    specVersion: envelope.spec_version,
    id: envelope.id,
    type: envelope.type,
    object: OBJECTS[envelope.object] ?? ObjectType.OBJECT_TYPE_UNSPECIFIED,
    occurredAt: timestampFromDate(event.occurredAt),
    environmentId: envelope.environment_id,
    organizationId: envelope.organization_id,
    data: envelope.data as JsonObject,
    displayName: envelope.display_name,
  };
}

/**
 * The filter of a request. Undefined if it asks for events of things that this service does not have, so that none can match.
 * @throws invalid_argument for a time outside of the years 1 to 9999
 */
export function readFilter(filter: WireFilter | undefined): EventFilter | undefined {
  if (!filter) return {};
  const { authRequestId, interceptorId, interceptorStatus, interceptorDecision, connectedAccountId } = filter;
  if (authRequestId || interceptorId || interceptorStatus || interceptorDecision || connectedAccountId) {
    return undefined;
  }
  return {
    types: filter.eventTypes,
    startsAt: readTime('filter.start_time', filter.startTime),
    endsAt: readTime('filter.end_time', filter.endTime),
    organizationId: filter.organizationId || undefined,
    source: SOURCES[filter.source],
    resource: filter.connectionId ? { object: 'Connection', id: filter.connectionId } : undefined,
  };
}

function readTime(field: string, time: Timestamp | undefined): Date | undefined {
  if (!time) return undefined;
  if (time.seconds < TIMESTAMP_SECONDS.min || time.seconds > TIMESTAMP_SECONDS.max) {
    throw invalidField(field, `${field} must be a time between the years 1 and 9999.`);
  }
  return timestampDate(time);
}
