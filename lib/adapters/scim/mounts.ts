import type { IncomingMessage, ServerResponse } from 'node:http';
import { clientAddressOf } from '../client-address';
import { liftPathOutOfQuery } from '@/lib/scim/quirks';
import { bodyTooLarge, collectBody } from './body';
import { MAX_BODY_BYTES, type ScimRequest, type ScimResponse } from './http';

export type Scim = (request: ScimRequest) => Promise<ScimResponse>;

const PREFIX = '/scim/v2/';

function splitTarget(target: string): { path: string; query: string } {
  const [path = '', ...query] = liftPathOutOfQuery(target).split('?');
  const start = path.indexOf(PREFIX);
  return { path: start < 0 ? '' : path.slice(start + PREFIX.length), query: query.join('?') };
}

function assertLength(header: string | undefined): void {
  if (header !== undefined && Number(header) > MAX_BODY_BYTES) throw bodyTooLarge();
}

/** The endpoint as a plain HTTP/1.1 handler, for the lane ahead of Next. */
export function nodeMount(scim: Scim): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  return async (req, res) => {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(req.headers)) {
      if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    const response = await scim({
      method: req.method ?? 'GET',
      ...splitTarget(req.url ?? ''),
      headers,
      clientAddress: req.socket.remoteAddress,
      async readBody() {
        assertLength(headers['content-length']);
        return collectBody(req);
      },
    });
    if (res.destroyed) return;
    const isUnread = !req.readableEnded;
    const body = response.body === undefined ? undefined : Buffer.from(response.body);
    res.writeHead(response.status, {
      ...response.headers,
      ...(body && { 'content-length': body.byteLength }),
      // A body that was refused unread would be taken for the next request.
      ...(isUnread && response.status === 413 && { connection: 'close' }),
    });
    res.end(body);
  };
}

/** The endpoint as a fetch handler, for Next's route handlers. */
export function fetchMount(scim: Scim): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    const headers = Object.fromEntries(request.headers);
    const { body } = request;
    const response = await scim({
      method: request.method,
      ...splitTarget(url.pathname + url.search),
      headers,
      clientAddress: clientAddressOf(request),
      async readBody() {
        assertLength(headers['content-length']);
        return body === null ? Buffer.alloc(0) : collectBody(body as unknown as AsyncIterable<Uint8Array>);
      },
    });
    return new Response(response.body ?? null, { status: response.status, headers: response.headers });
  };
}
