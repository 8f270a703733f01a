import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newContext, systemContext } from '@/lib/core/context';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { createDirectory } from '../directory/commands';
import { createDomain } from '../email-domain/commands';
import { readAnnouncements } from '../event/queries';
import { ensureInstallation } from '../operator/commands';
import { createOrganization } from '../organization/commands';
import * as provisioning from '../provisioning/commands';
import type { DirectoryScope } from '../provisioning/types';
import { createRole, setDefaultRoles } from '../role/commands';
import {
  assignRoles,
  createMembership,
  createUser,
  deleteMembership,
  deleteUser,
  mirrorDirectories,
  updateMembership,
} from './commands';
import { listUsers } from './queries';

let db: Database;
const ctx = systemContext('test');

beforeAll(async () => {
  db = await openTestDatabase();
  await ensureInstallation(ctx);
  await createRole(ctx, { name: ROLE, displayName: ROLE });
});

afterAll(() => db.close());

async function mirrorAll(): Promise<void> {
  while (!(await mirrorDirectories(ctx)));
}

/** Addresses: two of the domain that the first organization has proven, and one of nobody's. */
const LOCAL_PARTS = ['x@proven', 'y@proven', 'z@other'] as const;
/** A role of the environment, which is the default of one of the organizations. */
const ROLE = 'member';
const WITH_DEFAULT = 0;
type LocalPart = (typeof LOCAL_PARTS)[number];

type Step =
  | {
      readonly kind: 'set';
      readonly directory: number;
      readonly slot: number;
      readonly email: LocalPart;
      readonly active: boolean;
    }
  | { readonly kind: 'remove'; readonly directory: number; readonly slot: number }
  | { readonly kind: 'join' | 'leave' | 'give' | 'clear'; readonly organization: number; readonly email: LocalPart }
  | { readonly kind: 'delete'; readonly email: LocalPart }
  | { readonly kind: 'mirror' };

const email = fc.constantFrom(...LOCAL_PARTS);
const directory = fc.nat({ max: 2 });
const slot = fc.nat({ max: 1 });
const organization = fc.nat({ max: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('set'), directory, slot, email, active: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove'), directory, slot }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('join', 'leave', 'give', 'clear'), organization, email }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete'), email }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mirror') }) },
) as fc.Arbitrary<Step>;

/** A person as the rules of decision 21 have it, told one by one. */
interface ModelPerson {
  email: string;
  isFound: boolean;
  readonly isApis: boolean;
  /** Organizations that the API made them a member of. */
  readonly joined: Set<number>;
  /** Organizations where the API gave them the role. */
  readonly given: Set<number>;
  /** Per person of a directory: the organization, and whether they are active. */
  readonly shares: Map<string, { organization: number; isActive: boolean }>;
}

class Model {
  people: ModelPerson[] = [];

  found(address: string): ModelPerson | undefined {
    return this.people.find((person) => person.isFound && person.email === address);
  }

  organizationsOf(person: ModelPerson): Set<number> {
    return new Set([...person.joined, ...[...person.shares.values()].map((share) => share.organization)]);
  }

  tell(id: string, at: number, told: { email: string; state: 'active' | 'inactive' | 'gone' }): void {
    const isProven = at === 0 && told.email.includes('@proven');
    let person = this.people.find(({ shares }) => shares.has(id));
    if (told.state === 'gone') {
      person?.shares.delete(id);
      if (person && !this.organizationsOf(person).has(at)) person.given.delete(at);
      this.people = this.people.filter((each) => each.isApis || this.organizationsOf(each).size > 0);
      return;
    }
    if (!person && told.state === 'inactive') return;
    person ??= isProven ? this.found(told.email) : undefined;
    if (!person) {
      person = {
        email: told.email,
        isFound: isProven,
        isApis: false,
        joined: new Set(),
        given: new Set(),
        shares: new Map(),
      };
      this.people.push(person);
    }
    person.shares.set(id, { organization: at, isActive: told.state === 'active' });
    if (person.isApis || this.organizationsOf(person).size > 1 || person.email === told.email) return;
    person.isFound = person.isFound && isProven && !this.found(told.email);
    person.email = told.email;
  }

  /** What each organization sees: addresses, how they came, and whether they are active. */
  membersOf(at: number): string[] {
    return this.people
      .filter((person) => this.organizationsOf(person).has(at))
      .map((person) => {
        const shares = [...person.shares.values()].filter((share) => share.organization === at);
        const isActive = person.joined.has(at) || shares.some((share) => share.isActive);
        const method = person.joined.has(at) ? 'direct_provision' : 'directory_sync';
        const hasRole = person.given.has(at) || (at === WITH_DEFAULT && shares.some((share) => share.isActive));
        const organizations = this.organizationsOf(person).size;
        const status = isActive ? 'ACTIVE' : 'INACTIVE';
        return `${person.email} ${method} ${status} shares:${shares.length} in:${organizations} role:${hasRole}`;
      })
      .toSorted();
  }
}

async function run(steps: readonly Step[]): Promise<void> {
  const organizations = [
    (await createOrganization(ctx, { displayName: 'Proven' })).id,
    (await createOrganization(ctx, { displayName: 'Other' })).id,
  ];
  const suffix = `-${organizations[0]!.slice(4).toLowerCase()}.example`;
  await createDomain(ctx, { organizationId: organizations[0]!, domain: `proven${suffix}` });
  const places: { scope: DirectoryScope; at: number }[] = [];
  for (const at of [0, 0, 1]) {
    const organizationId = organizations[at]!;
    const { id } = await createDirectory(ctx, { organizationId, provider: 'okta' });
    places.push({ scope: { organizationId, directoryId: id }, at });
  }
  await setDefaultRoles(ctx, { organizationId: organizations[WITH_DEFAULT]!, member: ROLE });
  const model = new Model();
  /** What was told and is not mirrored yet. */
  let waiting: (() => void)[] = [];
  const slots = new Map<string, { id: string; email: string; active: boolean }>();
  const { cursor } = await readAnnouncements(ctx, {}, { after: 'latest' });

  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: { code?: string; errorCode?: string }) => error.errorCode ?? error.code,
    );

  async function set({ directory: to, slot: which, email: local, active }: Extract<Step, { kind: 'set' }>) {
    const { scope, at } = places[to]!;
    const token = newContext({ kind: 'directoryToken', id: 'tok', ...scope });
    const address = local + suffix;
    const key = `${to} ${which}`;
    const known = slots.get(key);
    const doc = { userName: `user-${which}`, emails: [{ value: address, primary: true }], active };
    if (!known) {
      const { id } = await provisioning.createUser(token, scope, doc);
      slots.set(key, { id, email: address, active });
      if (active) waiting.push(() => model.tell(id, at, { email: address, state: 'active' }));
      return;
    }
    await provisioning.updateUser(token, scope, known.id, { apply: () => doc });
    const state = active ? 'active' : 'inactive';
    if (active || known.active) waiting.push(() => model.tell(known.id, at, { email: address, state }));
    slots.set(key, { ...known, email: address, active });
  }

  async function remove({ directory: from, slot: which }: Extract<Step, { kind: 'remove' }>) {
    const { scope, at } = places[from]!;
    const key = `${from} ${which}`;
    const known = slots.get(key);
    if (!known) return;
    await provisioning.deleteUser(newContext({ kind: 'directoryToken', id: 'tok', ...scope }), scope, known.id);
    slots.delete(key);
    waiting.push(() => model.tell(known.id, at, { email: known.email, state: 'gone' }));
  }

  /** The id of whoever is found by an address. */
  async function idOf(address: string): Promise<string> {
    const { items } = await listUsers(ctx, { search: address, pageSize: 100 });
    const [row] = await db.sql.rows<{ id: string }>(
      'select id from app_user where email = $1::text and is_found_by_email',
      [address],
    );
    expect(items.map(({ id }) => id)).toContain(row?.id);
    return row!.id;
  }

  async function callApi(each: Extract<Step, { kind: 'join' | 'leave' | 'give' | 'clear' | 'delete' }>) {
    const address = each.email + suffix;
    const person = model.found(address);
    if (each.kind === 'delete') {
      if (!person) return;
      const code = await codeOf(deleteUser(ctx, { user: { id: await idOf(address) } }));
      expect(code).toBe(person.shares.size > 0 ? 'MANAGED_BY_DIRECTORY' : undefined);
      if (code === undefined) model.people = model.people.filter((other) => other !== person);
      return;
    }
    const at = each.organization;
    const organizationId = organizations[at]!;
    if (each.kind === 'join') {
      if (!person) {
        await createUser(ctx, { email: address, organizationId });
        const given = new Set(at === WITH_DEFAULT ? [at] : []);
        const joined = new Set([at]);
        model.people.push({ email: address, isFound: true, isApis: true, joined, given, shares: new Map() });
        return;
      }
      expect(await codeOf(createUser(ctx, { email: address, organizationId }))).toBe('already_exists');
      const code = await codeOf(createMembership(ctx, { user: { id: await idOf(address) }, organizationId }));
      expect(code).toBe(person.joined.has(at) ? 'already_exists' : undefined);
      if (!person.joined.has(at) && at === WITH_DEFAULT) person.given.add(at);
      person.joined.add(at);
      return;
    }
    if (!person) return;
    if (each.kind === 'give' || each.kind === 'clear') {
      const input = { user: { id: await idOf(address) }, organizationId };
      const isMember = model.organizationsOf(person).has(at);
      const work =
        each.kind === 'give'
          ? assignRoles(ctx, { ...input, roles: [{ name: ROLE }] })
          : updateMembership(ctx, { ...input, roles: [] });
      expect(await codeOf(work)).toBe(isMember ? undefined : 'not_found');
      if (isMember && each.kind === 'give') person.given.add(at);
      else person.given.delete(at);
      return;
    }
    const isShared = [...person.shares.values()].some((share) => share.organization === at);
    const input = { user: { id: await idOf(address) }, organizationId, isUserKept: false };
    const expected = isShared ? 'MANAGED_BY_DIRECTORY' : 'not_found';
    expect(await codeOf(deleteMembership(ctx, input))).toBe(person.joined.has(at) ? undefined : expected);
    if (person.joined.has(at)) person.given.delete(at);
    if (person.joined.delete(at) && model.organizationsOf(person).size === 0) {
      model.people = model.people.filter((other) => other !== person);
    }
  }

  async function mirrorAndCompare() {
    await mirrorAll();
    for (const tell of waiting) tell();
    waiting = [];
    for (const at of [0, 1]) {
      const { items } = await listUsers(ctx, { organizationId: organizations[at]!, pageSize: 100 });
      const seen = items.map((user) => {
        const membership = user.memberships.find(({ organizationId }) => organizationId === organizations[at])!;
        const { provisioningMethod, status, directoryIds } = membership;
        const address = `${user.email} ${provisioningMethod} ${status}`;
        const hasRole = membership.roles.some(({ name }) => name === ROLE);
        return `${address} shares:${directoryIds.length} in:${user.memberships.length} role:${hasRole}`;
      });
      expect(seen.toSorted(), organizations[at]).toEqual(model.membersOf(at));
    }
  }

  for (const each of [...steps, { kind: 'mirror' } as const]) {
    if (each.kind === 'mirror') await mirrorAndCompare();
    else if (each.kind === 'set') await set(each);
    else if (each.kind === 'remove') await remove(each);
    else await callApi(each);
  }
  for (const organizationId of organizations) await expectEventsToTell(organizationId, cursor);
}

const namesOf = (roles: readonly { readonly name: string }[]) => roles.map(({ name }) => name).join();

/** Whoever only follows the events knows each member, their status and roles, in versions that only grow. */
async function expectEventsToTell(organizationId: string, after: number): Promise<void> {
  const { events, hasMore } = await readAnnouncements(ctx, { organizationId }, { after, limit: 1000 });
  expect(hasMore).toBe(false);
  const told = new Map<string, { version: number; status: string | undefined; email: string; roles: string }>();
  for (const event of events) {
    if (event.object !== 'OrgMembership') continue;
    const user = event.data['user'] as {
      email: string;
      memberships: { membership_status: string; roles: { name: string }[] }[];
    };
    const isDeleted = event.type.endsWith('_deleted');
    const known = told.get(event.resourceId);
    expect(event.type.endsWith('_created'), event.type).toBe(known?.status === undefined);
    expect(event.version).toBeGreaterThan(known?.version ?? 0);
    const status = isDeleted ? undefined : user.memberships[0]!.membership_status;
    const roles = namesOf(user.memberships[0]!.roles);
    told.set(event.resourceId, { version: event.version, status, email: user.email, roles });
  }
  const { items } = await listUsers(ctx, { organizationId, pageSize: 100 });
  const here = items.map((user) => {
    const { status, roles } = user.memberships.find((each) => each.organizationId === organizationId)!;
    return [user.id, status, user.email, namesOf(roles)];
  });
  const followed = [...told].filter(([, { status }]) => status !== undefined);
  expect(followed.map(([id, each]) => [id, each.status, each.email, each.roles]).toSorted()).toEqual(here.toSorted());
}

test('after any sequence of what directories and the API do, members are those of a naive model, and the events tell them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 30 }), async (steps) => run(steps)),
    { numRuns: 15 },
  );
}, 120_000);

test('two addresses that directories swap stay two people', async () => {
  const set = (which: number, local: LocalPart): Step => ({
    kind: 'set',
    directory: 0,
    slot: which,
    email: local,
    active: true,
  });
  await run([
    set(0, 'x@proven'),
    set(1, 'y@proven'),
    { kind: 'mirror' },
    set(0, 'y@proven'),
    set(1, 'x@proven'),
    set(0, 'z@other'),
    set(0, 'y@proven'),
  ]);
});

test('several who follow at once do each thing once', async () => {
  const { id: organizationId } = await createOrganization(ctx, { displayName: 'Followed' });
  const made = await createDirectory(ctx, { organizationId, provider: 'okta' });
  const scope = { organizationId, directoryId: made.id };
  const token = newContext({ kind: 'directoryToken', id: 'tok', ...scope });
  for (let at = 0; at < 30; at += 1) {
    await provisioning.createUser(token, scope, { userName: `u${at}`, emails: [{ value: `u${at}@f.example` }] });
    if (at % 10 === 9) await Promise.all([mirrorAll(), mirrorAll(), mirrorAll()]);
  }
  await mirrorAll();
  expect((await listUsers(ctx, { organizationId })).totalSize).toBe(30);
  const { events } = await readAnnouncements(ctx, { organizationId }, { after: 0, limit: 1000 });
  expect(events.filter(({ object }) => object === 'OrgMembership')).toHaveLength(30);
});

test('whom the API and a directory bring at the same time is one person', async () => {
  const { id: organizationId } = await createOrganization(ctx, { displayName: 'Raced' });
  await createDomain(ctx, { organizationId, domain: 'raced.example' });
  const made = await createDirectory(ctx, { organizationId, provider: 'okta' });
  const scope = { organizationId, directoryId: made.id };
  const token = newContext({ kind: 'directoryToken', id: 'tok', ...scope });
  for (let round = 0; round < 10; round += 1) {
    const addresses = [0, 1, 2, 3].map((at) => `u${round}-${at}@raced.example`);
    for (const address of addresses) {
      await provisioning.createUser(token, scope, { userName: address, emails: [{ value: address }] });
    }
    const join = async (address: string) => {
      try {
        await createUser(ctx, { email: address, organizationId });
      } catch (error) {
        expect(error).toMatchObject({ code: 'already_exists' });
      }
    };
    await Promise.all([mirrorAll(), ...addresses.map(join), mirrorAll()]);
  }
  const { items, totalSize } = await listUsers(ctx, { organizationId, pageSize: 100 });
  expect(totalSize).toBe(40);
  expect(new Set(items.map((user) => user.email)).size).toBe(40);
  expect(items.every(({ memberships }) => memberships[0]!.directoryIds.length === 1)).toBe(true);
});
