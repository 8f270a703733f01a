import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { newContext, systemContext } from '@/lib/core/context';
import { useSealingSecret } from '@/lib/core/seal';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { createDirectory, createSecret } from '@/lib/domain/directory/commands';
import { flushExchanges } from '@/lib/domain/log/commands';
import { createOrganization } from '@/lib/domain/organization/commands';
import type { ProviderId } from '@/lib/providers/provider';
import type { JsonObject } from '@/lib/scim/attribute';
import { fetchMount, nodeMount, type Scim } from './mounts';
import { createScim } from './serve';

/** An operator for tests of what operators do. */
export const operator = newContext({ kind: 'operator', id: 'acc_test', email: 'op@example.com' });

/** What a SCIM client sees of an answer. `json` is empty when there is no body. */
export interface ClientAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: JsonObject;
}

/** A directory with a token, and a client that speaks to it over HTTP. */
export interface TestDirectory {
  readonly organizationId: string;
  readonly directoryId: string;
  readonly token: string;
  readonly baseUrl: string;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ClientAnswer>;
}

/** A SCIM server on a free loopback port over a fresh database. */
export interface ScimServer {
  readonly db: Database;
  readonly origin: string;
  /** A new directory of an organization of its own; of Okta unless another provider is named. */
  newDirectory(provider?: ProviderId): Promise<TestDirectory>;
  close(): Promise<void>;
}

/** Serves by the fetch mount what node receives, as Next's route handlers do. */
function fetchMountForNode(scim: Scim, origin: string): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const mount = fetchMount(scim);
  return async (req, res) => {
    const hasBody = req.method !== 'GET' && req.method !== 'HEAD';
    const init = {
      method: req.method,
      headers: req.headers as Record<string, string>,
      ...(hasBody && { body: Readable.toWeb(req) as ReadableStream<Uint8Array>, duplex: 'half' }),
    };
    const response = await mount(new Request(origin + (req.url ?? '/'), init));
    res.writeHead(response.status, Object.fromEntries(response.headers));
    res.end(Buffer.from(await response.arrayBuffer()));
  };
}

/** Starts a SCIM server over a fresh database: the handler of the lane ahead of Next, or the one of Next's route handlers. */
export async function startScim(kind: 'node' | 'fetch' = 'node'): Promise<ScimServer> {
  useSealingSecret('a secret for tests that seals what the log keeps');
  const db = await openTestDatabase();
  let mount: ReturnType<typeof nodeMount> | undefined;
  const server = createServer((req, res) => void mount?.(req, res));
  // A test that keeps the process busy for seconds would else reuse a connection in the moment in which it is closed as idle.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const scim = createScim({ publicOrigin: origin });
  mount = kind === 'node' ? nodeMount(scim) : fetchMountForNode(scim, origin);
  return {
    db,
    origin,
    newDirectory: (provider) => newDirectory(origin, provider),
    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await flushExchanges();
      await db.close();
    },
  };
}

async function newDirectory(origin: string, provider: ProviderId = 'okta'): Promise<TestDirectory> {
  const organization = await createOrganization(operator, { displayName: 'Acme' });
  const directory = await createDirectory(operator, { organizationId: organization.id, provider });
  const ref = { organizationId: organization.id, directoryId: directory.id };
  const { token } = await createSecret(systemContext('test'), ref);
  const baseUrl = `${origin}/scim/v2/${directory.id}`;
  return {
    ...ref,
    token,
    baseUrl,
    async send(method, path, body, headers = {}) {
      const isRaw = typeof body === 'string' || body instanceof Uint8Array;
      const response = await fetch(baseUrl + path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
        body: body === undefined ? undefined : isRaw ? (body as BodyInit) : JSON.stringify(body),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        json: text === '' ? {} : (JSON.parse(text) as JsonObject),
      };
    },
  };
}
