import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { bridgeToHttp1 } from './bridge.mjs';
import { bodyLimitOf, isRpcPath, judgeRequest, pathOf, surfaceOf } from './judge.mjs';
import { PEEK_TIMEOUT_MS, peekProtocol } from './peek.mjs';
import { explainRefusal, renderRefusal } from './refusal.mjs';

/**
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 *
 * @typedef {object} DoorOptions
 * @property {string} host Address to listen on.
 * @property {number} port
 * @property {string} publicOrigin
 * @property {Pick<import('./lanes.mjs').Lanes, 'rpc' | 'scim' | 'drain'>} lanes
 * @property {boolean} isScimLaneOn Whether SCIM requests skip Next.
 * @property {(req: Request, res: Response) => unknown} handlePage Everything else: Next.
 * @property {(req: Request, socket: import('node:stream').Duplex, head: Buffer) => void} [handleUpgrade] Only development has one.
 * @property {{cert: Buffer, key: Buffer}} [tls]
 * @property {Partial<typeof TIMEOUTS>} [timeouts]
 *
 * @typedef {object} Door
 * @property {() => Promise<number>} listen Gives the port.
 * @property {(graceMs: number) => Promise<void>} close Lets running requests end, cuts what is left after `graceMs`.
 */

/** All in milliseconds. */
const TIMEOUTS = {
  peekMs: PEEK_TIMEOUT_MS,
  headersMs: 15_000,
  /** A whole request, body included: 16 MiB over a slow line fit. */
  requestMs: 120_000,
  /** Longer than the 60 seconds of common load balancers, so that they close first and never meet a closed connection. */
  keepAliveMs: 65_000,
  /** An HTTP/2 connection without any traffic. */
  sessionIdleMs: 600_000,
  handshakeMs: 15_000,
  /** How long the rest of a refused body is read, so that its sender gets to see the answer. */
  lingerMs: 5_000,
};
const MAX_STREAMS_PER_SESSION = 250;
const CLOSE_IDLE_EVERY_MS = 50;

/** @param {Request | import('node:http2').Http2ServerRequest} req */
function contentLengthOf(req) {
  const length = Number(req.headers['content-length'] ?? 0);
  return Number.isFinite(length) ? length : 0;
}

/** @param {unknown} error @param {string} where */
function logFault(error, where) {
  console.error(`Unexpected error in ${where}:`, error);
}

/**
 * The one public port: HTTP/2 calls to lane 1, SCIM to lane 2, everything else to Next. Knows no product code.
 * @param {DoorOptions} options
 * @returns {Door}
 */
export function createDoor(options) {
  const { publicOrigin, lanes } = options;
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const origin = new URL(publicOrigin);
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  /** @type {Set<import('node:http2').ServerHttp2Session>} */
  const sessions = new Set();
  /** Connections with no request on them that could still end well: undecided, or upgraded. @type {Set<import('node:stream').Duplex>} */
  const expendable = new Set();
  let isClosing = false;

  /**
   * Whoever reads these headers later may trust them: they say what this server saw and what it is, never what a client claims.
   * @param {import('node:http').IncomingHttpHeaders} headers @param {string | undefined} address
   */
  const setForwardedHeaders = (headers, address) => {
    delete headers['forwarded'];
    delete headers['x-real-ip'];
    headers['x-forwarded-for'] = address ?? '';
    headers['x-forwarded-host'] = origin.host;
    headers['x-forwarded-proto'] = origin.protocol.slice(0, -1);
    headers['x-forwarded-port'] = origin.port || (origin.protocol === 'https:' ? '443' : '80');
  };

  /** @param {Request} req @param {Response} res @param {number} status */
  const refuse = (req, res, status) => {
    const { contentType, body } = renderRefusal(
      status,
      surfaceOf(pathOf(req.url ?? '')),
      req.headers.accept,
      publicOrigin,
    );
    res.writeHead(status, {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    });
    res.end(req.method === 'HEAD' ? undefined : body);
    // Closing while the sender still writes resets the connection, and the answer is lost.
    const linger = setTimeout(() => req.socket.destroy(), timeouts.lingerMs);
    req.once('close', () => clearTimeout(linger)).resume();
  };

  /**
   * Counts a body that did not announce its length, without standing in its way.
   * @param {Request} req @param {Response} res @param {number} limitBytes
   */
  const countBody = (req, res, limitBytes) => {
    if (req.headers['transfer-encoding'] === undefined) return;
    const push = req.push.bind(req);
    let receivedBytes = 0;
    req.push = (chunk, encoding) => {
      receivedBytes += chunk?.length ?? 0;
      if (receivedBytes <= limitBytes) return push(chunk, encoding);
      if (!res.headersSent) refuse(req, res, 413);
      // The reader learns of the end by an error; what still arrives is dropped until the connection closes.
      req.push = () => true;
      req.emit('error', new Error('The request body is too large.'));
      return true;
    };
  };

  /** @param {Request} req @param {Response} res */
  const route = async (req, res) => {
    const path = pathOf(req.url ?? '');
    if (options.isScimLaneOn && path.startsWith('/scim/v2/')) return lanes.scim(req, res);
    countBody(req, res, bodyLimitOf(surfaceOf(path)));
    return options.handlePage(req, res);
  };

  /** @param {Request} req @param {Response} res */
  const admit = (req, res) => {
    const request = { url: req.url ?? '', host: req.headers.host, contentLengthBytes: contentLengthOf(req) };
    const verdict = judgeRequest(request, publicOrigin);
    if (verdict.kind === 'pass') return true;
    if (verdict.kind === 'refuse') refuse(req, res, verdict.status);
    else res.writeHead(307, { location: verdict.location, 'cache-control': 'no-store' }).end();
    return false;
  };

  /** @param {Request} req @param {Response} res */
  const handleHttp1 = (req, res) => {
    req.on('error', () => undefined);
    res.on('error', () => undefined);
    if (isClosing) res.setHeader('connection', 'close');
    if (!admit(req, res)) return;
    setForwardedHeaders(req.headers, req.socket.remoteAddress);
    route(req, res).catch((error) => {
      // Refused while it was being read: the reader's complaint is no news.
      if (res.writableEnded) return;
      logFault(error, `${req.method} ${pathOf(req.url ?? '')}`);
      if (res.headersSent) req.socket.destroy();
      else refuse(req, res, 500);
    });
  };

  /** @param {import('node:http2').Http2ServerRequest} req @param {number} status */
  const refuseCall = (req, status) => {
    const { detail, grpcCode } = explainRefusal(status, 'api', publicOrigin);
    const linger = setTimeout(() => req.stream.close(http2.constants.NGHTTP2_NO_ERROR), timeouts.lingerMs);
    req.stream.once('close', () => clearTimeout(linger)).resume();
    if (!req.headers['content-type']?.startsWith('application/grpc')) {
      const { contentType, body } = renderRefusal(status, surfaceOf(pathOf(req.url ?? '')), undefined, publicOrigin);
      req.stream.respond({ ':status': status, 'content-type': contentType });
      req.stream.end(body);
      return;
    }
    // gRPC ignores a body: the reason travels in the headers, with HTTP status 200 ("Trailers-Only").
    req.stream.respond(
      {
        ':status': 200,
        'content-type': 'application/grpc',
        'grpc-status': String(grpcCode),
        'grpc-message': encodeURIComponent(detail),
      },
      { endStream: true },
    );
  };

  /** @param {import('node:http2').Http2ServerRequest} req @param {import('node:http2').Http2ServerResponse} res */
  const handleHttp2 = (req, res) => {
    req.on('error', () => undefined);
    res.on('error', () => undefined);
    const isCall = isRpcPath(pathOf(req.url)) || req.headers['content-type']?.startsWith('application/grpc');
    if (!isCall) {
      bridgeToHttp1(req, res, acceptHttp1);
      return;
    }
    const host = req.authority || req.headers.host;
    const verdict = judgeRequest({ url: req.url, host, contentLengthBytes: contentLengthOf(req) }, publicOrigin);
    if (verdict.kind === 'refuse') {
      refuseCall(req, verdict.status);
      return;
    }
    setForwardedHeaders(req.headers, req.stream.session?.socket.remoteAddress);
    try {
      lanes.rpc(req, res);
    } catch (error) {
      logFault(error, req.url);
      if (!req.stream.headersSent) refuseCall(req, 500);
      else req.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
    }
  };

  const http2Server = http2.createServer({ settings: { maxConcurrentStreams: MAX_STREAMS_PER_SESSION } }, handleHttp2);
  http2Server.on('sessionError', () => undefined);
  http2Server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.setTimeout(timeouts.sessionIdleMs, () => session.close());
    if (isClosing) session.close();
  });

  const httpOptions = {
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    connectionsCheckingInterval: Math.min(5_000, timeouts.headersMs),
  };
  const server = options.tls
    ? https.createServer(
        {
          ...httpOptions,
          ...options.tls,
          handshakeTimeout: timeouts.handshakeMs,
          // Who can speak HTTP/1.1 gets it, because Next does; gRPC clients offer h2 alone.
          ALPNCallback: ({ protocols }) => ['http/1.1', 'h2'].find((name) => protocols.includes(name)),
        },
        handleHttp1,
      )
    : http.createServer(httpOptions, handleHttp1);

  // The HTTP/1.1 server owns the port, so that its timeouts and its bookkeeping of connections work as documented; only the
  // moment at which it takes a connection over is ours.
  const connectionEvent = options.tls ? 'secureConnection' : 'connection';
  const takeOver = server.listeners(connectionEvent).at(-1);
  if (!takeOver) throw new Error('This version of Node hides how its HTTP server takes connections.');
  server.off(connectionEvent, /** @type {(...args: unknown[]) => void} */ (takeOver));
  /** @param {import('node:net').Socket} socket */
  const acceptHttp1 = (socket) => takeOver.call(server, socket);
  server.on(connectionEvent, (/** @type {import('node:net').Socket} */ socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    expendable.add(socket);
    socket.on('close', () => expendable.delete(socket));
    const handOn = (/** @type {boolean} */ isHttp2) => {
      expendable.delete(socket);
      if (isHttp2) http2Server.emit('connection', socket);
      else acceptHttp1(socket);
    };
    peekProtocol(socket, handOn, timeouts.peekMs);
  });

  server.on('checkContinue', (req, res) => {
    if (contentLengthOf(req) <= bodyLimitOf(surfaceOf(pathOf(req.url ?? '')))) res.writeContinue();
    handleHttp1(req, res);
  });
  server.on('clientError', (error, socket) => {
    if (!socket.writable || socket.errored) {
      socket.destroy();
      return;
    }
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    const status =
      code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : code === 'HPE_HEADER_OVERFLOW'
          ? '431 Request Header Fields Too Large'
          : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());

  const { handleUpgrade } = options;
  // Without a listener Node answers an upgrade offer as the plain request that it also is: Java's client offers h2c each time.
  if (handleUpgrade) {
    server.on('upgrade', (req, socket, head) => {
      socket.on('error', () => undefined);
      const request = { url: req.url ?? '', host: req.headers.host, contentLengthBytes: 0 };
      if (judgeRequest(request, publicOrigin).kind === 'refuse') {
        socket.destroy();
        return;
      }
      expendable.add(socket);
      handleUpgrade(req, socket, head);
    });
  }

  return {
    listen() {
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, options.host, () => {
          server.off('error', reject);
          server.on('error', (error) => logFault(error, 'the listener'));
          const address = server.address();
          resolve(typeof address === 'object' && address ? address.port : options.port);
        });
      });
    },
    async close(graceMs) {
      isClosing = true;
      lanes.drain?.();
      const closed = new Promise((resolve) => server.close(resolve));
      for (const session of sessions) session.close();
      for (const socket of expendable) socket.destroy();
      const closeIdle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
      const cut = setTimeout(() => {
        for (const session of sessions) session.destroy();
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed;
      clearInterval(closeIdle);
      clearTimeout(cut);
    },
  };
}
