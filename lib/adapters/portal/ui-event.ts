/** Why the portal did not load, for the page that frames it. The contract documents `SESSION_EXPIRED`; the others are ours. */
export type LoadErrorCode =
  | 'SESSION_EXPIRED'
  | 'LINK_NOT_FOUND'
  | 'LINK_EXPIRED'
  | 'LINK_ALREADY_USED'
  | 'LINK_REVOKED'
  | 'ORIGIN_NOT_ALLOWED'
  | 'FEATURE_DISABLED';

/** What the portal tells the page that frames it, by postMessage. Names and shapes are the contract's. */
export interface PortalUiEvent {
  readonly event_type:
    | 'ORGANIZATION_DIRECTORY_ENABLED'
    | 'ORGANIZATION_DIRECTORY_DISABLED'
    | 'PORTAL_LOAD_SUCCESS'
    | 'PORTAL_LOAD_FAILURE'
    | 'PORTAL_SESSION_WARNING'
    | 'PORTAL_SESSION_EXPIRY';
  readonly object: 'directory' | 'session';
  /** Absent when the portal could not be loaded. */
  readonly organization_id?: string;
  readonly message: string;
  readonly data: Readonly<Record<string, string | boolean>>;
}

/** SCIM provisioning was switched on or off by the visitor. `provider` is the wire's name. */
export function directorySwitched(
  organizationId: string,
  directory: { readonly id: string; readonly provider: string; readonly isEnabled: boolean },
): PortalUiEvent {
  const { id, provider, isEnabled } = directory;
  return {
    event_type: isEnabled ? 'ORGANIZATION_DIRECTORY_ENABLED' : 'ORGANIZATION_DIRECTORY_DISABLED',
    object: 'directory',
    organization_id: organizationId,
    message: `SCIM Provisioning ${isEnabled ? 'enabled' : 'disabled'} successfully`,
    data: { directory_type: 'SCIM', id, provider, enabled: isEnabled },
  };
}

const SESSION_MESSAGES = {
  PORTAL_LOAD_SUCCESS: 'The admin portal loaded successfully',
  PORTAL_SESSION_WARNING: 'The admin portal session will expire in 5 minutes',
  PORTAL_SESSION_EXPIRY: 'The admin portal session has expired',
} as const;

/** Something about the visitor's session. `expiry` is in UTC with milliseconds. */
export function sessionEvent(
  type: keyof typeof SESSION_MESSAGES,
  session: { readonly organizationId: string; readonly expiresAt: Date },
): PortalUiEvent {
  return {
    event_type: type,
    object: 'session',
    organization_id: session.organizationId,
    message: SESSION_MESSAGES[type],
    data: { expiry: session.expiresAt.toISOString() },
  };
}

/** The portal could not be opened. */
export function loadFailure(errorCode: LoadErrorCode): PortalUiEvent {
  return {
    event_type: 'PORTAL_LOAD_FAILURE',
    object: 'session',
    message: 'The admin portal failed to load',
    data: { error_code: errorCode },
  };
}

function matches(pattern: string, origin: string): boolean {
  const [before, after, ...more] = pattern.split('*');
  if (before === undefined || after === undefined || more.length > 0) return pattern === origin;
  if (origin.length <= before.length + after.length) return false;
  // The star stands for the rest of one label: it never takes in a dot.
  const middle = origin.slice(before.length, origin.length - after.length);
  return origin.startsWith(before) && origin.endsWith(after) && /^[a-z0-9-]+$/.test(middle);
}

/**
 * The origins to post an event to, never `*`: the framing page's, if it is known and allowed; if it is not known, each allowed one that is
 * exact.
 * @param known what the browser says about the framing page, best first
 * @param allowed origins of the registered redirect URIs, and this service's own
 */
export function chooseTargets(known: readonly (string | undefined)[], allowed: readonly string[]): readonly string[] {
  const parent = known.find((origin) => origin !== undefined && origin !== '' && origin !== 'null');
  if (parent !== undefined) return allowed.some((pattern) => matches(pattern, parent)) ? [parent] : [];
  return [...new Set(allowed.filter((origin) => !origin.includes('*')))];
}
