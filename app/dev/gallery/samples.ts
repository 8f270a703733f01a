/** An organization as the list shows it. */
export interface SampleOrganization {
  id: string;
  name: string;
  externalId: string;
  directory: string | null;
  status: 'idle' | 'progress' | 'success' | 'warning' | 'danger';
  statusWord: string;
  users: number;
  lastCallMinutesAgo: number | null;
}

/** Customers of an imaginary application. */
export const ORGANIZATIONS: readonly SampleOrganization[] = [
  {
    id: 'org_69117394271748101',
    name: 'Meridian Freight',
    externalId: 'acct_20418',
    directory: 'Okta',
    status: 'success',
    statusWord: 'Active',
    users: 1284,
    lastCallMinutesAgo: 2,
  },
  {
    id: 'org_69117394271748102',
    name: 'Halden & Brook LLP',
    externalId: 'acct_20377',
    directory: 'Microsoft Entra ID',
    status: 'warning',
    statusWord: 'Attention needed',
    users: 412,
    lastCallMinutesAgo: 71,
  },
  {
    id: 'org_69117394271748103',
    name: 'Northwind Dairy Cooperative',
    externalId: 'acct_19950',
    directory: 'Google Workspace',
    status: 'progress',
    statusWord: 'In progress',
    users: 0,
    lastCallMinutesAgo: 4,
  },
  {
    id: 'org_69117394271748104',
    name: 'Tessellate',
    externalId: 'acct_21033',
    directory: null,
    status: 'idle',
    statusWord: 'Not connected',
    users: 0,
    lastCallMinutesAgo: null,
  },
  {
    id: 'org_69117394271748105',
    name: 'Ostrava Instruments s.r.o.',
    externalId: 'acct_18802',
    directory: 'JumpCloud',
    status: 'danger',
    statusWord: 'Disabled',
    users: 96,
    lastCallMinutesAgo: 60 * 24 * 12,
  },
];

/** A request as the log keeps it. */
export interface SampleExchange {
  id: string;
  method: string;
  path: string;
  status: number;
  what: string;
  tookMs: number;
  minutesAgo: number;
}

/** What an Okta directory sent. */
export const EXCHANGES: readonly SampleExchange[] = [
  {
    id: 'log_1',
    method: 'PATCH',
    path: '/Groups/dirgroup_7302',
    status: 204,
    what: 'Added 2 members to Dispatch',
    tookMs: 9,
    minutesAgo: 2,
  },
  {
    id: 'log_2',
    method: 'POST',
    path: '/Users',
    status: 201,
    what: 'Created ines.carvalho@meridian.example',
    tookMs: 7,
    minutesAgo: 2,
  },
  {
    id: 'log_3',
    method: 'POST',
    path: '/Users',
    status: 409,
    what: 'userName is taken by diruser_6911',
    tookMs: 4,
    minutesAgo: 3,
  },
  {
    id: 'log_4',
    method: 'GET',
    path: '/Users?filter=userName eq "ines.carvalho@meridian.example"',
    status: 200,
    what: 'Found 0',
    tookMs: 3,
    minutesAgo: 3,
  },
];

/** A user resource as a directory sends it. */
export const USER_RESOURCE = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  id: 'diruser_69117394271748211',
  externalId: '00u1x9k2p7',
  userName: 'ines.carvalho@meridian.example',
  name: { givenName: 'Inês', familyName: 'Carvalho' },
  emails: [{ value: 'ines.carvalho@meridian.example', type: 'work', primary: true }],
  active: true,
  title: null,
  meta: { resourceType: 'User', version: 'W/"3"' },
};
