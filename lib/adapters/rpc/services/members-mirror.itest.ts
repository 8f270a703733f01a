import {
  type ScalekitClient,
  ScalekitBadRequestException,
  ScalekitNotFoundException,
  ScalekitServerException,
} from '@scalekit-sdk/node';
import {
  MembershipStatus,
  type OrganizationMembership,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import type { User } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { purge } from '@/lib/adapters/jobs/loops';
import { database } from '@/lib/db/handle';
import { releaseHeld, setOperatorPolicy } from '@/lib/domain/deprovisioning/commands';
import { createDirectory, createSecret } from '@/lib/domain/directory/commands';
import { readAnnouncements } from '@/lib/domain/event/queries';
import { mirrorDirectories, updateUser } from '@/lib/domain/member/commands';
import { assignRoles } from '@/lib/domain/role-mapping/commands';
import { advanceRun } from '@/lib/domain/run/commands';
import { startTestApi, type TestApi } from './testing';

let api: TestApi;
let sdk: ScalekitClient;
let serial = 0;

beforeAll(async () => {
  api = await startTestApi();
  sdk = api.newSdk();
});

afterAll(() => api.close());

const next = () => String((serial += 1)).padStart(4, '0');
/** How long members may take to follow. */
const DEADLINE_MS = 15_000;

async function makeOrganization(domain?: string): Promise<string> {
  const { id } = (await sdk.organization.createOrganization(`Customer ${next()}`)).organization!;
  if (domain) await sdk.domain.createDomain(id, domain);
  return id;
}

/** A SCIM client of a new directory. */
async function connect(organizationId: string) {
  const directory = await createDirectory(api.ctx, { organizationId, provider: 'okta' });
  const { token } = await createSecret(api.ctx, { organizationId, directoryId: directory.id });
  const send = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${api.origin}/scim/v2/${directory.id}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: body && JSON.stringify(body),
    });
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
    return (response.status === 204 ? {} : await response.json()) as { id: string };
  };
  return {
    id: directory.id,
    send,
    /** Someone arrives. Without a name of their own the email is their user name. */
    add: async (email: string, more: object = {}) =>
      (await send('POST', '/Users', { userName: email, emails: [{ value: email, primary: true }], ...more })).id,
    patch: (id: string, value: object) => send('PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', value }] }),
    remove: (id: string) => send('DELETE', `/Users/${id}`),
    addGroup: async (displayName: string, userIds: readonly string[]) =>
      (await send('POST', '/Groups', { displayName, members: userIds.map((value) => ({ value })) })).id,
  };
}

/** Asks until `isDone`, since members follow behind the directory's answer. */
async function until<T>(ask: () => Promise<T>, isDone: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    while (!(await mirrorDirectories(api.ctx)));
    const answer = await ask();
    if (isDone(answer)) return answer;
    if (Date.now() > deadline) {
      throw new Error(
        `Not in time: ${JSON.stringify(answer, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v))}`,
      );
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const membersOf = async (organizationId: string) => (await sdk.user.listOrganizationUsers(organizationId)).users;
const membershipIn = (user: User | undefined, organizationId: string): OrganizationMembership | undefined =>
  user?.memberships.find((each) => each.organizationId === organizationId);
const rolesIn = (user: User | undefined, organizationId: string) =>
  membershipIn(user, organizationId)?.roles.map(({ name }) => name);

/** The one member with this email, once they are there. */
async function memberBy(organizationId: string, email: string): Promise<User> {
  const isIt = (user: User) => user.email === email;
  return (
    await until(
      () => membersOf(organizationId),
      (users) => users.some(isIt),
    )
  ).find(isIt)!;
}

async function untilUser(id: string, isDone: (user: User) => boolean): Promise<User> {
  return until(
    async () => (await sdk.user.getUser(id)).user!,
    (user) => isDone(user),
  );
}

async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => expect.fail('It did not fail.'),
    (thrown: unknown) => thrown as ScalekitServerException,
  );
  return { type: error.constructor, code: error.errorCode, message: error.message };
}

async function makeRole(): Promise<string> {
  const name = `role_${next()}`;
  await sdk.role.createRole({ name, displayName: name } as never);
  return name;
}

/** What was told of a person's membership: type, version, and who caused it. */
async function toldOf(userId: string) {
  const types = [
    'user.organization_membership_created',
    'user.organization_membership_updated',
    'user.organization_membership_deleted',
  ];
  const { events } = await readAnnouncements(api.ctx, { types }, { after: 0, limit: 1000 });
  return events
    .filter(({ resourceId }) => resourceId === userId)
    .map(({ type, version, actor, data }) => ({
      type: type.replace('user.organization_membership_', ''),
      version,
      actor,
      data,
    }));
}

describe('a person of a directory', () => {
  test('becomes a member of its organization, changes, is deactivated, returns and goes', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    const email = `ada.${next()}@acme.example`;
    const id = await directory.add(email, { name: { givenName: 'Ada', familyName: 'Byron' }, locale: 'en-GB' });
    const member = await memberBy(organizationId, email);
    expect(member).toMatchObject({
      userProfile: {
        givenName: 'Ada',
        familyName: 'Byron',
        name: 'Ada Byron',
        locale: 'en-GB',
        preferredUsername: email,
      },
      memberships: [
        { organizationId, membershipStatus: MembershipStatus.ACTIVE, provisioningMethod: 'directory_sync', roles: [] },
      ],
    });

    await directory.patch(id, { 'name.familyName': 'Lovelace' });
    const renamed = await untilUser(member.id, (user) => user.userProfile?.familyName === 'Lovelace');
    expect(renamed.userProfile).toMatchObject({ givenName: 'Ada', locale: 'en-GB' });

    await directory.patch(id, { active: false });
    const inactive = await untilUser(
      member.id,
      (user) => membershipIn(user, organizationId)?.membershipStatus === MembershipStatus.INACTIVE,
    );
    expect(membershipIn(inactive, organizationId)?.provisioningMethod).toBe('directory_sync');

    await directory.patch(id, { active: true });
    await untilUser(
      member.id,
      (user) => membershipIn(user, organizationId)?.membershipStatus === MembershipStatus.ACTIVE,
    );

    const [{ actor } = { actor: '' }] = await toldOf(member.id);
    await directory.remove(id);
    await until(
      () => membersOf(organizationId),
      (users) => users.length === 0,
    );
    expect(await failureOf(sdk.user.getUser(member.id))).toMatchObject({ type: ScalekitNotFoundException });
    const told = await toldOf(member.id);
    expect(told.map(({ type, version }) => [type, version])).toEqual([
      ['created', 1],
      ['updated', 2],
      ['updated', 3],
      ['updated', 4],
      ['deleted', 5],
    ]);
    // The directory caused it, not the loop that wrote it.
    expect(actor).toMatch(/^directoryToken:/);
    expect(new Set(told.map((each) => each.actor))).toEqual(new Set([actor]));
  });

  test('who arrives inactive is no member until they are active', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    const id = await directory.add('later@acme.example', { active: false });
    const witness = await directory.add('witness@acme.example');
    await memberBy(organizationId, 'witness@acme.example');
    expect((await membersOf(organizationId)).map(({ email }) => email)).toEqual(['witness@acme.example']);
    await directory.patch(id, { active: true });
    await memberBy(organizationId, 'later@acme.example');
    await directory.remove(witness);
    await until(
      () => membersOf(organizationId),
      (users) => users.length === 1,
    );
  });

  test('follows their email, and may have none', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    const id = await directory.add('before@acme.example');
    const member = await memberBy(organizationId, 'before@acme.example');
    await directory.patch(id, { emails: [{ value: 'after@acme.example', primary: true }] });
    await untilUser(member.id, ({ email }) => email === 'after@acme.example');
    expect((await sdk.user.searchOrganizationUsers(organizationId, 'after@acme')).users).toHaveLength(1);
    await directory.send('POST', '/Users', { userName: 'robot-7' });
    const robot = await memberBy(organizationId, '');
    expect(robot.userProfile?.preferredUsername).toBe('robot-7');
  });

  test('comes back after a deletion as someone new', async () => {
    const organizationId = await makeOrganization('comesback.example');
    const directory = await connect(organizationId);
    const email = 'mo@comesback.example';
    const first = await directory.add(email);
    const old = await memberBy(organizationId, email);
    await sdk.user.updateMembership(organizationId, old.id, { metadata: { desk: '12b' } });
    await directory.remove(first);
    await directory.add(email);
    const [member] = await until(
      () => membersOf(organizationId),
      (users) => users.length === 1 && users[0]!.id !== old.id,
    );
    expect(membershipIn(member, organizationId)?.metadata).toEqual({});
  });

  test('goes with the directory', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    await directory.patch(await directory.add('one@acme.example'), { active: false });
    await directory.add('two@acme.example');
    await until(
      () => membersOf(organizationId),
      (users) => users.length === 2,
    );
    const { id } = await memberBy(organizationId, 'two@acme.example');
    await sdk.user.createMembership(organizationId, id);
    await sdk.directory.deleteDirectory(organizationId, directory.id);
    while (await advanceRun(api.ctx));
    await purge();
    const [left] = await until(
      () => membersOf(organizationId),
      (users) => users.length === 1 && users[0]?.memberships[0]?.provisioningMethod === 'direct_provision',
    );
    // Only what the API gave is left.
    expect(left?.id).toBe(id);
    await sdk.user.deleteUser(id);
  });

  test('goes with the organization', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    await directory.add('doomed@acme.example');
    const { id } = await memberBy(organizationId, 'doomed@acme.example');
    await sdk.organization.deleteOrganization(organizationId);
    await purge();
    expect(await failureOf(sdk.user.getUser(id))).toMatchObject({ type: ScalekitNotFoundException });
    const left = await database().sql.rows('select 1 from directory_member where organization_id = $1::text', [
      organizationId,
    ]);
    expect(left).toEqual([]);
  });
});

describe('a person whose email the organization has proven', () => {
  test('is linked to whom the API made, who keeps what the API gave', async () => {
    const organizationId = await makeOrganization('proven.example');
    const elsewhere = await makeOrganization();
    const email = 'Grace@proven.example';
    const made = (
      await sdk.user.createUserAndMembership(elsewhere, {
        email,
        externalId: 'app-7',
        userProfile: { firstName: 'Amazing', lastName: 'Grace' } as never,
        metadata: { tier: 'gold' },
      })
    ).user!;
    const directory = await connect(organizationId);
    const id = await directory.add('grace@PROVEN.example', { name: { givenName: 'G', familyName: 'Hopper' } });
    const [linked] = await until(
      () => membersOf(organizationId),
      (users) => users.length === 1,
    );
    // Another organization sees her, so the directory says nothing of her but that she is here.
    expect(linked).toMatchObject({
      id: made.id,
      email,
      externalId: 'app-7',
      metadata: { tier: 'gold' },
      userProfile: { givenName: 'Amazing', familyName: 'Grace' },
    });
    expect(linked!.memberships.map((each) => [each.organizationId, each.provisioningMethod])).toEqual([
      [elsewhere, 'direct_provision'],
      [organizationId, 'directory_sync'],
    ]);
    await directory.remove(id);
    await untilUser(made.id, (user) => user.memberships.length === 1);
    expect((await sdk.user.getUser(made.id)).user).toMatchObject({
      externalId: 'app-7',
      memberships: [{ organizationId: elsewhere, membershipStatus: MembershipStatus.ACTIVE }],
    });
  });

  test('is described by the directory while no other organization sees them, and keeps the email that the API gave', async () => {
    const organizationId = await makeOrganization('described.example');
    const email = 'al@described.example';
    const made = (
      await sdk.user.createUserAndMembership(organizationId, {
        email,
        userProfile: { firstName: 'Alan', lastName: 'T' } as never,
      })
    ).user!;
    await updateUser(api.ctx, { user: { id: made.id }, profile: { phoneNumber: '+44 1' } });
    const directory = await connect(organizationId);
    const id = await directory.add(email, { name: { givenName: 'Alan', familyName: 'Turing' } });
    const linked = await untilUser(made.id, (user) => user.userProfile?.familyName === 'Turing');
    // The directory does not know the number, so it does not take it away.
    expect(linked.userProfile?.phoneNumber).toBe('+44 1');
    expect(membershipIn(linked, organizationId)?.provisioningMethod).toBe('direct_provision');
    await directory.patch(id, { emails: [{ value: 'other@described.example', primary: true }], nickName: 'x' });
    await directory.patch(id, { active: false, 'name.givenName': 'A.' });
    const after = await untilUser(made.id, (user) => user.userProfile?.givenName === 'A.');
    expect(after.email).toBe(email);
    // What the API gave stays when the directory takes its part away.
    expect(membershipIn(after, organizationId)?.membershipStatus).toBe(MembershipStatus.ACTIVE);
  });

  test('is one person in two directories, and a member while either has them', async () => {
    const organizationId = await makeOrganization('both.example');
    const [one, two] = [await connect(organizationId), await connect(organizationId)];
    const email = 'kat@both.example';
    const first = await one.add(email);
    const member = await memberBy(organizationId, email);
    const second = await two.add(email);
    const witness = await two.add('witness@both.example');
    await memberBy(organizationId, 'witness@both.example');
    expect((await membersOf(organizationId)).map(({ id }) => id)).toContain(member.id);
    expect(await membersOf(organizationId)).toHaveLength(2);
    await one.patch(first, { active: false });
    await one.remove(first);
    await two.remove(witness);
    await until(
      () => membersOf(organizationId),
      (users) => users.length === 1,
    );
    expect(membershipIn((await sdk.user.getUser(member.id)).user, organizationId)?.membershipStatus).toBe(
      MembershipStatus.ACTIVE,
    );
    await two.patch(second, { active: false });
    await untilUser(
      member.id,
      (user) => membershipIn(user, organizationId)?.membershipStatus === MembershipStatus.INACTIVE,
    );
    await two.remove(second);
    await until(
      () => membersOf(organizationId),
      (users) => users.length === 0,
    );
  });

  test('cannot be taken by a directory whose organization has not proven the domain', async () => {
    const victim = await makeOrganization('victim.example');
    const email = 'ceo@victim.example';
    const made = (await sdk.user.createUserAndMembership(victim, { email, externalId: 'the-ceo' })).user!;
    const thief = await makeOrganization('thief.example');
    const directory = await connect(thief);
    const id = await directory.add(email, { name: { givenName: 'Mallory' } });
    const taken = await memberBy(thief, email);
    expect(taken.id).not.toBe(made.id);
    expect(taken).toMatchObject({ memberships: [{ organizationId: thief }], userProfile: { givenName: 'Mallory' } });
    expect(taken.externalId).toBeUndefined();
    // Nor by changing the address of someone whom it has proven.
    const own = await directory.add('mallory@thief.example');
    const mallory = await memberBy(thief, 'mallory@thief.example');
    await directory.patch(own, { emails: [{ value: email, primary: true }] });
    await untilUser(mallory.id, (user) => user.email === email);
    const untouched = (await sdk.user.getUser(made.id)).user!;
    expect(untouched).toMatchObject({ email, externalId: 'the-ceo', memberships: [{ organizationId: victim }] });
    expect(untouched.memberships).toHaveLength(1);
    // Whoever is looked for by this email is still the one whom the API made.
    expect(await failureOf(sdk.user.createUserAndMembership(thief, { email }))).toMatchObject({
      code: 'RESOURCE_ALREADY_EXISTS',
    });
    // A domain that is verified later merges nobody.
    await sdk.domain.deleteDomain(victim, (await sdk.domain.listDomains(victim)).domains[0]!.id);
    await sdk.domain.createDomain(thief, 'victim.example');
    await directory.patch(id, { nickName: 'M', 'name.givenName': 'Mal' });
    const still = await untilUser(taken.id, (user) => user.userProfile?.givenName === 'Mal');
    expect(still.memberships).toHaveLength(1);
    expect((await sdk.user.getUser(made.id)).user!.memberships).toHaveLength(1);
  });
});

describe('roles that a directory gives', () => {
  test('are added to those of the API, which alone are cleared, assigned and removed', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    const [engineer, admin, guest] = [await makeRole(), await makeRole(), await makeRole()];
    const id = await directory.add('roles@acme.example');
    const groupId = await directory.addGroup('Engineering', [id]);
    const scope = { organizationId, directoryId: directory.id };
    await assignRoles(api.ctx, { ...scope, assignments: [{ groupId, roleName: engineer }] });
    const member = await memberBy(organizationId, 'roles@acme.example');
    const roles = async () => rolesIn((await sdk.user.getUser(member.id)).user, organizationId);
    await untilUser(member.id, (user) => rolesIn(user, organizationId)?.includes(engineer) ?? false);
    await sdk.user.updateMembership(organizationId, member.id, { roles: [admin] });
    expect(await roles()).toEqual([engineer, admin]);
    expect((await sdk.role.getRoleUsersCount(engineer)).count).toBe(1n);
    await sdk.user.assignUserRoles(organizationId, member.id, [guest]);
    expect(await roles()).toEqual([engineer, admin, guest]);
    await sdk.user.removeUserRole(organizationId, member.id, guest);
    expect(await roles()).toEqual([engineer, admin]);
    expect(await failureOf(sdk.user.removeUserRole(organizationId, member.id, engineer))).toMatchObject({
      type: ScalekitBadRequestException,
      code: 'MANAGED_BY_DIRECTORY',
      message: expect.stringContaining(directory.id),
    });
    // No roles clears those of the API, and only those.
    await sdk.user.updateMembership(organizationId, member.id);
    expect(await roles()).toEqual([engineer]);
    expect((await sdk.user.listUserRoles(organizationId, member.id)).roles.map(({ name }) => name)).toEqual([engineer]);
    await directory.patch(id, { active: false });
    await untilUser(member.id, (user) => rolesIn(user, organizationId)?.length === 0);
    await directory.patch(id, { active: true });
    await untilUser(member.id, (user) => rolesIn(user, organizationId)?.length === 1);
    await directory.send('DELETE', `/Groups/${groupId}`);
    await untilUser(member.id, (user) => rolesIn(user, organizationId)?.length === 0);
  });
});

describe('a role that is deleted', () => {
  test('is told to be gone, also to whom has what takes its place already', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    const [old, replacement] = [await makeRole(), await makeRole()];
    const id = await directory.add('replaced@acme.example');
    const groups = [await directory.addGroup('One', [id]), await directory.addGroup('Two', [id])];
    const assignments = groups.map((groupId, at) => ({ groupId, roleName: at === 0 ? old : replacement }));
    await assignRoles(api.ctx, { organizationId, directoryId: directory.id, assignments });
    const member = await memberBy(organizationId, 'replaced@acme.example');
    await untilUser(member.id, (user) => rolesIn(user, organizationId)?.length === 2);
    const { version } = (await toldOf(member.id)).at(-1)!;
    await sdk.role.deleteRole(old, replacement);
    const last = await until(
      async () => (await toldOf(member.id)).at(-1)!,
      (told) => told.version > version,
    );
    const { memberships } = last.data['user'] as { memberships: { roles: { name: string }[] }[] };
    expect(memberships[0]!.roles.map(({ name }) => name)).toEqual([replacement]);
    expect(rolesIn((await sdk.user.getUser(member.id)).user, organizationId)).toEqual([replacement]);
  });
});

describe('a removal that is held back', () => {
  test('leaves the membership as it was until it is released', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    const ref = { organizationId, directoryId: directory.id };
    const role = await makeRole();
    await sdk.role.updateDefaultOrganizationRoles(organizationId, role);
    await setOperatorPolicy(api.ctx, { ...ref, choice: { graceHours: 1 } });
    const [stays, goes] = [await directory.add('stays@acme.example'), await directory.add('goes@acme.example')];
    const members = await until(
      () => membersOf(organizationId),
      (users) => users.length === 2,
    );
    await directory.patch(stays, { active: false });
    await directory.remove(goes);
    await directory.add('witness@acme.example');
    await memberBy(organizationId, 'witness@acme.example');
    for (const { id } of members) {
      expect(membershipIn((await sdk.user.getUser(id)).user, organizationId)).toMatchObject({
        membershipStatus: MembershipStatus.ACTIVE,
        roles: [{ name: role }],
      });
    }
    await releaseHeld(api.ctx, { ...ref, userIds: [stays, goes] });
    const left = await until(
      () => membersOf(organizationId),
      (users) => users.length === 2 && users.some((user) => rolesIn(user, organizationId)?.length === 0),
    );
    expect(left.map((user) => [user.email, membershipIn(user, organizationId)?.membershipStatus])).toEqual([
      ['witness@acme.example', MembershipStatus.ACTIVE],
      ['stays@acme.example', MembershipStatus.INACTIVE],
    ]);
  });

  test('and is undone changes nothing of the membership', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    await setOperatorPolicy(api.ctx, { organizationId, directoryId: directory.id, choice: { graceHours: 1 } });
    const id = await directory.add('back@acme.example');
    const member = await memberBy(organizationId, 'back@acme.example');
    await directory.patch(id, { active: false });
    await directory.patch(id, { active: true, locale: 'it' });
    const after = await untilUser(member.id, (user) => user.userProfile?.locale === 'it');
    expect(membershipIn(after, organizationId)?.membershipStatus).toBe(MembershipStatus.ACTIVE);
    expect((await toldOf(member.id)).map(({ type }) => type)).toEqual(['created', 'updated']);
  });

  test('is not told as a deletion where the directory’s policy says so, but deactivates the member all the same', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    await setOperatorPolicy(api.ctx, { organizationId, directoryId: directory.id, choice: { announceAs: 'update' } });
    const id = await directory.add('quiet@acme.example');
    const member = await memberBy(organizationId, 'quiet@acme.example');
    await directory.patch(id, { active: false });
    await untilUser(
      member.id,
      (user) => membershipIn(user, organizationId)?.membershipStatus === MembershipStatus.INACTIVE,
    );
  });
});

describe('roles of two directories', () => {
  test('are all there, and those of one go with it', async () => {
    const organizationId = await makeOrganization('tworoles.example');
    const [one, two] = [await connect(organizationId), await connect(organizationId)];
    const [reader, writer] = [await makeRole(), await makeRole()];
    const email = 'jo@tworoles.example';
    const ids = [await one.add(email), await two.add(email)];
    for (const [at, directory] of [one, two].entries()) {
      const groupId = await directory.addGroup('Everyone', [ids[at]!]);
      const assignments = [{ groupId, roleName: at === 0 ? reader : writer }];
      await assignRoles(api.ctx, { organizationId, directoryId: directory.id, assignments });
    }
    const { id } = await memberBy(organizationId, email);
    await untilUser(id, (user) => rolesIn(user, organizationId)?.join() === [reader, writer].join());
    const version = (await toldOf(id)).at(-1)!.version;
    await one.remove(ids[0]!);
    await untilUser(id, (user) => rolesIn(user, organizationId)?.join() === writer);
    expect((await toldOf(id)).at(-1)).toMatchObject({ type: 'updated', version: version + 1 });
  });
});

describe('a membership that a directory gives', () => {
  test('is not ended by the API, which says who can', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    const id = await directory.add('kept@acme.example');
    const member = await memberBy(organizationId, 'kept@acme.example');
    const attempts = [() => sdk.user.deleteMembership(organizationId, member.id), () => sdk.user.deleteUser(member.id)];
    for (const attempt of attempts) {
      expect(await failureOf(attempt())).toMatchObject({
        type: ScalekitBadRequestException,
        code: 'MANAGED_BY_DIRECTORY',
        message: expect.stringContaining(directory.id),
      });
    }
    await directory.remove(id);
    await until(
      () => membersOf(organizationId),
      (users) => users.length === 0,
    );
  });

  test('lives beside one of the API: each ends only its own part', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    const [mine, default_] = [await makeRole(), await makeRole()];
    const id = await directory.add('beside@acme.example');
    const member = await memberBy(organizationId, 'beside@acme.example');
    const joined = await sdk.user.createMembership(organizationId, member.id, { roles: [mine] });
    expect(membershipIn(joined.user, organizationId)).toMatchObject({ provisioningMethod: 'direct_provision' });
    expect(await failureOf(sdk.user.createMembership(organizationId, member.id, { roles: [default_] }))).toMatchObject({
      code: 'RESOURCE_ALREADY_EXISTS',
    });
    await directory.patch(id, { active: false, 'name.givenName': 'Bea' });
    const kept = await untilUser(member.id, (user) => user.userProfile?.givenName === 'Bea');
    expect(membershipIn(kept, organizationId)?.membershipStatus).toBe(MembershipStatus.ACTIVE);
    // The API takes back its part: what is left is the directory's, who has deactivated her.
    await sdk.user.deleteMembership(organizationId, member.id);
    const handedOver = (await sdk.user.getUser(member.id)).user;
    expect(membershipIn(handedOver, organizationId)).toMatchObject({
      provisioningMethod: 'directory_sync',
      membershipStatus: MembershipStatus.INACTIVE,
      roles: [],
    });
    await sdk.user.createMembership(organizationId, member.id);
    await directory.remove(id);
    const witness = await directory.add('witness@acme.example');
    await memberBy(organizationId, 'witness@acme.example');
    expect(membershipIn((await sdk.user.getUser(member.id)).user, organizationId)).toMatchObject({
      provisioningMethod: 'direct_provision',
      membershipStatus: MembershipStatus.ACTIVE,
    });
    await sdk.user.deleteMembership(organizationId, member.id);
    expect(await failureOf(sdk.user.getUser(member.id))).toMatchObject({ type: ScalekitNotFoundException });
    await directory.remove(witness);
  });

  test('takes a seat, as one of the API does, which is refused when none is left', async () => {
    const organizationId = await makeOrganization();
    const directory = await connect(organizationId);
    const id = await directory.add('seat@acme.example');
    const member = await memberBy(organizationId, 'seat@acme.example');
    await sdk.organization.upsertUserManagementSettings(organizationId, { maxAllowedUsers: 1 });
    const join = (email: string) => sdk.user.createUserAndMembership(organizationId, { email });
    const full = { type: ScalekitBadRequestException, code: 'SEAT_LIMIT_REACHED' };
    expect(await failureOf(join(`full-${next()}@x.example`))).toMatchObject(full);
    const stranger = (
      await sdk.user.createUserAndMembership(await makeOrganization(), { email: `s-${next()}@x.example` })
    ).user!;
    expect(await failureOf(sdk.user.createMembership(organizationId, stranger.id))).toMatchObject(full);
    // Who is inactive takes none.
    await directory.patch(id, { active: false });
    await untilUser(
      member.id,
      (user) => membershipIn(user, organizationId)?.membershipStatus === MembershipStatus.INACTIVE,
    );
    const tries = await Promise.allSettled([1, 2, 3].map(() => join(`race-${next()}@x.example`)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await sdk.organization.upsertUserManagementSettings(organizationId, {});
    await sdk.user.createMembership(organizationId, stranger.id);
  });
});
