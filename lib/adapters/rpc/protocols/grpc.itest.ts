import { create, fromBinary, toBinary, type JsonObject } from '@bufbuild/protobuf';
import { Client, credentials, type ClientOptions, Metadata, type ServiceError } from '@grpc/grpc-js';
import { connect } from 'node:http2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrganization, setFeatures } from '@/lib/domain/organization/commands';
import { redeemLink } from '@/lib/domain/portal/commands';
import { findVisit } from '@/lib/domain/portal/queries';
import { rpcPathOf, SERVICES } from '../descriptors';
import { startTestApi, type TestApi } from '../services/testing';
import { errorInfoOf, newGrpcClient } from './testing';

const { generatePortalLink, createOrganization: createMethod, searchOrganization } = SERVICES.organizations.method;
const GZIP = 2;
const DEADLINE_EXCEEDED = 4;

let api: TestApi;
let token: string;

beforeAll(async () => {
  api = await startTestApi();
  token = await api.fetchToken();
});

afterAll(() => api.close());

interface Answered {
  readonly error: ServiceError | null;
  readonly bytes: Buffer | undefined;
  readonly trailers: Metadata;
}

/** One call of CreateOrganization by a client that was made with `options`. */
async function makeOrganization(displayName: string, options: ClientOptions = {}, deadlineMs = 20_000) {
  const client = new Client(api.origin.slice('http://'.length), credentials.createInsecure(), options);
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  const request = Buffer.from(
    toBinary(createMethod.input, create(createMethod.input, { organization: { displayName } })),
  );
  const same = (value: Buffer) => value;
  const answered = await new Promise<Answered>((resolve) => {
    let answer: Omit<Answered, 'trailers'> | undefined;
    let trailers: Metadata | undefined;
    const settle = () => answer && trailers && resolve({ ...answer, trailers });
    const deadline = Date.now() + deadlineMs;
    const path = rpcPathOf(createMethod);
    const call = client.makeUnaryRequest(path, same, same, request, metadata, { deadline }, (error, bytes) => {
      answer = { error, bytes };
      settle();
    });
    call.on('status', (status) => {
      trailers = status.metadata;
      settle();
    });
  });
  client.close();
  return answered;
}

describe('a plain gRPC client, as the SDKs of other languages are', () => {
  test('chooses the tabs of a portal link by `features`, and by the older `sso` and `directory_sync`', async () => {
    const { id } = await createOrganization(api.ctx, { displayName: 'Tabs' });
    const names = ['dir_sync', 'sso', 'domain_verification'] as const;
    await setFeatures(api.ctx, { id, features: names.map((name) => ({ name, enabled: true })) });
    const client = newGrpcClient(api.origin, token);
    const tabsOf = async (request: JsonObject) => {
      const outcome = await client.call(generatePortalLink, { id, ...request });
      const link = 'answer' in outcome ? (outcome.answer as { link: { id: string } }).link : expect.fail('Refused.');
      const session = await redeemLink(api.ctx, { token: link.id });
      return (await findVisit(api.ctx, { sessionId: session.sessionId, secret: session.secret })).features.toSorted();
    };
    expect(await tabsOf({})).toEqual(names.toSorted());
    expect(await tabsOf({ features: ['dir_sync'] })).toEqual(['dir_sync']);
    expect(await tabsOf({ features: ['sso', 'dir_sync'] })).toEqual(['dir_sync', 'sso']);
    expect(await tabsOf({ sso: true })).toEqual(['sso']);
    expect(await tabsOf({ directorySync: true })).toEqual(['dir_sync']);
    expect(await tabsOf({ sso: false })).toEqual(['dir_sync', 'domain_verification']);
    // Newer descriptors name this one; ours know its number only.
    expect(await tabsOf({ features: [3] })).toEqual(['domain_verification']);
    client.close();
  });

  test('cannot open a tab that the organization does not have', async () => {
    const { id } = await createOrganization(api.ctx, { displayName: 'Off' });
    const client = newGrpcClient(api.origin, token);
    const outcome = await client.call(generatePortalLink, { id, features: ['sso'] });
    client.close();
    const link = 'answer' in outcome ? (outcome.answer as { link: { id: string } }).link : expect.fail('Refused.');
    const session = await redeemLink(api.ctx, { token: link.id });
    expect((await findVisit(api.ctx, { sessionId: session.sessionId, secret: session.secret })).features).toEqual([]);
  });

  test('may compress what it sends', async () => {
    const name = 'Squeezed '.repeat(20).trim();
    const { error, bytes } = await makeOrganization(name, { 'grpc.default_compression_algorithm': GZIP });
    expect(error).toBeNull();
    expect(fromBinary(createMethod.output, bytes!).organization!.displayName).toBe(name);
  });

  test('finds the status of a refusal in trailers, with its ErrorInfo', async () => {
    const { error, trailers } = await makeOrganization('');
    expect(error).toMatchObject({ code: 3, details: 'organization.display_name must not be empty.' });
    expect(errorInfoOf(error!)).toMatchObject({ errorCode: 'VALIDATION_ERROR' });
    expect(trailers.get('grpc-status-details-bin')).toHaveLength(1);
  });

  test('gets a deadline that has passed as such, and nothing is half done', async () => {
    const { error } = await makeOrganization('Late', {}, -1);
    expect(error?.code).toBe(DEADLINE_EXCEEDED);
    const client = newGrpcClient(api.origin, token);
    const outcome = await client.call(searchOrganization, { query: 'Late' });
    client.close();
    expect(outcome).toMatchObject({ answer: {} });
    expect(JSON.stringify(outcome)).not.toContain('"Late"');
  });

  test('keeps its connection alive by pings, and makes its next call on it', async () => {
    const session = connect(api.origin);
    await new Promise((resolve, reject) => session.once('connect', resolve).once('error', reject));
    const ping = () =>
      new Promise<void>((resolve, reject) => {
        session.ping((error) => (error ? reject(error) : resolve()));
      });
    for (let count = 0; count < 20; count += 1) await ping();
    const status = await new Promise<unknown>((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': rpcPathOf(searchOrganization),
        'content-type': 'application/grpc',
        te: 'trailers',
        authorization: `Bearer ${token}`,
      });
      stream.on('trailers', (trailers) => resolve(trailers['grpc-status']));
      stream.on('error', reject);
      stream.resume();
      const message = toBinary(searchOrganization.input, create(searchOrganization.input, { query: 'acme' }));
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([prefix, message]));
    });
    session.close();
    expect(String(status)).toBe('0');
  });
});
