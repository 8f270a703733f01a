import type { DescMethodUnary, JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { Context } from '@/lib/core/context';
import { announceEvents } from '@/lib/domain/event/commands';
import { createGroup, createUser } from '@/lib/domain/provisioning/commands';
import { SERVICES, type ServiceName } from '../../descriptors';
import { isObject } from '../../json-request';
import { type Call, normalize, type Outcome } from '../testing';

/** What one call of the scenario said, comparable between runs. */
export interface Line {
  /** `organizations.createOrganization` */
  readonly call: string;
  readonly request: JsonValue;
  readonly outcome: JsonValue;
}

const UNKNOWN = {
  org: 'org_100000000000000000001',
  dir: 'dir_100000000000000000001',
  usr: 'usr_100000000000000000001',
};

/** The value at `path`, such as `client.secrets.0.id`. */
function at(value: JsonValue, path: string): string {
  let found: unknown = value;
  for (const key of path.split('.')) found = (found as Record<string, unknown> | undefined)?.[key];
  if (typeof found !== 'string') throw new Error(`There is no ${path} in ${JSON.stringify(value)}.`);
  return found;
}

/**
 * Calls every method that is built, in an order that gives each something to do, and some in ways that are refused. On a fresh database the
 * same lines come back, whatever the protocol. @param ctx to put people into a directory with, as its provider would
 */
export async function runScenario(call: Call, ctx: Context): Promise<Line[]> {
  const lines: Line[] = [];
  const ids = new Map<string, string>();
  const step = async (name: string, request: JsonObject = {}): Promise<Outcome> => {
    const [service = '', localName = ''] = name.split('.');
    const methods = SERVICES[service as ServiceName].method as Readonly<Record<string, DescMethodUnary>>;
    const method = methods[localName];
    if (!method) throw new Error(`There is no ${name}.`);
    const outcome = await call(method, request);
    lines.push({
      call: name,
      request: normalize(request, ids),
      outcome: normalize(outcome as unknown as JsonValue, ids),
    });
    return outcome;
  };
  /** A call that must work. */
  const good = async (name: string, request?: JsonObject): Promise<JsonValue> => {
    const outcome = await step(name, request);
    if ('answer' in outcome) return outcome.answer;
    throw new Error(`${name} was refused: ${outcome.code} ${outcome.message}`);
  };
  /** A call that must be refused. */
  const bad = async (name: string, request?: JsonObject): Promise<void> => {
    const outcome = await step(name, request);
    if ('answer' in outcome) throw new Error(`${name} was not refused: ${JSON.stringify(outcome.answer)}`);
  };
  await callOrganizations(good, bad);
  await callRoles(good, bad);
  await callUsers(good, bad);
  await callDirectories(good, bad, ctx);
  await callConnections(good, bad);
  await callClients(good, bad);
  return lines;
}

type Good = (name: string, request?: JsonObject) => Promise<JsonValue>;
type Bad = (name: string, request?: JsonObject) => Promise<void>;

async function newOrganization(good: Good, displayName: string): Promise<string> {
  return at(await good('organizations.createOrganization', { organization: { displayName } }), 'organization.id');
}

async function callOrganizations(good: Good, bad: Bad): Promise<void> {
  const made = await good('organizations.createOrganization', {
    organization: { displayName: 'Acme', externalId: 'acme', metadata: { plan: 'gold' }, slug: 'acme' },
  });
  const id = at(made, 'organization.id');
  await bad('organizations.createOrganization', { organization: { displayName: 'Acme', externalId: 'acme' } });
  await bad('organizations.createOrganization', { organization: { displayName: '' } });
  await bad('organizations.createOrganization', { organization: { displayName: 'A', slug: 'No!' } });
  await good('organizations.getOrganization', { id });
  await good('organizations.getOrganizationByExternalId', { externalId: 'acme' });
  await bad('organizations.getOrganization', { id: UNKNOWN.org });
  await good('organizations.updateOrganization', { id, organization: { displayName: 'Acme Ltd', logoUrl: '' } });
  await newOrganization(good, 'Second');
  const page = await good('organizations.listOrganization', { pageSize: 1 });
  await good('organizations.listOrganization', { pageSize: 1, pageToken: at(page, 'nextPageToken') });
  await bad('organizations.listOrganization', { pageToken: 'made-up' });
  await good('organizations.searchOrganization', { query: 'acme', pageSize: 5 });
  await bad('organizations.searchOrganization', { query: 'a' });
  const features = [{ name: 'dir_sync', enabled: true }];
  await good('organizations.updateOrganizationSettings', { id, settings: { features } });
  await bad('organizations.updateOrganizationSettings', { id, settings: { features: [{ name: 'magic' }] } });
  await good('organizations.upsertUserManagementSettings', { organizationId: id, settings: { maxAllowedUsers: 50 } });
  await good('organizations.getOrganizationUserManagementSetting', { organizationId: id });
  await good('organizations.updateOrganizationSessionPolicy', {
    organizationId: id,
    policySource: 'CUSTOM',
    absoluteSessionTimeout: 8,
    absoluteSessionTimeoutUnit: 'HOURS',
  });
  await good('organizations.getOrganizationSessionPolicy', { organizationId: id });
  const link = await good('organizations.generatePortalLink', { id, features: ['dir_sync'] });
  await bad('organizations.generatePortalLink', { id: UNKNOWN.org });
  await good('organizations.getPortalLinks', { id });
  await good('organizations.deletePortalLinkByID', { id, linkId: at(link, 'link.id') });
  await bad('organizations.deletePortalLinkByID', { id, linkId: 'nonsense' });
  await good('organizations.deletePortalLink', { id });
  await good('organizations.deleteOrganization', { id: await newOrganization(good, 'Gone') });
}

async function callRoles(good: Good, bad: Bad): Promise<void> {
  const orgId = await newOrganization(good, 'Roles');
  for (const name of ['doc:read', 'doc:write']) {
    await good('roles.createPermission', { permission: { name, description: `May ${name}` } });
  }
  await bad('roles.createPermission', { permission: { name: 'doc:read', description: 'Again' } });
  await good('roles.getPermission', { permissionName: 'doc:read' });
  const permission = { name: 'doc:read', description: 'Reads documents' };
  await good('roles.updatePermission', { permissionName: 'doc:read', permission });
  await good('roles.listPermissions', { pageSize: 1 });
  const viewer = { name: 'viewer', displayName: 'Viewer', permissions: ['doc:read'] };
  await good('roles.createRole', { role: viewer });
  await good('roles.createRole', { role: { name: 'editor', displayName: 'Editor', extends: 'viewer' } });
  await bad('roles.createRole', { role: { name: 'no spaces', displayName: 'X' } });
  await good('roles.getRole', { roleName: 'editor', include: 'permissions:all' });
  await bad('roles.getRole', { roleName: 'nobody' });
  await good('roles.listRoles', { include: 'permissions' });
  await good('roles.updateRole', { roleName: 'editor', role: { displayName: 'Chief editor' } });
  await good('roles.addPermissionsToRole', { roleName: 'editor', permissionNames: ['doc:write'] });
  await good('roles.listRolePermissions', { roleName: 'editor' });
  await good('roles.listEffectiveRolePermissions', { roleName: 'editor' });
  await good('roles.removePermissionFromRole', { roleName: 'editor', permissionName: 'doc:write' });
  await good('roles.listDependentRoles', { roleName: 'viewer' });
  await good('roles.getRoleUsersCount', { roleName: 'viewer' });
  await good('roles.updateDefaultRoles', { defaultMemberRole: 'viewer' });
  await good('roles.deleteRoleBase', { roleName: 'editor' });
  const role = { name: 'auditor', displayName: 'Auditor', extends: 'viewer' };
  await good('roles.createOrganizationRole', { orgId, role });
  await good('roles.createOrganizationRole', { orgId, role: { name: 'guest', displayName: 'Guest' } });
  await good('roles.getOrganizationRole', { orgId, roleName: 'auditor' });
  await good('roles.listOrganizationRoles', { orgId });
  await good('roles.updateOrganizationRole', { orgId, roleName: 'auditor', role: { displayName: 'Auditors' } });
  await good('roles.getOrganizationRoleUsersCount', { orgId, roleName: 'auditor' });
  await good('roles.deleteOrganizationRoleBase', { orgId, roleName: 'auditor' });
  await good('roles.updateDefaultOrganizationRoles', { orgId, defaultMemberRole: 'auditor' });
  await good('roles.deleteOrganizationRole', { orgId, roleName: 'guest' });
  await good('roles.deleteRole', { roleName: 'editor' });
  await good('roles.deletePermission', { permissionName: 'doc:write' });
}

async function callUsers(good: Good, bad: Bad): Promise<void> {
  const organizationId = await newOrganization(good, 'People');
  const second = await newOrganization(good, 'Other people');
  const made = await good('users.createUserAndMembership', {
    organizationId,
    user: {
      email: 'ada@people.test',
      externalId: 'ada',
      userProfile: { firstName: 'Ada', lastName: 'Lovelace' },
      metadata: { team: 'engines' },
      membership: { roles: [{ name: 'viewer' }] },
    },
  });
  const id = at(made, 'user.id');
  await bad('users.createUserAndMembership', { organizationId, user: { email: 'ada@people.test' } });
  await bad('users.createUserAndMembership', { organizationId, user: { email: 'no address' } });
  await bad('users.createUserAndMembership', { organizationId: UNKNOWN.org, user: { email: 'bob@people.test' } });
  await good('users.getUser', { id });
  await good('users.getUser', { externalId: 'ada' });
  await bad('users.getUser', { id: UNKNOWN.usr });
  await good('users.updateUser', { externalId: 'ada', user: { userProfile: { firstName: 'Augusta' } } });
  await good('users.listUsers', { pageSize: 5 });
  await good('users.searchUsers', { query: 'people' });
  await good('users.listOrganizationUsers', { organizationId });
  await good('users.searchOrganizationUsers', { organizationId, query: 'ada' });
  await good('users.createMembership', { organizationId: second, id, membership: { metadata: { desk: '4' } } });
  await bad('users.createMembership', { organizationId: second, id, membership: {} });
  await good('users.updateMembership', { organizationId: second, externalId: 'ada', membership: { roles: [] } });
  await good('users.assignUserRoles', { organizationId, userId: id, roles: [{ roleName: 'viewer' }] });
  await good('users.listUserRoles', { organizationId, userId: id });
  await good('users.listUserPermissions', { organizationId, userId: id });
  await good('users.removeUserRole', { organizationId, userId: id, roleName: 'viewer' });
  await bad('users.removeUserRole', { organizationId, userId: UNKNOWN.usr, roleName: 'viewer' });
  await good('users.deleteMembership', { organizationId: second, id });
  await good('users.deleteUser', { id });
}

async function callDirectories(good: Good, bad: Bad, ctx: Context): Promise<void> {
  const organizationId = await newOrganization(good, 'Directories');
  const stranger = await newOrganization(good, 'Stranger');
  const directory = { directoryType: 'SCIM', directoryProvider: 'OKTA' };
  const made = await good('directories.createDirectory', { organizationId, directory });
  const id = at(made, 'directory.id');
  const ref = { organizationId, id };
  const below = { organizationId, directoryId: id };
  await bad('directories.createDirectory', { organizationId, directory: { directoryType: 'LDAP' } });
  await good('directories.getDirectory', ref);
  await bad('directories.getDirectory', { organizationId: stranger, id });
  await good('directories.listDirectories', { organizationId });
  await good('directories.updateDirectory', { ...ref, directory: { name: 'Okta of Acme' } });
  await good('directories.enableDirectory', ref);
  await good('directories.disableDirectory', ref);
  await good('directories.createDirectorySecret', below);
  await good('directories.regenerateDirectorySecret', below);
  const people = [];
  for (const name of ['ada', 'grace']) {
    const doc = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: `${name}@acme.test`,
      name: { givenName: name, familyName: 'Example' },
      emails: [{ value: `${name}@acme.test`, primary: true }],
    };
    people.push((await createUser(ctx, below, doc)).id);
  }
  const doc = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Engineering' };
  const group = await createGroup(ctx, below, { doc, members: people });
  const roleAssignments = { assignments: [{ groupId: group.id, roleName: 'viewer' }] };
  await good('directories.assignRoles', { ...ref, roleAssignments });
  const attributeMapping = { attributes: [{ key: 'nickname', mapTo: 'nickName' }] };
  await good('directories.updateAttributes', { ...ref, attributeMapping });
  const page = await good('directories.listDirectoryUsers', { ...below, pageSize: 1, includeDetail: true });
  await good('directories.listDirectoryUsers', { ...below, pageSize: 1, pageToken: at(page, 'nextPageToken') });
  const updatedAfter = '2020-01-31T09:30:00Z';
  await good('directories.listDirectoryUsers', { ...below, updatedAfter, directoryGroupId: group.id });
  await bad('directories.listDirectoryUsers', { organizationId: stranger, directoryId: id });
  await good('directories.listDirectoryGroups', { ...below, includeDetail: true });
  await good('directories.listDirectoryGroupsSummary', below);
  await bad('directories.triggerDirectorySync', below);
  await bad('directories.assignGroupsForDirectory', { ...ref, externalIds: ['g1'] });
  await good('directories.deleteDirectory', ref);
  await bad('directories.getDirectory', { organizationId, id: UNKNOWN.dir });
  while (await announceEvents());
  const events = await good('events.listEvents', { filter: { organizationId }, pageSize: 3 });
  await good('events.listEvents', { filter: { organizationId }, pageSize: 3, pageToken: at(events, 'nextPageToken') });
  await good('events.listEventsPaginated', { filter: { organizationId, source: 'DIR_SYNC' }, pageSize: 5 });
  await bad('events.listEventsPaginated', { pageToken: 'made-up' });
}

async function callConnections(good: Good, bad: Bad): Promise<void> {
  const organizationId = await newOrganization(good, 'Connections');
  const domain = { domain: 'acme.test', domainType: 'ORGANIZATION_DOMAIN' };
  const made = await good('domains.createDomain', { organizationId, domain });
  const domainId = at(made, 'domain.id');
  await bad('domains.createDomain', { organizationId, domain: { domain: 'no domain' } });
  await good('domains.getDomain', { organizationId, id: domainId });
  await good('domains.listDomains', { organizationId, pageSize: 5 });
  await good('domains.verifyDomain', { organizationId, id: domainId });
  const connection = await good('connections.createConnection', {
    organizationId,
    connection: { type: 'OIDC', provider: 'OKTA' },
  });
  const id = at(connection, 'connection.id');
  const ref = { organizationId, id };
  await good('connections.getConnection', ref);
  const oidcConfig = { issuer: 'https://acme.okta.test', clientId: '0oa1', scopes: ['openid', 'email'] };
  await good('connections.updateConnection', { ...ref, connection: { provider: 'OKTA', oidcConfig } });
  await good('connections.assignDomainsToConnection', {
    organizationId,
    connectionId: id,
    domainIds: [domainId],
  });
  await good('connections.listConnections', { organizationId, include: 'all' });
  await good('connections.listOrganizationConnections', { pageSize: 5 });
  await good('connections.searchOrganizationConnections', { query: 'okta', pageSize: 5 });
  await good('connections.enableConnection', ref);
  await good('connections.disableConnection', ref);
  await good('connections.deleteConnection', ref);
  await bad('connections.getConnection', ref);
  await good('domains.deleteDomain', { organizationId, id: domainId });
}

async function callClients(good: Good, bad: Bad): Promise<void> {
  const client = { name: 'Worker', clientType: 'M2M', scopes: ['users:read'] };
  const made = await good('clients.createClient', { client });
  const clientId = at(made, 'client.id');
  await bad('clients.createClient', { client: { ...client, scopes: ['everything'] } });
  await good('clients.getClient', { clientId });
  await good('clients.updateClient', { clientId, client: { name: 'Workers' } });
  const secret = await good('clients.createClientSecret', { clientId });
  const ref = { clientId, secretId: at(secret, 'secret.id') };
  await good('clients.updateClientSecret', { ...ref, secret: { status: 'INACTIVE' } });
  await bad('clients.updateClientSecret', { ...ref, secret: { status: 'ACTIVE' } });
  await good('clients.deleteClientSecret', ref);
  const page = await good('clients.listClient', { pageSize: 1 });
  if (isObject(page)) await good('clients.listClient', { pageSize: 1, pageToken: String(page['nextPageToken']) });
  await good('clients.deleteClient', { clientId });
  await bad('clients.getClient', { clientId });
}
