/** Directory provider names of the wire contract. It has none for a custom provider: that is `DIRECTORY_PROVIDER_UNSPECIFIED`. */
export type WireProvider =
  | 'OKTA'
  | 'GOOGLE'
  | 'MICROSOFT_AD'
  | 'AUTH0'
  | 'ONELOGIN'
  | 'JUMPCLOUD'
  | 'PING_IDENTITY'
  | 'DIRECTORY_PROVIDER_UNSPECIFIED';

/** Our own, finer names. They stand in addresses and in the database: never rename one. */
export const PROVIDER_IDS = [
  'okta',
  'entra',
  'google',
  'onelogin',
  'jumpcloud',
  'pingone',
  'pingfederate',
  'cyberark',
  'rippling',
  'custom',
] as const;

export type ProviderId = (typeof PROVIDER_IDS)[number];

const WIRE_PROVIDERS: Readonly<Record<ProviderId, WireProvider>> = {
  okta: 'OKTA',
  entra: 'MICROSOFT_AD',
  google: 'GOOGLE',
  onelogin: 'ONELOGIN',
  jumpcloud: 'JUMPCLOUD',
  pingone: 'PING_IDENTITY',
  pingfederate: 'PING_IDENTITY',
  cyberark: 'DIRECTORY_PROVIDER_UNSPECIFIED',
  rippling: 'DIRECTORY_PROVIDER_UNSPECIFIED',
  custom: 'DIRECTORY_PROVIDER_UNSPECIFIED',
};

/** Names for people. */
export const PROVIDER_NAMES: Readonly<Record<ProviderId, string>> = {
  okta: 'Okta',
  entra: 'Microsoft Entra ID',
  google: 'Google Workspace',
  onelogin: 'OneLogin',
  jumpcloud: 'JumpCloud',
  pingone: 'PingOne',
  pingfederate: 'PingFederate',
  cyberark: 'CyberArk',
  rippling: 'Rippling',
  custom: 'Custom SCIM 2.0',
};

/** Whether `text` is one of our provider ids. */
export function isProviderId(text: string): text is ProviderId {
  return (PROVIDER_IDS as readonly string[]).includes(text);
}

/** The wire's name of a provider. */
export function wireProviderOf(provider: ProviderId): WireProvider {
  return WIRE_PROVIDERS[provider];
}

/** The provider that a wire name stands for; `custom` for names without a guide of ours. */
export function providerOfWire(name: string): ProviderId {
  return (
    PROVIDER_IDS.find(
      (id) => id !== 'custom' && WIRE_PROVIDERS[id] === name && name !== 'DIRECTORY_PROVIDER_UNSPECIFIED',
    ) ?? 'custom'
  );
}
