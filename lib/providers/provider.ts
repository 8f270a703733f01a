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

/** A drawing of the provider: the path of a 24 px icon, or a letter on a tile. */
export type ProviderMark =
  | { readonly kind: 'icon'; readonly path: string }
  | { readonly kind: 'letter'; readonly letter: string; readonly background: string; readonly ink: string };

/** A value that the admin takes from the portal to the provider. `field` is what the provider calls the place where it goes. */
export type GuideValue =
  | {
      readonly kind: 'endpoint';
      readonly field: string;
      /** Path below the endpoint, for providers that ask for each resource's own address: `/Users`. */
      readonly path?: string;
      /** Flags that this provider reads from the address: `?aadOptscim062020`. */
      readonly query?: string;
      readonly hint?: string;
    }
  | { readonly kind: 'token'; readonly field: string; readonly hint?: string }
  | { readonly kind: 'text'; readonly field: string; readonly text: string; readonly hint?: string };

/** One row of the provider's attribute mapping. */
export interface GuideMapping {
  /** What the provider calls its own attribute. */
  readonly source: string;
  /** The SCIM attribute that it must be sent as. */
  readonly target: string;
}

/** Where a step belongs: connecting the provider, or sending people and groups. */
export type GuideStage = 'connect' | 'send';

/** One thing to do at the provider. */
export interface GuideStep {
  /** Stable within the guide; stands in addresses. */
  readonly id: string;
  readonly stage: GuideStage;
  readonly title: string;
  /** What to click, in order. **Double stars** mark what the provider's screen says. */
  readonly clicks: readonly string[];
  readonly values?: readonly GuideValue[];
  readonly mappings?: readonly GuideMapping[];
  /** What is seen when it worked. */
  readonly expect?: string;
  readonly caution?: string;
}

/** How to connect one provider. */
export interface Guide {
  /** The day on which the steps were last compared with the provider's public documentation, `YYYY-MM-DD`. */
  readonly checkedOn: string;
  /** Whom one has to be there: "an Okta super or app administrator". */
  readonly needs: string;
  readonly steps: readonly GuideStep[];
  /** How long changes take from the provider to here. */
  readonly delay: string;
  readonly caveats: readonly string[];
}

/** What the provisioning log tells an expectation about one request. */
export interface SeenRequest {
  readonly method: string;
  readonly resourceType: 'User' | 'Group' | null;
  readonly status: number;
}

/** What an expectation is judged by. */
export interface Sightings {
  /** The latest requests of the directory, in any order. */
  readonly requests: readonly SeenRequest[];
  readonly userCount: number;
  readonly groupCount: number;
}

/** Something that happens when the connection is right. */
export interface Expectation {
  readonly id: 'connection' | 'user' | 'group';
  readonly label: string;
  /** What to do at this provider to make it happen. */
  readonly hint: string;
  isMet(seen: Sightings): boolean;
}

/** An identity provider: all that the portal needs to know to guide an admin. */
export interface Provider {
  readonly id: ProviderId;
  readonly name: string;
  readonly wireName: WireProvider;
  readonly mark: ProviderMark;
  /** `push`: it calls us over SCIM. `pull`: we read its own API. */
  readonly mode: 'push' | 'pull';
  /** Why it cannot be chosen yet; undefined when it can. */
  readonly unavailable?: string;
  readonly guide: Guide;
  readonly expectations: readonly Expectation[];
}
