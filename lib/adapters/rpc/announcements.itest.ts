import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { change } from '@/lib/db/change';
import { createCredential, deleteCredential } from '@/lib/domain/credential/commands';
import { announceEvents } from '@/lib/domain/event/commands';
import type { EventEnvelope } from '@/lib/domain/event/types';
import { closeAnnouncementStreams } from './announcements';
import { describeManagementApi } from './api';
import { createRpc, type Rpc } from './router';
import { PUBLIC_ORIGIN, startTestApi, type TestApi } from './services/testing';

let api: TestApi;
let rpc: Rpc;
let token: string;
let start: string;

interface PageBody {
  readonly events: EventEnvelope[];
  readonly next_cursor: string;
  readonly has_more: boolean;
}

beforeAll(async () => {
  api = await startTestApi();
  rpc = createRpc(describeManagementApi(PUBLIC_ORIGIN));
  token = await api.fetchToken();
});

afterAll(() => api.close());

beforeEach(async () => {
  start = (await read('?after=latest')).next_cursor;
});

function get(query: string, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
  const url = `${PUBLIC_ORIGIN}/api/v1/announcements${query}`;
  return rpc.rest(new Request(url, { headers: { authorization: `Bearer ${token}`, ...headers }, signal }));
}

async function read(query: string): Promise<PageBody> {
  const response = await get(query);
  expect(response.status).toBe(200);
  return (await response.json()) as PageBody;
}

async function write(...types: string[]): Promise<void> {
  await change(api.ctx, async () => ({
    value: undefined,
    events: types.map((type, at) => ({
      type,
      object: 'Role',
      resourceId: 'role_1',
      organizationId: type.startsWith('role.') ? 'org_1' : undefined,
      version: at + 1,
      data: { id: 'role_1' },
      previous: { name: 'before' },
    })),
  }));
}

/** Reads a stream as a browser does, until `isEnough` or its end. */
async function follow(
  response: Response,
  isEnough: (ids: string[]) => boolean,
): Promise<{ ids: string[]; types: string[] }> {
  const ids: string[] = [];
  const types: string[] = [];
  let text = '';
  const decoder = new TextDecoder();
  const reader = response.body!.getReader();
  for (;;) {
    if (isEnough(ids)) {
      await reader.cancel();
      break;
    }
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks.filter((one) => one.includes('\ndata: '))) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      expect(JSON.parse(field('data'))).toMatchObject({ type: field('event'), seq: Number(field('id')) });
      ids.push(field('id'));
      types.push(field('event'));
    }
  }
  return { ids, types };
}

const asStream = (headers: Record<string, string> = {}) => ({ accept: 'text/event-stream', ...headers });

describe('announcements', () => {
  test('come in order with everything a consumer needs, and a cursor that resumes behind them', async () => {
    await write('role.created', 'role.updated', 'role.deleted');
    const first = await read(`?after=${start}&limit=2`);
    expect(first).toMatchObject({ has_more: true, next_cursor: String(Number(start) + 2) });
    expect(first.events[0]).toEqual({
      spec_version: '1',
      id: expect.stringMatching(/^evt_/),
      type: 'role.created',
      object: 'Role',
      occurred_at: expect.any(String),
      environment_id: expect.stringMatching(/^env_/),
      organization_id: 'org_1',
      display_name: 'Role created',
      data: { id: 'role_1' },
      previous: { name: 'before' },
      version: 1,
      request_id: api.ctx.requestId,
      actor: 'system:test',
      seq: Number(start) + 1,
    });
    const second = await read(`?after=${first.next_cursor}&limit=2`);
    expect(second.events.map(({ type }) => type)).toEqual(['role.deleted']);
    expect(second.has_more).toBe(false);
    expect(await read(`?after=${second.next_cursor}`)).toEqual({
      events: [],
      next_cursor: second.next_cursor,
      has_more: false,
    });
  });

  test('can be narrowed by type and organization', async () => {
    await write('role.created', 'permission.created', 'role.updated');
    const typesOf = async (query: string) => (await read(`?after=${start}${query}`)).events.map(({ type }) => type);
    expect(await typesOf('&types=role.updated,permission.created')).toEqual(['permission.created', 'role.updated']);
    expect(await typesOf('&types=role.updated&types=role.created')).toEqual(['role.created', 'role.updated']);
    expect(await typesOf('&organization_id=org_1')).toEqual(['role.created', 'role.updated']);
  });

  test.each(['?after=abc', '?after=-1', '?after=999999999', '?limit=x', '?types=user.created'])(
    'refuse %s and name the field',
    async (query) => {
      const response = await get(query);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ validation_error_info: { field_violations: [{}] } });
    },
  );

  test('are for credentials with the scope events:read', async () => {
    const { credential, plainSecret } = await createCredential(api.ctx, { name: 'Roles', scopes: ['roles:read'] });
    const without = await api.fetchToken({ id: credential.id, secret: plainSecret });
    expect((await get('', { authorization: `Bearer ${without}` })).status).toBe(403);
    expect((await get('', { authorization: 'Bearer nonsense' })).status).toBe(401);
    expect((await get('', { ...asStream(), authorization: 'Bearer nonsense' })).status).toBe(401);
  });
});

describe('a stream of announcements', () => {
  test('begins after the cursor, goes on with what is written, and resumes after the last id', async () => {
    await write('role.created');
    const response = await get(`?after=${start}`, asStream());
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reading = follow(response, (ids) => ids.length >= 3);
    await write('role.updated', 'role.deleted');
    await announceEvents();
    const { ids, types } = await reading;
    expect(types).toEqual(['role.created', 'role.updated', 'role.deleted']);
    const resumed = await get(`?after=${start}`, asStream({ 'last-event-id': ids[0]! }));
    expect((await follow(resumed, (seen) => seen.length >= 2)).types).toEqual(['role.updated', 'role.deleted']);
  });

  test('starts behind the last announcement when asked to', async () => {
    await write('role.created');
    const reading = follow(await get('?after=latest', asStream()), (ids) => ids.length >= 1);
    await write('role.deleted');
    expect((await reading).types).toEqual(['role.deleted']);
  });

  test('ends within two seconds when its credential is deleted', async () => {
    const { credential, plainSecret } = await createCredential(api.ctx, { name: 'Short' });
    const own = await api.fetchToken({ id: credential.id, secret: plainSecret });
    const reading = follow(await get('?after=latest', asStream({ authorization: `Bearer ${own}` })), () => false);
    const deletedAt = performance.now();
    await deleteCredential(api.ctx, { id: credential.id });
    await reading;
    expect(performance.now() - deletedAt).toBeLessThan(4000);
  });

  test('ends when the process stops', async () => {
    const reading = follow(await get('?after=latest', asStream()), () => false);
    closeAnnouncementStreams();
    expect(await reading).toEqual({ ids: [], types: [] });
  });
});
