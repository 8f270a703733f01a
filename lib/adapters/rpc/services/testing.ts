import { ScalekitClient } from '@scalekit-sdk/node';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerKeysRequest } from '@/lib/adapters/oauth/keys';
import { answerTokenRequest } from '@/lib/adapters/oauth/token';
import { nodeMount } from '@/lib/adapters/scim/mounts';
import { createScim } from '@/lib/adapters/scim/serve';
import { type Context, systemContext } from '@/lib/core/context';
import { createDoor } from '@/lib/core/front-door/door.mjs';
import { useSealingSecret } from '@/lib/core/seal';
import { openTestDatabase } from '@/lib/db/testing';
import { createCredential, ensureSigningKeys } from '@/lib/domain/credential/commands';
import type { NewCredential } from '@/lib/domain/credential/types';
import type { LookUpTxt } from '@/lib/domain/email-domain/types';
import { flushExchanges } from '@/lib/domain/log/commands';
import { ensureInstallation } from '@/lib/domain/operator/commands';
import { describeManagementApi } from '../api';
import { createRpc, type Rpc } from '../router';

/** What links and tokens are made from in tests: no name that resolves, so that nothing can be reached by accident. */
export const PUBLIC_ORIGIN = 'https://gatehouse.test';

/** The management API and the SCIM endpoint on a fresh database, behind the real front door. */
export interface TestApi {
  /** Where it listens: gRPC, Connect, REST, OAuth and SCIM on one port. */
  readonly origin: string;
  readonly credential: NewCredential;
  /** A context of the service itself, to prepare state with. */
  readonly ctx: Context;
  /** A client of the official SDK that holds no token yet. */
  newSdk(): ScalekitClient;
  /** Requests so far to a path, over HTTP/1.1. */
  countRequests(path: string): number;
  /** An access token, from the token endpoint. */
  fetchToken(given?: { id: string; secret: string }): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts the API with one credential. Closing it closes the database too.
 * @param lookUpTxt stands for DNS, which has no records unless given
 */
export async function startTestApi(lookUpTxt: LookUpTxt = async () => []): Promise<TestApi> {
  useSealingSecret('a secret for tests that is long enough');
  const db = await openTestDatabase();
  const ctx = systemContext('test');
  await ensureInstallation(ctx);
  await ensureSigningKeys(ctx);
  const credential = await createCredential(ctx, { name: 'Tests' });
  const rpc = createRpc(describeManagementApi(PUBLIC_ORIGIN, { lookUpTxt }));
  const requests = new Map<string, number>();
  const door = createDoor({
    host: '127.0.0.1',
    port: 0,
    publicOrigin: PUBLIC_ORIGIN,
    lanes: { rpc: rpc.nodeHandler, scim: nodeMount(createScim({ publicOrigin: PUBLIC_ORIGIN })) },
    isScimLaneOn: true,
    handlePage: async (request, response) => {
      const path = request.url?.split('?')[0] ?? '';
      requests.set(path, (requests.get(path) ?? 0) + 1);
      await send(await answer(rpc, path, await readRequest(request)), response);
    },
  });
  const origin = `http://127.0.0.1:${await door.listen()}`;
  const own = { id: credential.credential.id, secret: credential.plainSecret };
  return {
    origin,
    credential,
    ctx,
    newSdk: () => new ScalekitClient(origin, own.id, own.secret),
    countRequests: (path) => requests.get(path) ?? 0,
    fetchToken: async ({ id, secret } = own) => {
      const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
      const response = await fetch(`${origin}/oauth/token`, { method: 'POST', body });
      const { access_token: token } = (await response.json()) as { access_token: string };
      return token;
    },
    close: async () => {
      await door.close(0);
      await flushExchanges();
      await db.close();
    },
  };
}

function answer(rpc: Rpc, path: string, request: Request): Promise<Response> {
  if (path === '/oauth/token')
    return answerTokenRequest(request, { issuer: PUBLIC_ORIGIN, clientAddress: '192.0.2.1' });
  if (path === '/keys') return answerKeysRequest();
  return path.startsWith('/api/v1') ? rpc.rest(request) : rpc.fetchHandler(request);
}

async function readRequest(request: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
  return new Request(`http://${request.headers.host}${request.url}`, { method: request.method, headers, body });
}

async function send(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
