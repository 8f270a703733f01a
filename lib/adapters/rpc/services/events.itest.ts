import type { JsonObject } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ScalekitClient } from '@scalekit-sdk/node';
import {
  ObjectType,
  type ScalekitEvent,
  Source,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newContext } from '@/lib/core/context';
import { newId } from '@/lib/core/id';
import { change } from '@/lib/db/change';
import { database } from '@/lib/db/handle';
import { listEvents } from '@/lib/domain/event/queries';
import { EVENT_TYPES } from '@/lib/domain/event/types';
import { getEnvironmentId } from '@/lib/domain/operator/queries';
import { startTestApi, type TestApi } from './testing';

let api: TestApi;
let sdk: ScalekitClient;
let organizationId: string;

beforeAll(async () => {
  api = await startTestApi();
  sdk = api.newSdk();
});

afterAll(() => api.close());

beforeEach(async () => {
  const { organization } = await sdk.organization.createOrganization('Acme');
  organizationId = organization!.id;
});

/** Writes an event of each of `types`, in order, about one thing of the test's own organization. */
async function write(...types: string[]): Promise<void> {
  await change(api.ctx, async () => ({
    value: undefined,
    events: types.map((type, at) => ({
      type,
      object: 'Connection',
      resourceId: `conn_of_${organizationId}`,
      organizationId,
      version: at + 1,
      data: { id: type, at },
    })),
  }));
}

const typesOf = (events: readonly ScalekitEvent[]) => events.map(({ type }) => type);

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

async function rest(path: string, body?: unknown, token?: string): Promise<Answer> {
  const response = await fetch(`${api.origin}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token ?? (await api.fetchToken())}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error as { errorCode?: unknown }).errorCode,
  );
}

describe('the list of events', () => {
  test('tells a change in the envelope of the contract', async () => {
    const before = Date.now();
    const { events } = await sdk.events.listEventsPaginated(1, '', { organizationId });
    const [event] = events;
    expect(event).toMatchObject({
      specVersion: '1',
      type: 'organization.created',
      object: ObjectType.Organization,
      environmentId: await getEnvironmentId(),
      organizationId,
      displayName: 'Organization created',
      data: { id: organizationId, display_name: 'Acme', region_code: 'US' },
    });
    expect(event?.id).toMatch(/^evt_\d{21}$/);
    expect(Math.abs(timestampDate(event!.occurredAt!).getTime() - before)).toBeLessThan(60_000);
  });

  test('gives the same over REST, in snake_case, without a total', async () => {
    const { events } = await sdk.events.listEventsPaginated(10, '', { organizationId });
    const { status, body } = await rest('/events/paginated?page_size=10', { organization_id: organizationId });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('total_size');
    expect(body).toMatchObject({ next_page_token: '', prev_page_token: '' });
    const [told] = body['events'] as JsonObject[];
    expect(told).toMatchObject({
      spec_version: '1',
      id: events[0]!.id,
      object: 'Organization',
      organization_id: organizationId,
      occurred_at: timestampDate(events[0]!.occurredAt!).toISOString().replace('.000Z', 'Z'),
    });
  });

  test('has a total where the call has one', async () => {
    await write('role.created', 'role.updated', 'role.deleted');
    const { body } = await rest('/events?page_size=2', { organization_id: organizationId });
    expect(body).toMatchObject({ total_size: 4, prev_page_token: '' });
    expect((body['events'] as JsonObject[]).map(({ type }) => type)).toEqual(['role.deleted', 'role.updated']);
    const one = await rest('/events', { organization_id: organizationId, event_types: ['role.created'] });
    expect(one.body).toMatchObject({ total_size: 1, next_page_token: '' });
  });

  test('says nothing of an organization for an event that has none', async () => {
    await rest('/permissions', { name: 'events:read', description: 'Reads events' });
    const { events } = await sdk.events.listEventsPaginated(1, '', { eventTypes: ['permission.created'] });
    expect(events[0]).toMatchObject({ object: ObjectType.Permission, displayName: 'Permission created' });
    expect(events[0]?.organizationId).toBeUndefined();
  });

  test('has ten by default and never more than a hundred', async () => {
    await write(...Array.from({ length: 120 }, () => 'organization.updated'));
    const sizeOf = async (size?: number) =>
      (await sdk.events.listEventsPaginated(size, '', { organizationId })).events.length;
    expect([await sizeOf(), await sizeOf(0), await sizeOf(7), await sizeOf(5000)]).toEqual([10, 10, 7, 100]);
  });

  test('keeps an event that is not announced to itself', async () => {
    await write('organization.sso_created', 'organization.sso_enabled');
    await database().sql.rows('update event set is_announced = false where organization_id = $1 and type = $2', [
      organizationId,
      'organization.sso_enabled',
    ]);
    const { events } = await sdk.events.listEventsPaginated(10, '', { organizationId });
    expect(typesOf(events)).toEqual(['organization.sso_created', 'organization.created']);
    expect((await rest('/events', { organization_id: organizationId })).body).toMatchObject({ total_size: 2 });
  });
});

describe('pages of events', () => {
  test('lead through all events and back, newest first', async () => {
    const written = ['role.created', 'role.updated', 'permission.created', 'permission.updated'];
    await write(...written);
    const all = ['organization.created', ...written].toReversed();
    const list = (token: string) => sdk.events.listEventsPaginated(2, token, { organizationId });
    const first = await list('');
    const second = await list(first.nextPageToken);
    const third = await list(second.nextPageToken);
    expect([first, second, third].map(({ events }) => typesOf(events))).toEqual([
      all.slice(0, 2),
      all.slice(2, 4),
      all.slice(4),
    ]);
    expect([first.prevPageToken, third.nextPageToken]).toEqual(['', '']);
    const back = await list(third.prevPageToken);
    expect(typesOf(back.events)).toEqual(typesOf(second.events));
    const start = await list(back.prevPageToken);
    expect(typesOf(start.events)).toEqual(typesOf(first.events));
    expect(start.prevPageToken).toBe('');
  });

  test('neither repeat nor skip an event while others are written', async () => {
    await write(...Array.from({ length: 9 }, () => 'role.updated'));
    const expected = (await sdk.events.listEventsPaginated(100, '', { organizationId })).events.map(({ id }) => id);
    const seen: string[] = [];
    let token = '';
    do {
      const page = await sdk.events.listEventsPaginated(3, token, { organizationId });
      seen.push(...page.events.map(({ id }) => id));
      token = page.nextPageToken;
      await Promise.all([write('role.created'), write('role.deleted')]);
    } while (token);
    expect(seen).toEqual(expected);
  });

  test('are refused for a token that we did not make', async () => {
    expect(await codeOf(sdk.events.listEventsPaginated(2, 'made up'))).toBe('VALIDATION_ERROR');
    const foreign = Buffer.from('after:org_1').toString('base64url');
    expect(await codeOf(sdk.events.listEventsPaginated(2, foreign))).toBe('VALIDATION_ERROR');
  });
});

describe('the filter of events', () => {
  test('keeps to one organization, and knows nothing of one that does not exist', async () => {
    await sdk.organization.createOrganization('Other');
    const { events } = await sdk.events.listEventsPaginated(10, '', { organizationId });
    expect(events.map((event) => event.organizationId)).toEqual([organizationId]);
    expect((await sdk.events.listEventsPaginated(10, '', { organizationId: 'org_1' })).events).toEqual([]);
  });

  test('takes several types, and finds nothing of types that do not exist', async () => {
    await write('role.created', 'permission.created', 'role.deleted');
    const list = async (...eventTypes: string[]) =>
      typesOf((await sdk.events.listEventsPaginated(10, '', { organizationId, eventTypes })).events);
    expect(await list('role.created', 'role.deleted', 'planet.discovered')).toEqual(['role.deleted', 'role.created']);
    expect(await list('planet.discovered')).toEqual([]);
    const { status, body } = await rest('/events', { event_types: ['planet.discovered'] });
    expect({ status, body }).toEqual({
      status: 200,
      body: { events: [], next_page_token: '', prev_page_token: '', total_size: 0 },
    });
  });

  test('tells what a directory caused from what everything else did', async () => {
    await write('organization.directory.user_created', 'organization.directory_enabled', 'role.created');
    const list = async (source: Source) =>
      typesOf((await sdk.events.listEventsPaginated(10, '', { organizationId, source })).events);
    expect(await list(Source.DIR_SYNC)).toEqual(['organization.directory.user_created']);
    expect(await list(Source.SCALEKIT)).toEqual([
      'role.created',
      'organization.directory_enabled',
      'organization.created',
    ]);
    const none = { organizationId, source: Source.DIR_SYNC, eventTypes: ['role.created'] };
    expect((await sdk.events.listEventsPaginated(10, '', none)).events).toEqual([]);
  });

  test('takes a range of time with its start and without its end', async () => {
    await write('role.created', 'role.updated', 'role.deleted');
    const at = (seconds: number) => new Date(Date.UTC(2025, 0, 1, 0, 0, seconds));
    for (const [second, type] of ['role.created', 'role.updated', 'role.deleted'].entries()) {
      await database().sql.rows('update event set occurred_at = $3 where organization_id = $1 and type = $2', [
        organizationId,
        type,
        at(second),
      ]);
    }
    const list = async (from: number, to: number) => {
      const range = { startTime: timestampFromDate(at(from)), endTime: timestampFromDate(at(to)) };
      return typesOf((await sdk.events.listEventsPaginated(10, '', { organizationId, ...range })).events);
    };
    expect(await list(0, 2)).toEqual(['role.updated', 'role.created']);
    expect(await list(2, 3)).toEqual(['role.deleted']);
    expect(await list(2, 2)).toEqual([]);
    const open = await rest('/events/paginated', {
      organization_id: organizationId,
      end_time: '2025-01-01T00:00:01Z',
    });
    expect((open.body['events'] as JsonObject[]).map(({ type }) => type)).toEqual(['role.created']);
  });

  test('refuses a range that ends before it starts, and a time that no calendar has', async () => {
    const { status, body } = await rest('/events/paginated', {
      start_time: '2025-01-02T00:00:00Z',
      end_time: '2025-01-01T00:00:00Z',
    });
    expect(status).toBe(400);
    const violations = { field_violations: [{ field: 'filter.end_time' }] };
    expect(body).toMatchObject({ error_code: 'VALIDATION_ERROR', validation_error_info: violations });
    const startTime = { seconds: 10n ** 15n, nanos: 0 };
    expect(await codeOf(sdk.events.listEventsPaginated(10, '', { startTime }))).toBe('VALIDATION_ERROR');
  });

  test('finds the events of one connection, and none of what this service does not have', async () => {
    await write('organization.sso_created');
    const list = async (filter: object) => typesOf((await sdk.events.listEventsPaginated(10, '', filter)).events);
    expect(await list({ connectionId: `conn_of_${organizationId}` })).toEqual(['organization.sso_created']);
    expect(await list({ connectionId: 'conn_1' })).toEqual([]);
    for (const name of ['authRequestId', 'interceptorId', 'connectedAccountId']) {
      expect(await list({ organizationId, [name]: 'x' })).toEqual([]);
    }
  });
});

describe('access to events', () => {
  test('needs a token', async () => {
    expect((await rest('/events/paginated', {}, 'wrong')).status).toBe(401);
  });

  test('ends for a portal session at its own organization', async () => {
    const session = {
      kind: 'portalSession' as const,
      id: newId('portalSession'),
      linkId: newId('portalLink'),
      organizationId,
      features: [],
    };
    const ctx = newContext(session);
    expect((await listEvents(ctx, { organizationId })).items).toHaveLength(1);
    await expect(listEvents(ctx, { organizationId: 'org_1' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(listEvents(ctx)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  test('does not let a caller write events of its own', async () => {
    const { status, body } = await rest('/events/frontend_events/role.created', { data: {} });
    expect({ status, body }).toMatchObject({ status: 501, body: { error_code: 'UNIMPLEMENTED' } });
    expect(
      (await sdk.events.listEventsPaginated(1, '', { organizationId, eventTypes: ['role.created'] })).events,
    ).toEqual([]);
  });
});

test('every type of event has a title for people to read', async () => {
  await write(...EVENT_TYPES);
  const { events } = await sdk.events.listEventsPaginated(100, '', { organizationId });
  expect(events).toHaveLength(EVENT_TYPES.length + 1);
  for (const { displayName } of events) expect(displayName).toMatch(/^[A-Z][\w ]+$/);
});
