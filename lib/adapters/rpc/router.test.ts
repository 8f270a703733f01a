import { create, fromBinary, fromJson, toBinary } from '@bufbuild/protobuf';
import type { DescMethodUnary, JsonValue, Message } from '@bufbuild/protobuf';
import { ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { findTrailerError } from '@connectrpc/connect/protocol-grpc';
import { Client, Metadata, credentials } from '@grpc/grpc-js';
import type { CallOptions, ServiceError } from '@grpc/grpc-js';
import { ScalekitClient } from '@scalekit-sdk/node';
import { DirectoryService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import type { ErrorInfo } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js';
import { ErrorInfoSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js';
import { OrganizationService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { gzipSync } from 'node:zlib';
import { connect } from 'node:http2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rpcPathOf } from './descriptors';
import { GOOD_TOKEN, fakeAuthenticate, fakeServices, startTestServer } from './testing';
import type { TestServer } from './testing';

const NOT_FOUND = 5;
const INVALID_ARGUMENT = 3;
const RESOURCE_EXHAUSTED = 8;
const UNIMPLEMENTED = 12;
const UNAUTHENTICATED = 16;
const DEADLINE_EXCEEDED = 4;
const { createOrganization, getOrganization, searchOrganization, listOrganization } = OrganizationService.method;

let server: TestServer;
let tokens: string[];
let sdk: ScalekitClient;
let grpc: Client;

beforeEach(async () => {
  tokens = [];
  const issueToken = (): string => {
    tokens.push(GOOD_TOKEN);
    return GOOD_TOKEN;
  };
  server = await startTestServer({ authenticate: fakeAuthenticate, services: fakeServices() }, issueToken);
  sdk = new ScalekitClient(server.origin, 'skc_1', 'secret');
  grpc = new Client(server.origin.slice('http://'.length), credentials.createInsecure());
});

afterEach(async () => {
  grpc.close();
  await server.close();
});

interface GrpcAnswer {
  message?: Message;
  error?: ServiceError;
  headers?: Metadata;
}

/** One call by a client that knows nothing of this project or of Connect. */
function callGrpc(
  path: string,
  bytes: Uint8Array,
  options: CallOptions & { token?: string } = {},
): Promise<{ bytes?: Buffer; error?: ServiceError; headers?: Metadata }> {
  const metadata = new Metadata();
  if (options.token !== '') metadata.set('authorization', `Bearer ${options.token ?? GOOD_TOKEN}`);
  return new Promise((resolve) => {
    let headers: Metadata | undefined;
    const call = grpc.makeUnaryRequest(
      path,
      (value: Buffer) => value,
      (value: Buffer) => value,
      Buffer.from(bytes),
      metadata,
      options,
      (error, value) => resolve({ bytes: value, error: error ?? undefined, headers }),
    );
    call.on('metadata', (received: Metadata) => {
      headers = received;
    });
  });
}

async function callMethod(
  method: DescMethodUnary,
  request: Record<string, unknown>,
  options?: CallOptions & { token?: string },
): Promise<GrpcAnswer> {
  const bytes = toBinary(method.input, create(method.input, request));
  const answer = await callGrpc(rpcPathOf(method), bytes, options);
  return { ...answer, message: answer.bytes && fromBinary(method.output, answer.bytes) };
}

/** The ErrorInfo in the `google.rpc.Status` of the trailers. */
function errorInfoOf(error: ServiceError | undefined): ErrorInfo {
  const [status] = error?.metadata.get('grpc-status-details-bin') ?? [];
  const trailer = new Headers({
    'grpc-status': String(error?.code),
    'grpc-status-details-bin': Buffer.from(status ?? '').toString('base64'),
  });
  const info = findTrailerError(trailer)?.findDetails(ErrorInfoSchema)[0];
  if (!info) throw new Error('The error carries no ErrorInfo.');
  return info;
}

async function callConnect(path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const response = await fetch(server.origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${GOOD_TOKEN}`, ...headers },
    body,
  });
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as Record<string, unknown>,
  };
}

async function callRest(verb: string, path: string, body?: object) {
  const response = await fetch(`${server.origin}/api/v1${path}`, {
    method: verb,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${GOOD_TOKEN}` },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

describe('the unmodified SDK', () => {
  it('calls without a token, fetches one on 16, and succeeds', async () => {
    const { organization } = await sdk.organization.createOrganization('Acme', { externalId: 'acme' });
    expect(organization).toMatchObject({ id: 'org_1', displayName: 'Acme', externalId: 'acme' });
    expect((await sdk.organization.getOrganizationByExternalId('org_1')).organization?.displayName).toBe('Acme');
    expect(tokens).toHaveLength(1);
  });

  it('gets a portal link with its expiry as a timestamp', async () => {
    const link = await sdk.organization.generatePortalLink('org_1');
    expect(link.location).toContain('/magicLink/');
    expect(link.expireTime?.seconds).toBe(60n);
  });

  it.each([
    [
      'an unknown id',
      () => sdk.organization.getOrganization('org_404'),
      'ScalekitNotFoundException',
      'RESOURCE_NOT_FOUND',
    ],
    [
      'a request against the rules',
      () => sdk.organization.createOrganization(''),
      'ScalekitValidateException|ScalekitBadRequestException',
      'VALIDATION_ERROR',
    ],
    [
      'a rate limit',
      () => sdk.organization.searchOrganization('acme', 5),
      'ScalekitTooManyRequestsException',
      'RATE_LIMITED',
    ],
    ['a method that is not built', () => sdk.role.listRoles(), 'ScalekitNotImplementedException', 'UNIMPLEMENTED'],
    [
      'a service that is not built',
      () => sdk.session.getSession('ses_1'),
      'ScalekitNotImplementedException',
      'UNIMPLEMENTED',
    ],
  ])('throws its typed exception with our error code for %s', async (_, call, name, errorCode) => {
    const error = (await call().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )) as { errorCode?: string; unpackedDetails?: unknown[] };
    expect(error.constructor.name).toMatch(new RegExp(name));
    expect(error.errorCode).toBe(errorCode);
    expect(error.unpackedDetails).toHaveLength(1);
  });

  it('throws its time-out exception when a call outlasts its deadline', async () => {
    const hasty = new ScalekitClient(server.origin, 'skc_1', 'secret', { timeoutMs: 300 });
    const error = (await hasty.directory.listDirectories('org_1').then(
      () => undefined,
      (thrown: unknown) => thrown,
    )) as Error;
    expect(error.constructor.name).toBe('ScalekitGatewayTimeoutException');
  });
});

describe('a generic gRPC client', () => {
  it('gets messages, real trailers and a request id', async () => {
    const answer = await callMethod(createOrganization, { organization: { displayName: 'Acme' } });
    expect(answer.error).toBeUndefined();
    expect(answer.message).toMatchObject({ organization: { id: 'org_1' } });
    expect(answer.headers?.get('x-request-id')[0]).toMatch(/^req_\d+$/);
  });

  it('gets 16 without a token, whatever its message holds', async () => {
    const { error } = await callMethod(createOrganization, {}, { token: '' });
    expect(error?.code).toBe(UNAUTHENTICATED);
    expect(errorInfoOf(error).errorCode).toBe('UNAUTHENTICATED');
    const large = await callGrpc(rpcPathOf(createOrganization), new Uint8Array(6 * 1024 * 1024), { token: 'bad' });
    expect(large.error?.code).toBe(UNAUTHENTICATED);
  });

  it.each([
    '/scalekit.v1.organizations.OrganizationService/Nothing',
    '/scalekit.v1.planets.PlanetService/List',
    '/nonsense',
  ])('gets 12 for %s, which names no method', async (path) => {
    const { error } = await callGrpc(path, new Uint8Array(1000));
    expect(error?.code).toBe(UNIMPLEMENTED);
    expect(errorInfoOf(error).errorCode).toBe('UNIMPLEMENTED');
  });

  it('gets 8 for a message that is too large, and may go on with the connection', async () => {
    const { error } = await callMethod(createOrganization, {
      organization: { displayName: 'x'.repeat(10 * 1024 * 1024) },
    });
    expect(error?.code).toBe(RESOURCE_EXHAUSTED);
    expect((await callMethod(listOrganization, {})).error).toBeUndefined();
  });

  it('gets 3 with an ErrorInfo for bytes that are not the message', async () => {
    const { error } = await callGrpc(rpcPathOf(createOrganization), Uint8Array.from([0x0a, 0x7f, 0x01]));
    expect(error?.code).toBe(INVALID_ARGUMENT);
    expect(errorInfoOf(error).errorCode).toBe('VALIDATION_ERROR');
  });

  it('gets field violations', async () => {
    const { error } = await callMethod(searchOrganization, { query: 'ab' });
    expect(error?.code).toBe(INVALID_ARGUMENT);
    expect(errorInfoOf(error).validationErrorInfo?.fieldViolations[0]).toMatchObject({
      field: 'query',
      constraint: 'string.min_len',
    });
  });

  it('has its deadline honoured', async () => {
    const { error } = await callMethod(
      DirectoryService.method.listDirectories,
      { organizationId: 'org_1' },
      { deadline: Date.now() + 200 },
    );
    expect(error?.code).toBe(DEADLINE_EXCEEDED);
  });

  it('is told 4 by the server itself once its deadline has passed', async () => {
    const { listDirectories } = DirectoryService.method;
    const body = toBinary(listDirectories.input, create(listDirectories.input, { organizationId: 'org_1' }));
    const answer = await callRaw(Buffer.from(body), { ':path': rpcPathOf(listDirectories), 'grpc-timeout': '100m' }, 0);
    expect(answer.status).toBe(String(DEADLINE_EXCEEDED));
  });

  it('may compress its messages', async () => {
    const name = 'Acme '.repeat(30).trim();
    const body = gzipSync(
      toBinary(createOrganization.input, create(createOrganization.input, { organization: { displayName: name } })),
    );
    const answer = await callRaw(body, { 'grpc-encoding': 'gzip' }, 1);
    expect(answer.status).toBe('0');
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
    expect((await callRaw(bomb, { 'grpc-encoding': 'gzip' }, 1)).status).toBe(String(RESOURCE_EXHAUSTED));
  });
});

/** One gRPC call by hand, for what clients do not let us send. */
function callRaw(message: Buffer, headers: Record<string, string>, flags: number): Promise<{ status?: string }> {
  const session = connect(server.origin);
  return new Promise((resolve, reject) => {
    session.on('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': rpcPathOf(createOrganization),
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: `Bearer ${GOOD_TOKEN}`,
      ...headers,
    });
    stream.on('trailers', (trailers) => resolve({ status: String(trailers['grpc-status']) }));
    stream.on('error', reject);
    stream.on('close', () => session.close());
    stream.resume();
    const prefix = Buffer.alloc(5);
    prefix.writeUInt8(flags, 0);
    prefix.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([prefix, message]));
  });
}

describe('the Connect protocol over HTTP/1.1', () => {
  it('speaks camelCase JSON', async () => {
    const { status, json } = await callConnect(
      rpcPathOf(createOrganization),
      '{"organization":{"display_name":"Acme"}}',
    );
    expect(status).toBe(200);
    expect(json).toMatchObject({ organization: { displayName: 'Acme', createTime: '2023-11-14T22:13:20Z' } });
  });

  it.each([
    ['malformed JSON', '{"organization":', 400, 'invalid_argument'],
    ['an unknown field', '{"organization":{"displayName":"Acme"},"colour":"red"}', 400, 'invalid_argument'],
    ['a wrong type', '{"organization":{"displayName":5}}', 400, 'invalid_argument'],
    [
      'a body that is too large',
      `{"organization":{"displayName":"${'x'.repeat(5_000_000)}"}}`,
      429,
      'resource_exhausted',
    ],
  ])('refuses %s with an ErrorInfo', async (_, body, status, code) => {
    const answer = await callConnect(rpcPathOf(createOrganization), body);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ code, details: [{ type: ErrorInfoSchema.typeName }] });
  });

  it('refuses malformed protobuf as the caller’s mistake', async () => {
    const answer = await callConnect(rpcPathOf(createOrganization), Uint8Array.from([0x0a, 0x7f]), {
      'content-type': 'application/proto',
    });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'invalid_argument' });
  });

  it('answers "unimplemented" for a path that names no method', async () => {
    const answer = await callConnect('/scalekit.v1.planets.PlanetService/List', '{}');
    expect([answer.status, answer.json['code']]).toEqual([404, 'unimplemented']);
  });

  it('carries gRPC too, with the trailers as headers', async () => {
    const response = await fetch(server.origin + rpcPathOf(getOrganization), {
      method: 'POST',
      headers: { 'content-type': 'application/grpc', authorization: `Bearer ${GOOD_TOKEN}` },
      body: Uint8Array.from([0, 0, 0, 0, 0]),
    });
    expect(response.headers.get('grpc-status')).toBe(String(NOT_FOUND));
    expect(response.headers.get('grpc-status-details-bin')).toBeTruthy();
  });
});

describe('gRPC, Connect and REST', () => {
  const cases = [
    {
      name: 'a creation',
      method: createOrganization,
      request: { organization: { displayName: 'Acme', externalId: 'acme', metadata: { plan: 'gold' } } },
      rest: ['POST', '/organizations', { display_name: 'Acme', external_id: 'acme', metadata: { plan: 'gold' } }],
    },
    {
      name: 'an id that does not exist',
      method: getOrganization,
      request: { identities: { case: 'id', value: 'org_404' } },
      json: { id: 'org_404' },
      rest: ['GET', '/organizations/org_404'],
    },
    {
      name: 'a violation',
      method: createOrganization,
      request: { organization: { displayName: 'x'.repeat(201), slug: 'No!' } },
      rest: ['POST', '/organizations', { display_name: 'x'.repeat(201), slug: 'No!' }],
    },
    {
      name: 'a rate limit',
      method: searchOrganization,
      request: { query: 'acme' },
      rest: ['GET', '/organizations:search?query=acme'],
    },
    {
      name: 'a page size above the maximum',
      method: listOrganization,
      request: { pageSize: 5000 },
      rest: ['GET', '/organizations?page_size=5000'],
    },
    {
      name: 'a method that is not built',
      method: OrganizationService.method.getOrganizationSessionPolicy,
      request: { organizationId: 'org_1' },
      rest: ['GET', '/organizations/org_1/session-policy'],
    },
    {
      name: 'a fault of ours',
      method: DirectoryService.method.getDirectory,
      request: { organizationId: 'org_1', id: 'dir_1' },
      rest: ['GET', '/organizations/org_1/directories/dir_1'],
    },
  ] as const;

  it.each(cases)('answer alike: $name', async (example) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const {
      method,
      request,
      rest: [verb, path, body],
    } = example;
    const viaGrpc = await callMethod(method, request);
    await startAfresh();
    const viaConnect = await callConnect(rpcPathOf(method), JSON.stringify('json' in example ? example.json : request));
    await startAfresh();
    const viaRest = await callRest(verb, path, body);
    if (viaGrpc.error) {
      const info = errorInfoOf(viaGrpc.error);
      const violations = info.validationErrorInfo?.fieldViolations.map(({ field }) => field);
      const [detail] = viaConnect.json['details'] as { value: string }[];
      const connectInfo = fromBinary(ErrorInfoSchema, Buffer.from(detail?.value ?? '', 'base64'));
      expect(connectInfo.errorCode).toBe(info.errorCode);
      expect(connectInfo.validationErrorInfo?.fieldViolations.map(({ field }) => field)).toEqual(violations);
      expect(viaRest.json).toMatchObject({ code: viaGrpc.error.code, error_code: info.errorCode });
      const restInfo = viaRest.json['validation_error_info'] as { field_violations: { field: string }[] } | undefined;
      expect(restInfo?.field_violations.map(({ field }) => field)).toEqual(violations);
      expect(withoutIds(viaRest.json['message'])).toBe(withoutIds(viaGrpc.error.details));
      expect(withoutIds(viaConnect.json['message'])).toBe(withoutIds(viaGrpc.error.details));
    } else {
      expect(fromJson(method.output, viaConnect.json as JsonValue)).toEqual(viaGrpc.message);
      expect(fromJson(method.output, viaRest.json as JsonValue)).toEqual(viaGrpc.message);
    }
    log.mockRestore();
  });

  /** The same server without what an earlier call created. */
  async function startAfresh(): Promise<void> {
    await server.close();
    const options = { authenticate: fakeAuthenticate, services: fakeServices() };
    server = await startTestServer(options, () => GOOD_TOKEN);
  }

  function withoutIds(text: unknown): string {
    return String(text).replace(/req_\d+/g, 'req');
  }
});

describe('every protocol', () => {
  it.each([
    [
      'Connect in binary',
      () => createConnectTransport({ baseUrl: server.origin, httpVersion: '1.1', useBinaryFormat: true }),
    ],
    [
      'Connect in JSON over h2c',
      () => createConnectTransport({ baseUrl: server.origin, httpVersion: '2', useBinaryFormat: false }),
    ],
    ['gRPC-web', () => createGrpcWebTransport({ baseUrl: server.origin, httpVersion: '1.1' })],
    ['gRPC', () => createGrpcTransport({ baseUrl: server.origin })],
  ])('answers with a token and refuses without one: %s', async (_, makeTransport) => {
    const client = createClient(OrganizationService, makeTransport());
    const headers = { authorization: `Bearer ${GOOD_TOKEN}`, 'x-request-id': 'req-7' };
    expect((await client.generatePortalLink({ id: 'org_1' }, { headers })).link?.id).toBe('org_1');
    const error = await client
      .generatePortalLink({ id: 'org_1' })
      .catch((thrown: unknown) => ConnectError.from(thrown));
    expect(error).toMatchObject({ code: UNAUTHENTICATED });
    expect(error instanceof ConnectError && error.findDetails(ErrorInfoSchema)[0]?.errorCode).toBe('UNAUTHENTICATED');
  });
});

describe('a caller that hangs up', () => {
  it('leaves the server able to serve others', async () => {
    const session = connect(server.origin);
    const stream = session.request({
      ':method': 'POST',
      ':path': rpcPathOf(createOrganization),
      'content-type': 'application/grpc',
    });
    stream.on('error', () => undefined);
    stream.write(Buffer.alloc(3));
    await new Promise((resolve) => session.once('remoteSettings', resolve));
    session.destroy();
    expect((await callMethod(listOrganization, {})).error).toBeUndefined();
  });
});
