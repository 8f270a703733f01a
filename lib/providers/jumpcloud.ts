import { pushExpectations } from './expectation';
import { PROVIDER_NAMES, type Provider, wireProviderOf } from './provider';

/** Sources: jumpcloud.com/support, custom SCIM identity management. */
export const jumpcloud: Provider = {
  id: 'jumpcloud',
  name: PROVIDER_NAMES.jumpcloud,
  wireName: wireProviderOf('jumpcloud'),
  mode: 'push',
  mark: { kind: 'letter', letter: 'J', background: '#13605c', ink: '#ffffff' },
  guide: {
    checkedOn: '2026-11-23',
    needs: 'You need to be an administrator with billing or a manager in JumpCloud.',
    steps: [
      {
        id: 'app',
        stage: 'connect',
        title: 'Add the application in JumpCloud',
        clicks: [
          'Open **SSO Applications** under **User Authentication** and choose **Add New Application**.',
          'Choose **Custom Application**. If it is not offered, search for a name that does not exist and choose it then.',
          'Tick **Export users to this app (Identity Management)**, choose **Next**, give the application a name and choose **Save Application**, then **Configure Application**.',
        ],
      },
      {
        id: 'credentials',
        stage: 'connect',
        title: 'Give JumpCloud the address and the token',
        clicks: [
          'Open the **Identity Management** tab, choose **SCIM API** and **SCIM 2.0**, and paste the values.',
          'Enter a **Test User Email** that nobody uses: JumpCloud creates this person, then removes them.',
          'Choose **Test Connection**. Switch **Group Management** on if groups should be sent, then choose **Activate** and **Save**.',
        ],
        values: [
          { kind: 'endpoint', field: 'Base URL' },
          { kind: 'token', field: 'Token Key' },
        ],
        expect: 'A test person and a test group arrive and are removed again.',
        caution: 'JumpCloud repeats this test each time the settings are changed.',
      },
      {
        id: 'groups',
        stage: 'send',
        title: 'Assign groups',
        clicks: [
          'Open the **User Groups** tab of the application, tick the groups whose people should have access and choose **Save**.',
        ],
        mappings: [
          { source: 'Username or email', target: 'userName' },
          { source: 'Email', target: 'emails[primary eq true].value' },
          { source: 'First name', target: 'name.givenName' },
          { source: 'Last name', target: 'name.familyName' },
        ],
        expect: 'People and groups appear below within a minute or two.',
      },
    ],
    delay: 'JumpCloud sends each change within about a minute.',
    caveats: [
      'JumpCloud gives access by group: a person without a group of the application is not sent.',
      'Removing a group from the application removes its members here and leaves the empty group.',
    ],
  },
  expectations: pushExpectations({
    connection: 'Choose Test Connection on the Identity Management tab in JumpCloud.',
    user: 'Assign a group with people to the application in JumpCloud.',
    group: 'Switch Group Management on, then assign a group.',
  }),
};
