import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type AddressRules, hostOf, refusalOfAddress } from '@/lib/core/safe-url';

/** An attempt, from looking up the name to the end of the answer. */
export const ATTEMPT_TIMEOUT_MS = 10_000;
/** How much of an answer is kept, in bytes. */
const ANSWER_KEPT_BYTES = 2048;
/** An answer of more is not read to its end: the connection is closed, which is cheaper than what may follow. */
const ANSWER_READ_BYTES = 65_536;
/** Idle connections are kept shorter than servers usually do (5 s), so that few close under a request. */
const KEPT_ALIVE_MS = 4000;
/** Idle connections that are kept to one host. */
const FREE_CONNECTIONS = 32;

/** What came of one request. */
export interface SendResult {
  /** HTTP status, null if no answer came. */
  readonly status: number | null;
  /** Why it counts as failed, in words; null if it arrived. */
  readonly error: string | null;
  /** The first 2 kB of the answer. */
  readonly answer: string;
  readonly latencyMs: number;
}

/** Looks a name up, as `dns.lookup` with `all` does. Passed in by tests. */
export type LookUp = (host: string) => Promise<readonly LookupAddress[]>;

const systemLookUp: LookUp = (host) =>
  new Promise((resolve, reject) => {
    dnsLookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/** A destination that this installation does not call. */
class RefusedAddress extends Error {}

export interface Sender {
  /** POSTs `body` as JSON. Never throws, never follows a redirect, and ends within 10 seconds. */
  send(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<SendResult>;
  /** Closes the connections that are kept open. */
  close(): void;
}

/**
 * What sends webhooks. Each connection is made to an address that was judged by `rules` right before, so that a name which changes its mind
 * gains nothing; connections are kept open and used again.
 */
export function createSender(rules: AddressRules, options: { timeoutMs?: number; lookUp?: LookUp } = {}): Sender {
  const { timeoutMs = ATTEMPT_TIMEOUT_MS, lookUp = systemLookUp } = options;
  // How many requests run at once is for the caller to say: two endpoints on one host must not wait for each other's connections.
  const pool = { keepAlive: true, maxFreeSockets: FREE_CONNECTIONS, timeout: KEPT_ALIVE_MS };
  const agents = {
    http: new http.Agent({ ...pool, lookup: judgingLookUp(lookUp, rules, false) } as http.AgentOptions),
    https: new https.Agent({ ...pool, lookup: judgingLookUp(lookUp, rules, true) } as https.AgentOptions),
  };
  return {
    async send(url, headers, body) {
      const started = performance.now();
      const target = new URL(url);
      const isSecure = target.protocol === 'https:';
      const host = hostOf(target);
      // Node asks for no look-up of what is an address already.
      const refusal = isIP(host) === 0 ? undefined : refusalOfAddress(host, host, isSecure, rules);
      const result =
        refusal === undefined
          ? await request(isSecure ? { module: https, agent: agents.https } : { module: http, agent: agents.http }, {
              target,
              headers,
              body,
              timeoutMs,
            })
          : { status: null, error: refusal, answer: '' };
      return { ...result, latencyMs: performance.now() - started };
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** A look-up for sockets that fails unless every address it finds may be called. */
function judgingLookUp(lookUp: LookUp, rules: AddressRules, isSecure: boolean): LookupFunction {
  return (host, options, callback) => {
    lookUp(host).then(
      (addresses) => {
        const refusal = addresses
          .map(({ address }) => refusalOfAddress(address, host, isSecure, rules))
          .find((reason) => reason !== undefined);
        const [first] = addresses;
        if (refusal !== undefined) callback(new RefusedAddress(refusal), '', 0);
        else if (!first) callback(new RefusedAddress('The name has no address.'), '', 0);
        else if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

interface Outgoing {
  readonly target: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

type Answered = Omit<SendResult, 'latencyMs'>;

function request(
  { module, agent }: { module: typeof http | typeof https; agent: http.Agent },
  { target, headers, body, timeoutMs }: Outgoing,
): Promise<Answered> {
  return new Promise((resolve) => {
    const started = performance.now();
    let status: number | null = null;
    let isOver = false;
    const kept: Buffer[] = [];
    const bytes = Buffer.from(body);
    const outgoing = module.request(target, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': String(bytes.length) },
    });
    const finish = (error: string | null): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      resolve({ status, error, answer: Buffer.concat(kept).toString('utf8').replaceAll('\0', '\uFFFD') });
    };
    const abandon = (error: string | null): void => {
      finish(error);
      outgoing.destroy();
    };
    const timer = setTimeout(() => {
      const what = status === null ? 'No answer' : 'The answer did not end';
      abandon(`${what} within ${timeoutMs / 1000} seconds.`);
    }, timeoutMs);
    outgoing.on('error', (error) => {
      if (status !== null) return finish(CUT_OFF);
      // The other side had closed a kept connection in the meantime. A new one fails for a reason of its own.
      if (!outgoing.reusedSocket || isOver) return finish(describeFailure(error));
      isOver = true;
      clearTimeout(timer);
      const leftMs = timeoutMs - (performance.now() - started);
      resolve(request({ module, agent }, { target, headers, body, timeoutMs: Math.max(leftMs, 1) }));
    });
    outgoing.on('response', (answer) => {
      status = answer.statusCode ?? null;
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        if (size < ANSWER_KEPT_BYTES) kept.push(chunk.subarray(0, ANSWER_KEPT_BYTES - size));
        size += chunk.length;
        if (size > ANSWER_READ_BYTES) abandon(judgeStatus(status));
      });
      answer.on('end', () => finish(answer.complete ? judgeStatus(status) : CUT_OFF));
      answer.on('error', () => finish(CUT_OFF));
      answer.on('close', () => finish(CUT_OFF));
    });
    outgoing.end(bytes);
  });
}

const CUT_OFF = 'The connection was closed before the answer had ended.';

/** Why an answer with `status` counts as failed, or null. */
function judgeStatus(status: number | null): string | null {
  if (status !== null && status >= 200 && status < 300) return null;
  if (status !== null && status >= 300 && status < 400) {
    return `Answered ${status}, a redirect, which is not followed. Put in the address where it leads.`;
  }
  if (status === 410) return 'Answered 410 Gone, so the endpoint was disabled.';
  return `Answered ${status}. Any status from 200 to 299 says that it arrived.`;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens at this address: the connection was refused.',
  ECONNRESET: 'The connection was closed before an answer came.',
  EPIPE: 'The connection was closed before an answer came.',
  ENOTFOUND: 'The name of the host cannot be found.',
  EAI_AGAIN: 'The name of the host could not be looked up. It may work later.',
  ETIMEDOUT: 'The connection could not be made in time.',
  EHOSTUNREACH: 'There is no way to this address.',
  ENETUNREACH: 'There is no way to this address.',
  EPROTO: 'TLS failed: what answers there does not speak it.',
  CERT_HAS_EXPIRED: 'The TLS certificate has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The TLS certificate is for another name.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The TLS certificate is self-signed, which is not trusted.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The TLS certificate leads to an authority that is not trusted.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The TLS certificate cannot be verified. The server may leave out an intermediate one.',
};

function describeFailure(error: Error): string {
  if (error instanceof RefusedAddress) return error.message;
  const inner = error instanceof AggregateError ? (error.errors[0] as Error) : error;
  const { code } = inner as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : WORDS[code];
  if (known !== undefined) return known;
  if (code?.startsWith('HPE_')) return 'The answer was not HTTP.';
  if (code?.startsWith('ERR_SSL') || code?.startsWith('ERR_TLS')) return `TLS failed (${code}).`;
  return `The request failed${code === undefined ? '' : ` (${code})`}.`;
}
