import type { JsonValue } from '@bufbuild/protobuf';
import type { ReferenceMethod } from '../reference';

/** An example of a call over REST. Ids are names in capitals. */
export interface RestExample {
  readonly path: string;
  readonly body: JsonValue | undefined;
}

const BODIES: Readonly<Record<string, JsonValue | undefined>> = {
  CreateOrganization: { display_name: 'Acme', external_id: 'acme-42', metadata: { plan: 'enterprise' } },
  UpdateOrganization: { display_name: 'Acme Inc' },
  UpdateOrganizationSettings: { features: [{ name: 'dir_sync', enabled: true }] },
  UpsertUserManagementSettings: { settings: { max_allowed_users: 250 } },
  UpdateOrganizationSessionPolicy: {
    policy_source: 'CUSTOM',
    absolute_session_timeout: 8,
    absolute_session_timeout_unit: 'HOURS',
  },
  CreateDirectory: { directory_type: 'SCIM', directory_provider: 'OKTA' },
  UpdateDirectory: { name: 'Okta production' },
  AssignRoles: { assignments: [{ group_id: 'GROUP_ID', role_name: 'editor' }] },
  AssignGroupsForDirectory: { external_ids: ['EXTERNAL_GROUP_ID'] },
  UpdateAttributes: { attributes: [{ key: 'costCenter', map_to: 'cost_center' }] },
  CreateDomain: { domain: 'acme.example', domain_type: 'ORGANIZATION_DOMAIN' },
  CreateConnection: { provider: 'OKTA', type: 'SAML' },
  UpdateConnection: { provider: 'OKTA', type: 'SAML', ui_button_title: 'Sign in with Okta' },
  AssignDomainsToConnection: { domain_ids: ['DOMAIN_ID'] },
  CreateUserAndMembership: {
    email: 'ann@acme.example',
    external_id: 'user-42',
    user_profile: { given_name: 'Ann', family_name: 'Lee' },
  },
  UpdateUser: { user_profile: { given_name: 'Anna' } },
  CreateMembership: { roles: [{ name: 'editor' }] },
  UpdateMembership: { roles: [{ name: 'editor' }] },
  AssignUserRoles: [{ role_name: 'editor' }],
  CreateRole: { name: 'editor', display_name: 'Editor' },
  UpdateRole: { display_name: 'Chief editor' },
  UpdateDefaultRoles: { default_member_role: 'editor' },
  CreateOrganizationRole: { name: 'editor', display_name: 'Editor' },
  UpdateOrganizationRole: { display_name: 'Chief editor' },
  UpdateDefaultOrganizationRoles: { default_member_role: 'editor' },
  CreatePermission: { name: 'invoices:read', description: 'See invoices' },
  UpdatePermission: { name: 'invoices:read', description: 'See all invoices' },
  AddPermissionsToRole: { permission_names: ['invoices:read'] },
  ListEvents: { event_types: ['organization.directory.user_created'] },
  ListEventsPaginated: { event_types: ['organization.directory.user_created'], organization_id: 'ORGANIZATION_ID' },
  CreateClient: { name: 'Billing backend', client_type: 'M2M', scopes: ['users:read'] },
  UpdateClient: { name: 'Billing backend' },
  UpdateClientSecret: { status: 'INACTIVE' },
};

const QUERIES: Readonly<Record<string, string | undefined>> = {
  GeneratePortalLink: 'features=dir_sync',
  ListOrganization: 'page_size=20',
  SearchOrganization: 'query=acme',
  SearchUsers: 'query=ann',
  SearchOrganizationUsers: 'query=ann',
  SearchOrganizationConnections: 'query=okta',
  ListConnections: 'organization_id=ORGANIZATION_ID&include=all',
  ListDirectoryUsers: 'page_size=30&include_detail=true',
  ListDirectoryGroups: 'page_size=30',
  ListEvents: 'page_size=20',
  ListEventsPaginated: 'page_size=20',
  ListRoles: 'include=permissions',
  // Announcements, which are ours beside the contract.
  List: 'after=0&types=organization.directory.user_created,organization.directory.user_deleted',
};

/** What `{id}` is, by service. */
const IDS: Readonly<Record<string, string | undefined>> = {
  Organizations: 'ORGANIZATION_ID',
  Directories: 'DIRECTORY_ID',
  Users: 'USER_ID',
  Domains: 'DOMAIN_ID',
  Connections: 'CONNECTION_ID',
};

const VARIABLES: Readonly<Record<string, string | undefined>> = {
  organization_id: 'ORGANIZATION_ID',
  org_id: 'ORGANIZATION_ID',
  directory_id: 'DIRECTORY_ID',
  user_id: 'USER_ID',
  connection_id: 'CONNECTION_ID',
  link_id: 'LINK_ID',
  client_id: 'API_CLIENT_ID',
  secret_id: 'SECRET_ID',
  role_name: 'editor',
  permission_name: 'invoices:read',
};

/** An example of `method` over REST. */
export function restExampleOf({ id, service, path, hasBody }: ReferenceMethod): RestExample {
  const name = nameOf(id);
  const valueOf = (variable: string) => {
    if (variable === 'external_id') return service === 'Users' ? 'user-42' : 'acme-42';
    return (variable === 'id' ? IDS[service] : VARIABLES[variable]) ?? variable.toUpperCase();
  };
  const filled = path.replace(/\{(\w+)\}/g, (_, variable: string) => valueOf(variable));
  const query = QUERIES[name];
  return { path: query ? `${filled}?${query}` : filled, body: hasBody ? (BODIES[name] ?? {}) : undefined };
}

/** `CreateOrganization` of `OrganizationService_CreateOrganization`. */
export function nameOf(id: string): string {
  return id.split('_')[1] ?? id;
}

/** `text` with each line but the first moved to the right, for code within code. */
export function indent(text: string, by: string): string {
  return text.replaceAll('\n', `\n${by}`);
}
