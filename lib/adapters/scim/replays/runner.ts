import { type IncomingHttpHeaders, request as sendRequest } from 'node:http';
import { isJsonObject, type Json, type JsonObject } from '@/lib/scim/attribute';
import { equal } from '@/lib/scim/equal';
import type { ExpectedResponse, Replay, Step } from './replay';

/** An event as the domain wrote it. */
export interface SeenEvent {
  readonly type: string;
  readonly resourceId: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly previous: Readonly<Record<string, unknown>> | null;
}

/** The empty directory that a replay is played against. */
export interface Target {
  readonly baseUrl: string;
  readonly token: string;
  /** All events about people and groups of the directory, oldest first. */
  listEvents(): Promise<readonly SeenEvent[]>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Json | undefined;
}

type Captures = Map<string, Json>;

/**
 * Sends the requests of a replay one after the other, byte for byte, and compares the answers, then what can be read, then the events.
 * @throws Error that names the step and the first difference
 */
export async function play(replay: Replay, target: Target): Promise<void> {
  const captures: Captures = new Map([['baseUrl', target.baseUrl]]);
  for (const step of replay.steps) {
    await inStep(`${replay.file}, "${step.name}"`, () => playStep(replay, step, target, captures));
  }
  await inStep(`${replay.file}, state`, () => checkState(replay, target, captures));
  await inStep(`${replay.file}, events`, () => checkEvents(replay, target, captures));
}

async function inStep(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function playStep(replay: Replay, step: Step, target: Target, captures: Captures): Promise<void> {
  const answer = await send(replay, step, target, captures);
  checkStatus(answer, step.response);
  for (const [name, pointer] of Object.entries(step.capture ?? {})) captures.set(name, resolve(answer.body, pointer));
  checkContent(answer, step.response, captures);
  await checkVisible(step, answer, target);
  if (!step.repeat) return;
  const before = await target.listEvents();
  const again = await send(replay, step, target, captures);
  checkStatus(again, step.again ?? step.response);
  checkContent(again, step.again ?? step.response, captures);
  const told = (await target.listEvents()).length - before.length;
  if (told !== 0) throw new Error(`sent again it caused ${told} more events`);
}

/** A resource in the answer to a change is what the next read shows. */
async function checkVisible(step: Step, { status, body }: Answer, target: Target): Promise<void> {
  if (step.request.method === 'GET' || status >= 300 || !isJsonObject(body)) return;
  const { location } = body['meta'] as JsonObject;
  const read = await sendRaw(String(location), 'GET', { authorization: `Bearer ${target.token}` });
  if (!equal(read.body, body)) throw new Error(`the next read shows ${read.text}`);
}

function send(replay: Replay, step: Step, target: Target, captures: Captures): Promise<Answer> {
  const { request } = step;
  const query = [request.query, request.path.includes('?') ? undefined : replay.query].filter(
    (part) => part !== undefined,
  );
  const path = fillText(request.path + (query.length === 0 ? '' : `?${query.join('&')}`), captures);
  const patch = request.body === undefined ? undefined : fill(request.body, captures);
  const base = request.over === undefined ? undefined : captures.get(request.over);
  const body = isJsonObject(base) && isJsonObject(patch) ? { ...base, ...patch } : patch;
  if (request.over !== undefined && !isJsonObject(base)) throw new Error(`nothing was captured as ${request.over}`);
  return sendRaw(
    target.baseUrl + path,
    request.method,
    { authorization: `Bearer ${target.token}`, ...replay.headers, ...request.headers },
    body,
  );
}

/** `fetch` would tidy the address and the headers; what odd clients send is the point here. */
function sendRaw(url: string, method: string, headers: Record<string, string>, body?: Json): Promise<Answer> {
  const { hostname, port, origin } = new URL(url);
  const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const sent = content === undefined ? headers : { ...headers, 'content-length': String(content.byteLength) };
  return new Promise((resolveAnswer, reject) => {
    const request = sendRequest(
      { hostname, port, method, path: url.slice(origin.length), headers: sent },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          try {
            const parsed = text === '' ? undefined : (JSON.parse(text) as Json);
            resolveAnswer({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, body: parsed });
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      },
    );
    request.on('error', reject);
    request.end(content);
  });
}

function checkStatus(answer: Answer, expected: ExpectedResponse): void {
  if (answer.status === expected.status) return;
  throw new Error(`answered ${answer.status} instead of ${expected.status}: ${answer.text.slice(0, 500)}`);
}

function checkContent(answer: Answer, expected: ExpectedResponse, captures: Captures): void {
  if (expected.body !== undefined) assertHolds(answer.body, fill(expected.body, captures), 'body');
  if (expected.headers !== undefined) {
    assertHolds(answer.headers as unknown as Json, fill(expected.headers, captures), 'headers');
  }
  if (answer.body !== undefined) checkBody(answer, answer.body);
  else if (answer.status !== 204) throw new Error(`answered ${answer.status} without a body`);
}

/** What holds for every answer, so that no replay has to say it. */
function checkBody(answer: Answer, body: Json): void {
  const type = answer.headers['content-type'];
  if (type !== 'application/scim+json; charset=utf-8') throw new Error(`content-type is ${type}`);
  if (!isJsonObject(body)) throw new Error('the body is not an object');
  if (answer.status >= 400) {
    assertHolds(
      body,
      { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(answer.status), detail: ANY },
      'body',
    );
    return;
  }
  assertCanonical(body, 'body');
  const list = body['Resources'];
  if (list === undefined) return;
  if (!Array.isArray(list)) throw new Error('Resources is not a list');
  for (const counter of ['totalResults', 'itemsPerPage', 'startIndex']) {
    if (!Number.isInteger(body[counter]))
      throw new Error(`${counter} is ${JSON.stringify(body[counter])}, not an integer`);
  }
  if (body['itemsPerPage'] !== list.length) throw new Error(`itemsPerPage is not the ${list.length} of Resources`);
}

/** No path was kept as a name, no null and no password comes back. */
function assertCanonical(value: Json, where: string): void {
  if (value === null) throw new Error(`${where} is null`);
  if (Array.isArray(value)) value.forEach((item, index) => assertCanonical(item, `${where}/${index}`));
  if (!isJsonObject(value)) return;
  for (const [name, item] of Object.entries(value)) {
    const isPath = /[.[]/.test(name) && !/^urn:ietf:params:scim:schemas:[\w:.]+:(User|Group)$/.test(name);
    if (isPath || name === 'password' || name === 'managerId') throw new Error(`${where} has a member ${name}`);
    assertCanonical(item, `${where}/${name}`);
  }
}

async function checkState(replay: Replay, target: Target, captures: Captures): Promise<void> {
  const read = async (path: string) => {
    const answer = await sendRaw(target.baseUrl + path, 'GET', { authorization: `Bearer ${target.token}` });
    checkStatus(answer, { status: 200 });
    checkContent(answer, { status: 200 }, captures);
    return answer.body as JsonObject;
  };
  const listAll = async (path: string) => {
    const { Resources, totalResults } = await read(`${path}?count=1000`);
    const resources = Resources as JsonObject[];
    if (totalResults !== resources.length)
      throw new Error(`${path}: totalResults is ${String(totalResults)} of ${resources.length}`);
    for (const resource of resources) {
      const one = await read(`${path}/${String(resource['id'])}`);
      if (!equal(one, resource)) throw new Error(`${path}: a list and a read disagree on ${String(resource['id'])}`);
    }
    return resources;
  };
  const users = await listAll('/Users');
  const groups = await listAll('/Groups');
  const { state } = replay;
  assertSameNames(users.map(nameOf), state.users.map(nameOf), 'users');
  assertSameNames(
    groups.map(nameOf),
    state.groups.map((group) => nameOf(group.resource)),
    'groups',
  );
  for (const expected of state.users) {
    const user = users.find((candidate) => nameOf(candidate) === nameOf(expected))!;
    assertHolds(user, fill(expected, captures), nameOf(expected));
  }
  const names = new Map([...users, ...groups].map((resource) => [resource['id'], nameOf(resource)]));
  for (const expected of state.groups) {
    const group = groups.find((candidate) => nameOf(candidate) === nameOf(expected.resource))!;
    assertHolds(group, fill(expected.resource, captures), nameOf(expected.resource));
    const members = ((group['members'] ?? []) as JsonObject[]).map(
      (member) => names.get(member['value'] ?? null) ?? 'nobody',
    );
    assertSameNames(members, expected.members, `members of ${nameOf(expected.resource)}`);
  }
  assertMembershipsAgree(users, groups);
}

function nameOf(resource: JsonObject): string {
  return String(resource['userName'] ?? resource['displayName']);
}

function assertSameNames(actual: readonly string[], expected: readonly string[], what: string): void {
  const [left, right] = [[...actual].sort(), [...expected].sort()];
  if (!equal(left, right)) throw new Error(`${what}: ${JSON.stringify(left)} instead of ${JSON.stringify(right)}`);
}

/** `User.groups` and `Group.members` are two views of one fact. */
function assertMembershipsAgree(users: readonly JsonObject[], groups: readonly JsonObject[]): void {
  const pairs = (resources: readonly JsonObject[], list: string, pair: (own: Json, other: Json) => string) =>
    resources.flatMap((resource) =>
      ((resource[list] ?? []) as JsonObject[])
        .filter((element) => element['type'] !== 'Group')
        .map((element) => pair(resource['id']!, element['value']!)),
    );
  assertSameNames(
    pairs(users, 'groups', (user, group) => `${String(user)} in ${String(group)}`),
    pairs(groups, 'members', (group, user) => `${String(user)} in ${String(group)}`),
    'memberships',
  );
}

async function checkEvents(replay: Replay, target: Target, captures: Captures): Promise<void> {
  const expected = replay.events.map((event) => ({ ...event, resource: fillText(event.resource, captures) }));
  const seen = (await target.listEvents()).map((event) => ({
    ...event,
    type: event.type.replace('organization.directory.', ''),
  }));
  for (const resource of new Set([
    ...expected.map((event) => event.resource),
    ...seen.map((event) => event.resourceId),
  ])) {
    const wanted = expected.filter((event) => event.resource === resource);
    const told = seen.filter((event) => event.resourceId === resource);
    const types = [told, wanted].map((events) => events.map((event) => event.type).join(', '));
    if (types[0] !== types[1])
      throw new Error(`${nameCapture(captures, resource)}: ${types[0]} instead of ${types[1]}`);
    wanted.forEach((event, index) => {
      const where = `${nameCapture(captures, resource)} ${index + 1} (${event.type})`;
      if (event.data) assertHolds(told[index]!.data as Json, fill(event.data, captures), `${where} data`, false);
      if (event.previous)
        assertHolds(told[index]!.previous as Json, fill(event.previous, captures), `${where} previous`, false);
    });
  }
}

function nameCapture(captures: Captures, id: string): string {
  return [...captures].find(([, value]) => value === id)?.[0] ?? id;
}

const ANY = '${any}';

/** Replaces `${name}` by what was captured under that name; a text that is nothing else becomes the captured value itself. */
function fill(value: Json, captures: Captures): Json {
  if (typeof value === 'string') {
    const whole = /^\$\{([^}]+)\}$/.exec(value)?.[1];
    if (value === ANY || whole === undefined) return fillText(value, captures);
    return capturedAs(captures, whole);
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, captures));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, captures)]));
}

function fillText(text: string, captures: Captures): string {
  return text.replaceAll(/\$\{([^}]+)\}/g, (placeholder, name: string) =>
    placeholder === ANY ? placeholder : String(capturedAs(captures, name)),
  );
}

function capturedAs(captures: Captures, name: string): Json {
  const value = captures.get(name);
  if (value === undefined) throw new Error(`nothing was captured as ${name}`);
  return value;
}

function resolve(body: Json | undefined, pointer: string): Json {
  let value = body;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = Array.isArray(value) ? value[Number(name)] : isJsonObject(value) ? value[name] : undefined;
  }
  if (value === undefined) throw new Error(`the response has nothing at ${pointer}`);
  return value;
}

/**
 * Throws at the first place where `actual` lacks what `expected` has. A list must have exactly the expected elements; `${any}` stands for
 * any value; `{"$contains": "text"}` for a text with that in it. Null stands for an absent member, unless nulls are values here.
 */
function assertHolds(actual: Json | undefined, expected: Json, where: string, isNullAbsence = true): void {
  const fail = (): never => {
    throw new Error(`${where} is ${JSON.stringify(actual) ?? 'absent'} instead of ${JSON.stringify(expected)}`);
  };
  if (expected === null && isNullAbsence) {
    if (actual !== undefined) fail();
  } else if (expected === ANY) {
    if (actual === undefined || actual === null || actual === '') fail();
  } else if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return fail();
    expected.forEach((item, index) => assertHolds(actual[index], item, `${where}/${index}`, isNullAbsence));
  } else if (isJsonObject(expected)) {
    const part = expected['$contains'];
    if (typeof part === 'string') {
      if (typeof actual !== 'string' || !actual.includes(part)) fail();
      return;
    }
    if (!isJsonObject(actual)) return fail();
    for (const [name, item] of Object.entries(expected))
      assertHolds(actual[name], item, `${where}/${name}`, isNullAbsence);
  } else if (!equal(actual, expected)) fail();
}
