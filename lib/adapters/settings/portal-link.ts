import {
  ScalekitBadRequestException,
  ScalekitClient,
  ScalekitForbiddenException,
  ScalekitNotFoundException,
  ScalekitUnauthorizedException,
} from '@scalekit-sdk/node';
import { systemContext } from '@/lib/core/context';
import { processSetup } from '@/lib/core/data-folder.mjs';
import { AppError } from '@/lib/core/error';
import { getInternalCredential } from '@/lib/domain/credential/queries';
import { probeHttp2 } from './probe';

/** For each call; a page load makes two or three. */
const CALL_TIMEOUT_MS = 6000;

/** The environment that a portal link is asked of. */
export interface Environment {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Whether it is this server, which knows its own organizations by their ids. */
  readonly isSelf: boolean;
}

/** The organization as this application knows it. */
export interface OwnOrganization {
  readonly id: string;
  readonly externalId: string | null;
}

/** A portal link just made, or why there is none. */
export type PortalLink =
  | { readonly kind: 'ready'; readonly location: string; readonly origin: string }
  /** The environment has no such organization; it would be found by this external id. */
  | { readonly kind: 'unknown'; readonly externalId: string; readonly environmentUrl: string }
  | { readonly kind: 'noCredentials'; readonly environmentUrl: string }
  | { readonly kind: 'refused'; readonly environmentUrl: string }
  | { readonly kind: 'unreachable'; readonly environmentUrl: string }
  | { readonly kind: 'failed'; readonly environmentUrl: string };

/** The environment that the settings page asks, or undefined when the credentials for it are not configured. */
export async function findEnvironment(): Promise<Environment | undefined> {
  const { environmentUrl, isEnvironmentSelf, outboundCredentials, selfUrl } = processSetup().config;
  if (!isEnvironmentSelf) return outboundCredentials && { ...outboundCredentials, url: environmentUrl, isSelf: false };
  return { ...(await getInternalCredential(systemContext('settings-page'))), url: selfUrl, isSelf: true };
}

let known: { readonly environment: Environment; readonly client: ScalekitClient } | undefined;

/** One client per process and environment: it keeps the token that it was given. */
function clientFor(environment: Environment): ScalekitClient {
  const { url, clientId, clientSecret } = environment;
  const isKnown =
    known?.environment.url === url &&
    known.environment.clientId === clientId &&
    known.environment.clientSecret === clientSecret;
  if (!known || !isKnown) {
    known = { environment, client: new ScalekitClient(url, clientId, clientSecret, { timeoutMs: CALL_TIMEOUT_MS }) };
  }
  return known.client;
}

/** The status of an answer over plain HTTP, which the SDK hands on as it is when its token is refused. */
function httpStatusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('response' in error)) return undefined;
  const { response } = error as { response?: { status?: unknown } };
  return typeof response?.status === 'number' ? response.status : undefined;
}

function isRefusal(error: unknown): boolean {
  if (error instanceof ScalekitUnauthorizedException || error instanceof ScalekitForbiddenException) return true;
  // RFC 6749 §5.2: a token endpoint may say 400 as well as 401 about a client that it does not know.
  return [400, 401, 403].includes(httpStatusOf(error) ?? 0);
}

async function findOrganization(
  client: ScalekitClient,
  { isSelf }: Environment,
  { id, externalId }: OwnOrganization,
): Promise<string | undefined> {
  if (externalId !== null || !isSelf) {
    try {
      const { organization } = await client.organization.getOrganizationByExternalId(externalId ?? id);
      if (organization) return organization.id;
    } catch (error) {
      if (!(error instanceof ScalekitNotFoundException)) throw error;
    }
  }
  try {
    const { organization } = await client.organization.getOrganization(id);
    return organization?.id;
  } catch (error) {
    // Another environment may not even take our id for an id.
    if (error instanceof ScalekitNotFoundException || error instanceof ScalekitBadRequestException) return undefined;
    throw error;
  }
}

function reportFailure(environment: Environment, error: unknown): void {
  // Only the message: what the SDK throws may hold headers.
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  console.error(`The settings page got no portal link from ${environment.url}: ${reason}`);
}

/**
 * Makes a portal link for the organization in `environment`, which finds it by external id, else by its id. Never throws: what
 * went wrong is in the answer, and in the error log.
 */
export async function makePortalLink(environment: Environment, own: OwnOrganization): Promise<PortalLink> {
  const environmentUrl = environment.url;
  try {
    await probeHttp2(environmentUrl);
  } catch (error) {
    reportFailure(environment, error);
    return { kind: 'unreachable', environmentUrl };
  }
  try {
    const client = clientFor(environment);
    const id = await findOrganization(client, environment, own);
    if (id === undefined) return { kind: 'unknown', externalId: own.externalId ?? own.id, environmentUrl };
    const { location } = await client.organization.generatePortalLink(id);
    const { origin, protocol } = new URL(location);
    if (protocol !== 'https:' && protocol !== 'http:') throw new Error('The portal link is not a web address.');
    return { kind: 'ready', location, origin };
  } catch (error) {
    reportFailure(environment, error);
    return { kind: isRefusal(error) ? 'refused' : 'failed', environmentUrl };
  }
}

/** Makes a portal link for the organization in the configured environment. */
export async function openPortal(own: OwnOrganization): Promise<PortalLink> {
  try {
    const environment = await findEnvironment();
    if (!environment) return { kind: 'noCredentials', environmentUrl: processSetup().config.environmentUrl };
    return await makePortalLink(environment, own);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error('The settings page got no portal link:', error.message);
    return { kind: 'failed', environmentUrl: processSetup().config.environmentUrl };
  }
}
