import { pushExpectations } from './expectation';
import { PROVIDER_NAMES, type Provider, wireProviderOf } from './provider';

/** Sources: docs.pingidentity.com, PingOne provisioning connections and rules. */
export const pingone: Provider = {
  id: 'pingone',
  name: PROVIDER_NAMES.pingone,
  wireName: wireProviderOf('pingone'),
  mode: 'push',
  mark: { kind: 'letter', letter: 'P', background: '#a8122a', ink: '#ffffff' },
  guide: {
    checkedOn: '2026-11-23',
    needs: 'You need the role of environment administrator or identity data administrator in PingOne.',
    steps: [
      {
        id: 'connection',
        stage: 'connect',
        title: 'Add a connection in PingOne',
        clicks: [
          'Open **Integrations**, then **Provisioning**, choose **+** and **New Connection**.',
          'Choose **Select** beside **Identity Store**, then **SCIM Outbound**, give it a name and choose **Next**.',
        ],
      },
      {
        id: 'credentials',
        stage: 'connect',
        title: 'Give PingOne the address and the token',
        clicks: [
          'Paste the values as below.',
          'Choose **Test Connection**, then **Next**. Set **User Filter Expression** as below, keep the other values and choose **Save**.',
          'Switch the connection on.',
        ],
        values: [
          { kind: 'endpoint', field: 'SCIM Base URL' },
          { kind: 'text', field: 'Users Resource', text: '/Users' },
          { kind: 'text', field: 'Groups Resource', text: '/Groups' },
          { kind: 'text', field: 'SCIM Version', text: '2.0' },
          { kind: 'text', field: 'Authentication Method', text: 'OAuth 2 Bearer Token' },
          { kind: 'token', field: 'Oauth Access Token' },
          { kind: 'text', field: 'Auth Type Header', text: 'Bearer' },
          { kind: 'text', field: 'User Filter Expression', text: 'userName Eq "%s"' },
        ],
        expect: 'PingOne shows **Connection Successful**.',
      },
      {
        id: 'rule',
        stage: 'send',
        title: 'Add a rule',
        clicks: [
          'Choose **+** and **New Rule**, give it a name and choose **Create Rule**.',
          'Choose the connection as the target, and under **User Filter** say who should be sent.',
          'Under **Attribute Mapping** check the rows below.',
          'Switch the rule on.',
        ],
        mappings: [
          { source: 'Username', target: 'userName' },
          { source: 'Email Address', target: 'workEmail' },
          { source: 'Given Name', target: 'name.givenName' },
          { source: 'Family Name', target: 'name.familyName' },
        ],
        expect: 'People who match the filter appear below within a minute.',
      },
      {
        id: 'groups',
        stage: 'send',
        title: 'Add groups to the rule',
        clicks: [
          'Open **Group Provisioning** of the rule, choose **Add Groups**, select the groups and choose **Save**.',
        ],
        caution: 'A group is sent only if the rule names it.',
      },
    ],
    delay: 'PingOne sends each change within about a minute.',
    caveats: [
      'A person who leaves the filter of the rule is disabled or deleted, as the connection’s Remove Action says. Choose Disable.',
    ],
  },
  expectations: pushExpectations({
    connection: 'Choose Test Connection in PingOne.',
    user: 'Switch the rule on, with a filter that matches at least one person.',
    group: 'Add a group under Group Provisioning of the rule.',
  }),
};
