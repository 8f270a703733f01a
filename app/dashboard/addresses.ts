import { publicOrigin } from '@/lib/adapters/request-context';
import { processSetup } from '@/lib/core/data-folder.mjs';

/** The address that opens the portal. It is a credential. */
export function portalLinkAddress(token: string): string {
  return `${publicOrigin()}/magicLink/${token}`;
}

/** The address with which an invited admin makes an account. It is a credential. */
export function invitationAddress(token: string): string {
  return `${publicOrigin()}/invite/${token}`;
}

/** The SCIM endpoint of a directory. */
export function endpointAddress(directoryId: string): string {
  return `${publicOrigin()}/scim/v2/${directoryId}`;
}

/** Whether the installation can be reached from its own machine only, where redirect URIs may be http and localhost. */
export function isLoopbackOrigin(): boolean {
  return processSetup().config.isPublicUrlLoopback;
}
