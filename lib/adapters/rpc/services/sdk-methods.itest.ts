import { create } from '@bufbuild/protobuf';
import { type ScalekitClient, ScalekitException, ScalekitNotImplementedException } from '@scalekit-sdk/node';
import {
  ConnectionProvider,
  ConnectionType,
  CreateConnectionSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import {
  CreateDirectorySchema,
  DirectoryProvider,
  DirectoryType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import {
  OrganizationSettingsSchema,
  SessionPolicyType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import {
  CreateOrganizationRoleSchema,
  CreatePermissionSchema,
  CreateRoleSchema,
  UpdateRoleSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceEvents } from '@/lib/domain/event/commands';
import { createGroup, createUser } from '@/lib/domain/provisioning/commands';
import { startTestApi, type TestApi } from './testing';

/** Clients of the SDK whose calls are all meant to work here. */
const IN_SCOPE = [
  'organization',
  'directory',
  'domain',
  'connection',
  'user',
  'role',
  'permission',
  'events',
] as const satisfies readonly (keyof ScalekitClient)[];
/** Clients of the SDK for what this service does not do, by one of their calls each. */
const OUT_OF_SCOPE: readonly ((sdk: ScalekitClient) => Promise<unknown>)[] = [
  (sdk) => sdk.session.getSession('ses_1'),
  (sdk) => sdk.token.listTokens(NO_ORGANIZATION),
  (sdk) => sdk.m2m.listOrganizationClients(NO_ORGANIZATION),
  (sdk) => sdk.passwordless.sendPasswordlessEmail('ada@acme.test', {}),
  (sdk) => sdk.webauthn.listCredentials('usr_1'),
  (sdk) => sdk.auth.updateLoginUserDetails('conn_1', 'req_1', { email: 'ada@acme.test' } as never),
  (sdk) => sdk.tools.listTools({} as never),
  (sdk) => sdk.connectedAccounts.listConnectedAccounts({} as never),
];
/** Methods that belong to signing in: they say that they are not built. */
const UNBUILT = ['user.resendInvite', 'connection.listAppConnections'];
const NO_ORGANIZATION = 'org_100000000000000000001';
const NO_ID = '100000000000000000001';

let api: TestApi;
let sdk: ScalekitClient;
let serial = 0;

beforeAll(async () => {
  api = await startTestApi();
  sdk = api.newSdk();
});

afterAll(() => api.close());

const unique = (name: string) => `${name}${(serial += 1)}`;

async function newOrganization(externalId?: string): Promise<string> {
  const { organization } = await sdk.organization.createOrganization('Acme', { externalId });
  return organization!.id;
}

async function newDirectory() {
  const organizationId = await newOrganization();
  const okta = { directoryType: DirectoryType.SCIM, directoryProvider: DirectoryProvider.OKTA };
  const { directory } = await sdk.directory.createDirectory(organizationId, create(CreateDirectorySchema, okta));
  const doc = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada@acme.test' };
  const scope = { organizationId, directoryId: directory!.id };
  const user = await createUser(api.ctx, scope, doc);
  const group = await createGroup(api.ctx, scope, { doc: { displayName: 'Engineering' }, members: [user.id] });
  return { ...scope, userId: user.id, groupId: group.id };
}

async function newDomain() {
  const organizationId = await newOrganization();
  const { domain } = await sdk.domain.createDomain(organizationId, `${unique('acme')}.test`);
  return { organizationId, id: domain!.id, name: domain!.domain };
}

async function newConnection() {
  const organizationId = await newOrganization();
  const okta = { type: ConnectionType.OIDC, provider: ConnectionProvider.OKTA };
  const { connection } = await sdk.connection.createConnection(organizationId, create(CreateConnectionSchema, okta));
  return { organizationId, id: connection!.id };
}

async function newUser() {
  const organizationId = await newOrganization();
  const externalId = unique('user');
  const email = `${externalId}@acme.test`;
  const { user } = await sdk.user.createUserAndMembership(organizationId, { email, externalId });
  return { organizationId, id: user!.id, externalId, email };
}

async function newRole(fields: { extends?: string; permissions?: string[] } = {}): Promise<string> {
  const name = unique('role');
  await sdk.role.createRole(create(CreateRoleSchema, { name, displayName: name, ...fields }));
  return name;
}

async function newOrganizationRole(fields: { extends?: string } = {}) {
  const orgId = await newOrganization();
  const name = unique('role');
  await sdk.role.createOrganizationRole(
    orgId,
    create(CreateOrganizationRoleSchema, { name, displayName: name, ...fields }),
  );
  return { orgId, name };
}

async function newPermission(): Promise<string> {
  const name = unique('doc:read');
  await sdk.permission.createPermission(create(CreatePermissionSchema, { name, description: name }));
  return name;
}

const gone = (work: Promise<unknown>) => expect(work).rejects.toMatchObject({ errorCode: 'RESOURCE_NOT_FOUND' });

/** A test of each method: it calls it and looks at what came back, or at what it did. */
const METHODS: Readonly<Record<string, () => Promise<unknown>>> = {
  'organization.createOrganization': async () => {
    const slug = unique('acme');
    const { organization } = await sdk.organization.createOrganization('Acme', { slug });
    expect(organization).toMatchObject({ displayName: 'Acme', slug, id: expect.stringMatching(/^org_\d{21}$/) });
  },
  'organization.listOrganization': async () => {
    const id = await newOrganization();
    const { organizations, totalSize } = await sdk.organization.listOrganization({ pageSize: 1 });
    expect(organizations.map((each) => each.id)).toEqual([id]);
    expect(totalSize).toBeGreaterThan(0);
  },
  'organization.getOrganization': async () => {
    const id = await newOrganization();
    expect((await sdk.organization.getOrganization(id)).organization!.id).toBe(id);
  },
  'organization.getOrganizationByExternalId': async () => {
    const externalId = unique('customer');
    const id = await newOrganization(externalId);
    expect((await sdk.organization.getOrganizationByExternalId(externalId)).organization!.id).toBe(id);
  },
  'organization.updateOrganization': async () => {
    const { organization } = await sdk.organization.updateOrganization(await newOrganization(), { displayName: 'New' });
    expect(organization!.displayName).toBe('New');
  },
  'organization.updateOrganizationByExternalId': async () => {
    const externalId = unique('customer');
    await newOrganization(externalId);
    const updated = await sdk.organization.updateOrganizationByExternalId(externalId, { displayName: 'New' });
    expect(updated.organization).toMatchObject({ displayName: 'New', externalId });
  },
  'organization.deleteOrganization': async () => {
    const id = await newOrganization();
    await sdk.organization.deleteOrganization(id);
    await gone(sdk.organization.getOrganization(id));
  },
  'organization.generatePortalLink': async () => {
    const { id, location, expireTime } = await sdk.organization.generatePortalLink(await newOrganization());
    expect(location.endsWith(`/magicLink/${id}`)).toBe(true);
    expect(typeof expireTime!.seconds).toBe('bigint');
  },
  'organization.updateOrganizationSettings': async () => {
    const settings = create(OrganizationSettingsSchema, { features: [{ name: 'scim', enabled: true }] });
    const { organization } = await sdk.organization.updateOrganizationSettings(await newOrganization(), settings);
    expect(organization!.settings!.features).toContainEqual(
      expect.objectContaining({ name: 'dir_sync', enabled: true }),
    );
  },
  'organization.upsertUserManagementSettings': async () => {
    const settings = await sdk.organization.upsertUserManagementSettings(await newOrganization(), {
      maxAllowedUsers: 25,
    });
    expect(settings?.maxAllowedUsers).toBe(25);
  },
  'organization.getOrganizationUserManagementSetting': async () => {
    const id = await newOrganization();
    await sdk.organization.upsertUserManagementSettings(id, { maxAllowedUsers: 25 });
    const { settings } = await sdk.organization.getOrganizationUserManagementSetting(id);
    expect(settings?.maxAllowedUsers).toBe(25);
  },
  'organization.searchOrganization': async () => {
    const name = unique('Findable');
    await sdk.organization.createOrganization(name);
    const { organizations } = await sdk.organization.searchOrganization(name, 5);
    expect(organizations.map(({ displayName }) => displayName)).toEqual([name]);
  },
  'organization.updateOrganizationSessionPolicy': async () => {
    const policy = await sdk.organization.updateOrganizationSessionPolicy(await newOrganization(), {
      policySource: 'CUSTOM',
      absoluteSessionTimeout: 8,
      absoluteSessionTimeoutUnit: 'HOURS',
    });
    // The contract answers in minutes.
    expect(policy).toMatchObject({ policySource: SessionPolicyType.CUSTOM, absoluteSessionTimeout: 480 });
  },
  'organization.getOrganizationSessionPolicy': async () => {
    const policy = await sdk.organization.getOrganizationSessionPolicy(await newOrganization());
    expect(policy.policySource).toBe(SessionPolicyType.APPLICATION);
  },
  'directory.listDirectories': async () => {
    const { organizationId, directoryId } = await newDirectory();
    const { directories } = await sdk.directory.listDirectories(organizationId);
    expect(directories.map(({ id }) => id)).toEqual([directoryId]);
  },
  'directory.getDirectory': async () => {
    const { organizationId, directoryId } = await newDirectory();
    const { directory } = await sdk.directory.getDirectory(organizationId, directoryId);
    expect(directory).toMatchObject({ id: directoryId, totalUsers: 1, totalGroups: 1 });
  },
  'directory.getPrimaryDirectoryByOrganizationId': async () => {
    const { organizationId, directoryId } = await newDirectory();
    expect((await sdk.directory.getPrimaryDirectoryByOrganizationId(organizationId)).id).toBe(directoryId);
    await expect(sdk.directory.getPrimaryDirectoryByOrganizationId(await newOrganization())).rejects.toBe(
      'directory does not exist for organization',
    );
  },
  'directory.listDirectoryUsers': async () => {
    const { organizationId, directoryId, userId, groupId } = await newDirectory();
    const options = { pageSize: 5, includeDetail: true, directoryGroupId: groupId, updatedAfter: '2020-01-01' };
    const { users, totalSize } = await sdk.directory.listDirectoryUsers(organizationId, directoryId, options);
    expect(totalSize).toBe(1);
    expect(users[0]).toMatchObject({ id: userId, userDetail: { userName: 'ada@acme.test' } });
  },
  'directory.listDirectoryGroups': async () => {
    const { organizationId, directoryId, groupId } = await newDirectory();
    const { groups } = await sdk.directory.listDirectoryGroups(organizationId, directoryId);
    expect(groups).toMatchObject([{ id: groupId, displayName: 'Engineering', totalUsers: 1 }]);
  },
  'directory.enableDirectory': async () => {
    const { organizationId, directoryId } = await newDirectory();
    expect((await sdk.directory.enableDirectory(organizationId, directoryId)).enabled).toBe(true);
  },
  'directory.disableDirectory': async () => {
    const { organizationId, directoryId } = await newDirectory();
    await sdk.directory.enableDirectory(organizationId, directoryId);
    expect((await sdk.directory.disableDirectory(organizationId, directoryId)).enabled).toBe(false);
  },
  'directory.createDirectory': async () => {
    const { organizationId, directoryId } = await newDirectory();
    expect((await sdk.directory.getDirectory(organizationId, directoryId)).directory!.enabled).toBe(false);
  },
  'directory.deleteDirectory': async () => {
    const { organizationId, directoryId } = await newDirectory();
    await sdk.directory.deleteDirectory(organizationId, directoryId);
    await gone(sdk.directory.getDirectory(organizationId, directoryId));
  },
  'domain.createDomain': async () => {
    const name = `${unique('acme')}.test`;
    const options = { domainType: 'ORGANIZATION_DOMAIN' };
    const { domain } = await sdk.domain.createDomain(await newOrganization(), name, options);
    expect(domain!.domain).toBe(name);
  },
  'domain.getDomain': async () => {
    const { organizationId, id, name } = await newDomain();
    expect((await sdk.domain.getDomain(organizationId, id)).domain!.domain).toBe(name);
  },
  'domain.listDomains': async () => {
    const { organizationId, id } = await newDomain();
    expect((await sdk.domain.listDomains(organizationId)).domains.map((domain) => domain.id)).toEqual([id]);
  },
  'domain.deleteDomain': async () => {
    const { organizationId, id } = await newDomain();
    await sdk.domain.deleteDomain(organizationId, id);
    await gone(sdk.domain.getDomain(organizationId, id));
  },
  'connection.createConnection': async () => {
    const { id } = await newConnection();
    expect(id).toMatch(/^conn_\d{21}$/);
  },
  'connection.getConnection': async () => {
    const { organizationId, id } = await newConnection();
    expect((await sdk.connection.getConnection(organizationId, id)).connection!.id).toBe(id);
  },
  'connection.listConnections': async () => {
    const { organizationId } = await newConnection();
    // Only those that people can sign in through are listed, which none is yet.
    expect((await sdk.connection.listConnections(organizationId)).connections).toEqual([]);
  },
  'connection.listConnectionsByDomain': async () => {
    expect((await sdk.connection.listConnectionsByDomain('nobody.test')).connections).toEqual([]);
  },
  'connection.enableConnection': async () => {
    const { organizationId, id } = await newConnection();
    const { enabled, errorMessage } = await sdk.connection.enableConnection(organizationId, id);
    expect({ enabled, errorMessage }).toEqual({ enabled: false, errorMessage: expect.stringMatching(/not available/) });
  },
  'connection.disableConnection': async () => {
    const { organizationId, id } = await newConnection();
    expect((await sdk.connection.disableConnection(organizationId, id)).enabled).toBe(false);
  },
  'connection.deleteConnection': async () => {
    const { organizationId, id } = await newConnection();
    await sdk.connection.deleteConnection(organizationId, id);
    await gone(sdk.connection.getConnection(organizationId, id));
  },
  'user.createUserAndMembership': async () => {
    const organizationId = await newOrganization();
    const { user } = await sdk.user.createUserAndMembership(organizationId, {
      email: `${unique('ada')}@acme.test`,
      userProfile: { firstName: 'Ada', lastName: 'Lovelace' },
      metadata: { team: 'engines' },
      sendInvitationEmail: false,
    });
    expect(user).toMatchObject({ userProfile: { firstName: 'Ada' }, memberships: [{ organizationId }] });
  },
  'user.getUser': async () => {
    const { id, email } = await newUser();
    expect((await sdk.user.getUser(id)).user!.email).toBe(email);
  },
  'user.getUserByExternalId': async () => {
    const { id, externalId } = await newUser();
    expect((await sdk.user.getUserByExternalId(externalId)).user!.id).toBe(id);
  },
  'user.listUsers': async () => {
    const { id } = await newUser();
    const { users } = await sdk.user.listUsers({ pageSize: 100 });
    expect(users.map((user) => user.id)).toContain(id);
  },
  'user.updateUser': async () => {
    const { id } = await newUser();
    const { user } = await sdk.user.updateUser(id, { userProfile: { firstName: 'Augusta' } });
    expect(user!.userProfile!.firstName).toBe('Augusta');
  },
  'user.updateUserByExternalId': async () => {
    const { externalId } = await newUser();
    const { user } = await sdk.user.updateUserByExternalId(externalId, { metadata: { team: 'engines' } });
    expect(user!.metadata).toEqual({ team: 'engines' });
  },
  'user.deleteUser': async () => {
    const { id } = await newUser();
    await sdk.user.deleteUser(id);
    await gone(sdk.user.getUser(id));
  },
  'user.deleteUserByExternalId': async () => {
    const { id, externalId } = await newUser();
    await sdk.user.deleteUserByExternalId(externalId);
    await gone(sdk.user.getUser(id));
  },
  'user.createMembership': async () => {
    const { id } = await newUser();
    const other = await newOrganization();
    const { user } = await sdk.user.createMembership(other, id, { metadata: { desk: '4' } });
    expect(user!.memberships.find(({ organizationId }) => organizationId === other)!.metadata).toEqual({ desk: '4' });
  },
  'user.createMembershipByExternalId': async () => {
    const { externalId } = await newUser();
    const other = await newOrganization();
    const { user } = await sdk.user.createMembershipByExternalId(other, externalId, { roles: [await newRole()] });
    expect(user!.memberships).toHaveLength(2);
  },
  'user.updateMembership': async () => {
    const { organizationId, id } = await newUser();
    const role = await newRole();
    const rolesOf = async (roles?: string[]) => {
      const { user } = await sdk.user.updateMembership(organizationId, id, { roles });
      return user!.memberships[0]!.roles.map(({ name }) => name);
    };
    expect(await rolesOf([role])).toEqual([role]);
    // Roles left out are sent as an empty list, which clears.
    expect(await rolesOf()).toEqual([]);
  },
  'user.updateMembershipByExternalId': async () => {
    const { organizationId, externalId } = await newUser();
    const metadata = { desk: '4' };
    const { user } = await sdk.user.updateMembershipByExternalId(organizationId, externalId, { metadata });
    expect(user!.memberships[0]!.metadata).toEqual(metadata);
  },
  'user.deleteMembership': async () => {
    const { organizationId, id } = await newUser();
    await sdk.user.deleteMembership(organizationId, id);
    expect((await sdk.user.listOrganizationUsers(organizationId)).users).toEqual([]);
  },
  'user.deleteMembershipByExternalId': async () => {
    const { organizationId, externalId } = await newUser();
    await sdk.user.deleteMembershipByExternalId(organizationId, externalId);
    expect((await sdk.user.listOrganizationUsers(organizationId)).users).toEqual([]);
  },
  'user.listOrganizationUsers': async () => {
    const { organizationId, id } = await newUser();
    const { users, totalSize } = await sdk.user.listOrganizationUsers(organizationId, { pageSize: 5 });
    expect({ ids: users.map((user) => user.id), totalSize }).toEqual({ ids: [id], totalSize: 1 });
  },
  'user.searchUsers': async () => {
    const { id, email } = await newUser();
    expect((await sdk.user.searchUsers(email, 5)).users.map((user) => user.id)).toEqual([id]);
  },
  'user.searchOrganizationUsers': async () => {
    const { organizationId, id, email } = await newUser();
    const { users } = await sdk.user.searchOrganizationUsers(organizationId, email);
    expect(users.map((user) => user.id)).toEqual([id]);
  },
  'user.assignUserRoles': async () => {
    const { organizationId, id } = await newUser();
    const role = await newRole();
    const { roles } = await sdk.user.assignUserRoles(organizationId, id, [role]);
    expect(roles.map(({ name }) => name)).toContain(role);
  },
  'user.removeUserRole': async () => {
    const { organizationId, id } = await newUser();
    const role = await newRole();
    await sdk.user.assignUserRoles(organizationId, id, [role]);
    await sdk.user.removeUserRole(organizationId, id, role);
    expect((await sdk.user.listUserRoles(organizationId, id)).roles).toEqual([]);
  },
  'user.listUserRoles': async () => {
    const { organizationId, id } = await newUser();
    const role = await newRole();
    await sdk.user.assignUserRoles(organizationId, id, [role]);
    expect((await sdk.user.listUserRoles(organizationId, id)).roles.map(({ name }) => name)).toEqual([role]);
  },
  'user.listUserPermissions': async () => {
    const { organizationId, id } = await newUser();
    const permission = await newPermission();
    await sdk.user.assignUserRoles(organizationId, id, [await newRole({ permissions: [permission] })]);
    const { permissions } = await sdk.user.listUserPermissions(organizationId, id);
    expect(permissions.map(({ name }) => name)).toEqual([permission]);
  },
  'role.createRole': async () => {
    const name = unique('role');
    const { role } = await sdk.role.createRole(create(CreateRoleSchema, { name, displayName: 'Editor' }));
    expect(role).toMatchObject({ name, displayName: 'Editor' });
  },
  'role.getRole': async () => {
    const name = await newRole();
    expect((await sdk.role.getRole(name)).role!.name).toBe(name);
  },
  'role.listRoles': async () => {
    const name = await newRole();
    expect((await sdk.role.listRoles()).roles.map((role) => role.name)).toContain(name);
  },
  'role.updateRole': async () => {
    const update = create(UpdateRoleSchema, { displayName: 'Chief editor' });
    expect((await sdk.role.updateRole(await newRole(), update)).role!.displayName).toBe('Chief editor');
  },
  'role.deleteRole': async () => {
    const name = await newRole();
    await sdk.role.deleteRole(name);
    await gone(sdk.role.getRole(name));
  },
  'role.deleteRoleBase': async () => {
    const name = await newRole({ extends: await newRole() });
    await sdk.role.deleteRoleBase(name);
    expect((await sdk.role.getRole(name)).role!.extends).toBeFalsy();
  },
  'role.getRoleUsersCount': async () => {
    const { organizationId, id } = await newUser();
    const role = await newRole();
    await sdk.user.assignUserRoles(organizationId, id, [role]);
    expect(Number((await sdk.role.getRoleUsersCount(role)).count)).toBe(1);
  },
  'role.createOrganizationRole': async () => {
    const { orgId, name } = await newOrganizationRole();
    expect((await sdk.role.getOrganizationRole(orgId, name)).role).toMatchObject({ name, isOrgRole: true });
  },
  'role.getOrganizationRole': async () => {
    const { orgId, name } = await newOrganizationRole();
    expect((await sdk.role.getOrganizationRole(orgId, name)).role!.name).toBe(name);
    await gone(sdk.role.getOrganizationRole(await newOrganization(), name));
  },
  'role.listOrganizationRoles': async () => {
    const { orgId, name } = await newOrganizationRole();
    expect((await sdk.role.listOrganizationRoles(orgId)).roles.map((role) => role.name)).toContain(name);
  },
  'role.updateOrganizationRole': async () => {
    const { orgId, name } = await newOrganizationRole();
    const update = create(UpdateRoleSchema, { displayName: 'Auditors' });
    const { role } = await sdk.role.updateOrganizationRole(orgId, name, update);
    expect(role!.displayName).toBe('Auditors');
  },
  'role.deleteOrganizationRole': async () => {
    const { orgId, name } = await newOrganizationRole();
    await sdk.role.deleteOrganizationRole(orgId, name);
    await gone(sdk.role.getOrganizationRole(orgId, name));
  },
  'role.getOrganizationRoleUsersCount': async () => {
    const { orgId, name } = await newOrganizationRole();
    expect(Number((await sdk.role.getOrganizationRoleUsersCount(orgId, name)).count)).toBe(0);
  },
  'role.updateDefaultRoles': async () => {
    const name = await newRole();
    const { defaultCreator } = await sdk.role.updateDefaultRoles({ defaultCreatorRole: name });
    expect(defaultCreator!.name).toBe(name);
  },
  'role.listDependentRoles': async () => {
    const base = await newRole();
    const name = await newRole({ extends: base });
    expect((await sdk.role.listDependentRoles(base)).roles.map((role) => role.name)).toEqual([name]);
  },
  'role.updateDefaultOrganizationRoles': async () => {
    const { orgId, name } = await newOrganizationRole();
    const { defaultMember } = await sdk.role.updateDefaultOrganizationRoles(orgId, name);
    expect(defaultMember!.name).toBe(name);
  },
  'role.deleteOrganizationRoleBase': async () => {
    const { orgId, name } = await newOrganizationRole({ extends: await newRole() });
    await sdk.role.deleteOrganizationRoleBase(orgId, name);
    expect((await sdk.role.getOrganizationRole(orgId, name)).role!.extends).toBeFalsy();
  },
  'permission.createPermission': async () => {
    const name = unique('doc:write');
    const fields = create(CreatePermissionSchema, { name, description: 'Writes' });
    expect((await sdk.permission.createPermission(fields)).permission).toMatchObject({ name, description: 'Writes' });
  },
  'permission.getPermission': async () => {
    const name = await newPermission();
    expect((await sdk.permission.getPermission(name)).permission!.name).toBe(name);
  },
  'permission.listPermissions': async () => {
    await newPermission();
    const { permissions, totalSize } = await sdk.permission.listPermissions('', 1);
    expect(permissions).toHaveLength(1);
    expect(totalSize).toBeGreaterThan(0);
  },
  'permission.updatePermission': async () => {
    const name = await newPermission();
    const fields = create(CreatePermissionSchema, { name, description: 'Reads all' });
    expect((await sdk.permission.updatePermission(name, fields)).permission!.description).toBe('Reads all');
  },
  'permission.deletePermission': async () => {
    const name = await newPermission();
    await sdk.permission.deletePermission(name);
    await gone(sdk.permission.getPermission(name));
  },
  'permission.listRolePermissions': async () => {
    const permission = await newPermission();
    const { permissions } = await sdk.permission.listRolePermissions(await newRole({ permissions: [permission] }));
    expect(permissions.map(({ name }) => name)).toEqual([permission]);
  },
  'permission.addPermissionsToRole': async () => {
    const permission = await newPermission();
    const { permissions } = await sdk.permission.addPermissionsToRole(await newRole(), [permission]);
    expect(permissions.map(({ name }) => name)).toEqual([permission]);
  },
  'permission.removePermissionFromRole': async () => {
    const permission = await newPermission();
    const role = await newRole({ permissions: [permission] });
    await sdk.permission.removePermissionFromRole(role, permission);
    expect((await sdk.permission.listRolePermissions(role)).permissions).toEqual([]);
  },
  'permission.listEffectiveRolePermissions': async () => {
    const permission = await newPermission();
    const role = await newRole({ extends: await newRole({ permissions: [permission] }) });
    const { permissions } = await sdk.permission.listEffectiveRolePermissions(role);
    expect(permissions.map(({ name }) => name)).toEqual([permission]);
  },
  'events.listEventsPaginated': async () => {
    const organizationId = await newOrganization();
    while (await announceEvents());
    const { events } = await sdk.events.listEventsPaginated(10, '', { organizationId });
    expect(events.map(({ type }) => type)).toEqual(['organization.created']);
  },
};

/** A call of each method about something that is not there, with the kind of error that it must end in. */
const REFUSALS: Readonly<Record<string, () => Promise<unknown>>> = {
  'organization.updateOrganization': () => sdk.organization.updateOrganization(NO_ORGANIZATION, { displayName: 'X' }),
  'organization.deleteOrganization': () => sdk.organization.deleteOrganization(NO_ORGANIZATION),
  'organization.generatePortalLink': () => sdk.organization.generatePortalLink(NO_ORGANIZATION),
  'organization.getOrganizationByExternalId': () => sdk.organization.getOrganizationByExternalId('nobody'),
  'organization.upsertUserManagementSettings': () =>
    sdk.organization.upsertUserManagementSettings(NO_ORGANIZATION, { maxAllowedUsers: 1 }),
  'directory.listDirectories': () => sdk.directory.listDirectories(NO_ORGANIZATION),
  'directory.enableDirectory': () => sdk.directory.enableDirectory(NO_ORGANIZATION, `dir_${NO_ID}`),
  'directory.listDirectoryUsers': () => sdk.directory.listDirectoryUsers(NO_ORGANIZATION, `dir_${NO_ID}`),
  'domain.listDomains': () => sdk.domain.listDomains(NO_ORGANIZATION),
  'domain.createDomain': () => sdk.domain.createDomain(NO_ORGANIZATION, 'acme.test'),
  'connection.getConnection': () => sdk.connection.getConnection(NO_ORGANIZATION, `conn_${NO_ID}`),
  'connection.enableConnection': () => sdk.connection.enableConnection(NO_ORGANIZATION, `conn_${NO_ID}`),
  'user.getUser': () => sdk.user.getUser(`usr_${NO_ID}`),
  'user.updateUser': () => sdk.user.updateUser(`usr_${NO_ID}`, { metadata: { team: 'engines' } }),
  'user.deleteMembership': () => sdk.user.deleteMembership(NO_ORGANIZATION, `usr_${NO_ID}`),
  'role.getRole': () => sdk.role.getRole('nobody'),
  'role.deleteRole': () => sdk.role.deleteRole('nobody'),
  'permission.getPermission': () => sdk.permission.getPermission('nothing'),
};

/** The calls that the SDK's clients of what is in scope have, as they are at run time. */
function methodsOfSdk(): string[] {
  const names = IN_SCOPE.flatMap((client) => {
    const prototype = Object.getPrototypeOf(sdk[client]) as object;
    return Object.getOwnPropertyNames(prototype).map((name) => `${client}.${name}`);
  });
  // A private helper of the SDK's, which makes no call.
  return names.filter((name) => !name.endsWith('.constructor') && name !== 'domain.resolveDomainType');
}

describe('every method of the official SDK that is in scope', () => {
  test('has a test here, and no test is of a method that is gone', () => {
    expect([...Object.keys(METHODS), ...UNBUILT].toSorted()).toEqual(methodsOfSdk().toSorted());
  });

  test.each(Object.entries(METHODS))('%s', async (_, run) => {
    await run();
  });

  test.each(Object.entries(REFUSALS))('%s of what is not there throws the typed exception', async (_, run) => {
    const error = await run().then(
      () => expect.fail('It did not fail.'),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ScalekitException);
    expect(error).toMatchObject({ httpStatus: 404, grpcStatus: 5, errorCode: 'RESOURCE_NOT_FOUND' });
  });

  test('says of what it does not do that it is not built', async () => {
    const unbuilt = [
      () => sdk.user.resendInvite(NO_ORGANIZATION, `usr_${NO_ID}`),
      () => sdk.connection.listAppConnections(),
      ...OUT_OF_SCOPE,
    ];
    for (const call of unbuilt) {
      const error = await call(sdk).then(
        () => expect.fail('It did not fail.'),
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(ScalekitNotImplementedException);
      const { errorCode, unpackedDetails } = error as ScalekitNotImplementedException;
      expect(errorCode).toBe('UNIMPLEMENTED');
      expect(unpackedDetails[0]?.resourceInfo?.resourceName).toMatch(/Service\.\w+$/);
    }
  });
});
