import { pushExpectations } from './expectation';
import { PROVIDER_NAMES, type Provider, wireProviderOf } from './provider';

/** For any client of RFC 7643 and RFC 7644. */
export const custom: Provider = {
  id: 'custom',
  name: PROVIDER_NAMES.custom,
  wireName: wireProviderOf('custom'),
  mode: 'push',
  mark: { kind: 'letter', letter: 'S', background: '#3d4048', ink: '#ffffff' },
  guide: {
    checkedOn: '2026-11-23',
    needs: 'You need to be able to add an application with SCIM 2.0 provisioning to your identity provider.',
    steps: [
      {
        id: 'app',
        stage: 'connect',
        title: 'Add a SCIM 2.0 application',
        clicks: [
          'At your identity provider add an application that provisions by SCIM 2.0. It is often called “custom” or “generic”.',
          'Where it asks for a version choose 2.0, and where it asks how to authenticate choose a bearer token in the Authorization header.',
        ],
      },
      {
        id: 'credentials',
        stage: 'connect',
        title: 'Enter the address and the token',
        clicks: [
          'Paste the two values. If it asks for the addresses of users and groups apart, use the third and the fourth.',
          'If there is a test, run it. Then save.',
        ],
        values: [
          { kind: 'endpoint', field: 'Base URL' },
          { kind: 'token', field: 'Bearer token' },
          { kind: 'endpoint', field: 'Users URL', path: '/Users' },
          { kind: 'endpoint', field: 'Groups URL', path: '/Groups' },
          { kind: 'text', field: 'Content type', text: 'application/scim+json' },
        ],
        expect: 'The first request appears on this page within two seconds.',
      },
      {
        id: 'attributes',
        stage: 'send',
        title: 'Map the attributes',
        clicks: ['Send at least the attributes below. Others of the core and the enterprise schema are kept too.'],
        mappings: [
          { source: 'Sign-in name', target: 'userName' },
          { source: 'Stable id of the person', target: 'externalId' },
          { source: 'Work email address', target: 'emails[type eq "work"].value' },
          { source: 'First name', target: 'name.givenName' },
          { source: 'Last name', target: 'name.familyName' },
          { source: 'Whether the account is in use', target: 'active' },
        ],
      },
      {
        id: 'people',
        stage: 'send',
        title: 'Assign people and groups',
        clicks: ['Assign the people who should have access, then the groups, and wait for the next synchronisation.'],
        expect: 'They appear below as they arrive.',
      },
    ],
    delay: 'How soon changes arrive depends on your identity provider.',
    caveats: [
      'To take access away send active: false. Deleting the person works too, but then a return makes a new person.',
    ],
  },
  expectations: pushExpectations({
    connection: 'Run the connection test of your identity provider, or its first synchronisation.',
    user: 'Assign one person at your identity provider.',
    group: 'Assign one group at your identity provider.',
  }),
};
