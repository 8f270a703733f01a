import { cyberark } from './cyberark';
import { custom } from './custom';
import { entra } from './entra';
import { google } from './google';
import { jumpcloud } from './jumpcloud';
import { okta } from './okta';
import { onelogin } from './onelogin';
import { pingfederate } from './pingfederate';
import { pingone } from './pingone';
import type { GuideValue, Provider, ProviderId } from './provider';
import { rippling } from './rippling';

const PROVIDERS: Readonly<Record<ProviderId, Provider>> = {
  okta,
  entra,
  google,
  onelogin,
  jumpcloud,
  pingone,
  pingfederate,
  cyberark,
  rippling,
  custom,
};

/** Every provider, in the order in which they are offered. */
export function listProviders(): readonly Provider[] {
  return Object.values(PROVIDERS);
}

/** The provider with this id. */
export function providerOf(id: ProviderId): Provider {
  return PROVIDERS[id];
}

/** The endpoint as this value of a guide wants it: with the path and the flags that the provider asks for. */
export function endpointFor(value: ValueOf<'endpoint'>, endpoint: string): string {
  return endpoint + (value.path ?? '') + (value.query ?? '');
}

type ValueOf<Kind extends GuideValue['kind']> = Extract<GuideValue, { kind: Kind }>;

const allValues = (provider: Provider) => provider.guide.steps.flatMap((step) => step.values ?? []);

/** What the provider calls the plain endpoint, and the flags that belong to it. */
export function mainEndpointValue(provider: Provider): ValueOf<'endpoint'> {
  const isMain = (value: GuideValue): value is ValueOf<'endpoint'> =>
    value.kind === 'endpoint' && value.path === undefined;
  return allValues(provider).find(isMain) ?? { kind: 'endpoint', field: 'Endpoint URL' };
}

/** What the provider calls the token. */
export function mainTokenValue(provider: Provider): ValueOf<'token'> {
  const isToken = (value: GuideValue): value is ValueOf<'token'> => value.kind === 'token';
  return allValues(provider).find(isToken) ?? { kind: 'token', field: 'Bearer token' };
}
