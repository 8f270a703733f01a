import fs from 'node:fs';
import http from 'node:http';

/**
 * Sends requests and measures: the client side of the bench.
 *
 * @typedef {import('./requests.mjs').Request} Request
 * @typedef {import('./requests.mjs').Answer} Answer
 *
 * @typedef {object} Target a process that answers
 * @property {number} pid
 * @property {number} port
 * @property {boolean} isBare whether it is the ceiling
 *
 * @typedef {object} Sample what one slot of load was
 * @property {number} requests
 * @property {number} elapsedMs
 * @property {number[]} latenciesMs of each request
 * @property {number} cpuMs that the process which answered took meanwhile
 */

const REQUEST_TIMEOUT_MS = 120_000;
/** Linux counts the processor time of a process in these. */
const TICK_MS = 10;
const SHOWN_CHARACTERS = 400;

/** @param {number} pid @returns {number} milliseconds of processor time so far; 0 where there is no /proc */
export function readCpuMs(pid) {
  try {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return 0;
  }
}

/** @param {number} pid @returns {number} the most memory that the process ever held, in MB; 0 where there is no /proc */
export function readPeakMb(pid) {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Math.round(Number(line?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

/** One client of one directory, with connections that stay open. */
export class Client {
  /** @type {number[]} */
  #latenciesMs = [];
  #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

  /** @param {Target} target @param {{id: string, token: string}} directory */
  constructor(target, directory) {
    this.target = target;
    this.directory = directory;
  }

  /**
   * Sends a request and checks the answer.
   * @param {Request} request @returns {Promise<Answer>}
   * @throws {Error} if the answer is wrong: a fast wrong answer is none
   */
  async send(request) {
    const startedAt = performance.now();
    const { status, text } = await this.#exchange(request);
    this.#latenciesMs.push(performance.now() - startedAt);
    const answer = text === '' ? {} : JSON.parse(text);
    if (request.isRight(status, answer)) return answer;
    const of = this.target.isBare ? 'the ceiling' : 'the server';
    throw new Error(
      `A wrong answer of ${of} to ${request.method} ${request.path}: ${status} ${text.slice(0, SHOWN_CHARACTERS)}`,
    );
  }

  /** @param {Request} request @returns {Promise<{status: number, text: string}>} */
  #exchange({ method, path, barePath, body }) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          agent: this.#agent,
          host: '127.0.0.1',
          port: this.target.port,
          method,
          path: this.target.isBare ? barePath : `/scim/v2/${this.directory.id}${path}`,
          headers: {
            authorization: `Bearer ${this.directory.token}`,
            accept: 'application/scim+json',
            'user-agent': 'Okta SCIM Client 1.0.0',
            ...(text !== undefined && {
              'content-type': 'application/scim+json; charset=utf-8',
              'content-length': Buffer.byteLength(text),
            }),
          },
          timeout: REQUEST_TIMEOUT_MS,
        },
        (response) => {
          /** @type {Buffer[]} */
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
          );
          response.on('error', reject);
        },
      );
      request.on('timeout', () => request.destroy(new Error('No answer within two minutes.')));
      request.on('error', reject);
      request.end(text);
    });
  }

  /** The latencies since the last call. */
  takeLatencies() {
    const taken = this.#latenciesMs;
    this.#latenciesMs = [];
    return taken;
  }

  close() {
    this.#agent.destroy();
  }
}

/**
 * Does `task` for every item, so many at a time.
 * @template Item
 * @param {readonly Item[]} items @param {number} atOnce @param {(item: Item) => Promise<unknown>} task
 */
export async function forEach(items, atOnce, task) {
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const item = items[next];
      next += 1;
      await task(/** @type {Item} */ (item));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/**
 * Measures `work`, which sends by these clients, all of one process.
 * @param {readonly Pick<Client, 'target' | 'takeLatencies'>[]} clients @param {() => Promise<unknown>} work @returns {Promise<Sample>}
 */
export async function measure(clients, work) {
  const pid = clients[0]?.target.pid ?? 0;
  for (const client of clients) client.takeLatencies();
  const cpuBefore = readCpuMs(pid);
  const startedAt = performance.now();
  await work();
  const elapsedMs = performance.now() - startedAt;
  const latenciesMs = clients.flatMap((client) => client.takeLatencies());
  return { requests: latenciesMs.length, elapsedMs, latenciesMs, cpuMs: readCpuMs(pid) - cpuBefore };
}
