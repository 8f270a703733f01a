import type { JsonValue } from '@bufbuild/protobuf';
import type { SampleLanguage } from './language';
import { indent, nameOf, restExampleOf } from './request';

const SET_UP = `import express from 'express';
import { ScalekitClient } from '@scalekit-sdk/node';

const scalekit = new ScalekitClient(
  'ENVIRONMENT_ORIGIN',
  process.env.SCALEKIT_CLIENT_ID, // API_CLIENT_ID
  process.env.SCALEKIT_CLIENT_SECRET,
);

const app = express();
app.listen(process.env.PORT ?? 4000);`;

const WEBHOOK = `app.post('/webhooks', express.raw({ type: 'application/json' }), (request, response) => {
  const body = request.body.toString();
  try {
    scalekit.verifyWebhookPayload(process.env.WEBHOOK_SECRET, request.headers, body);
  } catch {
    return response.status(400).json({ error: 'The signature does not match.' });
  }
  const event = JSON.parse(body);
  console.log(event.type, event.data.id);
  response.json({ received: event.id });
});`;

/** The SDK's call, and what of its answer the route returns. */
type Call = readonly [call: string, answer: string];

const USER = '({ id: user.id, email: user.email })';
const DONE: string = '({ done: true })';

/** The SDK's own call of each method that it has one for, by the method's name. */
const CALLS: Readonly<Record<string, Call | undefined>> = {
  CreateOrganization: [
    `const { organization } = await scalekit.organization.createOrganization('Acme', { externalId: 'acme-42' });`,
    '({ id: organization.id, name: organization.displayName })',
  ],
  GetOrganization: [
    `const { organization } = await scalekit.organization.getOrganization('ORGANIZATION_ID');`,
    '({ id: organization.id, name: organization.displayName })',
  ],
  GetOrganizationByExternalId: [
    `const { organization } = await scalekit.organization.getOrganizationByExternalId('acme-42');`,
    '({ id: organization.id, name: organization.displayName })',
  ],
  ListOrganization: [
    `const { organizations } = await scalekit.organization.listOrganization({ pageSize: 20 });`,
    '(organizations.map(({ id, displayName }) => ({ id, displayName })))',
  ],
  SearchOrganization: [
    `const { organizations } = await scalekit.organization.searchOrganization('acme');`,
    '(organizations.map(({ id, displayName }) => ({ id, displayName })))',
  ],
  UpdateOrganization: [
    `const { organization } = await scalekit.organization.updateOrganization('ORGANIZATION_ID', { displayName: 'Acme Inc' });`,
    '({ id: organization.id, name: organization.displayName })',
  ],
  DeleteOrganization: [`await scalekit.organization.deleteOrganization('ORGANIZATION_ID');`, DONE],
  GeneratePortalLink: [
    `const link = await scalekit.organization.generatePortalLink('ORGANIZATION_ID');`,
    '({ location: link.location })',
  ],
  UpdateOrganizationSettings: [
    `const { organization } = await scalekit.organization.updateOrganizationSettings('ORGANIZATION_ID', {
  features: [{ name: 'dir_sync', enabled: true }],
});`,
    '({ features: organization.settings.features.map(({ name, enabled }) => ({ name, enabled })) })',
  ],
  UpsertUserManagementSettings: [
    `const settings = await scalekit.organization.upsertUserManagementSettings('ORGANIZATION_ID', { maxAllowedUsers: 250 });`,
    '({ maxAllowedUsers: settings.maxAllowedUsers })',
  ],
  GetOrganizationUserManagementSetting: [
    `const { settings } = await scalekit.organization.getOrganizationUserManagementSetting('ORGANIZATION_ID');`,
    '({ maxAllowedUsers: settings.maxAllowedUsers })',
  ],
  GetOrganizationSessionPolicy: [
    `const policy = await scalekit.organization.getOrganizationSessionPolicy('ORGANIZATION_ID');`,
    '({ policySource: policy.policySource })',
  ],
  ListDirectories: [
    `const { directories } = await scalekit.directory.listDirectories('ORGANIZATION_ID');`,
    '(directories.map(({ id, name, enabled }) => ({ id, name, enabled })))',
  ],
  GetDirectory: [
    `const { directory } = await scalekit.directory.getDirectory('ORGANIZATION_ID', 'DIRECTORY_ID');`,
    '({ id: directory.id, enabled: directory.enabled, people: directory.totalUsers })',
  ],
  ListDirectoryUsers: [
    `const { users } = await scalekit.directory.listDirectoryUsers('ORGANIZATION_ID', 'DIRECTORY_ID', { pageSize: 30 });`,
    '(users.map(({ id, email, givenName }) => ({ id, email, givenName })))',
  ],
  ListDirectoryGroups: [
    `const { groups } = await scalekit.directory.listDirectoryGroups('ORGANIZATION_ID', 'DIRECTORY_ID', { pageSize: 30 });`,
    '(groups.map(({ id, displayName }) => ({ id, displayName })))',
  ],
  EnableDirectory: [
    `const { enabled } = await scalekit.directory.enableDirectory('ORGANIZATION_ID', 'DIRECTORY_ID');`,
    '({ enabled })',
  ],
  DisableDirectory: [
    `const { enabled } = await scalekit.directory.disableDirectory('ORGANIZATION_ID', 'DIRECTORY_ID');`,
    '({ enabled })',
  ],
  DeleteDirectory: [`await scalekit.directory.deleteDirectory('ORGANIZATION_ID', 'DIRECTORY_ID');`, DONE],
  ListEventsPaginated: [
    `const { events } = await scalekit.events.listEventsPaginated(20, '', {
  eventTypes: ['organization.directory.user_created'],
  organizationId: 'ORGANIZATION_ID',
});`,
    '(events.map(({ id, type }) => ({ id, type })))',
  ],
  CreateDomain: [
    `const { domain } = await scalekit.domain.createDomain('ORGANIZATION_ID', 'acme.example', {
  domainType: 'ORGANIZATION_DOMAIN',
});`,
    '({ id: domain.id, domain: domain.domain })',
  ],
  GetDomain: [
    `const { domain } = await scalekit.domain.getDomain('ORGANIZATION_ID', 'DOMAIN_ID');`,
    '({ id: domain.id, domain: domain.domain })',
  ],
  ListDomains: [
    `const { domains } = await scalekit.domain.listDomains('ORGANIZATION_ID');`,
    '(domains.map(({ id, domain }) => ({ id, domain })))',
  ],
  DeleteDomain: [`await scalekit.domain.deleteDomain('ORGANIZATION_ID', 'DOMAIN_ID');`, DONE],
  ListConnections: [
    `const { connections } = await scalekit.connection.listConnections('ORGANIZATION_ID');`,
    '(connections.map(({ id, enabled }) => ({ id, enabled })))',
  ],
  GetConnection: [
    `const { connection } = await scalekit.connection.getConnection('ORGANIZATION_ID', 'CONNECTION_ID');`,
    '({ id: connection.id, enabled: connection.enabled })',
  ],
  DeleteConnection: [`await scalekit.connection.deleteConnection('ORGANIZATION_ID', 'CONNECTION_ID');`, DONE],
  CreateUserAndMembership: [
    `const { user } = await scalekit.user.createUserAndMembership('ORGANIZATION_ID', {
  email: 'ann@acme.example',
  externalId: 'user-42',
  userProfile: { firstName: 'Ann', lastName: 'Lee' },
});`,
    USER,
  ],
  GetUser: [`const { user } = await scalekit.user.getUser('USER_ID');`, USER],
  ListUsers: [
    `const { users } = await scalekit.user.listUsers({ pageSize: 20 });`,
    '(users.map(({ id, email }) => ({ id, email })))',
  ],
  SearchUsers: [
    `const { users } = await scalekit.user.searchUsers('ann');`,
    '(users.map(({ id, email }) => ({ id, email })))',
  ],
  UpdateUser: [
    `const { user } = await scalekit.user.updateUser('USER_ID', { userProfile: { firstName: 'Anna' } });`,
    USER,
  ],
  DeleteUser: [`await scalekit.user.deleteUser('USER_ID');`, DONE],
  ListOrganizationUsers: [
    `const { users } = await scalekit.user.listOrganizationUsers('ORGANIZATION_ID', { pageSize: 20 });`,
    '(users.map(({ id, email }) => ({ id, email })))',
  ],
  SearchOrganizationUsers: [
    `const { users } = await scalekit.user.searchOrganizationUsers('ORGANIZATION_ID', 'ann');`,
    '(users.map(({ id, email }) => ({ id, email })))',
  ],
  CreateMembership: [
    `const { user } = await scalekit.user.createMembership('ORGANIZATION_ID', 'USER_ID', { roles: ['editor'] });`,
    USER,
  ],
  UpdateMembership: [
    `const { user } = await scalekit.user.updateMembership('ORGANIZATION_ID', 'USER_ID', { roles: ['editor'] });`,
    USER,
  ],
  DeleteMembership: [`await scalekit.user.deleteMembership('ORGANIZATION_ID', 'USER_ID');`, DONE],
  ListUserRoles: [
    `const { roles } = await scalekit.user.listUserRoles('ORGANIZATION_ID', 'USER_ID');`,
    '(roles.map(({ name }) => name))',
  ],
  AssignUserRoles: [
    `const { roles } = await scalekit.user.assignUserRoles('ORGANIZATION_ID', 'USER_ID', ['editor']);`,
    '(roles.map(({ name }) => name))',
  ],
  RemoveUserRole: [`await scalekit.user.removeUserRole('ORGANIZATION_ID', 'USER_ID', 'editor');`, DONE],
  ListUserPermissions: [
    `const { permissions } = await scalekit.user.listUserPermissions('ORGANIZATION_ID', 'USER_ID');`,
    '(permissions.map(({ name }) => name))',
  ],
  CreateRole: [
    `const { role } = await scalekit.role.createRole({ name: 'editor', displayName: 'Editor' });`,
    '({ id: role.id, name: role.name })',
  ],
  GetRole: [`const { role } = await scalekit.role.getRole('editor');`, '({ id: role.id, name: role.name })'],
  ListRoles: [`const { roles } = await scalekit.role.listRoles();`, '(roles.map(({ id, name }) => ({ id, name })))'],
  UpdateRole: [
    `const { role } = await scalekit.role.updateRole('editor', { displayName: 'Chief editor' });`,
    '({ id: role.id, name: role.name })',
  ],
  DeleteRole: [`await scalekit.role.deleteRole('editor', 'viewer');`, DONE],
  DeleteRoleBase: [`await scalekit.role.deleteRoleBase('editor');`, DONE],
  ListDependentRoles: [
    `const { roles } = await scalekit.role.listDependentRoles('editor');`,
    '(roles.map(({ id, name }) => ({ id, name })))',
  ],
  UpdateDefaultRoles: [
    `const { defaultMember } = await scalekit.role.updateDefaultRoles({ defaultMemberRole: 'editor' });`,
    '({ name: defaultMember.name })',
  ],
  CreateOrganizationRole: [
    `const { role } = await scalekit.role.createOrganizationRole('ORGANIZATION_ID', { name: 'editor', displayName: 'Editor' });`,
    '({ id: role.id, name: role.name })',
  ],
  GetOrganizationRole: [
    `const { role } = await scalekit.role.getOrganizationRole('ORGANIZATION_ID', 'editor');`,
    '({ id: role.id, name: role.name })',
  ],
  ListOrganizationRoles: [
    `const { roles } = await scalekit.role.listOrganizationRoles('ORGANIZATION_ID');`,
    '(roles.map(({ id, name }) => ({ id, name })))',
  ],
  UpdateOrganizationRole: [
    `const { role } = await scalekit.role.updateOrganizationRole('ORGANIZATION_ID', 'editor', { displayName: 'Chief editor' });`,
    '({ id: role.id, name: role.name })',
  ],
  DeleteOrganizationRole: [`await scalekit.role.deleteOrganizationRole('ORGANIZATION_ID', 'editor', 'viewer');`, DONE],
  CreatePermission: [
    `const { permission } = await scalekit.permission.createPermission({
  name: 'invoices:read',
  description: 'See invoices',
});`,
    '({ id: permission.id, name: permission.name })',
  ],
  GetPermission: [
    `const { permission } = await scalekit.permission.getPermission('invoices:read');`,
    '({ id: permission.id, name: permission.name })',
  ],
  ListPermissions: [
    `const { permissions } = await scalekit.permission.listPermissions();`,
    '(permissions.map(({ id, name }) => ({ id, name })))',
  ],
  DeletePermission: [`await scalekit.permission.deletePermission('invoices:read');`, DONE],
  ListRolePermissions: [
    `const { permissions } = await scalekit.permission.listRolePermissions('editor');`,
    '(permissions.map(({ name }) => name))',
  ],
  AddPermissionsToRole: [
    `const { permissions } = await scalekit.permission.addPermissionsToRole('editor', ['invoices:read']);`,
    '(permissions.map(({ name }) => name))',
  ],
  RemovePermissionFromRole: [`await scalekit.permission.removePermissionFromRole('editor', 'invoices:read');`, DONE],
  ListEffectiveRolePermissions: [
    `const { permissions } = await scalekit.permission.listEffectiveRolePermissions('editor');`,
    '(permissions.map(({ name }) => name))',
  ],
};

/** Samples for Express, with the official SDK where it has the call. */
export const NODE: SampleLanguage = {
  label: 'Node',
  framework: 'Express',
  install: 'npm install express@5 @scalekit-sdk/node',
  file: 'app.mjs',
  setUp: SET_UP,
  callOf: (method) => {
    const own = method.id.endsWith('_2') ? undefined : CALLS[nameOf(method.id)];
    const { path, body } = restExampleOf(method);
    const lines = own
      ? [own[0], `response.json${own[1]};`]
      : [
          `const answer = await fetch('ENVIRONMENT_ORIGIN${path}', {`,
          `  method: '${method.verb}',`,
          `  headers: {`,
          `    authorization: \`Bearer \${await scalekit.getClientAccessToken()}\`,`,
          `    'content-type': 'application/json',`,
          `  },`,
          ...(body ? [`  body: JSON.stringify(${indent(literal(body), '  ')}),`] : []),
          `});`,
          `response.status(answer.status).json(await answer.json());`,
        ];
    return `app.${method.verb.toLowerCase()}('/${method.slug}', async (request, response) => {
  ${indent(lines.join('\n'), '  ')}
});`;
  },
  webhook: WEBHOOK,
};

/** JSON as it is written in JavaScript. */
function literal(body: JsonValue): string {
  return JSON.stringify(body, null, 2)
    .replace(/"(\w+)":/g, '$1:')
    .replaceAll('"', "'");
}
