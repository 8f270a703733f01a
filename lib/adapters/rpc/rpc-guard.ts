import type { DescMethodUnary } from '@bufbuild/protobuf';
import { Code, ConnectError, createContextKey, createContextValues } from '@connectrpc/connect';
import type { ContextValues } from '@connectrpc/connect';
import { createAsyncIterable, readAllBytes } from '@connectrpc/connect/protocol';
import type { UniversalHandler, UniversalServerRequest, UniversalServerResponse } from '@connectrpc/connect/protocol';
import { codeFromString, codeToHttpStatus, errorToJsonBytes } from '@connectrpc/connect/protocol-connect';
import { headerGrpcMessage, headerGrpcStatus, setTrailerStatus } from '@connectrpc/connect/protocol-grpc';
import type { Actor } from '@/lib/core/context';
import { requestIdOf } from './context';
import type { IncomingCall } from './context';
import { MESSAGE_TOO_LARGE, makeError, makeInternalError } from './errors';
import type { Invoker } from './invoke';
import { violationOf } from './json-request';

/** Largest request message, in bytes, after decompression too. */
export const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

/** A call between the protocol's front and its implementation. */
interface GuardedCall {
  readonly incoming: IncomingCall;
  readonly actor: Actor;
  /** Whether the request was decoded and the implementation reached. */
  isReached: boolean;
}

const guardedCall = createContextKey<GuardedCall | undefined>(undefined, { description: 'the guarded call' });
const DETAILS_HEADER = 'grpc-status-details-bin';

/** The call that `guard` admitted, for the implementation that connect calls. */
export function takeGuardedCall(values: ContextValues): GuardedCall {
  const call = values.get(guardedCall);
  if (!call) throw new Error('A handler was called without its guard.');
  call.isReached = true;
  return call;
}

/**
 * Runs connect's handler of one method with what it cannot do itself: admit the caller before the body is read, answer
 * with a request id, and give an ErrorInfo to errors that connect makes, such as for a message that cannot be decoded.
 */
export async function guard(
  handler: UniversalHandler,
  request: UniversalServerRequest,
  invoker: Invoker,
  clientAddress: string | undefined,
): Promise<UniversalServerResponse> {
  const incoming: IncomingCall = {
    requestId: requestIdOf(request.header),
    authorization: request.header.get('authorization') ?? undefined,
    clientAddress,
    signal: request.signal,
  };
  let call: GuardedCall | undefined;
  let guarded: UniversalServerRequest;
  try {
    const actor = await invoker.admit(handler.method as DescMethodUnary, incoming);
    call = { incoming, actor, isReached: false };
    guarded = { ...request, contextValues: createContextValues().set(guardedCall, call) };
  } catch (error) {
    void discard(request.body);
    guarded = { ...request, body: failingBody(error) };
  }
  const response = await handler(guarded);
  response.header?.set('x-request-id', incoming.requestId);
  return completeError(response, incoming.requestId, () => call?.isReached ?? true);
}

/** A body that cannot be read. The protocol's own error path then answers with `error`, in its own shape. */
function failingBody(error: unknown): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error as Error) }) };
}

/** Reads what the caller still sends, so that its stream can close, up to the size of a message. */
async function discard(body: UniversalServerRequest['body']): Promise<void> {
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) return;
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > MESSAGE_BYTES_MAX) return;
    }
  } catch {
    // The caller is gone, which is as good.
  }
}

async function completeError(
  response: UniversalServerResponse,
  requestId: string,
  isReached: () => boolean,
): Promise<UniversalServerResponse> {
  const { trailer, body, header } = response;
  if (trailer && body) {
    const completed = afterwards(body, () => {
      completeTrailer(trailer, requestId, isReached());
    });
    return { ...response, body: completed };
  }
  if (response.status < 400 || !body || !isPlainJson(header)) return response;
  const { bytes, status } = completeJson(await readAllBytes(body, MESSAGE_BYTES_MAX), requestId, isReached());
  header.set('content-length', String(bytes.byteLength));
  return { ...response, status: status ?? response.status, body: createAsyncIterable([bytes]) };
}

function isPlainJson(header: Headers | undefined): header is Headers {
  return header?.get('content-type')?.startsWith('application/json') === true && !header.has('content-encoding');
}

async function* afterwards(body: AsyncIterable<Uint8Array>, then: () => void): AsyncIterable<Uint8Array> {
  yield* body;
  then();
}

/** Gives an ErrorInfo to a gRPC error that has none, and its message the encoding that every client reads. */
function completeTrailer(trailer: Headers, requestId: string, isReached: boolean): void {
  const code = Number(trailer.get(headerGrpcStatus) ?? 0);
  if (code === 0) return;
  if (!trailer.has(DETAILS_HEADER)) {
    const message = decodeURIComponent(trailer.get(headerGrpcMessage) ?? '');
    setTrailerStatus(trailer, completed(code, message, requestId, isReached));
  }
  trailer.set(headerGrpcMessage, encodeMessage(decodeURIComponent(trailer.get(headerGrpcMessage) ?? '')));
}

/**
 * The `Status-Message` of gRPC over HTTP/2: printable ASCII but `%` stands for itself. Connect encodes more, and `grpc-js` does not
 * decode all of that again.
 */
function encodeMessage(message: string): string {
  return message.replace(/[^\x20-\x24\x26-\x7e]/gu, encodeURIComponent);
}

/** Gives an ErrorInfo to an error of the Connect protocol that has none. */
function completeJson(
  bytes: Uint8Array,
  requestId: string,
  isReached: boolean,
): { bytes: Uint8Array; status?: number } {
  const json = JSON.parse(new TextDecoder().decode(bytes)) as { code: string; message?: string; details?: unknown };
  if (json.details) return { bytes };
  const error = completed(codeFromString(json.code) ?? Code.Unknown, json.message ?? '', requestId, isReached);
  return { bytes: errorToJsonBytes(error, undefined), status: codeToHttpStatus(error.code) };
}

function completed(code: Code, message: string, requestId: string, isReached: boolean): ConnectError {
  if (code === Code.ResourceExhausted) {
    const limit = `A message may have at most ${MESSAGE_BYTES_MAX} bytes.`;
    return makeError(code, limit, { requestId, errorCode: MESSAGE_TOO_LARGE });
  }
  const isFault = code === Code.Internal || code === Code.Unknown;
  if (!isFault && code !== Code.InvalidArgument) return makeError(code, message, { requestId });
  if (isReached) {
    console.error(`The answer to request ${requestId} could not be written: ${message}`);
    return makeInternalError(requestId);
  }
  const violation = violationOf(message);
  return makeError(Code.InvalidArgument, violation?.description ?? 'The request message could not be decoded.', {
    requestId,
    fieldViolations: violation && [violation],
  });
}
