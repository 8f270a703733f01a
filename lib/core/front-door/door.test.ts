import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connectNodeAdapter, createGrpcTransport } from '@connectrpc/connect-node';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { OrganizationService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDoor } from './door.mjs';

const PUBLIC = 'http://gatehouse.example:8000';
const PUBLIC_HOST = 'gatehouse.example:8000';
const fixture = (name: string) => fs.readFileSync(path.join(import.meta.dirname, 'fixtures', name));
const TLS = { cert: fixture('localhost.cert.pem'), key: fixture('localhost.key.pem') };

type Options = Parameters<typeof createDoor>[0];
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const rpc = connectNodeAdapter({
  routes: (router) =>
    router.service(OrganizationService, {
      getOrganization: (_request, context) => ({
        organization: { id: 'org_1', displayName: context.requestHeader.get('x-forwarded-for') ?? '' },
      }),
    }),
});

/** Answers with what the door let through, so that a test sees who got the request and how. */
function echo(lane: string) {
  return (req: IncomingMessage, res: ServerResponse) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('error', () => res.destroy());
    req.on('end', () => {
      res.setHeader('content-type', 'application/json').setHeader('set-cookie', ['a=1', 'b=2']);
      const { method, url, headers, socket } = req;
      const size = Buffer.concat(chunks).length;
      res.end(JSON.stringify({ lane, method, url, headers, address: socket.remoteAddress, size }));
    });
  };
}

async function openDoor(options: Partial<Options> = {}) {
  const door = createDoor({
    host: '127.0.0.1',
    port: 0,
    publicOrigin: PUBLIC,
    lanes: { rpc, scim: echo('scim') },
    isScimLaneOn: true,
    handlePage: echo('next'),
    ...options,
  });
  const port = await door.listen();
  closers.push(() => door.close(0));
  return { door, port };
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

function send(
  port: number,
  url: string,
  options: http.RequestOptions & { body?: string | Buffer; secure?: boolean } = {},
): Promise<Answer> {
  const { body, secure = false, ...rest } = options;
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request({
      host: '127.0.0.1',
      port,
      path: url,
      agent: false,
      rejectUnauthorized: false,
      setHost: false,
      ...rest,
      headers: { host: PUBLIC_HOST, ...rest.headers },
    });
    request.on('error', reject);
    request.on('response', (res) => {
      let text = '';
      res.on('error', reject);
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
    });
    request.end(body);
  });
}

/** Everything the server says on a bare connection until it closes it. */
function sendRaw(port: number, chunks: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined).on('close', () => resolve(text));
    const [first, ...rest] = chunks;
    socket.write(first ?? '', () => writeNext(rest));
    const writeNext = (left: readonly string[]) => {
      const [chunk, ...others] = left;
      if (chunk !== undefined && !socket.destroyed) setImmediate(() => socket.write(chunk, () => writeNext(others)));
    };
  });
}

function callOrganization(origin: string) {
  const nodeOptions = { rejectUnauthorized: false };
  return createClient(OrganizationService, createGrpcTransport({ baseUrl: origin, nodeOptions })).getOrganization({
    identities: { case: 'id', value: 'org_1' },
  });
}

function requestHttp2(port: number, headers: http2.OutgoingHttpHeaders, body?: string): Promise<Answer> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  closers.push(async () => session.destroy());
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':authority': PUBLIC_HOST, ...headers }, { endStream: body === undefined });
    let text = '';
    let answer: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader = {};
    stream.on('response', (received) => (answer = received));
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    stream.on('error', reject);
    stream.on('end', () => resolve({ status: answer[':status'] ?? 0, headers: answer, text }));
    if (body !== undefined) stream.end(body);
  });
}

function newSignal() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

describe('the three lanes', () => {
  it('gives gRPC to lane 1, SCIM to lane 2 and the rest to Next, all on one port', async () => {
    const { port } = await openDoor();
    const { organization } = await callOrganization(`http://127.0.0.1:${port}`);
    expect(organization?.id).toBe('org_1');
    const scim = JSON.parse((await send(port, '/scim/v2/dir_1/Users?count=1')).text);
    expect(scim).toMatchObject({ lane: 'scim', url: '/scim/v2/dir_1/Users?count=1' });
    for (const url of ['/', '/scim/v1', '/healthz', '/dashboard', '/api/v1/organizations']) {
      expect(JSON.parse((await send(port, url)).text)).toMatchObject({ lane: 'next', url });
    }
  });

  it('leaves SCIM to Next when the lane is off', async () => {
    const { port } = await openDoor({ isScimLaneOn: false });
    expect(JSON.parse((await send(port, '/scim/v2/dir_1/Users')).text).lane).toBe('next');
  });

  it('recognises both protocols when bytes arrive one by one', async () => {
    const { port } = await openDoor();
    const http1 = await sendRaw(port, [
      ...`PUT / HTTP/1.1\r\nhost: ${PUBLIC_HOST}\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi`,
    ]);
    expect(http1).toMatch(/^HTTP\/1\.1 200/);
    expect(http1).toContain('"size":2');
    const http2Reply = await sendRaw(port, [...'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'nonsense-that-is-no-frame']);
    // A settings frame: length, then type 4.
    expect(http2Reply.charCodeAt(3)).toBe(4);
    expect(JSON.parse((await send(port, '/')).text).lane).toBe('next');
  });

  it('keeps the address of the client on every lane, whatever the client claims', async () => {
    const { port } = await openDoor();
    const headers = {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=203.0.113.9',
    };
    for (const url of ['/scim/v2/x/Users', '/dashboard']) {
      const seen = JSON.parse((await send(port, url, { headers })).text);
      expect(seen.address).toBe('127.0.0.1');
      expect(seen.headers).toMatchObject({
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-host': PUBLIC_HOST,
        'x-forwarded-proto': 'http',
        'x-forwarded-port': '8000',
      });
      expect(seen.headers.forwarded).toBeUndefined();
    }
    const { organization } = await callOrganization(`http://127.0.0.1:${port}`);
    expect(organization?.displayName).toBe('127.0.0.1');
  });

  it('answers pages and SCIM over HTTP/2 as well', async () => {
    const { port } = await openDoor();
    const page = await requestHttp2(
      port,
      { ':path': '/dashboard', ':method': 'POST', cookie: 'a=1' },
      'x'.repeat(200_000),
    );
    expect(page.status).toBe(200);
    expect(page.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(JSON.parse(page.text)).toMatchObject({ lane: 'next', size: 200_000, address: '127.0.0.1' });
    const scim = await requestHttp2(port, { ':path': '/scim/v2/dir_1/Users' });
    expect(JSON.parse(scim.text)).toMatchObject({ lane: 'scim', method: 'GET', headers: { host: PUBLIC_HOST } });
    const foreign = await requestHttp2(port, { ':path': '/dashboard', ':authority': 'evil.example' });
    expect(foreign.status).toBe(421);
  });

  it('answers a request that offers an upgrade to h2c as the plain request it is', async () => {
    const { port } = await openDoor();
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' };
    expect((await send(port, '/keys', { headers })).status).toBe(200);
  });

  it('passes web sockets on in development only for hosts that it answers', async () => {
    const { port } = await openDoor({
      handleUpgrade: (_req, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    });
    const ask = (host: string) =>
      sendRaw(port, [`GET /_next/hmr HTTP/1.1\r\nhost: ${host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n`]);
    expect(await ask(PUBLIC_HOST)).toMatch(/^HTTP\/1\.1 101/);
    expect(await ask('evil.example')).toBe('');
  });
});

describe('TLS', () => {
  it('speaks gRPC and HTTP/1.1 on the same port by certificate', async () => {
    const { port } = await openDoor({ tls: TLS, publicOrigin: 'https://localhost:9' });
    const { organization } = await callOrganization(`https://localhost:${port}`);
    expect(organization?.id).toBe('org_1');
    const page = await send(port, '/dashboard', { secure: true, headers: { host: 'localhost:9' } });
    expect(JSON.parse(page.text)).toMatchObject({ lane: 'next', headers: { 'x-forwarded-proto': 'https' } });
  });

  it('survives plain text on a TLS port', async () => {
    const { port } = await openDoor({ tls: TLS, publicOrigin: 'https://localhost:9' });
    await sendRaw(port, ['GET / HTTP/1.1\r\n\r\n']);
    expect((await send(port, '/healthz', { secure: true })).status).toBe(200);
  });
});

describe('hosts', () => {
  it('refuses a host that is not its own with 421, in the shape that the reader expects, naming GATEHOUSE_URL', async () => {
    const { port } = await openDoor();
    const host = { host: 'evil.example' };
    const page = await send(port, '/login', { headers: { ...host, accept: 'text/html' } });
    expect([page.status, page.headers['content-type']]).toEqual([421, 'text/html; charset=utf-8']);
    const text = await send(port, '/login', { headers: host });
    expect([text.status, text.headers['content-type']]).toEqual([421, 'text/plain; charset=utf-8']);
    const scim = await send(port, '/scim/v2/dir_1/Users', { headers: host });
    expect([scim.status, scim.headers['content-type']]).toEqual([421, 'application/scim+json; charset=utf-8']);
    expect(JSON.parse(scim.text)).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '421',
    });
    const api = await send(port, '/api/v1/organizations', { headers: host });
    expect([api.status, JSON.parse(api.text).error_code]).toEqual([421, 'FAILED_PRECONDITION']);
    for (const answer of [page, text, scim, api]) {
      expect(answer.text).toContain('GATEHOUSE_URL');
      expect(answer.text).toContain(PUBLIC_HOST);
    }
  });

  it('tells a gRPC client about a wrong host in its own words', async () => {
    const { port } = await openDoor();
    const answer = await requestHttp2(port, {
      ':method': 'POST',
      ':path': '/scalekit.v1.organizations.OrganizationService/GetOrganization',
      ':authority': 'evil.example',
      'content-type': 'application/grpc',
    });
    expect(answer.headers['grpc-status']).toBe('9');
    expect(decodeURIComponent(String(answer.headers['grpc-message']))).toContain('GATEHOUSE_URL');
  });

  it('sends browser pages on loopback names to the public address, and answers programs there', async () => {
    const { port } = await openDoor();
    for (const host of ['localhost:1234', '127.0.0.1:8000', '[::1]:8000']) {
      const page = await send(port, '/dashboard?a=1', { headers: { host }, method: 'POST', body: 'x' });
      expect([page.status, page.headers.location]).toEqual([307, `${PUBLIC}/dashboard?a=1`]);
      for (const url of [
        '/scim/v2/x/Users',
        '/api/v1/x',
        '/oauth/token',
        '/keys',
        '/.well-known/x',
        '/scalekit.v1.a.B/C',
        '/healthz',
      ]) {
        expect((await send(port, url, { headers: { host } })).status).toBe(200);
      }
    }
  });

  it('does not take a page for a program because its path begins alike', async () => {
    const { port } = await openDoor();
    for (const url of ['/keystone', '/api/v10/x', '/healthz/x', '//scim/v2/x']) {
      expect((await send(port, url, { headers: { host: 'localhost' } })).status).toBe(307);
    }
  });

  it('answers the health check on any host', async () => {
    const { port } = await openDoor();
    expect((await send(port, '/healthz', { headers: { host: '10.1.2.3:8000' } })).status).toBe(200);
  });

  it('refuses a request without a host or with a foreign target', async () => {
    const { port } = await openDoor();
    expect(await sendRaw(port, ['GET / HTTP/1.0\r\n\r\n'])).toMatch(/^HTTP\/1\.1 400/);
    expect(
      await sendRaw(port, [`GET http://evil.example/ HTTP/1.1\r\nhost: ${PUBLIC_HOST}\r\nconnection: close\r\n\r\n`]),
    ).toMatch(/^HTTP\/1\.1 400/);
  });
});

describe('limits', () => {
  it('refuses an announced body over the cap before reading it, and lets the sender see why', async () => {
    const { port } = await openDoor();
    const scim = await send(port, '/scim/v2/dir_1/Users', { method: 'POST', body: Buffer.alloc(17 * 1024 * 1024) });
    expect([scim.status, JSON.parse(scim.text).status]).toEqual([413, '413']);
    const page = await send(port, '/dashboard', { method: 'POST', body: Buffer.alloc(6 * 1024 * 1024) });
    expect(page.status).toBe(413);
    const fits = await send(port, '/scim/v2/dir_1/Users', { method: 'POST', body: Buffer.alloc(6 * 1024 * 1024) });
    expect(JSON.parse(fits.text).size).toBe(6 * 1024 * 1024);
  });

  it('does not ask for the body when the sender asks first', async () => {
    const { port } = await openDoor({ timeouts: { lingerMs: 50 } });
    const head = (length: number) =>
      `POST /dashboard HTTP/1.1\r\nhost: ${PUBLIC_HOST}\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`;
    const refused = await sendRaw(port, [head(6_000_000)]);
    expect(refused).toMatch(/^HTTP\/1\.1 413/);
    expect(await sendRaw(port, [head(2), 'hi'])).toMatch(/^HTTP\/1\.1 100[^]*HTTP\/1\.1 200/);
  });

  it('cuts a body of unknown length at the cap', async () => {
    const { port } = await openDoor({ timeouts: { lingerMs: 50 } });
    const headers = { 'transfer-encoding': 'chunked' };
    const fits = await send(port, '/dashboard', { method: 'POST', headers, body: Buffer.alloc(1024 * 1024) });
    expect(JSON.parse(fits.text).size).toBe(1024 * 1024);
    const refused = await send(port, '/dashboard', { method: 'POST', headers, body: Buffer.alloc(6 * 1024 * 1024) });
    expect(refused.status).toBe(413);
  });

  it('refuses an announced call over the cap with a gRPC status', async () => {
    const { port } = await openDoor();
    const sizeBytes = 6 * 1024 * 1024;
    const headers = {
      ':method': 'POST',
      ':path': '/scalekit.v1.organizations.OrganizationService/GetOrganization',
      'content-type': 'application/grpc',
      'content-length': String(sizeBytes),
    };
    const answer = await requestHttp2(port, headers, 'x'.repeat(sizeBytes));
    expect(answer.headers['grpc-status']).toBe('8');
  });

  it('closes a connection that never says what it is', async () => {
    const { port } = await openDoor({ timeouts: { peekMs: 30 } });
    expect(await sendRaw(port, ['P'])).toBe('');
    expect(await sendRaw(port, [''])).toBe('');
  });

  it('closes a connection that never finishes its headers', async () => {
    const { port } = await openDoor({ timeouts: { headersMs: 60 } });
    expect(await sendRaw(port, ['GET / HTTP/1.1\r\nhost: x\r\n'])).toMatch(/^HTTP\/1\.1 408/);
  });

  it('answers nonsense with 400 and headers without end with 431, and lives on', async () => {
    const { port } = await openDoor();
    expect(await sendRaw(port, ['\x16\x03\x01 nonsense\r\n\r\n'])).toMatch(/^HTTP\/1\.1 400/);
    expect(await sendRaw(port, [`GET / HTTP/1.1\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`])).toMatch(/^HTTP\/1\.1 431/);
    expect((await send(port, '/healthz')).status).toBe(200);
  });
});

describe('faults', () => {
  it('answers 500 in the shape of the surface when a handler throws, and lives on', async () => {
    const fail = () => {
      throw new Error('expected in this test');
    };
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { port } = await openDoor({ lanes: { rpc: fail, scim: fail }, handlePage: async () => fail() });
    const scim = await send(port, '/scim/v2/x/Users');
    expect([scim.status, JSON.parse(scim.text).status]).toEqual([500, '500']);
    const page = await send(port, '/dashboard');
    expect(page.status).toBe(500);
    expect(page.text).not.toContain('expected in this test');
    const call = callOrganization(`http://127.0.0.1:${port}`);
    await expect(call).rejects.toSatisfy((error) => error instanceof ConnectError && error.code === Code.Internal);
    expect(log).toHaveBeenCalledTimes(3);
    log.mockRestore();
  });
});

describe('closing', () => {
  it('lets a running request end, refuses new connections, and takes no longer', async () => {
    const { promise: started, resolve: start } = newSignal();
    let end: (() => void) | undefined;
    let drained = 0;
    const { door, port } = await openDoor({
      lanes: { rpc, scim: echo('scim'), drain: () => (drained += 1) },
      handlePage: (_req, res) => {
        end = () => res.end('done');
        start();
      },
    });
    const idle = net.connect(port, '127.0.0.1');
    idle.on('error', () => undefined);
    const agent = new http.Agent({ keepAlive: true });
    const running = send(port, '/slow', { agent });
    await started;
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const goaway = new Promise((resolve) => session.on('goaway', resolve));
    await new Promise((resolve) => session.on('remoteSettings', resolve));
    const closing = door.close(20_000);
    expect(drained).toBe(1);
    await goaway;
    await expect(send(port, '/')).rejects.toThrow(/ECONNREFUSED/);
    end?.();
    expect((await running).text).toBe('done');
    await closing;
    agent.destroy();
  });

  it('cuts what does not end in time', async () => {
    const { promise: started, resolve: start } = newSignal();
    const { door, port } = await openDoor({
      handlePage: (_req, res) => {
        res.write('begun');
        start();
      },
    });
    const running = send(port, '/never').catch((error: Error) => error.message);
    await started;
    const [result] = await Promise.all([running, door.close(50)]);
    expect(result).toMatch(/aborted|ECONNRESET/);
  });
});
