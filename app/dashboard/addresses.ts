import { publicOrigin } from '@/lib/adapters/request-context';

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
