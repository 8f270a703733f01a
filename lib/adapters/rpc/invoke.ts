import { create } from '@bufbuild/protobuf';
import type { DescMessage, DescMethodUnary, Message, MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { newContext } from '@/lib/core/context';
import type { Actor } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { isPublic, requireCaller } from './caller';
import type { Authenticate, CallContext, IncomingCall } from './context';
import { SERVICES, listMethods } from './descriptors';
import type { ServiceImplementations, ServiceName } from './descriptors';
import { translateError } from './errors';
import { RateLimit } from './rate-limit';
import { requiredScopeOf, requireScope } from './scopes';
import { clampPageSize, validateMessage } from './validate';

type Implementation = (request: Message, call: CallContext) => Promise<MessageInitShape<DescMessage>>;

/** The one way to run a method, whatever protocol the call came by. Both steps throw ConnectErrors with an ErrorInfo only. */
export interface Invoker {
  /**
   * Decides whether the call may go on, before its body is read. Throws, in this order: `unauthenticated`, `resource_exhausted` for
   * too many calls, `unimplemented` for a method that is not built, `permission_denied` for a kind of caller that it does not admit or
   * an API credential without its scope.
   */
  admit(method: DescMethodUnary, call: IncomingCall): Promise<Actor>;
  /** Validates the request, runs the implementation until the deadline, and returns a complete response message. */
  perform(method: DescMethodUnary, request: Message, actor: Actor, call: IncomingCall): Promise<Message>;
}

/** Longest time, in ms, that a call may take if its caller sets no deadline. */
const DEADLINE_MS = 30_000;

/** An invoker for `services`, which knows who calls by `authenticate`. @param rateLimit of each API credential; none unless given */
export function createInvoker(
  authenticate: Authenticate,
  services: ServiceImplementations,
  rateLimit = new RateLimit(0),
): Invoker {
  const implementations = collectImplementations(services);
  return {
    async admit(method, call) {
      try {
        const actor = await identify(method, call, authenticate);
        if (actor.kind === 'apiClient') rateLimit.take(actor.id);
        if (!implementations.has(method)) throw notBuilt(method);
        requireCaller(method, actor);
        requireScope(actor, requiredScopeOf(method), method.name);
        return actor;
      } catch (error) {
        throw translateError(error, call.requestId, method.name);
      }
    },
    async perform(method, request, actor, call) {
      try {
        const implementation = implementations.get(method);
        if (!implementation) throw notBuilt(method);
        clampPageSize(method.input, request);
        requireValid(method, request);
        const ctx = newContext(actor, { requestId: call.requestId, clientAddress: call.clientAddress });
        const answer = implementation(request, { ctx, requestId: call.requestId, signal: call.signal });
        return create(method.output, await raceDeadline(answer, call.signal));
      } catch (error) {
        throw translateError(error, call.requestId, method.name);
      }
    },
  };
}

function collectImplementations(services: ServiceImplementations): ReadonlyMap<DescMethodUnary, Implementation> {
  const implementations = new Map<DescMethodUnary, Implementation>();
  for (const name of Object.keys(services) as ServiceName[]) {
    const service = services[name] as Readonly<Record<string, Implementation | undefined>> | undefined;
    for (const method of listMethods(SERVICES[name])) {
      const implementation = service?.[method.localName];
      if (service && implementation) implementations.set(method, implementation.bind(service));
    }
  }
  return implementations;
}

async function identify(method: DescMethodUnary, call: IncomingCall, authenticate: Authenticate): Promise<Actor> {
  if (isPublic(method) && call.authorization === undefined) return { kind: 'anonymous' };
  const actor = await authenticate(call.authorization);
  if (actor.kind === 'anonymous' && !isPublic(method)) {
    throw new AppError('unauthenticated', 'This call needs an access token. Get one from /oauth/token.');
  }
  return actor;
}

function notBuilt(method: DescMethodUnary): AppError {
  const name = `${method.parent.name}.${method.name}`;
  return new AppError('unimplemented', `${name} is not available on this server.`, { resource: { name } });
}

function requireValid(method: DescMethodUnary, request: Message): void {
  const fieldViolations = validateMessage(method.input, request);
  const [first] = fieldViolations;
  if (!first) return;
  const more = fieldViolations.length > 1 ? ` (and ${fieldViolations.length - 1} more)` : '';
  throw new AppError('invalid_argument', first.description + more, { fieldViolations });
}

/**
 * What `work` gives, unless `signal` is aborted or the longest time passes before. The work itself is not stopped: what it
 * then does is as if its answer had been lost on the way.
 */
async function raceDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let giveUp = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  const interrupted = new Promise<never>((_, reject) => {
    giveUp = () => reject(interruptionOf(signal));
    timer = setTimeout(() => reject(deadlineExceeded()), DEADLINE_MS);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

function deadlineExceeded(): ConnectError {
  return new ConnectError('The call took longer than its deadline allows.', Code.DeadlineExceeded);
}

function interruptionOf(signal: AbortSignal): ConnectError {
  const reason: unknown = signal.reason;
  const isDeadline =
    (reason instanceof ConnectError && reason.code === Code.DeadlineExceeded) ||
    (reason instanceof DOMException && reason.name === 'TimeoutError');
  return isDeadline ? deadlineExceeded() : new ConnectError('The caller cancelled the call.', Code.Canceled);
}
