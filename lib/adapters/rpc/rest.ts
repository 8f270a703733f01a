import { toJson } from '@bufbuild/protobuf';
import type { DescMethodUnary, JsonObject, JsonValue, Message } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { type Actor, newContext } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { ANNOUNCEMENTS_PATH, answerAnnouncements } from './announcements';
import { requestIdOf } from './context';
import type { Authenticate, IncomingCall } from './context';
import { rpcPathOf } from './descriptors';
import { MESSAGE_TOO_LARGE, errorBodyOf, httpStatusOf, makeError, translateError } from './errors';
import type { ErrorDetails } from './errors';
import { IDEMPOTENCY_HEADER, answerOnce, hashRequest } from './idempotency';
import type { RestAnswer } from './idempotency';
import type { Invoker } from './invoke';
import { isObject } from './json-request';
import type { RateLimit } from './rate-limit';
import { buildRequest } from './rest-request';
import { matchRoutes, readPathValues } from './rest-routes';
import type { RestRoute } from './rest-routes';
import { MESSAGE_BYTES_MAX } from './rpc-guard';

/** Answers a REST request. Never throws. */
export type RestHandler = (request: Request, clientAddress?: string) => Promise<Response>;

const ORGANIZATIONS = '/scalekit.v1.organizations.OrganizationService/';
const DIRECTORIES = '/scalekit.v1.directories.DirectoryService/';
const ROLES = '/scalekit.v1.roles.RolesService/';
const USERS = '/scalekit.v1.users.UserService/';
/** Methods whose documented status is 201; all others answer 200. */
const CREATING: ReadonlySet<string> = new Set([
  `${ORGANIZATIONS}CreateOrganization`,
  `${ROLES}CreateRole`,
  `${ROLES}CreateOrganizationRole`,
  `${ROLES}CreatePermission`,
  `${USERS}CreateUserAndMembership`,
  `${USERS}CreateMembership`,
]);
/** Methods whose links are documented with `expireTime` too. */
const WITH_LINKS: ReadonlySet<string> = new Set([
  `${ORGANIZATIONS}GeneratePortalLink`,
  `${ORGANIZATIONS}GetPortalLinks`,
]);
/** Methods that name groups and do not count who is in them: a 0 would be read as a number. */
const WITH_NAMED_GROUPS: ReadonlySet<string> = new Set([
  `${DIRECTORIES}ListDirectoryUsers`,
  `${DIRECTORIES}ListDirectoryGroupsSummary`,
]);
/** Methods that the contract binds to GET although they do something: a HEAD must not. */
const ACTING_GETS: ReadonlySet<string> = new Set([`${DIRECTORIES}TriggerDirectorySync`]);

/** The status of an answer to `method` that was done. */
export function successStatusOf(method: DescMethodUnary): number {
  return CREATING.has(rpcPathOf(method)) ? 201 : 200;
}

/**
 * The REST side of the contract, a transcoder between its HTTP rules and `invoker`, and beside it our own way to follow events.
 * @param follow what admits those who follow
 */
export function createRestHandler(
  invoker: Invoker,
  follow: { authenticate: Authenticate; rateLimit: RateLimit | undefined },
): RestHandler {
  return async (request, clientAddress) => {
    const requestId = requestIdOf(request.headers);
    const url = new URL(request.url);
    if (url.pathname === ANNOUNCEMENTS_PATH && request.method === 'GET') {
      return answerAnnouncements({ request, url, requestId, clientAddress }, follow).catch((error: unknown) =>
        respond(answerError(translateError(error, requestId, 'Announcements')), requestId),
      );
    }
    const matches = matchRoutes(url.pathname);
    const allow = allowedVerbs(matches);
    if (request.method === 'OPTIONS' && matches.length > 0)
      return respond({ status: 204, body: null }, requestId, { allow });
    const isHead = request.method === 'HEAD';
    const verb = isHead ? 'GET' : request.method;
    const route = matches.find(({ rule, method }) => rule.verb === verb && !(isHead && isActing(method)));
    if (!route)
      return respond(unrouted(url.pathname, request.method, matches, requestId), requestId, allow ? { allow } : {});
    const call: IncomingCall = {
      requestId,
      authorization: request.headers.get('authorization') ?? undefined,
      clientAddress,
      signal: request.signal,
    };
    const response = respond(await answer(invoker, route, request, url, call), requestId);
    return isHead ? new Response(null, response) : response;
  };
}

async function answer(
  invoker: Invoker,
  route: RestRoute,
  request: Request,
  url: URL,
  call: IncomingCall,
): Promise<RestAnswer> {
  try {
    const actor = await invoker.admit(route.method, call);
    const text = await readText(request);
    const message = readMessage(route, request, url, text);
    const key = route.rule.verb === 'POST' ? request.headers.get(IDEMPOTENCY_HEADER) : null;
    if (key === null || actor.kind === 'anonymous') return await perform(invoker, route, message, actor, call);
    const ctx = newContext(actor, { requestId: call.requestId, clientAddress: call.clientAddress });
    const lasting = { ...call, signal: new AbortController().signal };
    return await answerOnce(ctx, { key, requestHash: hashRequest(route.rule.verb, url, text) }, () =>
      perform(invoker, route, message, actor, lasting),
    );
  } catch (error) {
    if (error instanceof HttpProblem) {
      return {
        status: error.status,
        body: errorBodyOf(makeError(error.code, error.message, { ...error.details, ...call })),
      };
    }
    return answerError(translateError(error, call.requestId, route.method.name));
  }
}

/** Never throws. */
async function perform(
  invoker: Invoker,
  route: RestRoute,
  message: Message,
  actor: Actor,
  call: IncomingCall,
): Promise<RestAnswer> {
  const { method } = route;
  try {
    const output = await invoker.perform(method, message, actor, call);
    return { status: successStatusOf(method), body: writeMessage(route, output) };
  } catch (error) {
    return answerError(translateError(error, call.requestId, method.name));
  }
}

/** A problem whose HTTP status says more than its gRPC code. */
class HttpProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: Code,
    message: string,
    readonly details: Omit<ErrorDetails, 'requestId'>,
  ) {
    super(message);
  }
}

function readMessage(route: RestRoute, request: Request, url: URL, text: string): Message {
  const body = readJson(request, text);
  let values: Record<string, string>;
  try {
    values = readPathValues(route, url.pathname);
  } catch {
    throw new AppError('invalid_argument', 'The path is not validly percent-encoded.');
  }
  return buildRequest(route, values, url.searchParams, body);
}

function readJson(request: Request, text: string): JsonValue | undefined {
  if (text.trim() === '') return undefined;
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json' && !type.endsWith('+json')) {
    throw new HttpProblem(415, Code.InvalidArgument, 'Send the body as JSON, with content-type application/json.', {
      errorCode: 'UNSUPPORTED_MEDIA_TYPE',
    });
  }
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new AppError('invalid_argument', 'The body is not valid JSON.');
  }
}

async function readText(request: Request): Promise<string> {
  if (!request.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MESSAGE_BYTES_MAX) {
      throw new HttpProblem(413, Code.ResourceExhausted, `A body may have at most ${MESSAGE_BYTES_MAX} bytes.`, {
        errorCode: MESSAGE_TOO_LARGE,
      });
    }
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new AppError('invalid_argument', 'The body is not valid UTF-8.');
  }
}

/** A response message as JSON: snake_case, empty values included, enums by name. */
function writeMessage(route: RestRoute, message: Message): JsonValue {
  const json = toJson(route.method.output, message, { useProtoFieldName: true, alwaysEmitImplicit: true });
  if (!isObject(json)) return json;
  if (WITH_LINKS.has(rpcPathOf(route.method))) addExpireTimes(json);
  if (WITH_NAMED_GROUPS.has(rpcPathOf(route.method))) dropCounts(json);
  const { responseBody } = route.rule;
  return responseBody === undefined ? json : (json[responseBody] ?? null);
}

function addExpireTimes(json: JsonObject): void {
  const links = Array.isArray(json['links']) ? json['links'] : [json['link']];
  for (const link of links) {
    if (isObject(link) && link['expire_time'] !== undefined) link['expireTime'] = link['expire_time'];
  }
}

function dropCounts(json: JsonObject): void {
  const lists = [json, ...[json['users']].flat()].map((holder) => (isObject(holder) ? holder['groups'] : undefined));
  for (const group of lists.flat()) if (isObject(group)) delete group['total_users'];
}

function isActing(method: DescMethodUnary): boolean {
  return ACTING_GETS.has(rpcPathOf(method));
}

function allowedVerbs(matches: readonly RestRoute[]): string {
  if (matches.length === 0) return '';
  const verbs = matches.map(({ rule }) => rule.verb);
  const hasHead = matches.some(({ rule, method }) => rule.verb === 'GET' && !isActing(method));
  return [...verbs, ...(hasHead ? ['HEAD'] : []), 'OPTIONS'].toSorted().join(', ');
}

function unrouted(path: string, verb: string, matches: readonly RestRoute[], requestId: string): RestAnswer {
  if (matches.length > 0) {
    const message = `${path} does not take ${verb}. It takes ${allowedVerbs(matches)}.`;
    const error = makeError(Code.Unimplemented, message, { requestId, errorCode: 'METHOD_NOT_ALLOWED' });
    return { status: 405, body: errorBodyOf(error) };
  }
  const error = makeError(Code.NotFound, `There is no API call at ${path}.`, {
    requestId,
    errorCode: 'ROUTE_NOT_FOUND',
  });
  return { status: 404, body: errorBodyOf(error) };
}

function answerError(error: ConnectError): RestAnswer {
  const headers: Record<string, string> = Object.fromEntries(error.metadata);
  if (error.code === Code.Unauthenticated) headers['www-authenticate'] = 'Bearer';
  return { status: httpStatusOf(error.code), body: errorBodyOf(error), headers };
}

function respond(answer: RestAnswer, requestId: string, headers: Readonly<Record<string, string>> = {}): Response {
  const isEmpty = answer.status === 204;
  return new Response(isEmpty ? null : JSON.stringify(answer.body), {
    status: answer.status,
    headers: {
      ...(isEmpty ? {} : { 'content-type': 'application/json' }),
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...answer.headers,
      ...headers,
    },
  });
}
