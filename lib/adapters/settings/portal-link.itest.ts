import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createOrganization, deleteOrganization } from '@/lib/domain/organization/commands';
import { redeemLink } from '@/lib/domain/portal/commands';
import { newContext } from '@/lib/core/context';
import { PUBLIC_ORIGIN, startTestApi, type TestApi } from '../rpc/services/testing';
import { type Environment, makePortalLink } from './portal-link';
import { probeHttp2 } from './probe';

let api: TestApi;
let environment: Environment;
const servers: net.Server[] = [];
const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);

beforeAll(async () => {
  api = await startTestApi();
  environment = {
    url: api.origin,
    clientId: api.credential.credential.id,
    clientSecret: api.credential.plainSecret,
    isSelf: false,
  };
});

afterAll(async () => {
  for (const server of servers) server.close();
  await api.close();
});

beforeEach(() => logged.mockClear());

async function listen(server: net.Server | Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The organization that a link's token opens. */
async function organizationBehind(location: string): Promise<string> {
  const token = new URL(location).pathname.split('/').at(-1)!;
  const { organizationId } = await redeemLink(newContext({ kind: 'anonymous' }), { token });
  return organizationId;
}

describe('the portal of a settings page', () => {
  test('is found by external id, though the environment has another id for the organization', async () => {
    const { id } = await createOrganization(api.ctx, { displayName: 'Acme', externalId: 'acme-1' });
    const link = await makePortalLink(environment, { id: 'org_1', externalId: 'acme-1' });
    expect(link).toMatchObject({ kind: 'ready', origin: PUBLIC_ORIGIN });
    expect(link.kind === 'ready' && (await organizationBehind(link.location))).toBe(id);
  });

  test('is found by our own id as external id, where none was given', async () => {
    const { id } = await createOrganization(api.ctx, { displayName: 'Acme', externalId: 'org_our_own' });
    const link = await makePortalLink(environment, { id: 'org_our_own', externalId: null });
    expect(link.kind === 'ready' && (await organizationBehind(link.location))).toBe(id);
  });

  test('is found by id when the external id is not known there', async () => {
    const { id } = await createOrganization(api.ctx, { displayName: 'Acme' });
    const link = await makePortalLink(environment, { id, externalId: 'not-known-there' });
    expect(link.kind === 'ready' && (await organizationBehind(link.location))).toBe(id);
  });

  test("on this server is one's own, even if another organization has taken the id for its external id", async () => {
    const own = await createOrganization(api.ctx, { displayName: 'Acme' });
    const other = await createOrganization(api.ctx, { displayName: 'Other', externalId: own.id });
    const link = await makePortalLink({ ...environment, isSelf: true }, own);
    expect(link.kind === 'ready' && (await organizationBehind(link.location))).toBe(own.id);
    expect(other.id).not.toBe(own.id);
  });

  test('has a fresh link each time', async () => {
    const own = await createOrganization(api.ctx, { displayName: 'Acme' });
    const [first, second] = [await makePortalLink(environment, own), await makePortalLink(environment, own)];
    expect(first.kind === 'ready' && second.kind === 'ready' && first.location !== second.location).toBe(true);
  });

  test('names the external id to set when the environment does not know the organization', async () => {
    const own = await createOrganization(api.ctx, { displayName: 'Acme' });
    await deleteOrganization(api.ctx, { id: own.id });
    const environmentUrl = api.origin;
    expect(await makePortalLink(environment, own)).toEqual({ kind: 'unknown', externalId: own.id, environmentUrl });
    expect(await makePortalLink(environment, { id: own.id, externalId: 'acme-2' })).toEqual({
      kind: 'unknown',
      externalId: 'acme-2',
      environmentUrl,
    });
    expect(await makePortalLink(environment, { id: 'not an id at all', externalId: null })).toMatchObject({
      kind: 'unknown',
    });
    expect(logged).not.toHaveBeenCalled();
  });

  test('says so when the environment refuses the credentials, and keeps them out of the log', async () => {
    const own = await createOrganization(api.ctx, { displayName: 'Acme' });
    const clientSecret = 'a-wrong-secret-for-this-test';
    const link = await makePortalLink({ ...environment, clientSecret }, own);
    expect(link).toEqual({ kind: 'refused', environmentUrl: api.origin });
    expect(logged).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(logged.mock.calls)).not.toContain(clientSecret);
    expect((await makePortalLink(environment, own)).kind).toBe('ready');
  });
});

describe('an environment that cannot be used', () => {
  const own = { id: 'org_1', externalId: null };

  test('is down: the page learns it at once', async () => {
    const closed = net.createServer();
    const url = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect(await makePortalLink({ ...environment, url }, own)).toEqual({ kind: 'unreachable', environmentUrl: url });
  });

  test('speaks only HTTP/1.1: the process lives on', async () => {
    const crashed = vi.fn();
    process.on('uncaughtException', crashed);
    const url = await listen(createServer((_, response) => response.end('{"access_token":"x"}')));
    expect((await makePortalLink({ ...environment, url }, own)).kind).toBe('unreachable');
    // What the SDK would have thrown comes with the next events of the connection.
    await new Promise((resolve) => servers.at(-1)!.close(resolve));
    process.off('uncaughtException', crashed);
    expect(crashed).not.toHaveBeenCalled();
  });

  test('hangs up, or never answers', async () => {
    const rude = await listen(net.createServer((socket) => socket.destroy()));
    await expect(probeHttp2(rude)).rejects.toThrow();
    const silent = await listen(net.createServer((socket) => socket.on('error', () => undefined)));
    await expect(probeHttp2(silent, 50)).rejects.toThrow('No answer within 0.05 seconds.');
  });
});
