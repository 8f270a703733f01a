import { PROVIDER_NAMES, type Provider, wireProviderOf } from './provider';

/** Google has no outbound SCIM for applications of one's own, so its directory is read through its API. */
export const google: Provider = {
  id: 'google',
  name: PROVIDER_NAMES.google,
  wireName: wireProviderOf('google'),
  mode: 'pull',
  // A letter, because Google permits its logo only in its own colours and with consent.
  mark: { kind: 'letter', letter: 'G', background: '#1a66d6', ink: '#ffffff' },
  unavailable: 'Reading people and groups from Google is not available yet.',
  guide: {
    checkedOn: '2026-11-23',
    needs: 'You need to be an administrator of your Google Workspace.',
    steps: [
      {
        id: 'unavailable',
        stage: 'connect',
        title: 'Not available yet',
        clicks: [
          'Google Workspace does not send people and groups over SCIM to other applications. They have to be read from Google, and that is not available here yet.',
          'If your people are also in Okta, Microsoft Entra ID or another provider of this list, connect that one.',
        ],
      },
    ],
    delay: 'Not available yet.',
    caveats: ['Ask the people who gave you this page when reading from Google will be available.'],
  },
  expectations: [],
};
