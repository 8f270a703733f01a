import { create } from '@bufbuild/protobuf';
import { OrganizationSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import type { Organization } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createDoor } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { AppError, notFound } from '@/lib/core/error';
import type { Authenticate } from './context';
import type { ServiceImplementations } from './descriptors';
import { createRpc } from './router';
import type { Rpc, RpcOptions } from './router';

/** A server for tests: gRPC, Connect, REST and a token endpoint on one port, as the front door has them. */
export interface TestServer {
  readonly origin: string;
  readonly rpc: Rpc;
  close(): Promise<void>;
}

/** Starts the API of `options` on a free port. `/oauth/token` gives every caller the token `issueToken` returns. */
export async function startTestServer(options: RpcOptions, issueToken: () => string): Promise<TestServer> {
  const rpc = createRpc(options);
  const http2 = createHttp2Server(rpc.nodeHandler);
  const http1 = createServer((request, response) => {
    serveHttp1(rpc, issueToken, request, response).catch(() => response.destroy());
  });
  const sockets = new Set<Socket>();
  const door = createDoor((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    chooseLane(socket, http2, http1);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const { port } = door.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    rpc,
    close: () =>
      new Promise((resolve) => {
        door.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Hands a connection to the server that speaks its protocol, by the first three bytes of the HTTP/2 preface. */
function chooseLane(socket: Socket, http2: Server, http1: Server): void {
  const peek = (): void => {
    const first = socket.read() as Buffer | null;
    if (!first) {
      socket.once('readable', peek);
      return;
    }
    socket.unshift(first);
    (first.subarray(0, 3).toString() === 'PRI' ? http2 : http1).emit('connection', socket);
  };
  socket.once('readable', peek);
}

async function serveHttp1(
  rpc: Rpc,
  issueToken: () => string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url === '/oauth/token') {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: issueToken(), token_type: 'Bearer', expires_in: 3600 }));
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const web = new Request(`http://${request.headers.host}${request.url}`, {
    method: request.method,
    headers: Object.entries(request.headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((v) => [name, v] as [string, string]),
    ),
    body: body.length > 0 ? body : undefined,
  });
  const isRest = request.url?.startsWith('/api/') === true;
  const answer = await (isRest ? rpc.rest(web, '127.0.0.1') : rpc.fetchHandler(web, '127.0.0.1'));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** The only token that `fakeAuthenticate` takes. */
export const GOOD_TOKEN = 'good-token';

/** Knows one token, which is an API credential's. */
export const fakeAuthenticate: Authenticate = (authorization) => {
  if (authorization === `Bearer ${GOOD_TOKEN}`) {
    return Promise.resolve({ kind: 'apiClient', id: 'skc_1', scopes: ['admin'] });
  }
  return Promise.reject(new AppError('unauthenticated', 'The access token is missing or not valid.'));
};

/** Organizations in memory, and some methods that fail in known ways. */
export function fakeServices(): ServiceImplementations {
  const organizations = new Map<string, Organization>();
  const find = (id: string | undefined): Organization => {
    const found = organizations.get(id ?? '');
    if (!found) throw notFound('organization', id ?? '');
    return found;
  };
  const add = (fields: {
    displayName: string;
    externalId?: string;
    metadata: Record<string, string>;
  }): Organization => {
    const taken = [...organizations.values()].some(({ externalId }) => externalId && externalId === fields.externalId);
    if (taken) throw new AppError('already_exists', 'This external id is taken.');
    const id = `org_${organizations.size + 1}`;
    const organization = create(OrganizationSchema, { ...fields, id, createTime: { seconds: 1_700_000_000n } });
    organizations.set(id, organization);
    return organization;
  };
  return {
    organizations: {
      createOrganization: async ({ organization }) => ({
        organization: add(organization ?? { displayName: '', metadata: {} }),
      }),
      getOrganization: async ({ identities }) => ({ organization: find(identities.value) }),
      listOrganization: async ({ pageSize, externalId }) => ({
        organizations: [...organizations.values()]
          .filter((organization) => externalId === undefined || organization.externalId === externalId)
          .slice(0, pageSize || undefined),
        totalSize: pageSize,
      }),
      deleteOrganization: async ({ identities }) => {
        organizations.delete(find(identities.value).id);
        return {};
      },
      generatePortalLink: async ({ id, features }) => ({
        link: { id, location: `https://example.com/magicLink/${features.join('-')}`, expireTime: { seconds: 60n } },
      }),
      getPortalLinks: async () => ({ links: [{ id: 'lnk_1' }] }),
      updateOrganizationSettings: async ({ id, settings }) => ({ organization: { ...find(id), settings } }),
      searchOrganization: async () => {
        throw new AppError('resource_exhausted', 'Too many searches. Try again in a moment.', {
          retryAfterSeconds: 2.5,
        });
      },
    },
    directories: {
      listDirectoryUsers: async (request) => ({
        users: [{ id: 'diruser_1', updatedAt: request.updatedAfter, familyName: request.directoryGroupId }],
        totalSize: request.pageSize,
      }),
      getDirectory: async () => {
        throw new Error('the database password is hunter2');
      },
      listDirectories: () => new Promise(() => undefined),
      enableDirectory: async ({ id, organizationId }) => ({ enabled: true, errorMessage: `${organizationId}/${id}` }),
      triggerDirectorySync: async () => ({}),
    },
    users: {
      assignUserRoles: async ({ roles }) => ({ roles: roles.map(({ roleName }) => ({ name: roleName })) }),
    },
  };
}
