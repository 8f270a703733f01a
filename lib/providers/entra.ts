import { pushExpectations } from './expectation';
import { PROVIDER_NAMES, type Provider, wireProviderOf } from './provider';

/** Sources: learn.microsoft.com, application provisioning (how it works, SCIM compatibility flag, provision on demand). */
export const entra: Provider = {
  id: 'entra',
  name: PROVIDER_NAMES.entra,
  wireName: wireProviderOf('entra'),
  mode: 'push',
  mark: { kind: 'letter', letter: 'E', background: '#0b5cad', ink: '#ffffff' },
  guide: {
    checkedOn: '2026-11-23',
    needs: 'You need the role of application administrator in Microsoft Entra ID.',
    steps: [
      {
        id: 'app',
        stage: 'connect',
        title: 'Create the application in Entra',
        clicks: [
          'In the Microsoft Entra admin center open **Enterprise apps** and choose **New application**.',
          'Choose **Create your own application**, type the name of the product that you are connecting, select **Integrate any other application you don’t find in the gallery** and choose **Create**.',
        ],
      },
      {
        id: 'credentials',
        stage: 'connect',
        title: 'Give Entra the address and the token',
        clicks: [
          'In the new application open **Provisioning** and choose **New configuration**. In older screens choose **Get started** and set **Provisioning Mode** to **Automatic**.',
          'Keep **Bearer authentication** as the method and paste the two values.',
          'Choose **Test connection**, then **Create** or **Save**.',
        ],
        values: [
          {
            kind: 'endpoint',
            field: 'Tenant URL',
            query: '?aadOptscim062020',
            hint: 'The end of the address makes Entra follow the SCIM standard. Keep it.',
          },
          { kind: 'token', field: 'Secret token' },
        ],
        expect:
          'Entra looks for a person who does not exist. The answer “none” is what it wants: it says that the credentials are authorized.',
      },
      {
        id: 'mappings',
        stage: 'connect',
        title: 'Check the attribute mappings',
        clicks: [
          'Open **Attribute mapping** (or **Mappings**) and then **Provision Microsoft Entra ID Users**. Set **Enabled** to **Yes**.',
          'Find the row of **externalId** and choose **objectId** as its source: the preset, mailNickname, can change and then makes duplicates.',
          'Check the rows below, then **Save**. Open **Provision Microsoft Entra ID Groups** and set **Enabled** to **Yes** too.',
        ],
        mappings: [
          { source: 'userPrincipalName', target: 'userName' },
          { source: 'objectId', target: 'externalId' },
          { source: 'mail', target: 'emails[type eq "work"].value' },
          { source: 'givenName', target: 'name.givenName' },
          { source: 'surname', target: 'name.familyName' },
          { source: 'displayName', target: 'displayName' },
          { source: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")', target: 'active' },
        ],
        caution:
          'People without a mail address in Entra arrive without one. Then map userPrincipalName to the email row.',
      },
      {
        id: 'assign',
        stage: 'send',
        title: 'Assign people and groups',
        clicks: [
          'Open **Users and groups**, choose **Add user/group**, select who should have access and choose **Assign**.',
          'Under **Provisioning**, **Settings**, keep **Scope** at **Sync only assigned users and groups**.',
        ],
        caution: 'Groups inside an assigned group are not followed: assign each group whose people should arrive.',
      },
      {
        id: 'on-demand',
        stage: 'send',
        title: 'Send one person now',
        clicks: [
          'Open **Provision on demand**, search for one of the people you assigned and choose **Provision**.',
          'When it shows success, the person is below.',
        ],
        expect: 'The person appears below at once, without waiting for the next cycle.',
      },
      {
        id: 'start',
        stage: 'send',
        title: 'Start provisioning',
        clicks: ['Open **Overview** of **Provisioning** and choose **Start provisioning**.'],
        expect:
          'The first cycle sends everyone who is assigned. It can take from minutes to hours in a large directory.',
      },
    ],
    delay: 'Entra sends changes in cycles of about 40 minutes. Provision on demand sends one person or group at once.',
    caveats: [
      'Un-assigning or disabling a person deactivates them here. They are deleted only when Entra deletes them for good, about 30 days later.',
      'After many failed requests Entra slows down or stops (“quarantine”). Fix the cause, then choose Restart provisioning.',
      'The overview in Entra keeps old errors. The time beside each tells whether it still happens.',
    ],
  },
  expectations: pushExpectations({
    connection: 'Choose Test connection in Entra.',
    user: 'Choose Provision on demand for a person whom you assigned.',
    group: 'Assign a group. It comes with the next cycle, or at once by Provision on demand.',
  }),
};
