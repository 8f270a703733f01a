import { pushExpectations } from './expectation';
import { PROVIDER_NAMES, type Provider, wireProviderOf } from './provider';

/** Sources: identity-developer.cyberark.com, SCIM requirements of applications, and public set-up guides. */
export const cyberark: Provider = {
  id: 'cyberark',
  name: PROVIDER_NAMES.cyberark,
  wireName: wireProviderOf('cyberark'),
  mode: 'push',
  mark: { kind: 'letter', letter: 'C', background: '#0a3a66', ink: '#ffffff' },
  guide: {
    checkedOn: '2026-11-23',
    needs: 'You need to be a system administrator of CyberArk Identity.',
    steps: [
      {
        id: 'app',
        stage: 'connect',
        title: 'Open or add a SAML application',
        clicks: [
          'In the Identity administration portal open **Apps & Widgets**, then **Web Apps**.',
          'Open the SAML application of the product that you are connecting. If there is none, choose **Add Web Apps**, **Custom**, and add **SAML**.',
        ],
        caution: 'CyberArk sends people and roles only from a SAML application.',
      },
      {
        id: 'credentials',
        stage: 'connect',
        title: 'Give CyberArk the address and the token',
        clicks: [
          'Open **Provisioning** of the application, tick **Enable provisioning for this application** and choose **Live Mode**.',
          'Fill the fields as below and choose **Verify**.',
        ],
        values: [
          { kind: 'endpoint', field: 'SCIM Service URL' },
          { kind: 'text', field: 'Authorization Type', text: 'Authorization Header' },
          { kind: 'text', field: 'Header Type', text: 'Bearer Token' },
          { kind: 'token', field: 'Bearer Token' },
        ],
        expect: 'CyberArk reads the list of features here and then shows more settings below.',
      },
      {
        id: 'sync',
        stage: 'connect',
        title: 'Choose what happens when someone leaves',
        clicks: [
          'Under **Deprovisioning Rules** clear **Don’t disable or delete users in the target application** and choose **Disable user**.',
          'Choose **Save**.',
        ],
        caution: 'Until that box is cleared nobody who leaves is deactivated here.',
      },
      {
        id: 'roles',
        stage: 'send',
        title: 'Send people and roles',
        clicks: [
          'Under **Permissions** add the roles whose people should have access.',
          'Under **Provisioning**, **Role Mappings**, choose **Add**, select a role and type the name of the group that it becomes here. Save.',
          'Open **Settings**, **Users**, **Outbound Provisioning**, select the application and choose **Start Sync**.',
        ],
        mappings: [
          { source: 'LoginName', target: 'userName' },
          { source: 'Mail', target: 'emails[type eq "work"].value' },
          { source: 'FirstName', target: 'name.givenName' },
          { source: 'LastName', target: 'name.familyName' },
        ],
        expect: 'People and groups appear below while the synchronisation runs.',
      },
    ],
    delay: 'CyberArk sends changes when a synchronisation runs: daily unless you start one.',
    caveats: ['Each CyberArk role becomes a group here.'],
  },
  expectations: pushExpectations({
    connection: 'Choose Verify in CyberArk.',
    user: 'Start a synchronisation under Outbound Provisioning.',
    group: 'Map a role to a group, then start a synchronisation.',
  }),
};
