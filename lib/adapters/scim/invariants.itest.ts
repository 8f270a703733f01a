import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '@/lib/scim/attribute';
import { type ClientAnswer, type ScimServer, startScim, type TestDirectory } from './testing';

/** Sequences of requests, and requests in each. `npm test` runs a few; a larger number finds rarer things. */
const RUNS = Number(process.env['GATEHOUSE_TEST_RUNS'] ?? 6);
const MAX_REQUESTS = 30;

interface Person {
  readonly userName: string;
  readonly title?: string;
  readonly externalId?: string;
  readonly active: boolean;
  readonly version: number;
}

interface Group {
  readonly displayName: string;
  readonly members: ReadonlySet<string>;
  readonly version: number;
}

/** What the directory should hold, and how many events there should be. */
interface Model {
  readonly people: Map<string, Person>;
  readonly groups: Map<string, Group>;
  eventCount: number;
}

interface Real {
  readonly directory: TestDirectory;
}

let server: ScimServer;

function isTaken(names: Iterable<string>, name: string): boolean {
  return [...names].some((other) => other.toLowerCase() === name.toLowerCase());
}

const userNames = (model: Model, except?: string) =>
  [...model.people].filter(([id]) => id !== except).map(([, { userName }]) => userName);
const groupNames = (model: Model, except?: string) =>
  [...model.groups].filter(([id]) => id !== except).map(([, { displayName }]) => displayName);

/** The id of one of those that exist; undefined when there are none. */
function pick(map: ReadonlyMap<string, unknown>, index: number): string | undefined {
  return [...map.keys()].toSorted()[index % Math.max(map.size, 1)];
}

/** Ids of people and groups that may become members of a group. */
function pickMembers(model: Model, indexes: readonly number[], self?: string): string[] {
  const people = indexes.map((index) => (index % 5 === 4 ? pick(model.groups, index) : pick(model.people, index)));
  return [...new Set(people.filter((id) => id !== undefined && id !== self) as string[])];
}

/** Puts a person into the model as changed, if they are. */
function change(model: Model, id: string, next: Partial<Omit<Person, 'version'>>): void {
  const person = model.people.get(id)!;
  const changed = { ...person, ...next };
  const { length } = Object.keys(next).filter((key) => person[key as keyof Person] !== changed[key as keyof Person]);
  if (length === 0) return;
  model.people.set(id, { ...changed, version: person.version + 1 });
  model.eventCount += 1;
}

const without = (ids: ReadonlySet<string>, others: ReadonlySet<string>) =>
  new Set([...ids].filter((id) => !others.has(id)));

/** Gives a group the members, if they differ: the group is told of once, and each person who came or went. */
function setMembers(model: Model, id: string, members: ReadonlySet<string>): void {
  const group = model.groups.get(id)!;
  const moved = [...without(members, group.members), ...without(group.members, members)];
  if (moved.length === 0) return;
  model.groups.set(id, { ...group, members, version: group.version + 1 });
  model.eventCount += 1;
  for (const person of moved.filter((member) => model.people.has(member))) touch(model, person);
}

function touch(model: Model, person: string): void {
  const known = model.people.get(person)!;
  model.people.set(person, { ...known, version: known.version + 1 });
  model.eventCount += 1;
}

function rename(model: Model, id: string, displayName: string): void {
  const group = model.groups.get(id)!;
  if (group.displayName === displayName) return;
  model.groups.set(id, { ...group, displayName, version: group.version + 1 });
  model.eventCount += 1;
}

/** A request: what it does to the model, and what it is answered. Sent when `isPossible`. */
abstract class Request implements fc.AsyncCommand<Model, Real> {
  check = (model: Readonly<Model>) => this.isPossible(model);
  protected isPossible(_model: Readonly<Model>): boolean {
    return true;
  }
  /** Sends it, and applies it to the model if it must be accepted. */
  protected abstract send(model: Model, real: Real): Promise<ClientAnswer>;
  async run(model: Model, real: Real): Promise<void> {
    await this.send(model, real);
    await expectAgreement(model, real);
  }
  abstract toString(): string;
}

interface Attributes {
  readonly name: number;
  readonly title?: string;
  readonly externalId?: string;
  readonly active?: boolean;
}

const nameOf = (index: number, isLoud: boolean) => `${isLoud ? 'ANN' : 'ann'}${index}@x.io`;

class CreateUser extends Request {
  constructor(private readonly attributes: Attributes) {
    super();
  }
  protected async send(model: Model, { directory }: Real): Promise<ClientAnswer> {
    const { name, ...rest } = this.attributes;
    const userName = nameOf(name, rest.active === false);
    const mustFail = isTaken(userNames(model), userName);
    const answer = await directory.send('POST', '/Users', { userName, ...rest });
    expect(answer.status).toBe(mustFail ? 409 : 201);
    if (!mustFail) {
      const { active = true, ...others } = rest;
      model.people.set(String(answer.json['id']), { userName, ...others, active, version: 1 });
      model.eventCount += 1;
    }
    return answer;
  }
  toString = () => `create user ${JSON.stringify(this.attributes)}`;
}

class PutUser extends Request {
  constructor(
    private readonly at: number,
    private readonly attributes: Attributes,
  ) {
    super();
  }
  protected override isPossible = (model: Readonly<Model>) => model.people.size > 0;
  protected async send(model: Model, { directory }: Real): Promise<ClientAnswer> {
    const id = pick(model.people, this.at)!;
    const { name, ...rest } = this.attributes;
    const userName = nameOf(name, false);
    const mustFail = isTaken(userNames(model, id), userName);
    const answer = await directory.send('PUT', `/Users/${id}`, { userName, ...rest });
    expect(answer.status).toBe(mustFail ? 409 : 200);
    const { active } = model.people.get(id)!;
    if (!mustFail) change(model, id, { title: undefined, externalId: undefined, userName, active, ...rest });
    return answer;
  }
  toString = () => `put user ${this.at} ${JSON.stringify(this.attributes)}`;
}

class PatchUser extends Request {
  constructor(
    private readonly at: number,
    private readonly patch: { title?: string; active?: boolean; removes?: 'title' | 'active'; isText: boolean },
    private readonly precondition: 'none' | 'right' | 'wrong',
  ) {
    super();
  }
  protected override isPossible = (model: Readonly<Model>) => model.people.size > 0;
  protected async send(model: Model, { directory }: Real): Promise<ClientAnswer> {
    const id = pick(model.people, this.at)!;
    const { title, active, removes, isText } = this.patch;
    const Operations = [
      ...(removes === undefined ? [] : [{ op: 'Remove', path: removes }]),
      ...(title === undefined ? [] : [{ op: 'replace', value: { title } }]),
      ...(active === undefined
        ? []
        : [{ op: 'Replace', path: 'active', value: isText ? (active ? 'True' : 'False') : active }]),
    ];
    const { version } = model.people.get(id)!;
    const headers = { none: {}, right: { 'if-match': `W/"${version}"` }, wrong: { 'if-match': `W/"${version + 1}"` } };
    const answer = await directory.send('PATCH', `/Users/${id}`, { Operations }, headers[this.precondition]);
    expect(answer.status).toBe(this.precondition === 'wrong' ? 412 : 200);
    if (this.precondition === 'wrong') return answer;
    change(model, id, {
      ...(removes === 'title' && { title: undefined }),
      ...(title !== undefined && { title }),
      ...(active !== undefined && { active }),
    });
    return answer;
  }
  toString = () => `patch user ${this.at} ${JSON.stringify(this.patch)} ${this.precondition}`;
}

class DeleteUser extends Request {
  constructor(private readonly at: number) {
    super();
  }
  protected override isPossible = (model: Readonly<Model>) => model.people.size > 0;
  protected async send(model: Model, { directory }: Real): Promise<ClientAnswer> {
    const id = pick(model.people, this.at)!;
    const answer = await directory.send('DELETE', `/Users/${id}`);
    expect(answer.status).toBe(204);
    expect((await directory.send('GET', `/Users/${id}`)).status).toBe(404);
    model.people.delete(id);
    model.eventCount += 1;
    for (const [group, known] of model.groups) {
      if (!known.members.has(id)) continue;
      model.groups.set(group, { ...known, members: without(known.members, new Set([id])), version: known.version + 1 });
    }
    return answer;
  }
  toString = () => `delete user ${this.at}`;
}

class CreateGroup extends Request {
  constructor(
    private readonly name: number,
    private readonly members: readonly number[],
    private readonly namesUnknown: boolean,
  ) {
    super();
  }
  protected async send(model: Model, { directory }: Real): Promise<ClientAnswer> {
    const displayName = `Group ${this.name}`;
    const members = pickMembers(model, this.members);
    const body = [...members, ...(this.namesUnknown ? ['diruser_404'] : [])].map((value) => ({ value }));
    const answer = await directory.send('POST', '/Groups', { displayName, members: body });
    if (isTaken(groupNames(model), displayName)) expect(answer.status).toBe(409);
    else if (this.namesUnknown) expect(answer.status).toBe(400);
    else {
      expect(answer.status).toBe(201);
      const id = String(answer.json['id']);
      model.groups.set(id, { displayName, members: new Set(), version: 1 });
      model.eventCount += 1;
      setMembers(model, id, new Set(members));
    }
    return answer;
  }
  toString = () => `create group ${this.name} of ${this.members.join(' ')}${this.namesUnknown ? ' and nobody' : ''}`;
}

class PutGroup extends Request {
  constructor(
    private readonly at: number,
    private readonly name: number,
    private readonly members: readonly number[] | undefined,
  ) {
    super();
  }
  protected override isPossible = (model: Readonly<Model>) => model.groups.size > 0;
  protected async send(model: Model, { directory }: Real): Promise<ClientAnswer> {
    const id = pick(model.groups, this.at)!;
    const displayName = `group ${this.name}`;
    const members = this.members && pickMembers(model, this.members, id);
    const mustFail = isTaken(groupNames(model, id), displayName);
    const body = { displayName, ...(members && { members: members.map((value) => ({ value })) }) };
    const answer = await directory.send('PUT', `/Groups/${id}`, body);
    expect(answer.status).toBe(mustFail ? 409 : 200);
    if (!mustFail) {
      rename(model, id, displayName);
      if (members) setMembers(model, id, new Set(members));
    }
    return answer;
  }
  toString = () => `put group ${this.at} as ${this.name} of ${this.members?.join(' ') ?? 'the same'}`;
}

class PatchMembers extends Request {
  constructor(
    private readonly at: number,
    private readonly op: 'add' | 'remove' | 'replace' | 'remove by filter',
    private readonly members: readonly number[],
    private readonly newName: number | undefined,
  ) {
    super();
  }
  protected override isPossible = (model: Readonly<Model>) => model.groups.size > 0;
  protected async send(model: Model, { directory }: Real): Promise<ClientAnswer> {
    const id = pick(model.groups, this.at)!;
    const members = pickMembers(model, this.members, id);
    const value = members.map((member) => ({ value: member }));
    const displayName = this.newName === undefined ? undefined : `Group ${this.newName}`;
    const Operations = [
      ...(displayName === undefined ? [] : [{ op: 'replace', path: 'displayName', value: displayName }]),
      ...(this.op === 'remove by filter'
        ? members.map((member) => ({ op: 'remove', path: `members[value eq "${member}"]` }))
        : [{ op: this.op, path: 'members', value }]),
    ];
    const mustFail = displayName !== undefined && isTaken(groupNames(model, id), displayName);
    const before = model.groups.get(id)!.members;
    const answer = await directory.send('PATCH', `/Groups/${id}`, { Operations });
    expect(answer.status).toBe(mustFail ? 409 : 204);
    if (mustFail) return answer;
    if (displayName !== undefined) rename(model, id, displayName);
    if (this.op === 'remove' || this.op === 'remove by filter') {
      setMembers(model, id, without(before, new Set(members)));
    } else {
      setMembers(model, id, new Set(this.op === 'add' ? [...before, ...members] : members));
    }
    return answer;
  }
  toString = () => `patch group ${this.at} ${this.op} ${this.members.join(' ')} ${this.newName ?? ''}`;
}

class DeleteGroup extends Request {
  constructor(private readonly at: number) {
    super();
  }
  protected override isPossible = (model: Readonly<Model>) => model.groups.size > 0;
  protected async send(model: Model, { directory }: Real): Promise<ClientAnswer> {
    const id = pick(model.groups, this.at)!;
    const answer = await directory.send('DELETE', `/Groups/${id}`);
    expect(answer.status).toBe(204);
    const { members } = model.groups.get(id)!;
    model.groups.delete(id);
    model.eventCount += 1;
    for (const member of members) if (model.people.has(member)) touch(model, member);
    for (const [parent, known] of model.groups) {
      if (known.members.has(id)) model.groups.set(parent, { ...known, members: without(known.members, new Set([id])) });
    }
    return answer;
  }
  toString = () => `delete group ${this.at}`;
}

const valuesOf = (resource: JsonObject, name: string) =>
  ((resource[name] ?? []) as { value: string }[]).map(({ value }) => value).toSorted();

/** Everything that a client can read says what the model says. */
async function expectAgreement(model: Model, { directory }: Real): Promise<void> {
  const read = async (path: string): Promise<JsonObject> => {
    const { status, json } = await directory.send('GET', path);
    expect(status, path).toBe(200);
    return json;
  };
  const find = async (endpoint: string, filter: string): Promise<string[]> => {
    const list = await read(`${endpoint}?attributes=id&filter=${encodeURIComponent(filter)}`);
    const ids = (list['Resources'] as JsonObject[]).map(({ id }) => String(id));
    expect(list['totalResults']).toBe(ids.length);
    return ids.toSorted();
  };
  const idsWhere = <T>(map: ReadonlyMap<string, T>, isMeant: (value: T, id: string) => boolean) =>
    [...map]
      .filter(([id, value]) => isMeant(value, id))
      .map(([id]) => id)
      .toSorted();

  const people = (await read('/Users'))['Resources'] as JsonObject[];
  const groupsOf = (person: string) => idsWhere(model.groups, ({ members }) => members.has(person));
  expect(people.map(describePerson)).toEqual(
    [...model.people]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, { version, ...person }]) => ({ ...person, id, groups: groupsOf(id), version: `W/"${version}"` })),
  );
  const groups = (await read('/Groups'))['Resources'] as JsonObject[];
  expect(groups.map(describeGroup)).toEqual(
    [...model.groups]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, group]) => ({
        id,
        displayName: group.displayName,
        members: [...group.members].toSorted(),
        version: `W/"${group.version}"`,
      })),
  );
  expect(await find('/Users', 'active eq false')).toEqual(idsWhere(model.people, ({ active }) => !active));
  expect(await find('/Users', 'title eq "BOSS" and active eq true')).toEqual(
    idsWhere(model.people, ({ title, active }) => title === 'Boss' && active),
  );
  expect(await find('/Users', 'not (externalId pr)')).toEqual(
    idsWhere(model.people, ({ externalId }) => externalId === undefined),
  );
  expect(await find('/Users', 'userName eq "Ann1@X.io"')).toEqual(
    idsWhere(model.people, ({ userName }) => userName.toLowerCase() === 'ann1@x.io'),
  );
  const [group] = model.groups.keys();
  if (group)
    expect(await find('/Users', `groups.value eq "${group}"`)).toEqual(
      idsWhere(model.people, (_, id) => groupsOf(id).includes(group)),
    );
  const [person] = model.people.keys();
  if (person) expect(await find('/Groups', `members eq "${person}"`)).toEqual(groupsOf(person));
  const page = await read('?startIndex=2&count=3&attributes=id');
  expect(page['totalResults']).toBe(model.people.size + model.groups.size);
  const [row] = await server.db.sql.rows<{ count: number }>(
    `select count(*)::int as count from event where directory_id = $1 and object like 'Directory_%'`,
    [directory.directoryId],
  );
  expect(row?.count).toBe(model.eventCount);
}

function describePerson(resource: JsonObject): object {
  const { id, userName, title, externalId, active, meta } = resource;
  return {
    id,
    userName,
    ...(title !== undefined && { title }),
    ...(externalId !== undefined && { externalId }),
    active,
    groups: valuesOf(resource, 'groups'),
    version: (meta as JsonObject)['version'],
  };
}

function describeGroup(resource: JsonObject): object {
  const { id, displayName, meta } = resource;
  return { id, displayName, members: valuesOf(resource, 'members'), version: (meta as JsonObject)['version'] };
}

const at = fc.nat(9);
const title = fc.constantFrom('Boss', 'Clerk');
const attributes = fc.record(
  { name: fc.nat(4), title, externalId: fc.constantFrom('E1', 'E2'), active: fc.boolean() },
  { requiredKeys: ['name'] },
);
const members = fc.array(at, { maxLength: 4 });
const userPatch = fc.record(
  { title, active: fc.boolean(), removes: fc.constantFrom('title' as const, 'active' as const), isText: fc.boolean() },
  { requiredKeys: ['isText'] },
);

const requests = fc.commands<Model, Real, false>(
  [
    attributes.map((values) => new CreateUser(values)),
    attributes.map((values) => new CreateUser(values)),
    fc.tuple(at, attributes).map(([index, values]) => new PutUser(index, values)),
    fc
      .tuple(at, userPatch, fc.constantFrom('none' as const, 'right' as const, 'wrong' as const))
      .map(([index, patch, precondition]) => new PatchUser(index, patch, precondition)),
    at.map((index) => new DeleteUser(index)),
    fc
      .tuple(fc.nat(3), members, fc.boolean())
      .map(([name, of, namesUnknown]) => new CreateGroup(name, of, namesUnknown)),
    fc
      .tuple(at, fc.nat(3), fc.option(members, { nil: undefined }))
      .map(([index, name, of]) => new PutGroup(index, name, of)),
    fc
      .tuple(
        at,
        fc.constantFrom('add' as const, 'remove' as const, 'replace' as const, 'remove by filter' as const),
        members,
        fc.option(fc.nat(3), { nil: undefined, freq: 3 }),
      )
      .map(([index, op, of, name]) => new PatchMembers(index, op, of, name)),
    at.map((index) => new DeleteGroup(index)),
  ],
  { maxCommands: MAX_REQUESTS, size: '+2' },
);

/** The mount of Next's route handlers shares all but the first step with the lane, so that fewer sequences do. */
const MOUNTS = [
  { mount: 'node', runs: RUNS },
  { mount: 'fetch', runs: Math.ceil(RUNS / 3) },
] as const;

describe.each(MOUNTS)('by the $mount mount', ({ mount, runs }) => {
  beforeAll(async () => {
    server = await startScim(mount);
  });
  afterAll(() => server.close());

  test('after each accepted request every read agrees with it, and what is refused or changes nothing leaves no trace', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (sequence) => {
        const directory = await server.newDirectory();
        const setup = () => ({
          model: { people: new Map<string, Person>(), groups: new Map<string, Group>(), eventCount: 0 },
          real: { directory },
        });
        await fc.asyncModelRun(setup, sequence);
      }),
      { numRuns: runs, endOnFailure: process.env['GATEHOUSE_TEST_RUNS'] === undefined },
    );
  }, 600_000);
});
