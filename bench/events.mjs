import { readCpuMs } from './load.mjs';
import { connectEndpoint, openDatabase, startReceiver, waitUntil, writeEvents } from './receiver.mjs';
import { changeTitle } from './requests.mjs';
import { quantile } from './rounds.mjs';
import { startServer } from './targets.mjs';

/** @typedef {import('./scenarios.mjs').Bench} Bench @typedef {import('./scenarios.mjs').Result} Result */

const BACKLOG = 5000;
const PER_SECOND = 200;
const SECONDS = 15;
const PEOPLE = 100;
const LATENCY_GOAL_MS = 250;
const LIMIT_MS = 120_000;
const NOTHING = { rows: [], goals: [] };

/**
 * How fast events are delivered to one endpoint that is fast, and how long after the answer to the directory a webhook arrives while 200
 * people change each second. On Postgres only, since endpoints are made in the database.
 * @param {Bench} bench @returns {Promise<Result>}
 */
export async function measureEvents(bench) {
  if (bench.databaseUrl === undefined) return NOTHING;
  const client = openDatabase(bench.databaseUrl);
  const receiver = await startReceiver();
  try {
    const people = await bench.service.take(PEOPLE);
    await connectEndpoint(client, receiver.url);
    const cpuBefore = readCpuMs(bench.server.pid);
    await writeEvents(client, BACKLOG, 1);
    await waitUntil(() => receiver.told.length >= BACKLOG, LIMIT_MS, 'Delivering');
    const cpuMs = readCpuMs(bench.server.pid) - cpuBefore;
    const times = receiver.told.map(({ at }) => at);
    const perSecond = ((BACKLOG - 1) / (Math.max(...times) - Math.min(...times))) * 1000;
    const delivered = {
      requests: BACKLOG,
      requestsPerSecond: perSecond,
      p50Ms: 0,
      p95Ms: 0,
      p99Ms: 0,
      cpuMsPerRequest: cpuMs / BACKLOG,
    };

    receiver.told.length = 0;
    const latency = await measureLatency(bench, people, receiver.told);
    return {
      rows: [
        { name: 'events delivered to one endpoint', stats: delivered },
        { name: `from SCIM answer to webhook, ${PER_SECOND} changes a second`, stats: latency },
      ],
      goals: [
        {
          text: 'p50 from SCIM answer to webhook, ms',
          value: latency.p50Ms,
          kind: 'at most',
          bound: LATENCY_GOAL_MS,
        },
      ],
    };
  } finally {
    receiver.close();
    await client.unsafe('delete from webhook_endpoint');
    await client.end();
  }
}

/** @param {Bench} bench @param {readonly import('./scenarios.mjs').Person[]} people @param {readonly import('./receiver.mjs').Told[]} told */
async function measureLatency(bench, people, told) {
  const count = PER_SECOND * SECONDS;
  /** When the answer to each change came, by person, in the order of its changes. @type {Map<string, number[]>} */
  const answeredAt = new Map(people.map(({ id }) => [id, []]));
  const cpuBefore = readCpuMs(bench.server.pid);
  const startedAt = performance.now();
  /** One change of a person at a time, so that the n-th answer is that of the n-th version. @type {Map<string, Promise<unknown>>} */
  const queues = new Map();
  for (let at = 0; at < count; at += 1) {
    const dueMs = startedAt + (at * 1000) / PER_SECOND - performance.now();
    if (dueMs > 1) await new Promise((resolve) => setTimeout(resolve, dueMs));
    const { id } = /** @type {import('./scenarios.mjs').Person} */ (people[at % people.length]);
    const change = async () => {
      await bench.service.client.send(changeTitle(id, `Title ${at}`));
      answeredAt.get(id)?.push(performance.now());
    };
    queues.set(id, (queues.get(id) ?? Promise.resolve()).then(change));
  }
  await Promise.all(queues.values());
  const elapsedMs = performance.now() - startedAt;
  await waitUntil(() => told.length >= count, LIMIT_MS, 'Waiting for the last webhooks');
  /** @type {Map<string, import('./receiver.mjs').Told[]>} */
  const toldOf = new Map();
  for (const one of told) toldOf.set(one.resource, [...(toldOf.get(one.resource) ?? []), one]);
  const latenciesMs = [...answeredAt].flatMap(([id, answers]) => {
    const own = (toldOf.get(id) ?? []).toSorted((a, b) => a.version - b.version);
    return answers.map((answered, at) => Math.max(0, (own[at]?.at ?? Infinity) - answered));
  });
  return {
    requests: count,
    requestsPerSecond: (count / elapsedMs) * 1000,
    p50Ms: quantile(latenciesMs, 0.5),
    p95Ms: quantile(latenciesMs, 0.95),
    p99Ms: quantile(latenciesMs, 0.99),
    cpuMsPerRequest: (readCpuMs(bench.server.pid) - cpuBefore) / count,
  };
}

const RESOURCES = 1000;
const VERSIONS = 10;
/** One delivery in this many is refused at its first attempt. */
const FLAKY = 5;

/**
 * Two servers on one database, a receiver that refuses every fifth delivery at first, 10,000 events, and one server killed while they go out.
 * Throws if an event is lost, or comes out of order without saying so. @param {Bench} bench @returns {Promise<Result>}
 */
export async function proveDeliveries(bench) {
  if (bench.databaseUrl === undefined) return NOTHING;
  const client = openDatabase(bench.databaseUrl);
  /** @type {Map<string, number>} */
  const attempts = new Map();
  let isHalfWay = () => {};
  const halfWay = new Promise((resolve) => (isHalfWay = () => resolve(undefined)));
  const total = RESOURCES * VERSIONS;
  const receiver = await startReceiver(({ id }, count) => {
    if (count === Math.round(total * 0.4)) isHalfWay();
    const attempt = (attempts.get(id) ?? 0) + 1;
    attempts.set(id, attempt);
    return attempt > 1 || attempts.size % FLAKY !== 0 ? 204 : 500;
  });
  const second = await startServer(bench.databaseUrl);
  try {
    await connectEndpoint(client, receiver.url);
    const startedAt = performance.now();
    await writeEvents(client, RESOURCES, VERSIONS);
    await halfWay;
    process.kill(second.pid, 'SIGKILL');
    await waitUntil(
      async () => {
        const [row] = await client.unsafe(
          `select count(*)::int as count from webhook_delivery where state <> 'delivered'`,
        );
        const [made] = await client.unsafe(`select count(*)::int as count from webhook_delivery`);
        return row?.['count'] === 0 && made?.['count'] >= total;
      },
      LIMIT_MS,
      'Delivering 10,000 events',
    );
    const elapsedMs = performance.now() - startedAt;
    const [written] = await client.unsafe(
      `select count(*)::int as count, (count(*) filter (where error is not null))::int as refused from webhook_attempt`,
    );
    checkOrder(receiver.told, total);
    const repeats = receiver.told.length - total;
    const refused = Number(written?.['refused']);
    const unwritten = receiver.told.length - Number(written?.['count']);
    console.log(
      `  ${total} events, ${receiver.told.length} requests, ${repeats} repeats: ${refused} after a refusal, ` +
        `${unwritten} whose first request was under way when its server died`,
    );
    if (repeats !== refused + unwritten) throw new Error('Some repeats are not explained.');
    const stats = { requests: total, requestsPerSecond: (total / elapsedMs) * 1000, p50Ms: 0, p95Ms: 0, p99Ms: 0 };
    return {
      rows: [{ name: '10,000 events, one of two servers killed', stats: { ...stats, cpuMsPerRequest: 0 } }],
      goals: [],
    };
  } finally {
    await second.stop();
    receiver.close();
    await client.unsafe('delete from webhook_endpoint');
    await client.end();
  }
}

/** @param {readonly import('./receiver.mjs').Told[]} told @param {number} total */
function checkOrder(told, total) {
  const seen = new Set(told.map(({ resource, version }) => `${resource} ${version}`));
  if (seen.size !== total) throw new Error(`${total - seen.size} events were never delivered.`);
  /** @type {Map<string, number>} */
  const newest = new Map();
  for (const { resource, version, isOutOfOrder } of told) {
    const known = newest.get(resource) ?? 0;
    if (!isOutOfOrder && version < known) throw new Error(`Version ${version} of ${resource} came after ${known}.`);
    newest.set(resource, Math.max(known, version));
  }
}
