import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listDeliveries } from '@/lib/domain/delivery/queries';
import { createWebhookEndpoint, deleteWebhookEndpoint } from '@/lib/domain/webhook/commands';
import { listWebhookEndpoints } from '@/lib/domain/webhook/queries';
import { createSender, type Sender } from './send';
import { type Answer, LOOPBACK, type Receiver, startReceiver, startTestWebhooks, type TestWebhooks } from './testing';

let gatehouse: TestWebhooks;
const receivers: Receiver[] = [];
/** Longer than a test takes on any machine: what hangs here hangs until its receiver is closed. */
const TIMEOUT_MS = 120_000;
/** How long a dead worker's deliveries stay its own. */
const LEASE_SECONDS = 30;

beforeAll(async () => {
  gatehouse = await startTestWebhooks({ timeoutMs: TIMEOUT_MS });
});

afterAll(() => gatehouse.close());

afterEach(async () => {
  for (const { id } of await listWebhookEndpoints(gatehouse.operator))
    await deleteWebhookEndpoint(gatehouse.operator, id);
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});

async function connect(answer?: Answer) {
  const receiver = await startReceiver(answer);
  receivers.push(receiver);
  const { endpoint } = await createWebhookEndpoint(gatehouse.operator, { url: receiver.url }, LOOPBACK);
  return { receiver, id: endpoint.id };
}

async function countLeft(): Promise<number> {
  const [row] = await gatehouse.db.sql.rows<{ count: number }>(
    `select count(*)::int as count from webhook_delivery where state = 'pending'`,
  );
  return row!.count;
}

const pause = () => new Promise((resolve) => setImmediate(resolve));

describe('deliveries', () => {
  test('to one endpoint are not delayed by others that hang', async () => {
    const hanging = await Promise.all(Array.from({ length: 3 }, () => connect(() => undefined)));
    const fast = await connect();
    const sent = 60;
    await gatehouse.write(...Array.from({ length: sent }, (_, at) => `diruser_s${at}`));
    const worker = gatehouse.newWorker();
    await gatehouse.fanOut();
    while (fast.receiver.received.length < sent) {
      await worker.claim();
      await pause();
    }
    for (const { receiver } of hanging) {
      expect(receiver.received.length).toBeLessThan(sent);
      await receiver.close();
    }
    await worker.drain();
  });

  test('of a process that was killed are taken over; nothing is lost, and each resource stays in order', async () => {
    const resources = 50;
    const versions = 10;
    let requests = 0;
    const failures = new Set([1, 2]);
    // One request in five fails, spread so that every resource has its share.
    const { receiver, id } = await connect((_, response) => {
      requests += 1;
      response.writeHead(failures.has(requests % 10) ? 500 : 204).end();
    });
    const isArrived = new Map<string, number>();
    const names = Array.from({ length: resources }, (_, at) => `diruser_k${at}`);
    for (let version = 0; version < versions; version += 1) await gatehouse.write(...names);

    // The process that dies: what it sends is answered and never written down, as after kill -9.
    const underWay = { count: 0 };
    const real = createSender(LOOPBACK, { timeoutMs: TIMEOUT_MS });
    const dying: Sender = {
      async send(...request) {
        underWay.count += 1;
        await real.send(...request);
        underWay.count -= 1;
        return new Promise<never>(() => undefined);
      },
      close: () => real.close(),
    };
    const doomed = gatehouse.newWorker(dying);
    await gatehouse.fanOut();
    const survivor = gatehouse.newWorker();
    for (let round = 0; (await countLeft()) > 0 && round < 2000; round += 1) {
      if (round === 20) {
        await gatehouse.write(...names);
        await gatehouse.fanOut();
        await doomed.claim();
        expect(underWay.count).toBeGreaterThan(0);
        // A lease is longer than any request takes.
        while (underWay.count > 0) await pause();
      }
      await survivor.claim();
      await survivor.drain();
      // Retries come after seconds and minutes, leases after half a minute.
      gatehouse.pass(round < 20 ? 1 : LEASE_SECONDS + 1);
    }
    real.close();

    const { items } = await listDeliveries(gatehouse.operator, { endpointId: id, status: 'failed' });
    expect(items).toEqual([]);
    const seen = new Map<string, Set<number>>();
    let repeats = 0;
    for (const { event } of receiver.received) {
      const known = seen.get(event.data.id) ?? new Set();
      if (known.has(event.version)) repeats += 1;
      seen.set(event.data.id, known.add(event.version));
      // In order, or it says that it is not.
      const last = isArrived.get(event.data.id) ?? 0;
      if (!event.out_of_order) expect(event.version).toBeGreaterThanOrEqual(last);
      isArrived.set(event.data.id, Math.max(last, event.version));
    }
    expect([...seen.values()].every((known) => known.size === versions + 1)).toBe(true);
    expect(seen.size).toBe(resources);
    // Every repeat is a request that failed, or one whose answer died with its process.
    expect(repeats).toBe(receiver.received.length - resources * (versions + 1));
    expect(repeats).toBeGreaterThan(0);
  }, 180_000);
});
