import { headers } from 'next/headers';
import { type Actor, type Context, newContext } from '@/lib/core/context';
import { processSetup } from '@/lib/core/data-folder.mjs';
import { PATH_HEADER } from './request-path';

/** The scheme, host and port under which people reach this server; never taken from a request. */
export function publicOrigin(): string {
  return processSetup().config.publicOrigin;
}

/** Address of the client as the front door saw it, or as the proxy nearest to plain Next did. */
function clientAddressFrom(requestHeaders: Pick<Headers, 'get'>): string | undefined {
  return requestHeaders.get('x-forwarded-for')?.split(',').at(-1)?.trim() || undefined;
}

/** A context for the request that a page, action or handler serves. */
export async function newRequestContext(actor: Actor): Promise<Context> {
  return newContext(actor, { clientAddress: clientAddressFrom(await headers()) });
}

/** Path and query of the request, where `proxy.ts` watches over it. */
export async function readRequestPath(): Promise<string | undefined> {
  return (await headers()).get(PATH_HEADER) ?? undefined;
}

/**
 * Whether a request that changes something was made by one of our own pages. Browsers say so in `Origin`, and where they
 * leave that out in `Sec-Fetch-Site`; a request that says nothing is taken for a stranger's.
 */
export function isSameOrigin(requestHeaders: Pick<Headers, 'get'>, origin: string): boolean {
  const given = requestHeaders.get('origin');
  if (given !== null) return given === origin;
  return requestHeaders.get('sec-fetch-site') === 'same-origin';
}
