import { pushExpectations } from './expectation';
import { PROVIDER_NAMES, type Provider, wireProviderOf } from './provider';

/** Sources: OneLogin's knowledge base on the SCIM provisioner and public set-up guides of several products. */
export const onelogin: Provider = {
  id: 'onelogin',
  name: PROVIDER_NAMES.onelogin,
  wireName: wireProviderOf('onelogin'),
  mode: 'push',
  mark: { kind: 'letter', letter: 'O', background: '#1c1f2a', ink: '#ffffff' },
  guide: {
    checkedOn: '2026-11-23',
    needs: 'You need to be an account owner or super user in OneLogin.',
    steps: [
      {
        id: 'app',
        stage: 'connect',
        title: 'Add the application in OneLogin',
        clicks: [
          'Open **Applications**, then **Applications**, and choose **Add App**.',
          'Search for **SCIM Provisioner with SAML (SCIM v2 Enterprise)**, open it, give it a name and choose **Save**.',
        ],
      },
      {
        id: 'credentials',
        stage: 'connect',
        title: 'Give OneLogin the address and the token',
        clicks: [
          'Open **Configuration** of the application and paste the two values.',
          'Choose **Enable** beside **API Connection**, then **Save**.',
        ],
        values: [
          { kind: 'endpoint', field: 'SCIM Base URL' },
          { kind: 'token', field: 'SCIM Bearer Token' },
        ],
        expect: 'OneLogin calls the address when you choose **Enable**; the status turns to **Enabled**.',
        caution: 'Keep **SCIM JSON Template** as it is, and do not add groups to it: groups have their own setting.',
      },
      {
        id: 'provisioning',
        stage: 'connect',
        title: 'Enable provisioning',
        clicks: [
          'Open **Provisioning** and tick **Enable provisioning**.',
          'Clear the approval boxes for **Create user**, **Update user** and **Delete user**, unless you want to approve each change by hand.',
          'Set **When users are deleted in OneLogin, or the user’s app access is removed** to **Suspend**, then **Save**.',
        ],
      },
      {
        id: 'users',
        stage: 'send',
        title: 'Give people access',
        clicks: [
          'Open **Users**, then a person, then **Applications**, choose **+**, select the application and choose **Continue** and **Save**.',
          'If the person is **Pending**, choose it and approve.',
        ],
        mappings: [
          { source: 'Username', target: 'userName' },
          { source: 'Email', target: 'emails[type eq "work"].value' },
          { source: 'First Name', target: 'name.givenName' },
          { source: 'Last Name', target: 'name.familyName' },
        ],
        expect: 'The status beside the person becomes **Provisioned**.',
        caution:
          'Username must be filled and different for each person. Map it to the email address if you are not sure.',
      },
      {
        id: 'groups',
        stage: 'send',
        title: 'Send groups',
        clicks: [
          'Open **Parameters**, choose **Groups**, tick **Include in User Provisioning** and choose **Save**.',
          'Open **Rules**, choose **Add Rule**, and under **Actions** choose **Set Groups in** your application, **From existing** or **Map from OneLogin**, for each **role**. Save.',
          'Under **Provisioning** choose **Refresh** in **Entitlements** after groups were added here.',
        ],
        expect: 'The group and its members appear below after the next change of a person.',
      },
    ],
    delay: 'OneLogin sends each change within a minute once it is approved.',
    caveats: [
      'Changes that wait for approval in OneLogin are not sent. Look under Users of the application for “Pending”.',
    ],
  },
  expectations: pushExpectations({
    connection: 'Choose Enable beside API Connection in OneLogin.',
    user: 'Give a person access to the application, and approve it if it is pending.',
    group: 'Add a rule that sets groups, then approve the change.',
  }),
};
