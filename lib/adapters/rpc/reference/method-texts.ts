/** What each method does, by `<Service>_<Method>`: one or two sentences for the reference. A method that is built has one. */
export const METHOD_TEXTS: Readonly<Record<string, string | undefined>> = {
  OrganizationService_CreateOrganization:
    'Makes an organization: one customer of yours. An external id that another organization has is refused.',
  OrganizationService_UpdateOrganization:
    'Changes what is sent and leaves the rest. With update_mask, a field that it names and that is not sent is cleared.',
  OrganizationService_GetOrganization: 'One organization, with its features.',
  OrganizationService_GetOrganizationByExternalId: 'One organization, by the id that your application gave it.',
  OrganizationService_ListOrganization: 'All organizations, newest first.',
  OrganizationService_SearchOrganization: 'Organizations whose name, id or external id holds the text.',
  OrganizationService_DeleteOrganization:
    'Deletes an organization with its directories, people and connections. Tokens, links and sessions are refused at once; rows go in the background.',
  OrganizationService_GeneratePortalLink:
    'Makes a link that opens the admin portal once, within a minute: make one for each load of the page that embeds it. Its session lasts six hours.',
  OrganizationService_GetPortalLinks:
    'Live links of an organization. The address of a link is shown only when it is made.',
  OrganizationService_DeletePortalLink: 'Revokes all links of an organization and ends the sessions that they opened.',
  OrganizationService_DeletePortalLinkByID: 'Revokes one link and ends the sessions that it opened.',
  OrganizationService_UpdateOrganizationSettings:
    'Switches features of an organization on or off. Features that are not named keep their state.',
  OrganizationService_UpdateOrganizationSessionPolicy:
    'Keeps how long sessions of this organization’s people should last in your application. It is stored and returned, not acted on.',
  OrganizationService_GetOrganizationSessionPolicy: 'The session policy that is kept for an organization.',
  OrganizationService_GetApplicationSessionPolicy: 'The session policy of the environment.',
  OrganizationService_UpsertUserManagementSettings:
    'Sets how many people an organization may have, or takes the limit away.',
  OrganizationService_GetOrganizationUserManagementSetting: 'How many people an organization may have.',

  DirectoryService_CreateDirectory:
    'Makes a directory in set-up. Give its endpoint and a token to the customer’s identity provider, then enable it.',
  DirectoryService_UpdateDirectory: 'Changes the name, the provider or the state of a directory.',
  DirectoryService_DeleteDirectory:
    'Deletes a directory with its people and groups, which the application is told of. Its tokens are refused at once.',
  DirectoryService_GetDirectory: 'One directory, with its tokens’ suffixes and counts.',
  DirectoryService_ListDirectories:
    'Directories of an organization: enabled ones first, then the oldest. The first is what the SDKs call the primary one.',
  DirectoryService_EnableDirectory: 'Lets the directory’s tokens in. Why that cannot be is in error_message.',
  DirectoryService_DisableDirectory: 'Refuses the directory’s tokens. People and groups stay as they are.',
  DirectoryService_ListDirectoryUsers:
    'People of a directory, oldest first; with updated_after only those that changed since.',
  DirectoryService_ListDirectoryGroups: 'Groups of a directory, oldest first.',
  DirectoryService_ListDirectoryGroupsSummary: 'Ids and names of all groups of a directory, on one page.',
  DirectoryService_CreateDirectorySecret:
    'Makes a bearer token for the SCIM endpoint. It is shown once; the tokens before it stay valid.',
  DirectoryService_RegenerateDirectorySecret:
    'Makes a new bearer token and revokes the others at once: the identity provider needs the new one to go on.',
  DirectoryService_AssignRoles: 'Says which role the members of each group get. It replaces what was said before.',
  DirectoryService_AssignGroupsForDirectory: 'Chooses the groups that a pulled directory reads.',
  DirectoryService_UpdateAttributes: 'Says which attributes of the directory fill which attributes of a person.',
  DirectoryService_TriggerDirectorySync: 'Reads a pulled directory now instead of at the next interval.',

  DomainService_CreateDomain: 'Adds an email domain to an organization. Made through the API it counts as verified.',
  DomainService_GetDomain: 'One domain of an organization.',
  DomainService_ListDomains: 'Domains of an organization.',
  DomainService_DeleteDomain: 'Removes a domain from an organization.',
  DomainService_VerifyDomain: 'Looks up the TXT record of a domain once, now.',
  DomainService_UpdateDomain: 'Changes a domain.',

  ConnectionService_CreateConnection: 'Makes a single sign-on connection of an organization, in draft.',
  ConnectionService_UpdateConnection: 'Changes the configuration of a connection. What is not sent stays.',
  ConnectionService_GetConnection: 'One connection with its configuration. Secrets are left out.',
  ConnectionService_ListConnections:
    'Enabled connections of an organization or of a domain; with include=all all of them.',
  ConnectionService_ListOrganizationConnections: 'Connections of all organizations.',
  ConnectionService_SearchOrganizationConnections: 'Connections of all organizations that match.',
  ConnectionService_DeleteConnection: 'Deletes a connection.',
  ConnectionService_EnableConnection:
    'Answers enabled: false and why: connections are configured here, and sign-in through them is not available yet.',
  ConnectionService_DisableConnection: 'Switches a connection off.',
  ConnectionService_AssignDomainsToConnection: 'Says which domains of the organization belong to a connection.',

  UserService_CreateUserAndMembership: 'Makes a person and a membership of the organization.',
  UserService_GetUser: 'One person, with memberships.',
  UserService_UpdateUser: 'Changes a person’s profile or metadata. What is not sent stays.',
  UserService_DeleteUser: 'Deletes a person with all memberships.',
  UserService_ListUsers: 'All people of the environment.',
  UserService_SearchUsers: 'People whose id, external id or email address holds the text.',
  UserService_ListOrganizationUsers: 'Members of an organization.',
  UserService_SearchOrganizationUsers:
    'Members of an organization whose id, external id or email address holds the text.',
  UserService_CreateMembership: 'Makes a person a member of an organization.',
  UserService_UpdateMembership:
    'Sets the roles or metadata of a membership. An empty list of roles clears those given through the API.',
  UserService_DeleteMembership:
    'Ends a membership. With cascade, a person without any other membership is deleted too.',
  UserService_ListUserRoles: 'Roles of a person in an organization.',
  UserService_AssignUserRoles: 'Gives a person roles in an organization, beside those that they have.',
  UserService_RemoveUserRole: 'Takes a role away from a person in an organization.',
  UserService_ListUserPermissions: 'What a person may do in an organization: the permissions of all their roles.',

  RolesService_CreateRole: 'Makes a role that all organizations have.',
  RolesService_UpdateRole: 'Changes a role of the environment.',
  RolesService_GetRole: 'One role of the environment.',
  RolesService_ListRoles: 'Roles of the environment.',
  RolesService_DeleteRole: 'Deletes a role. Whoever has it gets the one that reassign_role_name names.',
  RolesService_DeleteRoleBase: 'Ends the inheritance of a role: it keeps its own permissions only.',
  RolesService_GetRoleUsersCount: 'How many people have a role.',
  RolesService_ListDependentRoles: 'Roles that inherit from a role.',
  RolesService_UpdateDefaultRoles: 'Says which role the creator of an organization gets, and which other members get.',
  RolesService_CreateOrganizationRole: 'Makes a role that one organization has.',
  RolesService_UpdateOrganizationRole: 'Changes a role of an organization.',
  RolesService_GetOrganizationRole: 'One role that an organization can give: its own, or one of the environment.',
  RolesService_ListOrganizationRoles: 'Roles that an organization can give: its own and those of the environment.',
  RolesService_DeleteOrganizationRole:
    'Deletes a role of an organization. Whoever has it gets the one that reassign_role_name names.',
  RolesService_DeleteOrganizationRoleBase: 'Ends the inheritance of a role of an organization.',
  RolesService_GetOrganizationRoleUsersCount: 'How many people of an organization have a role.',
  RolesService_UpdateDefaultOrganizationRoles: 'Says which role members of this organization get by default.',
  RolesService_CreatePermission: 'Makes a permission that roles can hold.',
  RolesService_UpdatePermission: 'Changes the description of a permission.',
  RolesService_GetPermission: 'One permission.',
  RolesService_ListPermissions: 'All permissions.',
  RolesService_DeletePermission: 'Deletes a permission that no role holds any more.',
  RolesService_ListRolePermissions: 'Permissions that a role holds itself, without what it inherits.',
  RolesService_AddPermissionsToRole: 'Adds permissions to a role.',
  RolesService_RemovePermissionFromRole: 'Takes a permission from a role.',
  RolesService_ListEffectiveRolePermissions: 'Permissions that a role holds itself or inherits.',

  EventsService_ListEvents: 'Events that match, newest first, with their number.',
  EventsService_ListEventsPaginated:
    'Events that match, newest first. To follow everything that happens, receive webhooks instead.',

  ClientService_ListClient: 'API credentials of this installation.',
  ClientService_CreateClient: 'Makes an API credential.',
  ClientService_GetClient: 'One API credential, with the suffixes of its secrets.',
  ClientService_UpdateClient: 'Changes the name or the scopes of an API credential.',
  ClientService_DeleteClient: 'Deletes an API credential: its secrets and access tokens are refused at once.',
  ClientService_CreateClientSecret: 'Adds a secret to an API credential. It is shown once.',
  ClientService_UpdateClientSecret: 'Changes the state of a secret: an inactive one is refused at once.',
  ClientService_DeleteClientSecret: 'Revokes a secret: access tokens that were had for it are refused at once.',
};
