import { pushExpectations } from './expectation';
import { PROVIDER_NAMES, type Provider, wireProviderOf } from './provider';

/** Sources: help.okta.com (app integration wizard, provisioning, group push) and Okta's SCIM developer guides. */
export const okta: Provider = {
  id: 'okta',
  name: PROVIDER_NAMES.okta,
  wireName: wireProviderOf('okta'),
  mode: 'push',
  // The CC0 path of the package simple-icons, kept here because importing one icon loads all of them.
  mark: {
    kind: 'icon',
    path: 'M12 0C5.389 0 0 5.35 0 12s5.35 12 12 12 12-5.35 12-12S18.611 0 12 0zm0 18c-3.325 0-6-2.675-6-6s2.675-6 6-6 6 2.675 6 6-2.675 6-6 6z',
  },
  guide: {
    checkedOn: '2026-11-23',
    needs: 'You need the role of super administrator or application administrator in Okta.',
    steps: [
      {
        id: 'app',
        stage: 'connect',
        title: 'Add the application in Okta',
        clicks: [
          'In the Okta admin console open **Applications**, then **Applications** again, and choose **Browse App Catalog**.',
          'Search for **SCIM 2.0 Test App (OAuth Bearer Token)**, open it and choose **Add Integration**.',
          'Give it the name of the product that you are connecting, choose **Next**, keep the sign-on options as they are and choose **Done**.',
        ],
        caution:
          'Other entries of the catalog have similar names. The one with “OAuth Bearer Token” asks for exactly the two values above.',
      },
      {
        id: 'credentials',
        stage: 'connect',
        title: 'Give Okta the address and the token',
        clicks: [
          'In the new application open the **Provisioning** tab and choose **Configure API Integration**.',
          'Tick **Enable API integration** and paste the two values.',
          'Choose **Test API Credentials**. When Okta says that the application was verified, choose **Save**.',
        ],
        values: [
          { kind: 'endpoint', field: 'SCIM 2.0 Base Url' },
          { kind: 'token', field: 'OAuth Bearer Token' },
        ],
        expect: 'Okta shows “verified successfully”, and the first request appears on this page within two seconds.',
        caution: 'Leave **Import Groups** cleared: groups go from Okta to here, not the other way.',
      },
      {
        id: 'to-app',
        stage: 'connect',
        title: 'Allow Okta to create, update and deactivate',
        clicks: [
          'Still on **Provisioning**, open **To App** and choose **Edit**.',
          'Enable **Create Users**, **Update User Attributes** and **Deactivate Users**, then choose **Save**.',
        ],
        caution: 'Leave **Sync Password** off: passwords are never needed here.',
      },
      {
        id: 'assign',
        stage: 'send',
        title: 'Assign people',
        clicks: [
          'Open the **Assignments** tab and choose **Assign**, then **Assign to People** or **Assign to Groups**.',
          'Choose **Assign** beside each person or group, check the values, then **Save and Go Back** and **Done**.',
        ],
        mappings: [
          { source: 'user.login', target: 'userName' },
          { source: 'user.email', target: 'emails[type eq "work"].value' },
          { source: 'user.firstName', target: 'name.givenName' },
          { source: 'user.lastName', target: 'name.familyName' },
          { source: 'user.displayName', target: 'displayName' },
        ],
        expect: 'Each person appears below a few seconds after being assigned.',
        caution: 'Assigning a group sends its people. It does not send the group itself: that is the next step.',
      },
      {
        id: 'push-groups',
        stage: 'send',
        title: 'Push groups',
        clicks: [
          'Open the **Push Groups** tab, choose **Push Groups**, then **Find groups by name**.',
          'Type the name of the group, keep **Push group memberships immediately** ticked and choose **Save**.',
        ],
        expect: 'The push status turns from **Pushing** to **Active**, and the group appears below with its members.',
        caution:
          'Okta advises against using one group both for assigning and for pushing. Where you must, choose **Push now** after each change.',
      },
    ],
    delay: 'Okta sends each change within seconds.',
    caveats: [
      'Only people who are assigned to the application can be members of a pushed group.',
      'Removing an assignment deactivates the person here. Okta never deletes people.',
      'Suspending a person in Okta sends nothing: remove the assignment or deactivate the person.',
    ],
  },
  expectations: pushExpectations({
    connection: 'Choose Test API Credentials in Okta.',
    user: 'Assign a person to the application in Okta.',
    group: 'Push a group on the Push Groups tab in Okta.',
  }),
};
