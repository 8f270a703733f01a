import { ScalekitClient } from '@scalekit-sdk/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  purgeDeliveries,
  replayDelivery,
  replayFailedDeliveries,
  replayRange,
  sendTestEvent,
} from '@/lib/domain/delivery/commands';
import { getDelivery, listDeliveries } from '@/lib/domain/delivery/queries';
import { DELIVERY_KEPT_DAYS, RETRY_SCHEDULE_SECONDS } from '@/lib/domain/delivery/types';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  rotateWebhookSecret,
  updateWebhookEndpoint,
} from '@/lib/domain/webhook/commands';
import { getWebhookEndpoint, listWebhookEndpoints } from '@/lib/domain/webhook/queries';
import type { WebhookEndpointInput } from '@/lib/domain/webhook/types';
import {
  type Answer,
  LOOPBACK,
  type Received,
  type Receiver,
  startReceiver,
  startTestWebhooks,
  type TestWebhooks,
} from './testing';

let gatehouse: TestWebhooks;
const receivers: Receiver[] = [];
const sdk = new ScalekitClient('http://127.0.0.1:1', 'skc_1', 'secret');

beforeAll(async () => {
  gatehouse = await startTestWebhooks();
});

afterAll(() => gatehouse.close());

beforeEach(() => gatehouse.deliver());

afterEach(async () => {
  for (const { id } of await listWebhookEndpoints(gatehouse.operator))
    await deleteWebhookEndpoint(gatehouse.operator, id);
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});

async function connect(answer?: Answer, input: WebhookEndpointInput = {}) {
  const receiver = await startReceiver(answer);
  receivers.push(receiver);
  const made = await createWebhookEndpoint(gatehouse.operator, { url: receiver.url, ...input }, LOOPBACK);
  return { receiver, id: made.endpoint.id, secret: made.secret };
}

const listOf = async (endpointId: string) => (await listDeliveries(gatehouse.operator, { endpointId })).items;
const versionsOf = (received: readonly Received[], resource: string) =>
  received.filter(({ event }) => event.data.id === resource).map(({ event }) => event.version);
const isAccepted = (secret: string, { headers, body }: Received) => sdk.verifyWebhookPayload(secret, headers, body);

describe('a delivery', () => {
  test('is the event in the envelope of the contract, and the SDK accepts its signature', async () => {
    const { receiver, secret } = await connect();
    await gatehouse.write({ resource: 'diruser_a', organizationId: 'org_1' });
    await gatehouse.deliver();
    expect(receiver.received).toHaveLength(1);
    const [got] = receiver.received;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(isAccepted(secret, got!)).toBe(true);
    expect(got!.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': got!.event.id });
    expect(got!.event).toEqual({
      spec_version: '1',
      id: expect.stringMatching(/^evt_\d{21}$/),
      type: 'organization.directory.user_updated',
      object: 'DirectoryUser',
      occurred_at: expect.stringMatching(/^\d{4}-.*Z$/),
      environment_id: expect.stringMatching(/^env_/),
      organization_id: 'org_1',
      display_name: 'Directory user updated',
      data: { id: 'diruser_a' },
      previous: { name: 'before 1' },
      version: 1,
      request_id: expect.stringMatching(/^req_/),
      actor: 'system:test',
      seq: expect.any(Number),
    });
  });

  test('is signed with both secrets while they overlap, and with the new one alone afterwards', async () => {
    const { receiver, id, secret } = await connect();
    const { secret: next } = await rotateWebhookSecret(gatehouse.operator, id);
    await gatehouse.write('diruser_r');
    await gatehouse.deliver();
    expect(isAccepted(secret, receiver.received[0]!)).toBe(true);
    expect(isAccepted(next, receiver.received[0]!)).toBe(true);
    gatehouse.pass(24 * 3600 + 1);
    await gatehouse.write('diruser_r');
    await gatehouse.deliver();
    expect(isAccepted(next, receiver.received[1]!)).toBe(true);
    expect(() => isAccepted(secret, receiver.received[1]!)).toThrow();
  });

  test('comes to those endpoints only that want its type and its organization', async () => {
    const all = await connect();
    const typed = await connect(undefined, { eventTypes: ['organization.directory.user_deleted'] });
    const scoped = await connect(undefined, { organizationIds: ['org_2'] });
    const off = await connect(undefined, { isEnabled: false });
    await gatehouse.write(
      { resource: 'diruser_1', organizationId: 'org_1' },
      { resource: 'diruser_2', organizationId: 'org_2' },
      { resource: 'diruser_3', organizationId: 'org_1', type: 'organization.directory.user_deleted' },
    );
    await gatehouse.deliver();
    const idsOf = ({ receiver }: typeof all) => receiver.received.map(({ event }) => event.data.id).toSorted();
    expect(idsOf(all)).toEqual(['diruser_1', 'diruser_2', 'diruser_3']);
    expect(idsOf(typed)).toEqual(['diruser_3']);
    expect(idsOf(scoped)).toEqual(['diruser_2']);
    expect(idsOf(off)).toEqual([]);
  });

  test('is made once for an event, however many processes fan out', async () => {
    const { id } = await connect();
    await gatehouse.write(...Array.from({ length: 30 }, (_, at) => `diruser_many${at}`));
    await Promise.all(Array.from({ length: 4 }, () => gatehouse.deliver()));
    const deliveries = await listDeliveries(gatehouse.operator, { endpointId: id }, { pageSize: 100 });
    expect(deliveries.items.map(({ status, attemptCount }) => [status, attemptCount])).toEqual(
      Array.from({ length: 30 }, () => ['delivered', 1]),
    );
  });
});

describe('a delivery that fails', () => {
  test('is tried again after each delay of the schedule, is kept, and flags its endpoint', async () => {
    const { receiver, id, secret } = await connect((_, response) => response.writeHead(500).end('out of order today'));
    await gatehouse.write('diruser_f');
    for (const [at, delay] of RETRY_SCHEDULE_SECONDS.entries()) {
      gatehouse.pass(delay * 0.5);
      await gatehouse.deliver();
      expect(receiver.received).toHaveLength(at === 0 ? 1 : at);
      expect((await getWebhookEndpoint(gatehouse.operator, id)).flaggedAt).toBeNull();
      gatehouse.pass(delay * 0.6 + 1);
      await gatehouse.deliver();
      expect(receiver.received).toHaveLength(at + 1);
    }
    gatehouse.pass(86_400);
    await gatehouse.deliver();
    expect(receiver.received).toHaveLength(RETRY_SCHEDULE_SECONDS.length);
    expect((await getWebhookEndpoint(gatehouse.operator, id)).flaggedAt).toBeInstanceOf(Date);
    const [delivery] = await listOf(id);
    expect(delivery).toMatchObject({ status: 'failed', attemptCount: 8, lastStatus: 500, nextAttemptAt: null });
    const detail = await getDelivery(gatehouse.operator, delivery!.id);
    expect(detail.attempts.map(({ number }) => number)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(detail.attempts[0]).toMatchObject({
      status: 500,
      answer: 'out of order today',
      error: 'Answered 500. Any status from 200 to 299 says that it arrived.',
      requestHeaders: { 'webhook-signature': expect.stringMatching(/^v1,/) },
    });
    expect(detail.payload).toEqual(receiver.received[0]!.event);
    // Each attempt is signed at its own time, which is what receivers check for replays.
    for (const one of receiver.received) expect(isAccepted(secret, one)).toBe(true);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('disables its endpoint when that answers 410, and no other', async () => {
    const gone = await connect((_, response) => response.writeHead(410).end());
    const other = await connect();
    await gatehouse.write('diruser_g');
    await gatehouse.deliver();
    await gatehouse.write('diruser_g');
    await gatehouse.deliver();
    expect(gone.receiver.received).toHaveLength(1);
    expect(other.receiver.received).toHaveLength(2);
    expect(await getWebhookEndpoint(gatehouse.operator, gone.id)).toMatchObject({
      isEnabled: false,
      disabledReason: 'gone',
    });
  });

  test('says in words what was wrong', async () => {
    const errorOf = async (answer: Answer) => {
      const { id } = await connect(answer);
      await gatehouse.write('diruser_w');
      await gatehouse.deliver();
      return (await listOf(id))[0];
    };
    expect(
      await errorOf((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()),
    ).toMatchObject({
      status: 'retrying',
      lastStatus: 302,
      lastError: expect.stringContaining('a redirect, which is not followed'),
    });
    expect(await errorOf((_, response) => response.destroy())).toMatchObject({
      lastStatus: null,
      lastError: 'The connection was closed before an answer came.',
    });
    expect(
      await errorOf((_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half of');
        setImmediate(() => response.destroy());
      }),
    ).toMatchObject({ lastStatus: 200, lastError: 'The connection was closed before the answer had ended.' });
  });

  test('keeps the first two kilobytes of a long answer, and arrives', async () => {
    const { id } = await connect((_, response) => response.end('é'.repeat(1_000_000)));
    await gatehouse.write('diruser_long');
    await gatehouse.deliver();
    const [delivery] = await listOf(id);
    expect(delivery!.status).toBe('delivered');
    const { attempts } = await getDelivery(gatehouse.operator, delivery!.id);
    expect(attempts[0]!.answer).toBe('é'.repeat(1024));
  });
});

describe('the order of one resource', () => {
  test('is kept while an earlier event is tried again, and others go ahead', async () => {
    let isDown = true;
    const { receiver } = await connect(({ event }, response) =>
      response.writeHead(isDown && event.data.id === 'diruser_o' ? 503 : 204).end(),
    );
    await gatehouse.write('diruser_o', 'diruser_o', 'diruser_p', 'diruser_o', 'diruser_p');
    await gatehouse.deliver();
    expect(versionsOf(receiver.received, 'diruser_o')).toEqual([1]);
    expect(versionsOf(receiver.received, 'diruser_p')).toEqual([1, 2]);
    isDown = false;
    gatehouse.pass(6);
    await gatehouse.deliver();
    expect(versionsOf(receiver.received, 'diruser_o')).toEqual([1, 1, 2, 3]);
    expect(receiver.received.some(({ event }) => 'out_of_order' in event)).toBe(false);
  });

  test('is given up after ten minutes, one minute for a leaver, and each event says so', async () => {
    const { receiver } = await connect((_, response) => response.writeHead(503).end());
    const secondsAfter = async (type: string, seconds: number) => {
      const resource = `diruser_${type}${seconds}`;
      await gatehouse.write(resource);
      await gatehouse.deliver();
      await gatehouse.write({ resource, type: `organization.directory.${type}` });
      await gatehouse.deliver();
      gatehouse.pass(seconds);
      await gatehouse.deliver();
      return receiver.received
        .filter(({ event }) => event.data.id === resource && event.version === 2)
        .map(({ event }) => event.out_of_order);
    };
    expect(await secondsAfter('user_updated', 595)).toEqual([]);
    expect(await secondsAfter('user_updated', 605)).toEqual([true]);
    expect(await secondsAfter('user_deleted', 55)).toEqual([]);
    expect(await secondsAfter('user_deleted', 65)).toEqual([true]);
  });

  test('is given up after one minute for a membership that became inactive', async () => {
    const { receiver } = await connect((_, response) => response.writeHead(503).end());
    const type = 'user.organization_membership_updated';
    const inactive = { user: { memberships: [{ membership_status: 'INACTIVE' }] } };
    await gatehouse.write({ resource: 'usr_1', type });
    await gatehouse.deliver();
    await gatehouse.write({ resource: 'usr_1', type, data: inactive });
    await gatehouse.deliver();
    expect(versionsOf(receiver.received, 'usr_1')).not.toContain(2);
    gatehouse.pass(65);
    await gatehouse.deliver();
    expect(versionsOf(receiver.received, 'usr_1')).toContain(2);
  });

  test('is given up after one minute for a leaver in a replay too', async () => {
    const { receiver, id } = await connect((_, response) => response.writeHead(503).end());
    const failed: string[] = [];
    await gatehouse.write('diruser_again', {
      resource: 'diruser_again',
      type: 'organization.directory.user_deleted',
    });
    while (failed.length < 2) {
      gatehouse.pass(40_000);
      await gatehouse.deliver();
      failed.splice(
        0,
        failed.length,
        ...(await listOf(id)).filter((one) => one.status === 'failed').map((one) => one.id),
      );
    }
    receiver.received.length = 0;
    expect(await replayFailedDeliveries(gatehouse.operator, id)).toBe(2);
    await gatehouse.deliver();
    expect(versionsOf(receiver.received, 'diruser_again')).toEqual([1]);
    gatehouse.pass(65);
    await gatehouse.deliver();
    expect(versionsOf(receiver.received, 'diruser_again')).toContain(2);
  });

  test('marks the earlier event too when it arrives behind the later one', async () => {
    let isDown = true;
    const { receiver } = await connect(({ event }, response) =>
      response.writeHead(isDown && event.version === 1 ? 503 : 204).end(),
    );
    await gatehouse.write('diruser_late', 'diruser_late');
    await gatehouse.deliver();
    gatehouse.pass(605);
    await gatehouse.deliver();
    isDown = false;
    gatehouse.pass(2000);
    await gatehouse.deliver();
    const last = receiver.received.at(-1)!.event;
    expect([last.version, last.out_of_order]).toEqual([1, true]);
  });
});

describe('operators', () => {
  test('send a test event, which is no event of the order', async () => {
    const { receiver, id, secret } = await connect();
    const delivery = await sendTestEvent(gatehouse.operator, id, 'organization.directory.user_deleted');
    await gatehouse.deliver();
    expect(receiver.received[0]!.event).toMatchObject({
      type: 'organization.directory.user_deleted',
      data: { test: true },
    });
    expect(receiver.received[0]!.event).not.toHaveProperty('seq');
    expect(isAccepted(secret, receiver.received[0]!)).toBe(true);
    expect(await getDelivery(gatehouse.operator, delivery)).toMatchObject({ isTest: true, status: 'delivered' });
    await expect(sendTestEvent(gatehouse.operator, id, 'user.created')).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });

  test('replay one, all that failed, and a range of time with what was never sent', async () => {
    let isDown = true;
    const { receiver, id } = await connect((_, response) => response.writeHead(isDown ? 500 : 204).end());
    const from = gatehouse.ctx.now();
    await gatehouse.write('diruser_x', 'diruser_y', 'diruser_x');
    await gatehouse.deliver();
    for (const delay of RETRY_SCHEDULE_SECONDS) {
      gatehouse.pass(delay * 1.1 + 1);
      await gatehouse.deliver();
    }
    gatehouse.pass(200_000);
    await gatehouse.deliver();
    expect((await listOf(id)).map(({ status }) => status)).toContain('failed');
    for (let left = 3; left > 0; left -= 1) {
      gatehouse.pass(40_000);
      await gatehouse.deliver();
    }
    const failed = (await listOf(id)).filter(({ status }) => status === 'failed');
    isDown = false;
    receiver.received.length = 0;
    await replayDelivery(gatehouse.operator, failed[0]!.id);
    await gatehouse.deliver();
    expect(receiver.received).toHaveLength(1);
    expect(await getDelivery(gatehouse.operator, failed[0]!.id)).toMatchObject({ status: 'delivered' });

    expect(await replayFailedDeliveries(gatehouse.operator, id)).toBe(failed.length - 1);
    await gatehouse.deliver();
    expect(await getWebhookEndpoint(gatehouse.operator, id)).toMatchObject({ flaggedAt: null });
    gatehouse.pass(40_000);
    await gatehouse.deliver();
    expect((await listOf(id)).map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);

    await updateWebhookEndpoint(gatehouse.operator, id, { isEnabled: false }, LOOPBACK);
    await gatehouse.write('diruser_z');
    await gatehouse.deliver();
    await updateWebhookEndpoint(gatehouse.operator, id, { isEnabled: true }, LOOPBACK);
    await gatehouse.deliver();
    receiver.received.length = 0;
    // Announcements have the database's time, which the test does not move.
    expect(
      await replayRange(gatehouse.operator, id, {
        from: new Date(Date.now() - 3_600_000),
        to: new Date(Date.now() + 1000),
      }),
    ).toBeGreaterThanOrEqual(4);
    await gatehouse.deliver();
    expect(versionsOf(receiver.received, 'diruser_x')).toEqual([1, 2]);
    expect(versionsOf(receiver.received, 'diruser_z')).toEqual([1]);
    await expect(replayRange(gatehouse.operator, id, { from: gatehouse.ctx.now(), to: from })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });

  test('see deliveries by endpoint, status, type and time, a page at a time', async () => {
    const { id } = await connect();
    await gatehouse.write(
      'diruser_l1',
      { resource: 'diruser_l2', type: 'organization.directory.user_created' },
      'diruser_l3',
    );
    await gatehouse.deliver();
    const count = async (filter: Parameters<typeof listDeliveries>[1]) =>
      (await listDeliveries(gatehouse.operator, { endpointId: id, ...filter })).items.length;
    expect(await count({})).toBe(3);
    expect(await count({ type: 'organization.directory.user_created' })).toBe(1);
    expect(await count({ status: 'failed' })).toBe(0);
    expect(await count({ status: 'delivered', startsAt: new Date(gatehouse.ctx.now().getTime() - 60_000) })).toBe(3);
    expect(await count({ endsAt: new Date(0) })).toBe(0);
    const first = await listDeliveries(gatehouse.operator, { endpointId: id }, { pageSize: 2 });
    const second = await listDeliveries(
      gatehouse.operator,
      { endpointId: id },
      { pageSize: 2, pageToken: first.nextPageToken },
    );
    expect(new Set([...first.items, ...second.items].map((one) => one.id)).size).toBe(3);
    expect(second.nextPageToken).toBe('');
  });

  test('cannot make endpoints that are unsafe, or for events that do not exist', async () => {
    const refuse = (input: WebhookEndpointInput & { url: string }) =>
      expect(createWebhookEndpoint(gatehouse.operator, input, LOOPBACK)).rejects.toMatchObject({
        code: 'invalid_argument',
      });
    await refuse({ url: 'https://user:pass@app.example.com/' });
    await refuse({ url: 'http://app2.example.com:80@10.0.0.1/' });
    await refuse({ url: 'https://169.254.169.254/latest/meta-data' });
    await refuse({ url: 'https://app.example.com/', eventTypes: ['user.created'] });
    await refuse({ url: 'https://app.example.com/', organizationIds: ['acme'] });
    await refuse({ url: `https://app.example.com/${'a'.repeat(3000)}` });
  });

  test('are the only people who see endpoints and deliveries', async () => {
    const admin = {
      ...gatehouse.ctx,
      actor: { kind: 'customerAdmin', id: 'acc_2', email: 'a@example.com', organizationId: 'org_1' },
    } as const;
    const refusals = [
      listWebhookEndpoints(admin),
      getWebhookEndpoint(admin, 'whe_1'),
      createWebhookEndpoint(admin, { url: 'https://app.example.com/' }, LOOPBACK),
      listDeliveries(admin),
      getDelivery(admin, 'whd_1'),
      replayDelivery(admin, 'whd_1'),
      sendTestEvent(admin, 'whe_1'),
    ];
    for (const refusal of await Promise.allSettled(refusals)) {
      expect(refusal).toMatchObject({ status: 'rejected', reason: { code: 'permission_denied' } });
    }
  });
});

// Last, since the clock goes far ahead.
test('a delivery stays for a replay when it was given up, while what arrived goes after its days', async () => {
  let isDown = true;
  const { id } = await connect((_, response) => response.writeHead(isDown ? 500 : 204).end());
  await gatehouse.write('diruser_x');
  await gatehouse.deliver();
  for (const delay of RETRY_SCHEDULE_SECONDS) {
    gatehouse.pass(delay * 1.1 + 1);
    await gatehouse.deliver();
  }
  isDown = false;
  await gatehouse.write('diruser_y');
  await gatehouse.deliver();
  expect((await listOf(id)).map(({ status }) => status)).toEqual(['delivered', 'failed']);
  gatehouse.pass(DELIVERY_KEPT_DAYS * 86_400 + 1);
  expect(await purgeDeliveries(gatehouse.ctx)).toBe(false);
  expect((await listOf(id)).map(({ status }) => status)).toEqual(['failed']);
});
