import { type IncomingHttpHeaders, request as sendRequest } from 'node:http';
import { deflateSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ScimServer, startScim, type TestDirectory } from './testing';

/** Requests of each kind. `npm test` sends a few; a larger number finds rarer things. */
const RUNS = Number(process.env['GATEHOUSE_TEST_RUNS'] ?? 150);
/** Longer than anything that is answered, shorter than the patience of a test. */
const HANG_MS = 15_000;

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

let server: ScimServer;
let directory: TestDirectory;
let known: { user: string; group: string };

beforeEach(async () => {
  directory = await server.newDirectory();
  const user = await directory.send('POST', '/Users', {
    userName: 'ann',
    emails: [{ value: 'ann@x.io', type: 'work' }],
  });
  const members = [{ value: user.json['id'] }];
  const group = await directory.send('POST', '/Groups', { displayName: 'Sales', members });
  known = { user: String(user.json['id']), group: String(group.json['id']) };
});

interface Sent {
  readonly method: string;
  /** Below the directory's base, escaped. */
  readonly path: string;
  /** Instead of the directory's base. */
  readonly base?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** In pieces, each a chunk of its own. */
  readonly body?: readonly Uint8Array[];
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function send({ method, path, base, headers, body }: Sent): Promise<Answer> {
  const { hostname, port, pathname } = new URL(directory.baseUrl);
  const fill = (text: string) => text.replaceAll('{user}', known.user).replaceAll('{group}', known.group);
  return new Promise((resolve, reject) => {
    const request = sendRequest(
      {
        hostname,
        port,
        method,
        path: (base ?? pathname) + fill(path),
        headers: {
          authorization: `Bearer ${directory.token}`,
          ...(body && { 'transfer-encoding': 'chunked' }),
          ...headers,
        },
        timeout: HANG_MS,
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    for (const part of headers?.['content-encoding'] ? (body ?? []) : fillBytes(body ?? [], fill)) request.write(part);
    request.end();
  });
}

/** The text with halves of surrogate pairs replaced: they cannot travel in a URL. */
const wellFormed = (text: string) => Buffer.from(text).toString();

/** Puts real ids into a body that travels plain, and cuts it up again as it was. */
function fillBytes(pieces: readonly Uint8Array[], fill: (text: string) => string): Uint8Array[] {
  const filled = Buffer.from(fill(Buffer.concat(pieces).toString('latin1')), 'latin1');
  const length = pieces[0]?.length ?? 1;
  return Array.from({ length: Math.ceil(filled.length / length) }, (_, at) =>
    filled.subarray(at * length, (at + 1) * length),
  );
}

/** Everything that a request may change, as one text. */
async function digest(): Promise<string> {
  const [row] = await server.db.sql.rows<{ digest: string }>(
    `select (select string_agg(id || version || doc::text, ',' order by id) from dir_user where directory_id = $1) || '|' ||
       (select string_agg(id || version || doc::text, ',' order by id) from dir_group where directory_id = $1) || '|' ||
       (select count(*) from membership where directory_id = $1) || '|' || (select count(*) from event where directory_id = $1) as digest`,
    [directory.directoryId],
  );
  return row?.digest ?? '';
}

/** The promises that hold for whatever is sent. */
async function expectGoodManners(sent: Sent): Promise<Answer> {
  const before = await digest();
  const answer = await send(sent);
  const { status, text, headers } = answer;
  expect(status === 501 || status < 500, `${status} ${text}`).toBe(true);
  if (status >= 400) {
    expect(headers['content-type']).toBe('application/scim+json; charset=utf-8');
    if (sent.method !== 'HEAD') {
      expect(JSON.parse(text)).toMatchObject({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: String(status),
        detail: expect.stringMatching(/\S.*\(request req_\d+\)$/s) as string,
      });
    }
    expect(await digest()).toBe(before);
  } else if (sent.method === 'HEAD' || status === 204 || status === 304) expect(text).toBe('');
  else expect(() => JSON.parse(text) as unknown).not.toThrow();
  if (sent.method === 'GET' || sent.method === 'HEAD' || sent.method === 'OPTIONS') expect(await digest()).toBe(before);
  return answer;
}

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    ' ',
    '\0',
    '\ud800',
    '\udfff a',
    '😀',
    'שלום',
    'e\u0301',
  ),
  fc.constantFrom(
    '$ref',
    'null',
    'undefined',
    'NaN',
    '-0',
    '1e999',
    '%',
    "'; drop table dir_user; --",
    '${user}',
    'a'.repeat(3000),
  ),
);
const name = fc.oneof(
  fc.constantFrom(
    'userName',
    'USERNAME',
    'name',
    'name.givenName',
    'emails',
    'emails.value',
    'active',
    'displayName',
    'externalId',
    'members',
    'members.value',
    'groups',
    'meta',
    'meta.created',
    'meta.version',
    'id',
    'schemas',
    'password',
    'title',
    'photos',
    'addresses',
    `${USER}:userName`,
    ENTERPRISE,
    `${ENTERPRISE}:manager`,
    `${ENTERPRISE}:manager.value`,
    'manager',
    'roles',
    'Operations',
    USER,
    'urn:acme:2.0:User',
    'urn:acme:2.0:user:badge',
    `${ENTERPRISE}:badge.number`,
  ),
  odd,
);
const scalar = fc.oneof(
  odd,
  fc.boolean(),
  fc.constant(null),
  fc.double(),
  fc.constantFrom(1e308, -1e308, 2 ** 53, -1, 0.1, 'True', 'False', '{user}', '{group}', '2026-01-31T08:00:00Z'),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(name, tie('json'), { maxKeys: 4, noNullPrototype: true }),
    fc.record({ value: tie('json'), type: tie('json'), primary: tie('json') }, { requiredKeys: [] }),
  ),
}));

const filterText = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: name },
      {
        weight: 4,
        arbitrary: fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr', 'EQ', 'Pr', 'is'),
      },
      {
        weight: 3,
        arbitrary: fc.oneof(
          odd.map((text) => JSON.stringify(text)),
          fc.constantFrom('"{user}"', 'true', '1', 'null', '"a\\u0000"', '"\\ud800"', '"open'),
        ),
      },
      { weight: 2, arbitrary: fc.constantFrom('and', 'or', 'not', '(', ')', '[', ']', 'not (', ' and ', '.value') },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(' '));
/** What a client would send, so that most get past the parser. */
const plausibleFilter = fc
  .tuple(
    fc.constantFrom(
      'userName',
      'emails.value',
      'emails',
      'name.familyName',
      'title',
      'displayName',
      'members',
      'groups.display',
      'meta.version',
      'externalId',
      'active',
      'meta.created',
      'schemas',
    ),
    fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'),
    fc.oneof(odd, fc.boolean(), fc.constant('2026-01-31T08:00:00Z')),
    fc.constantFrom('', 'not ', 'emails['),
  )
  .map(([path, operator, value, wrap]) => {
    const text = `${path} ${operator} ${JSON.stringify(value)}`;
    if (wrap === 'emails[') return `emails[value ${operator} ${JSON.stringify(value)} and not (type pr)]`;
    return wrap === '' ? text : `${wrap}(${text})`;
  });
const deepFilter = fc.integer({ min: 1, max: 400 }).map((depth) => '('.repeat(depth) + 'title pr' + ')'.repeat(depth));
const longFilter = fc.integer({ min: 1, max: 500 }).map((terms) => Array(terms).fill('title pr').join(' or '));

const number = fc.oneof(
  fc.integer(),
  fc.constantFrom('', '-1', '0', '1e3', '99999999999999999999', ' 5 ', '+3', 'abc', '1.5', '０'),
  odd,
);
const query = fc
  .record(
    {
      filter: fc.oneof(filterText, plausibleFilter, deepFilter, longFilter),
      startIndex: number,
      count: number,
      sortBy: name,
      sortOrder: fc.oneof(fc.constantFrom('ascending', 'descending', 'Descending'), odd),
      cursor: fc.oneof(fc.constantFrom('', 'p5', 'W10', 'eyJhIjoxfQ', 'W251bGxd', '%'), odd),
      attributes: fc.array(name, { maxLength: 3 }).map((names) => names.join(',')),
      excludedAttributes: fc.array(name, { maxLength: 3 }).map((names) => names.join(',')),
      aadOptscim062020: odd,
    },
    { requiredKeys: [] },
  )
  .map((values) =>
    Object.entries(values)
      .map(([key, value]) => `${key}=${encodeURIComponent(wellFormed(String(value)))}`)
      .join('&')
      .slice(0, 7000)
      .replace(/%.?$/, ''),
  );

const segment = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'Users',
      'Groups',
      'users',
      'Bulk',
      '.search',
      'Me',
      'Schemas',
      'ServiceProviderConfig',
      'ResourceTypes',
      '{user}',
      '{group}',
    ),
  },
  { weight: 1, arbitrary: odd.map((text) => encodeURIComponent(wellFormed(text))) },
  { weight: 1, arbitrary: fc.constantFrom('%00', '%E0%A4%A', '..', '%2e%2e', '%2F', USER, 'diruser_404', '%ff', '*') },
);
const path = fc.array(segment, { maxLength: 3 }).map((segments) => segments.map((one) => `/${one}`).join(''));
/** Where no directory is, or none of this token. */
const base = fc.oneof(
  fc.constantFrom('/scim/v2/', '/scim/v2/%00', '/scim/v2/dir_1', '/scim/v2/..', '/scim/v2/%2F', '/scim/v2/%E0%A4%A'),
  odd.map((text) => `/scim/v2/${encodeURIComponent(wellFormed(text))}`),
);
const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'QUERY');

/** Halves of surrogate pairs are escapes in JSON, which is how they travel. */
const bytesOf = (value: unknown) =>
  Buffer.from(JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item)) ?? '');

const resource = fc
  .dictionary(name, json, { maxKeys: 6, noNullPrototype: true })
  .map((values) => ({ userName: 'bob', displayName: 'Ops', ...values }));
const operation = fc.record(
  {
    op: fc.oneof(fc.constantFrom('add', 'Replace', 'remove'), odd),
    path: fc.oneof(
      name,
      filterText,
      fc.constantFrom(
        'emails[type eq "work"].value',
        'members[value eq "{user}"]',
        'name',
        'emails[',
        'addresses[type eq "home"]',
      ),
    ),
    value: json,
  },
  { requiredKeys: ['op'] },
);
const patch = fc.record({
  schemas: fc.constant(['urn:ietf:params:scim:api:messages:2.0:PatchOp']),
  Operations: fc.array(operation, { maxLength: 4 }),
});
const bulk = fc.record({
  Operations: fc.array(
    fc.record(
      {
        method: fc.oneof(method, odd),
        path: fc.oneof(
          path,
          fc.constantFrom('/Users', '/Groups', '/Users/{user}', '/Groups/{group}', '/Users/\0'),
          odd,
        ),
        bulkId: odd,
        data: fc.oneof(resource, patch, json),
        version: odd,
      },
      { requiredKeys: ['method'] },
    ),
    { maxLength: 4 },
  ),
  failOnErrors: fc.oneof(fc.integer(), odd),
});
const raw = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc
    .constantFrom(
      '',
      ' ',
      '{',
      '[]',
      'null',
      '"a"',
      '1',
      '{"userName":"a","userName":"b"}',
      '{"__proto__":{"userName":"x"},"userName":"p"}',
      '{"userName":1e999}',
      '{"userName":"a\\u0000"}',
      '{"userName":"\\ud800"}',
      '\uFEFF{"userName":"bom"}',
      '{"userName":"a",}',
      "{'userName':'a'}",
      '{"userName":"x"} trailing',
    )
    .map((text) => Buffer.from(text)),
  fc.integer({ min: 1, max: 5000 }).map((depth) => Buffer.from('['.repeat(depth) + ']'.repeat(depth))),
  fc.integer({ min: 1, max: 2000 }).map((depth) => Buffer.from('{"name":'.repeat(depth) + '1' + '}'.repeat(depth))),
  fc.constant(Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d])),
);
const content = fc.oneof(json.map(bytesOf), resource.map(bytesOf), patch.map(bytesOf), bulk.map(bytesOf), raw);

/** A body as it travels: whole or in chunks, plain or compressed, truly or not. */
const body = fc
  .tuple(
    content,
    fc.constantFrom('plain', 'plain', 'plain', 'gzip', 'deflate', 'cut gzip', 'false gzip', 'br'),
    fc.constantFrom(
      'application/scim+json',
      'application/scim+json',
      'application/json; charset=utf-8',
      'text/plain',
      '',
      'application/xml',
      ';',
    ),
    fc.integer({ min: 1, max: 50 }),
  )
  .map(([bytes, encoding, type, size]) => {
    const packed =
      encoding === 'gzip'
        ? gzipSync(bytes)
        : encoding === 'deflate'
          ? deflateSync(bytes)
          : encoding === 'cut gzip'
            ? gzipSync(bytes).subarray(0, -5)
            : Buffer.from(bytes);
    const named = encoding.replace('cut ', '').replace('false ', '');
    const pieces: Uint8Array[] = [];
    const length = Math.max(size, Math.ceil(packed.length / 20));
    for (let start = 0; start < packed.length; start += length) pieces.push(packed.subarray(start, start + length));
    return {
      body: pieces,
      headers: {
        ...(type !== '' && { 'content-type': type }),
        ...(encoding !== 'plain' && { 'content-encoding': named }),
      },
    };
  });

const etag = fc.oneof(
  fc.constantFrom('W/"1"', '"1"', '*', '1', 'W/"999"', '""', ',', '"', 'W/'),
  fc.string({ maxLength: 10 }).map((text) => text.replace(/[^\x20-\x7e]/g, '')),
);
const conditions = fc.record(
  { 'if-match': etag, 'if-none-match': etag, accept: etag, 'x-forwarded-for': etag },
  { requiredKeys: [] },
);

/** The mount of Next's route handlers shares all but the first step with the lane, so that fewer requests do. */
const MOUNTS = [
  { mount: 'node', runs: RUNS },
  { mount: 'fetch', runs: Math.ceil(RUNS / 3) },
] as const;

describe.each(MOUNTS)('by the $mount mount', ({ mount, runs }) => {
  beforeAll(async () => {
    server = await startScim(mount);
  });
  afterAll(() => server.close());

  test('whatever is sent anywhere is answered in the protocol’s shape, and what is refused leaves no trace', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(method, fc.option(base, { nil: undefined, freq: 9 }), path, query),
        fc.option(body),
        conditions,
        async ([verb, elsewhere, where, search], sent, headers) => {
          await expectGoodManners({
            method: verb,
            ...(elsewhere !== undefined && { base: elsewhere }),
            path: where + (search === '' ? '' : `?${search}`),
            headers: { ...headers, ...sent?.headers },
            ...(sent && { body: sent.body }),
          });
        },
      ),
      { numRuns: runs * 2 },
    );
    expect((await send({ method: 'GET', path: '/Users' })).status).toBe(200);
  });

  test('a list answers any filter, sort order and page, or says what is wrong with them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('/Users', '/Groups', ''), query, async (endpoint, search) => {
        const { status } = await expectGoodManners({ method: 'GET', path: `${endpoint}?${search}` });
        expect([200, 400]).toContain(status);
      }),
      { numRuns: runs },
    );
  });

  test('any body is written whole or refused whole', async () => {
    const type = { 'content-type': 'application/scim+json' };
    const target = fc.constantFrom(
      '/Users',
      '/Groups',
      '/Users/{user}',
      '/Groups/{group}',
      '/.search',
      '/Users/.search',
    );
    await fc.assert(
      fc.asyncProperty(target, fc.oneof(resource, json), async (where, value) => {
        const verb = where.includes('{') ? 'PUT' : 'POST';
        await expectGoodManners({ method: verb, path: where, headers: type, body: [bytesOf(value)] });
      }),
      { numRuns: runs },
    );
  });

  test('any PATCH is applied whole or refused whole, and the next read shows what it answered', async () => {
    const type = { 'content-type': 'application/scim+json' };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/Users/{user}', '/Groups/{group}?attributes=displayName'),
        patch,
        async (where, value) => {
          const answer = await expectGoodManners({
            method: 'PATCH',
            path: where,
            headers: type,
            body: [bytesOf(value)],
          });
          const read = await expectGoodManners({ method: 'GET', path: where });
          expect(read.status).toBe(200);
          if (answer.status === 200) expect(JSON.parse(read.text)).toEqual(JSON.parse(answer.text));
        },
      ),
      { numRuns: runs },
    );
  });

  test('a bulk request is answered operation by operation', async () => {
    const type = { 'content-type': 'application/scim+json' };
    await fc.assert(
      fc.asyncProperty(bulk, async (value) => {
        const { status, text } = await expectGoodManners({
          method: 'POST',
          path: '/Bulk',
          headers: type,
          body: [bytesOf(value)],
        });
        if (status !== 200) return;
        const { Operations } = JSON.parse(text) as { Operations: { status: string; response?: { detail?: string } }[] };
        for (const { status: one, response } of Operations) {
          expect(Number(one)).toBeLessThan(500);
          if (Number(one) < 400) expect(response).toBeUndefined();
          else expect(response?.detail).toMatch(/\S.*\(request req_\d+\)$/s);
        }
      }),
      { numRuns: runs },
    );
  });

  test('every text that is a text comes back as it was sent, and is found by itself', async () => {
    const type = { 'content-type': 'application/scim+json' };
    const text = fc
      .oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), fc.string({ unit: 'grapheme', minLength: 1 }))
      .filter((value) => !value.includes('\0') && wellFormed(value) === value);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(text, text, async (userName, title) => {
        count += 1;
        const unique = `${userName}${count}`;
        const created = await expectGoodManners({
          method: 'POST',
          path: '/Users',
          headers: type,
          body: [bytesOf({ userName: unique, title })],
        });
        expect(created.status).toBe(201);
        const { id } = JSON.parse(created.text) as { id: string };
        for (const filter of [
          `userName eq ${JSON.stringify(unique)}`,
          `title eq ${JSON.stringify(title)} and id eq "${id}"`,
        ]) {
          const found = await expectGoodManners({ method: 'GET', path: `/Users?filter=${encodeURIComponent(filter)}` });
          expect(JSON.parse(found.text)).toMatchObject({
            totalResults: 1,
            Resources: [{ id, userName: unique, title }],
          });
        }
      }),
      { numRuns: runs },
    );
  });
});
