import { pushExpectations } from './expectation';
import { PROVIDER_NAMES, type Provider, wireProviderOf } from './provider';

/** Sources: docs.pingidentity.com, PingFederate SCIM connector: settings reference and filter expressions. */
export const pingfederate: Provider = {
  id: 'pingfederate',
  name: PROVIDER_NAMES.pingfederate,
  wireName: wireProviderOf('pingfederate'),
  mode: 'push',
  mark: { kind: 'letter', letter: 'F', background: '#7c1d3f', ink: '#ffffff' },
  guide: {
    checkedOn: '2026-11-23',
    needs:
      'You need to be an administrator of PingFederate, with the SCIM connector installed and outbound provisioning switched on (pf.provisioner.mode in run.properties).',
    steps: [
      {
        id: 'connection',
        stage: 'connect',
        title: 'Add an SP connection',
        clicks: [
          'Open **Applications**, then **SP Connections**, and choose **Create Connection**.',
          'Use the template **SCIM Connector**, and under **Connection Type** tick **Outbound Provisioning**.',
          'Give the connection a name and a partner entity id of your choice.',
        ],
        caution:
          'The provisioner that PingFederate brings along speaks SCIM 1.1 only. Use the SCIM connector, version 2.0.',
      },
      {
        id: 'credentials',
        stage: 'connect',
        title: 'Give PingFederate the address and the token',
        clicks: [
          'Under **Outbound Provisioning** choose **Configure Provisioning** and fill the **Target** tab as below.',
        ],
        values: [
          { kind: 'endpoint', field: 'SCIM URL' },
          { kind: 'text', field: 'SCIM Version', text: '2.0' },
          { kind: 'text', field: 'Authentication Method', text: 'OAuth 2 Bearer Token' },
          { kind: 'token', field: 'Access Token' },
          { kind: 'text', field: 'Unique User Identifier', text: 'userName' },
          { kind: 'text', field: 'Filter Expression', text: 'userName Eq "%s"' },
        ],
        caution:
          'Set **Remove User Action** to **Disable**, so that people who left can still be recognised when they return.',
      },
      {
        id: 'channel',
        stage: 'send',
        title: 'Add a channel',
        clicks: [
          'Under **Manage Channels** choose **Create**, give the channel a name and select your directory as the source.',
          'Under **Source Location** enter the base DN and the groups or filter that say who should be sent.',
          'Under **Attribute Mapping** check the rows below, set **Channel Status** to **Active** and choose **Done**.',
          'Set the **Connection Status** to **Active** and choose **Save**.',
        ],
        mappings: [
          { source: 'sAMAccountName or mail', target: 'userName' },
          { source: 'mail', target: 'workEmail' },
          { source: 'givenName', target: 'name.givenName' },
          { source: 'sn', target: 'name.familyName' },
        ],
        expect:
          'The first people arrive with the next run of the provisioner, one minute later unless you changed its frequency.',
      },
      {
        id: 'groups',
        stage: 'send',
        title: 'Send groups',
        clicks: ['In the channel’s **Source Location** enter a **Group DN** under **Groups**, then save the channel.'],
      },
    ],
    delay: 'PingFederate looks for changes in your directory about once a minute.',
    caveats: ['PingFederate lists all groups here to find its own. That is expected.'],
  },
  expectations: pushExpectations({
    connection: 'Activate the channel and the connection in PingFederate.',
    user: 'Check that the channel’s source location matches at least one person.',
    group: 'Add a group DN to the channel in PingFederate.',
  }),
};
