import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  EventFilter,
  EventsService,
  ListEventsResponseSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb.js';
import type { Context } from '@/lib/core/context';
import { listEvents } from '@/lib/domain/event/queries';
import { getEnvironmentId } from '@/lib/domain/operator/queries';
import type { ServiceImplementation } from '../descriptors';
import { readFilter, writeEvent } from './event-wire';

interface ListRequest {
  readonly filter?: EventFilter;
  readonly pageSize: number;
  readonly pageToken: string;
}

/** EventsService, as far as it is built: events are written by changes only, so none can be sent. */
export function createEventService(): ServiceImplementation<typeof EventsService> {
  return {
    async listEventsPaginated(request, { ctx }) {
      const { events, nextPageToken, prevPageToken } = await readPage(ctx, request, false);
      return { events, nextPageToken, prevPageToken };
    },
    listEvents: (request, { ctx }) => readPage(ctx, request, true),
  };
}

async function readPage(
  ctx: Context,
  { filter: asked, pageSize, pageToken }: ListRequest,
  isCounted: boolean,
): Promise<MessageInitShape<typeof ListEventsResponseSchema>> {
  const filter = readFilter(asked);
  if (!filter) return {};
  const [{ items, ...page }, environmentId] = await Promise.all([
    listEvents(ctx, filter, { pageSize, pageToken, isCounted }),
    getEnvironmentId(),
  ]);
  return { ...page, events: items.map((event) => writeEvent(event, environmentId)) };
}
