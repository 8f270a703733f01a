import { newContext, type Context } from '@/lib/core/context';
import { AppError, invalidField } from '@/lib/core/error';
import { onWake } from '@/lib/db/wake';
import { readAnnouncements } from '@/lib/domain/event/queries';
import { type AnnouncementFilter, EVENT_TYPES, toEnvelope } from '@/lib/domain/event/types';
import { getEnvironmentId } from '@/lib/domain/operator/queries';
import type { Authenticate } from './context';
import type { RateLimit } from './rate-limit';
import { requireScope } from './scopes';

/** The API for following events, ours: the contract's lists go backwards and have no place to resume from. */
export const ANNOUNCEMENTS_PATH = '/api/v1/announcements';
/** What an API credential needs for it. */
export const ANNOUNCEMENTS_SCOPE = 'events:read';
const NAME = 'Announcements';

/** How often a stream looks for what other replicas wrote, and at whether its credential still lives. */
const POLL_MS = 1000;
/** Proxies close what is silent for a minute, some for half of one. */
const HEARTBEAT_MS = 15_000;
/** What a client waits before it comes back, as told to it. */
const RETRY_MS = 2000;
const EVENTS_AT_ONCE = 100;
/** Open streams of one process; each costs a query or two a second. */
const STREAMS_MAX = 200;

const STORE = Symbol.for('gatehouse.announcement-streams');
const store = globalThis as unknown as { [STORE]?: Set<() => void> };
/** What ends each open stream of this process. */
const open = (store[STORE] ??= new Set<() => void>());

/** Ends all streams, as when the process stops. Their clients resume elsewhere from the last id. */
export function closeAnnouncementStreams(): void {
  for (const close of open) close();
}

export interface AnnouncementCall {
  readonly request: Request;
  readonly url: URL;
  readonly requestId: string;
  readonly clientAddress: string | undefined;
}

interface Asked {
  readonly filter: AnnouncementFilter;
  readonly after: number | 'latest';
  readonly limit: number | undefined;
}

/**
 * Answers a GET of announcements: a page as JSON, or a stream to those who accept `text/event-stream`.
 * @throws unauthenticated, permission_denied, resource_exhausted, invalid_argument
 */
export async function answerAnnouncements(
  { request, url, requestId, clientAddress }: AnnouncementCall,
  options: { authenticate: Authenticate; rateLimit: RateLimit | undefined },
): Promise<Response> {
  const authorization = request.headers.get('authorization') ?? undefined;
  const admit = async () => {
    const actor = await options.authenticate(authorization);
    requireScope(actor, ANNOUNCEMENTS_SCOPE, NAME);
    return newContext(actor, { requestId, clientAddress });
  };
  const ctx = await admit();
  if (ctx.actor.kind === 'apiClient') options.rateLimit?.take(ctx.actor.id);
  const asked = readAsked(url.searchParams, request.headers.get('last-event-id'));
  const headers = { 'x-request-id': requestId };
  if (request.headers.get('accept')?.includes('text/event-stream'))
    return stream(ctx, asked, admit, request.signal, headers);
  const [page, environmentId] = await Promise.all([
    readAnnouncements(ctx, asked.filter, { after: asked.after, limit: asked.limit }),
    getEnvironmentId(),
  ]);
  const body = {
    events: page.events.map((event) => toEnvelope(event, environmentId)),
    next_cursor: String(page.cursor),
    has_more: page.hasMore,
  };
  return Response.json(body, { headers: { ...headers, 'cache-control': 'no-store' } });
}

function readAsked(query: URLSearchParams, lastEventId: string | null): Asked {
  const types = query.getAll('types').flatMap((text) => text.split(',').filter(Boolean));
  const unknown = types.find((type) => !EVENT_TYPES.some((known) => known === type));
  if (unknown !== undefined) throw invalidField('types', `There is no event type ${unknown.slice(0, 100)}.`);
  const limit = query.get('limit');
  if (limit !== null && !/^\d{1,9}$/.test(limit)) throw invalidField('limit', 'limit must be a whole number.');
  return {
    filter: {
      types,
      organizationId: query.get('organization_id') || undefined,
      directoryId: query.get('directory_id') || undefined,
    },
    // A client that was cut off sends both: what it saw last counts.
    after: readCursor(lastEventId || query.get('after')),
    limit: limit === null ? undefined : Number(limit),
  };
}

function readCursor(text: string | null): number | 'latest' {
  if (!text) return 0;
  if (text === 'latest') return text;
  if (!/^\d{1,15}$/.test(text)) {
    throw invalidField(
      'after',
      'This cursor is not valid. Use one that an earlier answer gave, or latest, or none to start at the first event.',
    );
  }
  return Number(text);
}

/** A stream of events (WHATWG HTML, "Server-sent events"): the id of each is the cursor to resume from. */
async function stream(
  ctx: Context,
  asked: Asked,
  admit: () => Promise<unknown>,
  signal: AbortSignal,
  headers: Record<string, string>,
): Promise<Response> {
  if (open.size >= STREAMS_MAX) {
    throw new AppError('resource_exhausted', `There are ${STREAMS_MAX} open streams. Close one, or read pages.`, {
      retryAfterSeconds: RETRY_MS / 1000,
    });
  }
  const environmentId = await getEnvironmentId();
  // What is wrong with the request is said before the stream begins.
  const start = await readAnnouncements(ctx, asked.filter, { after: asked.after, limit: 1 });
  let cursor = asked.after === 'latest' ? start.cursor : asked.after;
  let checkedAt = performance.now();
  let spokeAt = performance.now();
  const life = { isOver: false };
  let hurry = (): void => undefined;
  const close = (): void => {
    life.isOver = true;
    hurry();
  };
  const stopListening = onWake('announcements', () => hurry());
  const end = (): void => {
    life.isOver = true;
    open.delete(close);
    stopListening();
    signal.removeEventListener('abort', close);
  };
  open.add(close);
  signal.addEventListener('abort', close, { once: true });

  const nextText = async (): Promise<string | undefined> => {
    while (!life.isOver) {
      if (performance.now() - checkedAt >= POLL_MS) {
        await admit();
        checkedAt = performance.now();
      }
      let isHurried = false;
      const wait = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS);
        hurry = () => {
          isHurried = true;
          clearTimeout(timer);
          resolve();
        };
      });
      const page = await readAnnouncements(ctx, asked.filter, { after: cursor, limit: EVENTS_AT_ONCE });
      cursor = page.cursor;
      if (page.events.length > 0) {
        hurry();
        return page.events
          .map(
            (event) =>
              `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(toEnvelope(event, environmentId))}\n\n`,
          )
          .join('');
      }
      // An id alone moves the client's place on, past what it did not ask for.
      if (performance.now() - spokeAt >= HEARTBEAT_MS) {
        hurry();
        return `: still here\nid: ${cursor}\n\n`;
      }
      if (!isHurried && !life.isOver) await wait;
    }
    return undefined;
  };

  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\nid: ${cursor}\n\n`)),
    async pull(controller) {
      try {
        const text = await nextText();
        spokeAt = performance.now();
        if (text !== undefined) return controller.enqueue(encoder.encode(text));
      } catch (error) {
        // A credential that was revoked, or a database that is gone: the client comes back and is told properly.
        if (!(error instanceof AppError)) console.error('A stream of announcements ended:', error);
      }
      end();
      controller.close();
    },
    cancel: end,
  });
  // A proxy or a compressor that gathers would hold events back.
  return new Response(body, {
    headers: {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}
