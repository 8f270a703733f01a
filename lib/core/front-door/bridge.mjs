import http from 'node:http';
import { Duplex } from 'node:stream';

/**
 * HTTP/2 requests that are not calls to a service (a page asked for by a proxy that speaks only h2c, `curl --http2`) cross to
 * the HTTP/1.1 server over a pipe in memory, because Next does not speak HTTP/2.
 */

/** Headers that mean something to one connection only (RFC 9113 §8.2.2), or that the other side sets itself. */
const CONNECTION_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'expect',
  'host',
]);

/** One end of an in-memory connection: what is written to one end is read from the other. */
class PipeEnd extends Duplex {
  /** @type {PipeEnd | undefined} */
  peer;
  /** @type {(() => void) | undefined} */
  #resume;

  /** @override */
  _read() {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  /** @override @param {Buffer} chunk @param {BufferEncoding} _encoding @param {() => void} done */
  _write(chunk, _encoding, done) {
    if (!this.peer || this.peer.destroyed || this.peer.push(chunk)) done();
    else this.peer.#resume = done;
  }

  /** @override @param {() => void} done */
  _final(done) {
    this.peer?.push(null);
    done();
  }

  /** @override @param {Error | null} error @param {(error: Error | null) => void} done */
  _destroy(error, done) {
    const { peer } = this;
    this.peer = undefined;
    setImmediate(() => peer?.destroy());
    done(error);
  }
}

/**
 * Two ends of an in-memory connection.
 * @returns {[PipeEnd, PipeEnd]}
 */
export function createPipe() {
  const ends = /** @type {[PipeEnd, PipeEnd]} */ ([new PipeEnd(), new PipeEnd()]);
  [ends[0].peer, ends[1].peer] = [ends[1], ends[0]];
  return ends;
}

/** @param {import('node:http').IncomingHttpHeaders} headers */
function dropConnectionHeaders(headers) {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(':') && !CONNECTION_HEADERS.has(name)),
  );
}

/**
 * Answers an HTTP/2 request by asking the HTTP/1.1 server.
 * @param {import('node:http2').Http2ServerRequest} req
 * @param {import('node:http2').Http2ServerResponse} res
 * @param {(socket: import('node:net').Socket) => void} accept hands a connection to the HTTP/1.1 server
 */
export function bridgeToHttp1(req, res, accept) {
  const [clientEnd, serverEnd] = createPipe();
  Object.defineProperty(serverEnd, 'remoteAddress', { value: req.stream.session?.socket.remoteAddress });
  const fail = () => {
    if (res.stream.destroyed) return;
    if (res.headersSent) res.stream.close();
    else res.writeHead(502).end();
  };
  const upstream = http.request({
    createConnection: () => /** @type {import('node:net').Socket} */ (/** @type {unknown} */ (clientEnd)),
    method: req.method,
    path: req.url,
    headers: { ...dropConnectionHeaders(req.headers), host: req.authority || req.headers.host },
    setHost: false,
  });
  upstream.on('error', fail);
  upstream.on('response', (answer) => {
    if (res.stream.destroyed) {
      answer.destroy();
      return;
    }
    res.writeHead(answer.statusCode ?? 502, dropConnectionHeaders(answer.headers));
    answer.on('error', fail);
    answer.pipe(res);
  });
  res.on('close', () => clientEnd.destroy());
  accept(/** @type {import('node:net').Socket} */ (/** @type {unknown} */ (serverEnd)));
  req.on('error', () => clientEnd.destroy());
  req.pipe(upstream);
}
