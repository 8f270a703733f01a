import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readAddressRules } from '@/lib/core/safe-url';
import { createSender, type LookUp, type Sender } from './send';

const LOOPBACK = readAddressRules(['127.0.0.0/8']);
const NOTHING = readAddressRules([]);
const CERTIFICATES = path.join(process.cwd(), 'lib/core/front-door/fixtures');

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const serve = (answer: RequestListener) => {
  const server = createServer(answer);
  closing.push(() => server.closeAllConnections());
  return listen(server);
};

function sender(...args: Parameters<typeof createSender>): Sender {
  const made = createSender(...args);
  closing.push(() => made.close());
  return made;
}

const post = (via: Sender, url: string) => via.send(url, { 'content-type': 'application/json' }, '{"a":1}');

describe('a request', () => {
  test('arrives with its body and headers, and the connection is used again', async () => {
    const sockets = new Set<unknown>();
    const bodies: string[] = [];
    const port = await serve((request, response) => {
      sockets.add(request.socket);
      request.on('data', (chunk: Buffer) =>
        bodies.push(`${request.method} ${request.headers['content-type']} ${chunk}`),
      );
      request.on('end', () => response.end('thanks'));
    });
    const via = sender(LOOPBACK);
    expect(await post(via, `http://127.0.0.1:${port}/`)).toMatchObject({ status: 200, error: null, answer: 'thanks' });
    expect(await post(via, `http://127.0.0.1:${port}/`)).toMatchObject({ status: 200, error: null });
    expect(bodies).toEqual(Array.from({ length: 2 }, () => 'POST application/json {"a":1}'));
    expect(sockets.size).toBe(1);
  });

  test('is made again when a kept connection turns out to be closed', async () => {
    let count = 0;
    const port = await serve((request, response) => {
      count += 1;
      if (count === 2) request.socket.destroy();
      else response.end();
    });
    const via = sender(LOOPBACK);
    await post(via, `http://127.0.0.1:${port}/`);
    expect(await post(via, `http://127.0.0.1:${port}/`)).toMatchObject({ status: 200, error: null });
    expect(count).toBe(3);
  });

  test('ends in time when the answer drips byte by byte', async () => {
    const port = await serve((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const { status, error, latencyMs } = await post(sender(LOOPBACK, { timeoutMs: 300 }), `http://127.0.0.1:${port}/`);
    expect({ status, error }).toEqual({ status: 200, error: 'The answer did not end within 0.3 seconds.' });
    expect(latencyMs).toBeLessThan(2000);
  });

  test('ends in time when the headers drip, and when nothing is ever said', async () => {
    const port = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('HTTP/1.1 200 OK\r\n');
        const drip = setInterval(() => socket.write('X'), 20);
        socket.on('close', () => clearInterval(drip));
      }),
    );
    const silent = await listen(createTcpServer((socket) => void socket.on('error', () => undefined)));
    const via = sender(LOOPBACK, { timeoutMs: 300 });
    const results = await Promise.all([port, silent].map((one) => post(via, `http://127.0.0.1:${one}/`)));
    expect(results.map(({ error }) => error)).toEqual(Array.from({ length: 2 }, () => 'No answer within 0.3 seconds.'));
  });

  test('does not follow a redirect', async () => {
    let isReached = false;
    const target = await serve((_, response) => {
      isReached = true;
      response.end();
    });
    const port = await serve((_, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${target}/` }).end(),
    );
    expect(await post(sender(LOOPBACK), `http://127.0.0.1:${port}/`)).toMatchObject({
      status: 307,
      error: expect.stringContaining('redirect'),
    });
    expect(isReached).toBe(false);
  });

  test('is not made over TLS that cannot be trusted', async () => {
    let isReached = false;
    const server = createTlsServer(
      {
        cert: readFileSync(path.join(CERTIFICATES, 'localhost.cert.pem')),
        key: readFileSync(path.join(CERTIFICATES, 'localhost.key.pem')),
      },
      () => {
        isReached = true;
      },
    );
    const port = await listen(server);
    const { status, error } = await post(sender(LOOPBACK), `https://127.0.0.1:${port}/`);
    expect(status).toBeNull();
    expect(error).toContain('TLS certificate');
    expect(isReached).toBe(false);
  });

  test('fails in words when there is no TLS, no HTTP, and nobody', async () => {
    const plain = await listen(createTcpServer((socket) => socket.on('error', () => undefined).end('hello\r\n\r\n')));
    const via = sender(LOOPBACK);
    expect((await post(via, `http://127.0.0.1:${plain}/`)).error).toBe('The answer was not HTTP.');
    expect((await post(via, `https://127.0.0.1:${plain}/`)).error).toMatch(/TLS|closed/);
    expect((await post(via, 'http://127.0.0.1:1/')).error).toBe(
      'Nothing listens at this address: the connection was refused.',
    );
  });
});

describe('the address of a connection', () => {
  const answering = async (lookUp: LookUp) => {
    let count = 0;
    const port = await serve((_, response) => {
      count += 1;
      // A connection for each request, so that each is judged.
      response.setHeader('connection', 'close').end();
    });
    return { port, reached: () => count, via: (rules = NOTHING) => sender(rules, { lookUp }) };
  };

  test('is refused when the name resolves to a private one, however it resolved before', async () => {
    const answers = ['93.184.215.14', '127.0.0.1', '169.254.169.254'];
    const rebound = await answering(async () => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }]);
    answers.shift();
    const via = rebound.via();
    expect((await post(via, `https://rebind.example.com:${rebound.port}/`)).error).toContain(
      '127.0.0.1 is a private address',
    );
    expect((await post(via, `https://rebind.example.com:${rebound.port}/`)).error).toContain('never called');
    expect(rebound.reached()).toBe(0);
  });

  test('is judged again for each connection, also of a name that was allowed a moment ago', async () => {
    let address = '127.0.0.1';
    const moving = await answering(async () => [{ address, family: 4 }]);
    const via = moving.via(LOOPBACK);
    expect(await post(via, `http://app.example.com:${moving.port}/`)).toMatchObject({ error: null });
    address = '10.0.0.1';
    expect((await post(via, `http://app.example.com:${moving.port}/`)).error).toContain(
      '10.0.0.1 is a private address',
    );
    expect(moving.reached()).toBe(1);
  });

  test('is refused when one of several is private', async () => {
    const both = await answering(async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '::ffff:10.0.0.1', family: 6 },
    ]);
    expect((await post(both.via(), `https://app.example.com:${both.port}/`)).error).toContain('private address');
  });

  test('is refused when it is written into the URL', async () => {
    const via = sender(NOTHING);
    for (const host of ['127.0.0.1', '[::1]', '[::ffff:7f00:1]', '10.0.0.1', '169.254.169.254', '2130706433']) {
      expect(await post(via, `https://${host}/`)).toMatchObject({
        status: null,
        error: expect.stringContaining('address'),
      });
    }
  });
});
