import { pushExpectations } from './expectation';
import { PROVIDER_NAMES, type Provider, wireProviderOf } from './provider';

/** Sources: public set-up guides of products that connect Rippling's custom SCIM applications. */
export const rippling: Provider = {
  id: 'rippling',
  name: PROVIDER_NAMES.rippling,
  wireName: wireProviderOf('rippling'),
  mode: 'push',
  mark: { kind: 'letter', letter: 'R', background: '#5b2a4e', ink: '#ffffff' },
  guide: {
    checkedOn: '2026-11-23',
    needs: 'You need to be an administrator of Rippling with the right to add custom applications.',
    steps: [
      {
        id: 'app',
        stage: 'connect',
        title: 'Add a custom application in Rippling',
        clicks: [
          'Open **IT**, then **Custom App**, and choose **Create New App**.',
          'Give it a name and a category, tick **User Management via SCIM** and choose **Continue**.',
        ],
      },
      {
        id: 'credentials',
        stage: 'connect',
        title: 'Give Rippling the address and the token',
        clicks: [
          'Fill the fields as below.',
          'Switch on **Supports groups**, **Supports pagination**, **Create and delete groups** and **Use PATCH to edit groups**.',
          'Install the application. Rippling asks for the token now: paste it and choose **Continue**.',
        ],
        values: [
          { kind: 'text', field: 'SCIM Version', text: '2.0' },
          { kind: 'endpoint', field: 'SCIM Base URL' },
          { kind: 'text', field: 'Authentication', text: 'Bearer token' },
          { kind: 'token', field: 'API Token' },
        ],
        expect: 'Rippling calls the address and goes on to the next screen.',
      },
      {
        id: 'attributes',
        stage: 'connect',
        title: 'Choose the attributes',
        clicks: [
          'Under **SCIM attributes** select the ones below, and choose that **User Name** is the email address.',
        ],
        mappings: [
          { source: 'Work email', target: 'userName' },
          { source: 'Work email', target: 'emails.primary' },
          { source: 'First name', target: 'name.givenName' },
          { source: 'Last name', target: 'name.familyName' },
          { source: 'Rippling id', target: 'externalId' },
        ],
      },
      {
        id: 'people',
        stage: 'send',
        title: 'Give people and groups access',
        clicks: [
          'Under **Access rules** choose who gets an account, and when.',
          'Under **Groups** choose **Create group**, name it and choose its members or a rule.',
        ],
        expect: 'People appear below as Rippling creates their accounts.',
        caution: 'Rippling can wait for a person’s first day before it creates the account.',
      },
    ],
    delay: 'Rippling sends each change within minutes, or on the day that its access rule says.',
    caveats: ['Rippling repeats a request that took too long. Repeats change nothing here.'],
  },
  expectations: pushExpectations({
    connection: 'Install the application in Rippling and enter the token.',
    user: 'Give one person access in Rippling.',
    group: 'Create a group for the application in Rippling.',
  }),
};
