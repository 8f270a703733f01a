// Stands in for Express where samples are executed: as much of it as they use, with the same names.
import { createServer } from 'node:http';

/**
 * @typedef {import('node:http').IncomingMessage & { body?: Buffer }} Request
 * @typedef {import('node:http').ServerResponse & { status(code: number): Response, json(body: unknown): void }} Response
 * @typedef {(request: Request, response: Response) => unknown} Handler
 */

/** The parser of bodies of one type. @param {{ type: string }} options @returns {Handler} */
function raw({ type }) {
  return async (request) => {
    if (!request.headers['content-type']?.startsWith(type)) return;
    const parts = [];
    for await (const part of request) parts.push(part);
    request.body = Buffer.concat(parts);
  };
}

function express() {
  /** @type {{ verb: string, path: string, handlers: Handler[] }[]} */
  const routes = [];
  const server = createServer((request, response) => {
    const withMethods = Object.assign(response, {
      /** @param {number} code */
      status: (code) => Object.assign(withMethods, { statusCode: code }),
      /** @param {unknown} body */
      json: (body) => void response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
    });
    void answer(request, withMethods);
  });
  /** @param {string} verb */
  const adder =
    (verb) =>
    /** @param {string} path @param {Handler[]} handlers */
    (path, ...handlers) =>
      routes.push({ verb, path, handlers });
  return {
    /** @param {string | number} port */
    listen: (port) => server.listen(Number(port), '127.0.0.1'),
    get: adder('GET'),
    post: adder('POST'),
    put: adder('PUT'),
    patch: adder('PATCH'),
    delete: adder('DELETE'),
  };

  /** @param {Request} request @param {Response} response */
  async function answer(request, response) {
    const route = routes.find(({ verb, path }) => verb === request.method && path === request.url);
    if (!route) return response.status(404).json({ error: 'no such route' });
    try {
      for (const handler of route.handlers) await handler(request, response);
    } catch (error) {
      response.status(500).json({ error: String(error) });
    }
  }
}

export default Object.assign(express, { raw });
