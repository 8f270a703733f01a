/** The event object of each kind of id. A domain's events are about its organization. */
const OBJECTS: Readonly<Record<string, string>> = {
  org_: 'Organization',
  dom_: 'Organization',
  dir_: 'Directory',
  diruser_: 'DirectoryUser',
  dirgroup_: 'DirectoryGroup',
  conn_: 'Connection',
  usr_: 'OrgMembership',
  role_: 'Role',
  perm_: 'Permission',
};

/** The `object` of events about the thing with this id; empty for an id that no event is about. */
export function objectOf(id: string): string {
  return OBJECTS[id.replace(/\d+$/, '')] ?? '';
}

const NAMES = ['display_name', 'name', 'email', 'preferred_username', 'domain', 'provider'];

function nameIn(data: Readonly<Record<string, unknown>>): string | undefined {
  for (const key of NAMES) {
    const value = data[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function objectIn(data: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const value = data[key];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** What a person calls the thing that an event is about, from its payload; undefined when the payload has no name. */
export function subjectOf(data: Readonly<Record<string, unknown>>): string | undefined {
  const user = objectIn(data, 'user');
  return nameIn(user) ?? nameIn(objectIn(user, 'user_profile')) ?? nameIn(data);
}

/** The dashboard's page about what an event is about; undefined when there is none. */
export function subjectPath(event: {
  readonly organizationId: string | null;
  readonly directoryId: string | null;
  readonly resourceId: string;
}): string | undefined {
  if (event.organizationId === null) return undefined;
  const organization = `/dashboard/organizations/${event.organizationId}`;
  if (event.resourceId === event.organizationId) return organization;
  if (event.directoryId === null) return undefined;
  const directory = `${organization}/directories/${event.directoryId}`;
  if (event.resourceId === event.directoryId) return directory;
  if (event.resourceId.startsWith('diruser_')) return `${directory}/users/${event.resourceId}`;
  if (event.resourceId.startsWith('dirgroup_')) return `${directory}/groups/${event.resourceId}`;
  return undefined;
}
