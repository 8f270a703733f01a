import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Context, systemContext } from '@/lib/core/context';
import { newId } from '@/lib/core/id';
import { readAddressRules } from '@/lib/core/safe-url';
import { useSealingSecret } from '@/lib/core/seal';
import { change } from '@/lib/db/change';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { fanOutAnnouncements } from '@/lib/domain/delivery/commands';
import { announceEvents } from '@/lib/domain/event/commands';
import { ensureInstallation } from '@/lib/domain/operator/commands';
import { createSender, type Sender } from './send';
import { createDeliveryWorker, type DeliveryWorker } from './worker';

export const LOOPBACK = readAddressRules(['127.0.0.0/8', '::1']);

/** A request that a receiver got. */
export interface Received {
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly event: {
    id: string;
    type: string;
    version: number;
    seq: number;
    data: { id: string };
    out_of_order?: boolean;
  };
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  close(): Promise<void>;
}

export type Answer = (received: Received, response: ServerResponse, request: IncomingMessage) => void;

/** An application that takes webhooks. It answers 204 unless told otherwise. */
export async function startReceiver(
  answer: Answer = (_, response) => response.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const one = { id: headers['webhook-id'] ?? '', headers, body, event: JSON.parse(body) as Received['event'] };
      received.push(one);
      answer(one, response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A process that delivers, with a clock that a test moves. */
export interface TestWebhooks {
  readonly db: Database;
  /** As the service, at the test's time. */
  readonly ctx: Context;
  /** As an operator, at the test's time. */
  readonly operator: Context;
  /** Moves the clock. */
  pass(seconds: number): void;
  /** Writes one event for each resource named. Of the same resource the version counts up. */
  write(
    ...resources: (string | { resource: string; type?: string; organizationId?: string; data?: object })[]
  ): Promise<void>;
  /** Announces what was written and makes its deliveries. */
  fanOut(): Promise<void>;
  /** Announces, fans out and delivers until nothing is due at the test's time. */
  deliver(): Promise<void>;
  newWorker(sender?: Sender): DeliveryWorker;
  close(): Promise<void>;
}

export async function startTestWebhooks(options: { timeoutMs?: number } = {}): Promise<TestWebhooks> {
  useSealingSecret('a secret of tests that is long enough');
  const db = await openTestDatabase();
  let offsetMs = 0;
  const at = (ctx: Context): Context => ({ ...ctx, now: () => new Date(Date.now() + offsetMs) });
  const ctx = at(systemContext('test'));
  await ensureInstallation(ctx);
  const sender = createSender(LOOPBACK, options);
  const newWorker = (own: Sender = sender) => createDeliveryWorker(own, () => ctx);
  const worker = newWorker();
  const versions = new Map<string, number>();
  const isDue = async () =>
    (
      await db.sql.rows(
        `select 1 from webhook_delivery d join webhook_endpoint w on w.id = d.endpoint_id
         where w.is_enabled and d.state = 'pending' and d.due_at <= $1::timestamptz limit 1`,
        [ctx.now()],
      )
    ).length > 0;
  const fanOut = async () => {
    while (await announceEvents());
    while (await fanOutAnnouncements(ctx));
  };
  return {
    db,
    ctx,
    operator: { ...ctx, actor: { kind: 'operator', id: 'acc_1', email: 'ops@example.com' } },
    pass: (seconds) => {
      offsetMs += seconds * 1000;
    },
    async write(...resources) {
      const events = resources.map((given) => {
        const one = typeof given === 'string' ? { resource: given } : given;
        const version = (versions.get(one.resource) ?? 0) + 1;
        versions.set(one.resource, version);
        return {
          type: one.type ?? 'organization.directory.user_updated',
          object: 'DirectoryUser',
          resourceId: one.resource,
          version,
          organizationId: one.organizationId,
          data: { id: one.resource, ...one.data },
          previous: { name: `before ${version}` },
        };
      });
      await change({ ...ctx, requestId: newId('request') }, async () => ({ value: undefined, events }));
    },
    fanOut,
    async deliver() {
      await fanOut();
      for (let isMore = true; isMore; isMore = await isDue()) {
        await worker.claim();
        await worker.drain();
      }
    },
    newWorker,
    async close() {
      await worker.drain();
      sender.close();
      await db.close();
    },
  };
}
