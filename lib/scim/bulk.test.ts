import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from './attribute';
import type { BulkCall } from './bulk';
import { executeBulk, MAX_BULK_OPERATIONS, readBulk } from './bulk';
import { ScimError, uniqueness } from './error';

const ENDPOINTS = ['/Users', '/Groups'];

interface Run {
  readonly calls: BulkCall[];
  readonly answers: readonly JsonObject[];
}

/** Carries out a bulk request against a service that gives ids in order and refuses userName "taken". */
async function run(body: JsonObject): Promise<Run> {
  const calls: BulkCall[] = [];
  let count = 0;
  const response = await executeBulk(readBulk(body, ENDPOINTS), ENDPOINTS, (call) => {
    calls.push(call);
    if (JSON.stringify(call.data)?.includes('taken')) return Promise.reject(uniqueness('The userName is taken.'));
    if (call.method === 'DELETE') return Promise.resolve({ status: 204, location: `x${call.endpoint}/${call.id}` });
    if (call.method !== 'POST')
      return Promise.resolve({ status: 200, location: `x${call.endpoint}/${call.id}`, version: 'W/"2"' });
    count += 1;
    return Promise.resolve({
      status: 201,
      id: `id${count}`,
      location: `x${call.endpoint}/id${count}`,
      version: 'W/"1"',
    });
  });
  expect(response['schemas']).toEqual(['urn:ietf:params:scim:api:messages:2.0:BulkResponse']);
  return { calls, answers: response['Operations'] as JsonObject[] };
}

const post = (bulkId: string, data: JsonObject, path = '/Users'): JsonObject => ({
  method: 'POST',
  bulkId,
  path,
  data,
});
const statuses = (answers: readonly JsonObject[]): Json[] => answers.map((item) => item['status'] ?? null);

describe('a bulk request', () => {
  it('carries out each method and answers in order with string statuses', async () => {
    const { calls, answers } = await run({
      operations: [
        post('q', { userName: 'a' }),
        { method: 'put', path: '/Users/7', version: 'W/"1"', data: { userName: 'b' } },
        { method: 'PATCH', path: 'Groups/8/', data: { Operations: [] } },
        { method: 'DELETE', path: '/Users/9' },
      ],
    });
    expect(calls).toEqual([
      { method: 'POST', endpoint: '/Users', data: { userName: 'a' } },
      { method: 'PUT', endpoint: '/Users', id: '7', version: 'W/"1"', data: { userName: 'b' } },
      { method: 'PATCH', endpoint: '/Groups', id: '8', data: { Operations: [] } },
      { method: 'DELETE', endpoint: '/Users', id: '9' },
    ]);
    expect(statuses(answers)).toEqual(['201', '200', '200', '204']);
    expect(answers[0]).toEqual({
      method: 'POST',
      bulkId: 'q',
      location: 'x/Users/id1',
      version: 'W/"1"',
      status: '201',
    });
  });

  it('resolves references to earlier and to later operations', async () => {
    const { calls, answers } = await run({
      Operations: [
        post('g', { displayName: 'G', members: [{ value: 'bulkId:u' }] }, '/Groups'),
        post('u', { userName: 'a' }),
        {
          method: 'PATCH',
          path: '/Groups/bulkId:g',
          data: { Operations: [{ op: 'add', path: 'members', value: 'bulkId:u' }] },
        },
      ],
    });
    expect(calls.map(({ endpoint, id }) => [endpoint, id])).toEqual([
      ['/Users', undefined],
      ['/Groups', undefined],
      ['/Groups', 'id2'],
    ]);
    expect(calls[1]?.data).toEqual({ displayName: 'G', members: [{ value: 'id1' }] });
    expect(answers.map((item) => item['bulkId'])).toEqual(['g', 'u', undefined]);
  });

  it('completes resources that refer to each other in a circle, or to themselves', async () => {
    const { calls, answers } = await run({
      Operations: [
        post('a', { displayName: 'A', members: [{ value: 'bulkId:b' }] }, '/Groups'),
        post('b', { displayName: 'B', members: [{ value: 'bulkId:a' }, { value: 'bulkId:b' }] }, '/Groups'),
      ],
    });
    expect(statuses(answers)).toEqual(['201', '201']);
    expect(calls).toHaveLength(3);
    expect(calls[0]?.data).toEqual({ displayName: 'B' });
    expect(calls[1]?.data).toEqual({ displayName: 'A', members: [{ value: 'id1' }] });
    expect(calls[2]).toMatchObject({
      method: 'PATCH',
      id: 'id1',
      data: { Operations: [{ op: 'add', path: 'members', value: [{ value: 'id2' }, { value: 'id1' }] }] },
    });
  });

  it('fails what refers to something that failed, also in a circle', async () => {
    const simple = await run({
      Operations: [post('u', { userName: 'taken' }), post('g', { members: ['bulkId:u'] }, '/Groups')],
    });
    expect(statuses(simple.answers)).toEqual(['409', '409']);
    expect(simple.calls).toHaveLength(1);
    const circle = await run({
      Operations: [
        post('a', { displayName: 'taken', members: ['bulkId:b'] }, '/Groups'),
        post('b', { members: ['bulkId:a'] }, '/Groups'),
      ],
    });
    expect(statuses(circle.answers)).toEqual(['409', '409']);
    expect(circle.answers[1]).toMatchObject({ location: 'x/Groups/id1', response: { status: '409' } });
  });

  it('says that a circle could not be closed, and where the part is that exists', async () => {
    const request = readBulk({ Operations: [post('a', { members: ['bulkId:a'] }, '/Groups')] }, ENDPOINTS);
    const { Operations } = await executeBulk(request, ENDPOINTS, ({ method }) =>
      Promise.resolve(
        method === 'POST'
          ? { status: 201, id: 'id1', location: 'x/Groups/id1' }
          : { status: 400, response: { status: '400', scimType: 'invalidValue' } },
      ),
    );
    expect(Operations).toMatchObject([
      { status: '400', location: 'x/Groups/id1', response: { scimType: 'invalidValue' } },
    ]);
  });

  it('names the request in each error of its own', async () => {
    const request = readBulk({ Operations: [{ method: 'GET', path: '/Users' }] }, ENDPOINTS);
    const { Operations } = await executeBulk(request, ENDPOINTS, () => Promise.reject(new Error('unused')), 'req_1');
    expect(Operations).toMatchObject([
      { status: '400', response: { detail: expect.stringContaining('(request req_1)') as string } },
    ]);
  });

  it('leaves texts alone that only look like references', async () => {
    const { calls } = await run({ Operations: [post('u', { userName: 'bulkId:zzz', title: 'bulkId' })] });
    expect(calls[0]?.data).toEqual({ userName: 'bulkId:zzz', title: 'bulkId' });
  });

  it('stops after failOnErrors errors and goes on otherwise', async () => {
    const list = ['taken', 'taken', 'c'].map((userName, index) => post(`b${index}`, { userName }));
    expect(statuses((await run({ Operations: list })).answers)).toEqual(['409', '409', '201']);
    expect(statuses((await run({ failOnErrors: 2, Operations: list })).answers)).toEqual(['409', '409']);
    expect(statuses((await run({ failOnErrors: 1, Operations: list })).answers)).toEqual(['409']);
  });

  it('answers each malformed operation on its own', async () => {
    const { calls, answers } = await run({
      Operations: [
        { method: 'GET', path: '/Users/1' },
        { method: 'POST', path: '/Users', data: { userName: 'x' } },
        { method: 'POST', path: '/Bulk', bulkId: 'x', data: {} },
        { method: 'POST', path: '/Users/1', bulkId: 'y', data: {} },
        { method: 'DELETE', path: '/Users' },
        { method: 'PUT', path: '/Users/1' },
        post('z', { userName: 'x' }),
        post('z', { userName: 'y' }),
        { method: 'DELETE', path: '/Users/%E0%A4%A' },
      ],
    });
    expect(statuses(answers)).toEqual(['400', '400', '400', '400', '400', '400', '201', '400', '400']);
    expect(calls).toHaveLength(1);
    expect(answers[0]).toMatchObject({
      response: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], scimType: 'invalidSyntax' },
    });
  });

  it('is refused as a whole when it is none', () => {
    for (const body of [
      null,
      [],
      'x',
      {},
      { Operations: {} },
      { Operations: [1] },
      { Operations: [], failOnErrors: 'x' },
    ]) {
      expect(() => readBulk(body, ENDPOINTS)).toThrow(ScimError);
    }
    const many = Array.from({ length: MAX_BULK_OPERATIONS + 1 }, () => ({}));
    expect(() => readBulk({ Operations: many }, ENDPOINTS)).toThrow(expect.objectContaining({ status: 413 }));
  });

  it('lets a defect through instead of answering for it', async () => {
    const request = readBulk({ Operations: [post('a', {})] }, ENDPOINTS);
    await expect(executeBulk(request, ENDPOINTS, () => Promise.reject(new TypeError('defect')))).rejects.toThrow(
      'defect',
    );
  });
});
