import type { JsonObject } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import {
  type ScalekitClient,
  ScalekitBadRequestException,
  ScalekitConflictException,
  ScalekitNotFoundException,
  ScalekitNotImplementedException,
  ScalekitServerException,
} from '@scalekit-sdk/node';
import { MembershipStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import { UserService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js';
import { and, asc, eq, like } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { purge } from '@/lib/adapters/jobs/loops';
import { newContext } from '@/lib/core/context';
import { database } from '@/lib/db/handle';
import { event } from '@/lib/db/tables/event';
import { organizationMembership } from '@/lib/db/tables/member';
import { createUser, deleteUser } from '@/lib/domain/member/commands';
import { getUser, listUsers } from '@/lib/domain/member/queries';
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

async function makeOrganization(name = `Customer ${next()}`): Promise<string> {
  return (await sdk.organization.createOrganization(name)).organization!.id;
}

type NewUser = Partial<Parameters<ScalekitClient['user']['createUserAndMembership']>[1]>;

async function makeUser(organizationId: string, fields: NewUser = {}) {
  const email = fields.email ?? `person${next()}@example.com`;
  const { user } = await sdk.user.createUserAndMembership(organizationId, { ...fields, email });
  return user!;
}

async function makeRole(permissions: string[] = [], fields: { extends?: string; orgId?: string } = {}) {
  const name = `role_${next()}`;
  const role = { name, displayName: `Role ${name}`, description: '', permissions, extends: fields.extends } as never;
  if (fields.orgId) return (await sdk.role.createOrganizationRole(fields.orgId, role)).role!.name;
  return (await sdk.role.createRole(role)).role!.name;
}

async function makePermission(): Promise<string> {
  const name = `thing_${next()}:read`;
  await sdk.permission.createPermission({ name, description: 'Reads' } as never);
  return name;
}

/** What went wrong: the SDK's class, our code, and the fields at fault. */
async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => expect.fail('It did not fail.'),
    (thrown: unknown) => thrown as ScalekitServerException,
  );
  expect(error).toBeInstanceOf(ScalekitServerException);
  const fields = error.unpackedDetails.flatMap(
    (detail) => detail.validationErrorInfo?.fieldViolations.map(({ field }) => field) ?? [],
  );
  return { type: error.constructor, code: error.errorCode, fields, message: error.message };
}

async function rest(method: string, path: string, body?: unknown): Promise<{ status: number; body: JsonObject }> {
  const response = await fetch(`${api.origin}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${await api.fetchToken()}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

/** The service's own client, for what the SDK's methods leave out. */
async function newRawClient() {
  const token = await api.fetchToken();
  const transport = createGrpcTransport({
    baseUrl: api.origin,
    interceptors: [
      (call) => (request) => {
        request.header.set('authorization', `Bearer ${token}`);
        return call(request);
      },
    ],
  });
  return createClient(UserService, transport);
}

async function eventsOf(userId: string) {
  return database()
    .orm.select()
    .from(event)
    .where(and(eq(event.resourceId, userId), like(event.type, 'user.%')))
    .orderBy(asc(event.n));
}

const namesOf = (items: readonly { name: string }[]) => items.map(({ name }) => name);
const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id);
const rolesOf = (user: { memberships: { organizationId: string; roles: { name: string }[] }[] }, id: string) =>
  namesOf(user.memberships.find(({ organizationId }) => organizationId === id)?.roles ?? []);

describe('a person made by the API', () => {
  test('is a member at once, and is found as made by id and by external id', async () => {
    const organizationId = await makeOrganization('Acme');
    const externalId = `ext-${next()}`;
    const user = await makeUser(organizationId, {
      email: 'Ada.Lovelace@Example.com',
      externalId,
      userProfile: { firstName: 'Ada', lastName: 'Lovelace' },
      metadata: { department: 'Engines' },
      sendInvitationEmail: true,
    });
    expect(user.id).toMatch(/^usr_\d{21}$/);
    expect(user).toMatchObject({
      environmentId: expect.stringMatching(/^env_/),
      email: 'Ada.Lovelace@Example.com',
      externalId,
      metadata: { department: 'Engines' },
      userProfile: { firstName: 'Ada', givenName: 'Ada', lastName: 'Lovelace', name: 'Ada Lovelace' },
    });
    expect(user.memberships).toMatchObject([
      {
        organizationId,
        displayName: 'Acme',
        membershipStatus: MembershipStatus.ACTIVE,
        provisioningMethod: 'direct_provision',
        roles: [],
      },
    ]);
    expect((await sdk.user.getUser(user.id)).user).toEqual(user);
    expect((await sdk.user.getUserByExternalId(externalId)).user).toEqual(user);
  });

  test('over REST is created with 201, whole, and looks the same as over gRPC', async () => {
    const organizationId = await makeOrganization();
    const role = await makeRole();
    const sent = {
      email: 'rest@example.com',
      external_id: 'rest/1',
      user_profile: {
        given_name: 'Grace',
        family_name: 'Hopper',
        locale: 'en-US',
        phone_number: '+1 555 0100',
        groups: ['Navy'],
        custom_attributes: { rank: 'Admiral' },
      },
      membership: { roles: [{ name: role }], metadata: { floor: '3rd' }, inviter_email: 'boss@example.com' },
    };
    const { status, body } = await rest(
      'POST',
      `/organizations/${organizationId}/users?send_invitation_email=false`,
      sent,
    );
    expect(status).toBe(201);
    const made = body['user'] as JsonObject;
    expect(made).toMatchObject({
      external_id: 'rest/1',
      user_profile: { ...sent.user_profile, first_name: 'Grace', last_name: 'Hopper', name: 'Grace Hopper' },
      memberships: [
        {
          organization_id: organizationId,
          membership_status: 'ACTIVE',
          roles: [{ name: role }],
          metadata: { floor: '3rd' },
          inviter_email: 'boss@example.com',
        },
      ],
    });
    const id = made['id'] as string;
    expect(await rest('GET', `/users/${id}`)).toEqual({ status: 200, body });
    expect(await rest('GET', `/users:external/${encodeURIComponent('rest/1')}`)).toEqual({ status: 200, body });
    expect((await sdk.user.getUser(id)).user).toMatchObject({
      id,
      userProfile: { firstName: 'Grace', customAttributes: { rank: 'Admiral' }, groups: ['Navy'] },
      memberships: [{ inviterEmail: 'boss@example.com', metadata: { floor: '3rd' } }],
    });
  });

  test('shares neither email nor external id, however many ask at once', async () => {
    const organizationId = await makeOrganization();
    const { email } = await makeUser(organizationId, { externalId: 'taken' });
    expect(await failureOf(makeUser(organizationId, { externalId: 'taken' }))).toMatchObject({
      type: ScalekitConflictException,
      code: 'RESOURCE_ALREADY_EXISTS',
      fields: ['external_id'],
    });
    expect(await failureOf(makeUser(await makeOrganization(), { email: email.toUpperCase() }))).toMatchObject({
      type: ScalekitConflictException,
      fields: ['email'],
    });
    const tries = await Promise.allSettled([1, 2, 3, 4].map(() => makeUser(organizationId, { externalId: 'raced' })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await sdk.user.listOrganizationUsers(organizationId)).totalSize).toBe(2);
  });

  test('is refused with the fields that are wrong, and nothing is written', async () => {
    const organizationId = await makeOrganization();
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`key_${at}`, 'x']));
    const cases: [NewUser, string[]][] = [
      [{ email: 'nobody' }, ['user.email']],
      [{ metadata: many }, ['user.metadata']],
      [{ metadata: { ab: 'short' } }, ['user.metadata["ab"]']],
      [{ userProfile: { firstName: 'x'.repeat(201), lastName: '' } }, ['user.user_profile.first_name']],
      [{ externalId: 'x'.repeat(511) }, ['external_id']],
    ];
    for (const [fields, wrong] of cases) {
      expect(await failureOf(makeUser(organizationId, fields))).toMatchObject({
        type: ScalekitBadRequestException,
        code: 'VALIDATION_ERROR',
        fields: wrong,
      });
    }
    const contradiction = { email: 'x@example.com', user_profile: { first_name: 'A', given_name: 'B' } };
    expect((await rest('POST', `/organizations/${organizationId}/users`, contradiction)).status).toBe(400);
    const unknownRole = { email: 'x@example.com', membership: { roles: [{ name: 'not_there' }] } };
    expect((await rest('POST', `/organizations/${organizationId}/users`, unknownRole)).status).toBe(400);
    expect(await failureOf(makeUser('org_123456789012345678901'))).toMatchObject({ type: ScalekitNotFoundException });
    expect((await sdk.user.listOrganizationUsers(organizationId)).totalSize).toBe(0);
  });

  test('may have twenty metadata pairs', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`key_${at}`, 'x']));
    expect((await makeUser(await makeOrganization(), { metadata })).metadata).toEqual(metadata);
  });

  test('changes only in what an update names', async () => {
    const organizationId = await makeOrganization();
    const externalId = `ext-${next()}`;
    const { id, email } = await makeUser(organizationId, {
      externalId,
      userProfile: { firstName: 'Ada', lastName: 'Byron' },
      metadata: { team: 'one' },
    });
    const renamed = (await sdk.user.updateUser(id, { userProfile: { lastName: 'Lovelace' } as never })).user!;
    expect(renamed).toMatchObject({
      id,
      email,
      externalId,
      metadata: { team: 'one' },
      userProfile: { firstName: 'Ada', lastName: 'Lovelace', name: 'Ada Lovelace' },
    });
    const moved = (await sdk.user.updateUserByExternalId(externalId, { metadata: { office: 'Rome' } })).user!;
    expect(moved).toMatchObject({ metadata: { office: 'Rome' }, userProfile: { lastName: 'Lovelace' } });
    expect((await sdk.user.updateUser(id, { externalId: `new-${externalId}` })).user!.externalId).toBe(
      `new-${externalId}`,
    );
    expect(await failureOf(sdk.user.getUserByExternalId(externalId))).toMatchObject({
      type: ScalekitNotFoundException,
      code: 'RESOURCE_NOT_FOUND',
    });
    const other = await makeUser(organizationId, { externalId: `other-${externalId}` });
    expect(await failureOf(sdk.user.updateUser(other.id, { externalId: `new-${externalId}` }))).toMatchObject({
      type: ScalekitConflictException,
    });
    const patched = await rest('PATCH', `/users/${id}`, { user_profile: { given_name: 'Augusta', last_name: '' } });
    expect(patched.body['user']).toMatchObject({
      external_id: `new-${externalId}`,
      user_profile: { first_name: 'Augusta', family_name: '', name: 'Augusta' },
    });
  });

  test('is gone from everywhere once deleted', async () => {
    const organizationId = await makeOrganization();
    const { id } = await makeUser(organizationId);
    const externalId = `ext-${next()}`;
    const second = await makeUser(organizationId, { externalId });
    await sdk.user.deleteUser(id);
    await sdk.user.deleteUserByExternalId(externalId);
    expect(await failureOf(sdk.user.getUser(id))).toMatchObject({ type: ScalekitNotFoundException });
    expect(await failureOf(sdk.user.deleteUser(second.id))).toMatchObject({ type: ScalekitNotFoundException });
    expect((await sdk.user.listOrganizationUsers(organizationId)).users).toEqual([]);
    // The external id is free again.
    expect((await makeUser(organizationId, { externalId })).id).not.toBe(second.id);
  });
});

describe('lists of people', () => {
  test('page through the members of one organization, newest first, and back', async () => {
    const organizationId = await makeOrganization();
    const made: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      // One after the other, so that their ids ascend.
      made.unshift((await makeUser(organizationId)).id);
    }
    await makeUser(await makeOrganization());
    const first = await sdk.user.listOrganizationUsers(organizationId, { pageSize: 2 });
    expect(first).toMatchObject({ totalSize: 5, prevPageToken: '' });
    expect(idsOf(first.users)).toEqual(made.slice(0, 2));
    const pageToken = first.nextPageToken;
    const second = await sdk.user.listOrganizationUsers(organizationId, { pageSize: 2, pageToken });
    expect(idsOf(second.users)).toEqual(made.slice(2, 4));
    const last = await sdk.user.listOrganizationUsers(organizationId, {
      pageSize: 2,
      pageToken: second.nextPageToken,
    });
    expect(idsOf(last.users)).toEqual(made.slice(4));
    expect(last.nextPageToken).toBe('');
    const back = await sdk.user.listOrganizationUsers(organizationId, {
      pageSize: 2,
      pageToken: second.prevPageToken,
    });
    expect(idsOf(back.users)).toEqual(made.slice(0, 2));
    const viaRest = await rest('GET', `/organizations/${organizationId}/users?page_size=2`);
    expect(viaRest.body).toMatchObject({ total_size: 5, next_page_token: pageToken });
    expect(idsOf(viaRest.body['users'] as { id: string }[])).toEqual(made.slice(0, 2));
  });

  test('of all people have those of every organization', async () => {
    const a = await makeUser(await makeOrganization());
    const b = await makeUser(await makeOrganization());
    const { users, totalSize } = await sdk.user.listUsers({ pageSize: 2 });
    expect(idsOf(users)).toEqual([b.id, a.id]);
    expect(totalSize).toBeGreaterThanOrEqual(2);
    expect((await sdk.user.listUsers({ pageSize: 100_000 })).users.length).toBeLessThanOrEqual(100);
  });

  test('find people by part of email, name, id and external id, without regard to case', async () => {
    const [here, there] = [await makeOrganization(), await makeOrganization()];
    const found = await makeUser(here, {
      email: 'zebra_100%@example.com',
      externalId: 'ZEB-7',
      userProfile: { firstName: 'Zoë', lastName: 'Quagga' },
    });
    const other = await makeUser(there, { email: 'zebra-fan@example.com' });
    const search = async (query: string) => idsOf((await sdk.user.searchUsers(query)).users);
    expect(await search('ZEBRA')).toEqual([other.id, found.id]);
    expect(await search('zeb-7')).toEqual([found.id]);
    expect(await search('zoË quag')).toEqual([found.id]);
    expect(await search(found.id)).toEqual([found.id]);
    // What is special in a LIKE pattern is a character like any other.
    expect(await search('a_1')).toEqual([found.id]);
    expect(await search('00%')).toEqual([found.id]);
    expect(await search('z%q')).toEqual([]);
    expect(idsOf((await sdk.user.searchOrganizationUsers(here, 'zebra')).users)).toEqual([found.id]);
    expect(await failureOf(sdk.user.searchUsers('ze'))).toMatchObject({ fields: ['query'] });
    const nobody = sdk.user.searchOrganizationUsers('org_123456789012345678901', 'zebra');
    expect(await failureOf(nobody)).toMatchObject({ type: ScalekitNotFoundException });
  });
});

describe('a membership', () => {
  test('adds a person to another organization, once', async () => {
    const [home, other] = [await makeOrganization(), await makeOrganization()];
    const externalId = `ext-${next()}`;
    const { id } = await makeUser(home, { externalId });
    const role = await makeRole();
    const { user } = await sdk.user.createMembership(other, id, { roles: [role], metadata: { desk: '12b' } });
    expect(user!.memberships.map(({ organizationId }) => organizationId)).toEqual([home, other]);
    expect(user!.memberships[1]).toMatchObject({ metadata: { desk: '12b' }, roles: [{ name: role }] });
    expect(await failureOf(sdk.user.createMembershipByExternalId(other, externalId))).toMatchObject({
      type: ScalekitConflictException,
    });
    expect(await failureOf(sdk.user.createMembership(other, 'usr_123456789012345678901'))).toMatchObject({
      type: ScalekitNotFoundException,
    });
    const third = await makeOrganization();
    const byRest = await rest('POST', `/memberships/organizations/${third}/users:external/${externalId}`, {});
    expect(byRest.status).toBe(201);
    expect((byRest.body['user'] as JsonObject)['memberships']).toHaveLength(3);
  });

  test('without roles gets the default role of members', async () => {
    const organizationId = await makeOrganization();
    const role = await makeRole();
    await sdk.role.updateDefaultOrganizationRoles(organizationId, role);
    const user = await makeUser(organizationId);
    expect(rolesOf(user, organizationId)).toEqual([role]);
  });

  test('has roles of its organization or of the environment, never of another organization', async () => {
    const [home, other] = [await makeOrganization(), await makeOrganization()];
    const own = await makeRole([], { orgId: home });
    const foreign = await makeRole([], { orgId: other });
    const { id } = await makeUser(home);
    expect(rolesOf((await sdk.user.updateMembership(home, id, { roles: [own] })).user!, home)).toEqual([own]);
    expect(await failureOf(sdk.user.updateMembership(home, id, { roles: [own, foreign] }))).toMatchObject({
      type: ScalekitBadRequestException,
      fields: ['roles[1]'],
    });
    expect(rolesOf((await sdk.user.getUser(id)).user!, home)).toEqual([own]);
  });

  test('takes the roles that an update gives, and none clears them', async () => {
    const organizationId = await makeOrganization();
    const [a, b] = [await makeRole(), await makeRole()];
    const externalId = `ext-${next()}`;
    const { id } = await makeUser(organizationId, { externalId });
    await sdk.user.updateMembership(organizationId, id, { roles: [a], metadata: { desk: '12b' } });
    const given = await sdk.user.updateMembershipByExternalId(organizationId, externalId, { roles: [b, b] });
    expect(rolesOf(given.user!, organizationId)).toEqual([b]);
    expect(given.user!.memberships[0]!.metadata).toEqual({ desk: '12b' });
    const cleared = await sdk.user.updateMembership(organizationId, id);
    expect(rolesOf(cleared.user!, organizationId)).toEqual([]);
    expect(cleared.user!.memberships[0]!.metadata).toEqual({ desk: '12b' });
    const elsewhere = await makeOrganization();
    expect(await failureOf(sdk.user.updateMembership(elsewhere, id, { roles: [a] }))).toMatchObject({
      type: ScalekitNotFoundException,
    });
  });

  test('ends alone while others remain; who leaves the last organization is deleted unless cascade is false', async () => {
    const [home, other] = [await makeOrganization(), await makeOrganization()];
    const externalId = `ext-${next()}`;
    const { id } = await makeUser(home, { externalId });
    await sdk.user.createMembership(other, id);
    await sdk.user.deleteMembership(other, id);
    expect((await sdk.user.getUser(id)).user!.memberships).toHaveLength(1);
    expect(await failureOf(sdk.user.deleteMembership(other, id))).toMatchObject({ type: ScalekitNotFoundException });
    const kept = await rest('DELETE', `/memberships/organizations/${home}/users/${id}?cascade=false`);
    expect(kept).toEqual({ status: 200, body: {} });
    expect((await sdk.user.getUser(id)).user!.memberships).toEqual([]);
    await sdk.user.createMembership(home, id);
    await sdk.user.deleteMembershipByExternalId(home, externalId);
    expect(await failureOf(sdk.user.getUser(id))).toMatchObject({ type: ScalekitNotFoundException });
  });

  test('is gone with its organization, at once for every reader, and then from the tables', async () => {
    const [home, doomed] = [await makeOrganization(), await makeOrganization()];
    const role = await makeRole([], { orgId: doomed });
    const { id } = await makeUser(home);
    await sdk.user.createMembership(doomed, id, { roles: [role] });
    await sdk.organization.deleteOrganization(doomed);
    expect((await sdk.user.getUser(id)).user!.memberships).toMatchObject([{ organizationId: home }]);
    expect(await failureOf(sdk.user.listOrganizationUsers(doomed))).toMatchObject({ type: ScalekitNotFoundException });
    expect(await failureOf(sdk.user.updateMembership(doomed, id))).toMatchObject({ type: ScalekitNotFoundException });
    await purge();
    const left = await database()
      .orm.select()
      .from(organizationMembership)
      .where(eq(organizationMembership.organizationId, doomed));
    expect(left).toEqual([]);
  });
});

describe('roles of a member', () => {
  test('are added to by assigning, and taken one by one', async () => {
    const organizationId = await makeOrganization();
    const [a, b, c] = [await makeRole(), await makeRole(), await makeRole()];
    const { id } = await makeUser(organizationId);
    expect(namesOf((await sdk.user.assignUserRoles(organizationId, id, [b])).roles)).toEqual([b]);
    expect(namesOf((await sdk.user.assignUserRoles(organizationId, id, [a, b])).roles)).toEqual([a, b]);
    const byId = (await sdk.role.getRole(c)).role!.id;
    const posted = await rest('POST', `/organizations/${organizationId}/users/${id}/roles`, [{ id: byId }]);
    expect(namesOf(posted.body['roles'] as { name: string }[])).toEqual([a, b, c]);
    await sdk.user.removeUserRole(organizationId, id, b);
    expect(namesOf((await sdk.user.listUserRoles(organizationId, id)).roles)).toEqual([a, c]);
    expect(await failureOf(sdk.user.removeUserRole(organizationId, id, b))).toMatchObject({
      type: ScalekitNotFoundException,
    });
    expect(await failureOf(sdk.user.assignUserRoles(organizationId, id, ['not_there']))).toMatchObject({
      type: ScalekitBadRequestException,
      fields: ['roles[0]'],
    });
    const stranger = (await makeUser(await makeOrganization())).id;
    expect(await failureOf(sdk.user.assignUserRoles(organizationId, stranger, [a]))).toMatchObject({
      type: ScalekitNotFoundException,
    });
    expect(await failureOf(sdk.user.listUserRoles(organizationId, stranger))).toMatchObject({
      type: ScalekitNotFoundException,
    });
  });

  test('given at the same time are all given', async () => {
    const organizationId = await makeOrganization();
    const roles = [await makeRole(), await makeRole(), await makeRole(), await makeRole()];
    const { id } = await makeUser(organizationId);
    await Promise.all(roles.map((role) => sdk.user.assignUserRoles(organizationId, id, [role])));
    expect(namesOf((await sdk.user.listUserRoles(organizationId, id)).roles)).toEqual(roles.toSorted());
    const versions = (await eventsOf(id)).map(({ version }) => version);
    expect(versions).toEqual([1, 2, 3, 4, 5]);
  });

  test('bring the roles and permissions that they extend', async () => {
    const organizationId = await makeOrganization();
    const [read, write, admin] = [await makePermission(), await makePermission(), await makePermission()];
    const viewer = await makeRole([read]);
    const editor = await makeRole([write, read], { extends: viewer });
    const owner = await makeRole([admin], { extends: editor, orgId: organizationId });
    const { id } = await makeUser(organizationId);
    expect((await sdk.user.listUserPermissions(organizationId, id)).permissions).toEqual([]);
    await sdk.user.assignUserRoles(organizationId, id, [owner]);
    expect(namesOf((await sdk.user.listUserRoles(organizationId, id)).roles)).toEqual([owner, viewer, editor]);
    const { permissions } = await sdk.user.listUserPermissions(organizationId, id);
    expect(namesOf(permissions)).toEqual([read, write, admin]);
    const [membership] = (await sdk.user.getUser(id)).user!.memberships;
    expect(namesOf(membership!.roles)).toEqual([owner]);
    expect(membership!.permissions).toEqual([read, write, admin]);
    expect(await failureOf(sdk.user.removeUserRole(organizationId, id, viewer))).toMatchObject({
      type: ScalekitNotFoundException,
    });
  });

  test('are counted by people, over all organizations and in one', async () => {
    const [a, b] = [await makeOrganization(), await makeOrganization()];
    const role = await makeRole();
    const both = await makeUser(a);
    await sdk.user.createMembership(b, both.id, { roles: [role] });
    await sdk.user.assignUserRoles(a, both.id, [role]);
    await sdk.user.assignUserRoles(b, (await makeUser(b)).id, [role]);
    expect((await sdk.role.getRoleUsersCount(role)).count).toBe(2n);
    expect((await sdk.role.getOrganizationRoleUsersCount(a, role)).count).toBe(1n);
    expect((await sdk.role.getOrganizationRoleUsersCount(b, role)).count).toBe(2n);
    await sdk.organization.deleteOrganization(b);
    expect((await sdk.role.getRoleUsersCount(role)).count).toBe(1n);
    expect(await failureOf(sdk.role.getRoleUsersCount('not_there'))).toMatchObject({ type: ScalekitNotFoundException });
  });

  test('are not deleted from under the people who have them', async () => {
    const organizationId = await makeOrganization();
    const role = await makeRole();
    const { id } = await makeUser(organizationId);
    await sdk.user.assignUserRoles(organizationId, id, [role]);
    expect(await failureOf(sdk.role.deleteRole(role))).toMatchObject({
      type: ScalekitBadRequestException,
      code: 'ROLE_IN_USE',
    });
    await sdk.user.removeUserRole(organizationId, id, role);
    await sdk.role.deleteRole(role);
  });

  test('that are deleted go over to the role that takes their place, and each member is told', async () => {
    const [home, other, doomed] = [await makeOrganization(), await makeOrganization(), await makeOrganization()];
    const [old, heir] = [await makeRole(), await makeRole()];
    const first = await makeUser(home);
    const second = await makeUser(other);
    const bystander = await makeUser(home);
    const lost = await makeUser(doomed);
    await sdk.user.assignUserRoles(home, first.id, [old]);
    await sdk.user.createMembership(other, first.id);
    await sdk.user.assignUserRoles(other, second.id, [old, heir]);
    await sdk.user.assignUserRoles(doomed, lost.id, [old]);
    await sdk.organization.deleteOrganization(doomed);
    await sdk.role.deleteRole(old, heir);
    const firstNow = (await sdk.user.getUser(first.id)).user!;
    expect([rolesOf(firstNow, home), rolesOf(firstNow, other)]).toEqual([[heir], []]);
    expect(rolesOf((await sdk.user.getUser(second.id)).user!, other)).toEqual([heir]);
    const last = async (id: string) => (await eventsOf(id)).at(-1)!;
    expect(await last(first.id)).toMatchObject({
      type: 'user.organization_membership_updated',
      organizationId: home,
      version: 4,
      data: { user: { memberships: [{ roles: [{ name: heir }] }] } },
      previous: { user: { memberships: [{ roles: [{ name: old }] }] } },
    });
    expect(await last(second.id)).toMatchObject({ version: 3, organizationId: other });
    expect(await eventsOf(bystander.id)).toHaveLength(1);
  });

  test('that only members of a deleted organization have can be deleted', async () => {
    const organizationId = await makeOrganization();
    const role = await makeRole();
    const { id } = await makeUser(organizationId);
    await sdk.user.assignUserRoles(organizationId, id, [role]);
    await sdk.organization.deleteOrganization(organizationId);
    await sdk.role.deleteRole(role);
    expect(await failureOf(sdk.role.getRole(role))).toMatchObject({ type: ScalekitNotFoundException });
  });

  test('given while the role is deleted are refused or keep it, never half done', async () => {
    const organizationId = await makeOrganization();
    const users = await Promise.all([1, 2, 3].map(() => makeUser(organizationId)));
    const role = await makeRole();
    const [deleted, ...given] = await Promise.allSettled([
      sdk.role.deleteRole(role),
      ...users.map(({ id }) => sdk.user.assignUserRoles(organizationId, id, [role])),
    ]);
    for (const result of [deleted, ...given]) {
      if (result?.status === 'rejected') expect(result.reason).toBeInstanceOf(ScalekitBadRequestException);
    }
    const isGiven = given.some(({ status }) => status === 'fulfilled');
    expect(deleted?.status === 'fulfilled').toBe(!isGiven);
  });
});

describe('events of memberships', () => {
  test('tell what became of a member, once for each organization and for it alone', async () => {
    const [home, other] = [await makeOrganization('Home'), await makeOrganization('Other')];
    const role = await makeRole();
    const { id } = await makeUser(home, { userProfile: { firstName: 'Ada', lastName: 'Byron' } });
    await sdk.user.createMembership(other, id);
    await sdk.user.assignUserRoles(home, id, [role]);
    await sdk.user.assignUserRoles(home, id, [role]);
    await sdk.user.updateUser(id, { userProfile: { firstName: 'Ada', lastName: 'Lovelace' } });
    await sdk.user.deleteUser(id);
    const events = await eventsOf(id);
    const kind = (type: string) => type.replace('user.organization_membership_', '');
    const inHome = events.filter(({ organizationId }) => organizationId === home);
    const inOther = events.filter(({ organizationId }) => organizationId === other);
    expect(inHome.map(({ type, version }) => [kind(type), version])).toEqual([
      ['created', 1],
      ['updated', 3],
      ['updated', 4],
      ['deleted', 5],
    ]);
    expect(inOther.map(({ type, version }) => [kind(type), version])).toEqual([
      ['created', 2],
      ['updated', 4],
      ['deleted', 5],
    ]);
    expect(inHome[1]).toMatchObject({
      object: 'OrgMembership',
      resourceId: id,
      actor: `apiClient:${api.credential.credential.id}`,
      data: {
        organization: { id: home, display_name: 'Home' },
        user: {
          id,
          user_profile: { first_name: 'Ada', last_name: 'Byron' },
          memberships: [{ organization_id: home, membership_status: 'ACTIVE', roles: [{ name: role }] }],
        },
      },
      previous: { user: { memberships: [{ roles: [] }] } },
    });
    expect(inHome[2]!.previous).toMatchObject({ user: { user_profile: { last_name: 'Byron' } } });
    expect(JSON.stringify(inHome)).not.toContain(other);
    expect(JSON.stringify(inOther)).not.toContain(home);
  });

  test('are not written for what changes nothing', async () => {
    const organizationId = await makeOrganization();
    const { id, updateTime } = await makeUser(organizationId, { metadata: { team: 'one' } });
    await sdk.user.updateUser(id, { metadata: { team: 'one' } });
    const again = await sdk.user.updateMembership(organizationId, id);
    expect(again.user!.updateTime).toEqual(updateTime);
    expect(await eventsOf(id)).toHaveLength(1);
  });
});

describe('who may', () => {
  test('people are for operators and API credentials, not for portal sessions', async () => {
    const organizationId = await makeOrganization();
    const { id } = await makeUser(organizationId);
    const portal = newContext({
      kind: 'portalSession',
      id: 'ps_1',
      linkId: 'lnk_1',
      organizationId,
      features: ['dir_sync'],
    });
    const refused = { code: 'permission_denied' };
    await expect(getUser(portal, { id })).rejects.toMatchObject(refused);
    await expect(listUsers(portal, { organizationId })).rejects.toMatchObject(refused);
    await expect(createUser(portal, { organizationId, email: 'x@example.com' })).rejects.toMatchObject(refused);
    await expect(deleteUser(portal, { user: { id } })).rejects.toMatchObject(refused);
  });

  test('invitations and the current user are not built, and say so', async () => {
    const organizationId = await makeOrganization();
    const { id } = await makeUser(organizationId);
    expect(await failureOf(sdk.user.resendInvite(organizationId, id))).toMatchObject({
      type: ScalekitNotImplementedException,
      code: 'UNIMPLEMENTED',
    });
  });

  test('a request that names nobody is refused', async () => {
    const raw = await newRawClient();
    await expect(raw.getUser({})).rejects.toMatchObject({ rawMessage: expect.stringContaining('external_id') });
    await expect(raw.deleteUser({})).rejects.toMatchObject({ rawMessage: expect.stringContaining('external_id') });
  });
});
