import { Code, createClient } from '@connectrpc/connect';
import type { Client, ConnectError } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { ClientSecretStatus, ClientService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCredential, ensureInternalCredential } from '@/lib/domain/credential/commands';
import { getInternalCredential } from '@/lib/domain/credential/queries';
import { readErrorInfo } from '../errors';
import { startTestApi, type TestApi } from './testing';

let api: TestApi;
let clients: Client<typeof ClientService>;

beforeAll(async () => {
  api = await startTestApi();
  clients = clientWith(await api.fetchToken());
});

afterAll(() => api.close());

/** ClientService over gRPC, called with `token`. */
function clientWith(token: string): Client<typeof ClientService> {
  const transport = createGrpcTransport({
    baseUrl: api.origin,
    interceptors: [
      (next) => (request) => {
        request.header.set('authorization', `Bearer ${token}`);
        return next(request);
      },
    ],
  });
  return createClient(ClientService, transport);
}

const make = async (scopes: string[], name = 'Worker') => {
  const { client } = await clients.createClient({ client: { name, clientType: 'M2M', scopes } });
  return { id: client!.id, secretId: client!.secrets[0]!.id, secret: client!.secrets[0]!.plainSecret! };
};

const refusalOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => expect.fail('It was not refused.'),
    (thrown: unknown) => thrown as ConnectError,
  );
  return { code: error.code, info: readErrorInfo(error) };
};

describe('API credentials over the API', () => {
  test('are made with a secret that is shown once and works', async () => {
    const { id, secretId, secret } = await make(['organizations:read']);
    expect((await api.fetchToken({ id, secret })).split('.')).toHaveLength(3);
    const { client } = await clients.getClient({ clientId: id });
    expect(client).toMatchObject({ id, name: 'Worker', scopes: ['organizations:read'], clientType: 'M2M' });
    expect(client!.secrets).toHaveLength(1);
    expect(client!.secrets[0]).toMatchObject({
      id: secretId,
      secretSuffix: secret.slice(-4),
      status: ClientSecretStatus.ACTIVE,
      createdBy: `apiClient:${api.credential.credential.id}`,
    });
    expect(client!.secrets[0]!.plainSecret).toBeUndefined();
  });

  test('take further secrets, which are revoked and deleted one by one', async () => {
    const { id, secret } = await make(['roles:read']);
    const { plainSecret, secret: second } = await clients.createClientSecret({ clientId: id });
    expect(plainSecret.endsWith(second!.secretSuffix)).toBe(true);
    expect(second!.plainSecret).toBeUndefined();
    const other = await api.fetchToken({ id, secret: plainSecret });
    const roles = () => fetch(`${api.origin}/api/v1/roles`, { headers: { authorization: `Bearer ${other}` } });
    expect((await roles()).status).toBe(200);
    const ref = { clientId: id, secretId: second!.id };
    const inactive = { status: ClientSecretStatus.INACTIVE };
    const revoked = await clients.updateClientSecret({ ...ref, secret: inactive, mask: { paths: ['status'] } });
    expect(revoked.secret!.status).toBe(ClientSecretStatus.INACTIVE);
    expect((await roles()).status).toBe(401);
    const again = await refusalOf(
      clients.updateClientSecret({ ...ref, secret: { status: ClientSecretStatus.ACTIVE } }),
    );
    expect(again.code).toBe(Code.FailedPrecondition);
    await clients.deleteClientSecret(ref);
    expect((await clients.getClient({ clientId: id })).client!.secrets).toHaveLength(1);
    await api.fetchToken({ id, secret });
  });

  test('are changed in what an update names, and listed in pages both ways', async () => {
    const { id } = await make(['users:read'], 'Paged');
    const update = { clientId: id, client: { name: 'Renamed', scopes: ['users:read', 'users:write'] } };
    const masked = await clients.updateClient({ ...update, mask: { paths: ['scopes'] } });
    expect(masked.client).toMatchObject({ name: 'Paged', scopes: ['users:read', 'users:write'] });
    expect((await clients.updateClient(update)).client).toMatchObject({ name: 'Renamed' });
    const first = await clients.listClient({ pageSize: 1 });
    const second = await clients.listClient({ pageSize: 1, pageToken: first.nextPageToken });
    const back = await clients.listClient({ pageSize: 1, pageToken: second.prevPageToken });
    expect([first.prevPageToken, second.clients.length]).toEqual(['', 1]);
    expect(back.clients).toEqual(first.clients);
    const all = await clients.listClient({ pageSize: 1000 });
    expect(all.clients.length).toBe(Math.min(30, all.totalSize));
    expect((await clients.listClient({ filter: { clientType: ['SPA'] } })).clients).toEqual([]);
  });

  test('are gone once deleted, with their tokens', async () => {
    const { id, secret } = await make(['users:read']);
    const token = await api.fetchToken({ id, secret });
    await clients.deleteClient({ clientId: id });
    expect((await refusalOf(clients.getClient({ clientId: id }))).code).toBe(Code.NotFound);
    expect((await refusalOf(clientWith(token).listClient({}))).code).toBe(Code.Unauthenticated);
  });

  test('refuse what only clients of a login product have, and a type that there is not', async () => {
    const client = { name: 'X', clientType: 'M2M', scopes: ['admin'] };
    const refused = [
      { ...client, clientType: 'SPA' },
      { ...client, scopes: [] },
      { ...client, scopes: ['everything'] },
      { ...client, postLoginUris: ['https://app.example/'] },
      { ...client, grantTypes: ['authorization_code'] },
      { ...client, accessTokenExpiry: 60n },
      { ...client, disallowScalekitApiAccess: true },
      { ...client, customClaims: [{ key: 'a', value: 'b' }] },
    ];
    const before = (await clients.listClient({})).totalSize;
    for (const each of refused) {
      const { code, info } = await refusalOf(clients.createClient({ client: each }));
      expect([code, info?.validationErrorInfo?.fieldViolations.length]).toEqual([Code.InvalidArgument, 1]);
    }
    expect((await refusalOf(clients.listClient({ includePlainSecret: true }))).code).toBe(Code.InvalidArgument);
    expect((await clients.listClient({})).totalSize).toBe(before);
  });

  test('cannot give away more than the caller holds, and the refusal names the scope', async () => {
    const narrow = await createCredential(api.ctx, { name: 'Narrow', scopes: ['credentials:write', 'users:read'] });
    const token = await api.fetchToken({ id: narrow.credential.id, secret: narrow.plainSecret });
    const client = { name: 'Escalated', clientType: 'M2M', scopes: ['users:write'] };
    const { code, info } = await refusalOf(clientWith(token).createClient({ client }));
    expect(code).toBe(Code.PermissionDenied);
    expect(info?.resourceInfo?.requiredPermissions).toEqual(['users:write']);
    const own = { clientId: api.credential.credential.id };
    expect((await refusalOf(clientWith(token).createClientSecret(own))).code).toBe(Code.PermissionDenied);
  });

  test('never include the one that the service itself uses', async () => {
    await ensureInternalCredential(api.ctx);
    const { clientId } = await getInternalCredential(api.ctx);
    const { clients: all } = await clients.listClient({ pageSize: 30 });
    expect(all.map(({ id }) => id)).not.toContain(clientId);
    expect((await refusalOf(clients.deleteClient({ clientId }))).code).toBe(Code.NotFound);
  });
});
