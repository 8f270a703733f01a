/** What the portal tells the page that frames it, as a line to show. */
export interface PortalMessage {
  readonly tone: 'idle' | 'success' | 'warning';
  readonly text: string;
  /** Whether the portal needs a new link, which comes with a new load of the page. */
  readonly needsReload?: true;
}

const MESSAGES: Readonly<Record<string, PortalMessage>> = {
  ORGANIZATION_DIRECTORY_ENABLED: { tone: 'success', text: 'SCIM provisioning enabled' },
  ORGANIZATION_DIRECTORY_DISABLED: { tone: 'idle', text: 'SCIM provisioning disabled' },
  ORGANIZATION_SSO_ENABLED: { tone: 'success', text: 'Single sign-on enabled' },
  ORGANIZATION_SSO_DISABLED: { tone: 'idle', text: 'Single sign-on disabled' },
  PORTAL_LOAD_FAILURE: { tone: 'warning', text: 'The set-up portal did not open', needsReload: true },
  PORTAL_SESSION_WARNING: { tone: 'warning', text: 'The set-up portal closes in a few minutes' },
  PORTAL_SESSION_EXPIRY: { tone: 'warning', text: 'The set-up portal has closed', needsReload: true },
};

/** The line for the data of a `message` event from the portal's origin, or undefined for one that needs no words. */
export function readPortalMessage(data: unknown): PortalMessage | undefined {
  if (typeof data !== 'object' || data === null || !('event_type' in data)) return undefined;
  const type = data.event_type;
  return typeof type === 'string' && Object.hasOwn(MESSAGES, type) ? MESSAGES[type] : undefined;
}
