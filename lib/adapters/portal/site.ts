import { processSetup } from '@/lib/core/data-folder.mjs';

/** What portal addresses and cookies are made from: the public origin, never a Host header. */
export interface PortalSite {
  /** Scheme, host and port, without a trailing slash. */
  readonly publicOrigin: string;
  /** Whether the public origin is https. */
  readonly isSecure: boolean;
}

/** This installation's site. Throws before boot. */
export function portalSite(): PortalSite {
  const { config } = processSetup();
  return { publicOrigin: config.publicOrigin, isSecure: config.isPublicUrlSecure };
}

/** The SCIM endpoint of a directory, as its provider is given it. */
export function endpointOf(site: PortalSite, directoryId: string): string {
  return `${site.publicOrigin}/scim/v2/${directoryId}`;
}

/** The path of the portal of one session, without a trailing slash. */
export function portalPath(sessionId: string): string {
  return `/portal/${sessionId}`;
}
