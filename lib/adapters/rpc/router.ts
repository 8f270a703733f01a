import type { DescMethodUnary, DescService, Message } from '@bufbuild/protobuf';
import { Code, ConnectError, createConnectRouter } from '@connectrpc/connect';
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import {
  compressionBrotli,
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node';
import {
  createAsyncIterable,
  universalServerRequestFromFetch,
  universalServerResponseToFetch,
} from '@connectrpc/connect/protocol';
import type { UniversalHandler, UniversalServerRequest, UniversalServerResponse } from '@connectrpc/connect/protocol';
import { errorToJsonBytes } from '@connectrpc/connect/protocol-connect';
import { setTrailerStatus } from '@connectrpc/connect/protocol-grpc';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { requestIdOf } from './context';
import type { Authenticate } from './context';
import { listMethods, listServices } from './descriptors';
import type { ServiceImplementations } from './descriptors';
import { makeError } from './errors';
import { createInvoker } from './invoke';
import type { Invoker } from './invoke';
import type { RateLimit } from './rate-limit';
import { createRestHandler } from './rest';
import type { RestHandler } from './rest';
import { MESSAGE_BYTES_MAX, guard, takeGuardedCall } from './rpc-guard';

export interface RpcOptions {
  readonly authenticate: Authenticate;
  readonly services: ServiceImplementations;
  /** How many calls an API credential may make; any number unless given. */
  readonly rateLimit?: RateLimit;
}

/** The Management API, over every protocol it speaks. None of the three ever throws. */
export interface Rpc {
  /** gRPC, gRPC-web and Connect for `http2.createServer` or `http.createServer`. */
  readonly nodeHandler: (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ) => void;
  /**
   * The same as a fetch handler, wherever it is mounted: the last two segments of the path name the method. A fetch
   * response has no trailers, so those of gRPC become headers.
   */
  readonly fetchHandler: (request: Request, clientAddress?: string) => Promise<Response>;
  /** The REST routes of the contract, under `/api/v1`. */
  readonly rest: RestHandler;
}

type Handlers = ReadonlyMap<string, UniversalHandler>;

const GRPC_CONTENT_TYPE = /^application\/grpc(\+[a-z]+)?(;|$)/i;

/** Builds the API from what answers it. Methods without an implementation answer `unimplemented`. */
export function createRpc(options: RpcOptions): Rpc {
  const invoker = createInvoker(options.authenticate, options.services, options.rateLimit);
  const handlers = createHandlers(invoker);
  return {
    nodeHandler: (request, response) => {
      serveNode(handlers, invoker, request, response).catch((error: unknown) => {
        reportFailure(request.url ?? '', error);
        if (!response.writableEnded) response.destroy();
      });
    },
    fetchHandler: (request, clientAddress) => serveFetch(handlers, invoker, request, clientAddress),
    rest: createRestHandler(invoker, { authenticate: options.authenticate, rateLimit: options.rateLimit }),
  };
}

function createHandlers(invoker: Invoker): Handlers {
  const router = createConnectRouter({
    acceptCompression: [compressionGzip, compressionBrotli],
    readMaxBytes: MESSAGE_BYTES_MAX,
    jsonOptions: { ignoreUnknownFields: false },
  });
  for (const [, service] of listServices()) {
    const entries = listMethods(service).map((method) => [method.localName, forward(method, invoker)]);
    router.service(service, Object.fromEntries(entries) as Partial<ServiceImpl<DescService>>);
  }
  return new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
}

function forward(method: DescMethodUnary, invoker: Invoker) {
  return (request: Message, context: HandlerContext): Promise<Message> => {
    const { actor, incoming } = takeGuardedCall(context.values);
    return invoker.perform(method, request, actor, { ...incoming, signal: context.signal });
  };
}

async function serve(
  handlers: Handlers,
  invoker: Invoker,
  path: string,
  request: UniversalServerRequest,
  clientAddress: string | undefined,
): Promise<UniversalServerResponse> {
  const handler = handlers.get(path);
  return handler ? guard(handler, request, invoker, clientAddress) : answerUnknown(path, request.header);
}

/** "Unimplemented" for a path that names no method, in the protocol of the request. */
function answerUnknown(path: string, requestHeader: Headers): UniversalServerResponse {
  const requestId = requestIdOf(requestHeader);
  const error = makeError(Code.Unimplemented, `There is no method ${path}.`, { requestId });
  const contentType = requestHeader.get('content-type') ?? '';
  if (GRPC_CONTENT_TYPE.test(contentType)) {
    const header = new Headers({ 'content-type': contentType, 'x-request-id': requestId });
    return { status: 200, header, body: createAsyncIterable([]), trailer: setTrailerStatus(new Headers(), error) };
  }
  const header = new Headers({ 'content-type': 'application/json', 'x-request-id': requestId });
  return { status: 404, header, body: createAsyncIterable([errorToJsonBytes(error, undefined)]) };
}

async function serveNode(
  handlers: Handlers,
  invoker: Invoker,
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const incoming = universalRequestFromNodeRequest(request, response, undefined, undefined);
  if (!handlers.has(path)) request.resume();
  const answer = await serve(handlers, invoker, path, incoming, request.socket.remoteAddress);
  await universalResponseToNodeResponse(answer, response);
}

function reportFailure(path: string, error: unknown): void {
  // The caller hung up, or its stream was reset: there is nobody to answer.
  const { code } = ConnectError.from(error);
  if (code === Code.Aborted || code === Code.Canceled) return;
  console.error(`The call of ${path} failed:`, error);
}

async function serveFetch(
  handlers: Handlers,
  invoker: Invoker,
  request: Request,
  clientAddress: string | undefined,
): Promise<Response> {
  const path = /\/[^/]+\/[^/]+$/.exec(new URL(request.url).pathname)?.[0] ?? '';
  const incoming = universalServerRequestFromFetch(request, { httpVersion: '2.0' });
  const answer = await serve(handlers, invoker, path, incoming, clientAddress);
  if (!answer.trailer) return universalServerResponseToFetch(answer);
  const chunks: Uint8Array[] = [];
  if (answer.body) for await (const chunk of answer.body) chunks.push(chunk);
  const headers = new Headers(answer.header);
  for (const [name, value] of answer.trailer) headers.set(name, value);
  return new Response(Buffer.concat(chunks), { status: answer.status, headers });
}
