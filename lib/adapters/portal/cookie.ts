import { portalPath, type PortalSite } from './site';

/** Holds the secret of the session that stands in the path: the browser sends it below `/portal/ps_…` only. */
export const SESSION_COOKIE = 'gatehouse_portal';
/** Tells a repeated load of a link which session it opened: the browser sends it to that link's own address only. */
export const LINK_COOKIE = 'gatehouse_link';

/** What a browser holds after it opened a portal. */
export interface SessionTicket {
  readonly secret: string;
  /** Origin of the page that framed the portal when it was opened, when the browser told. */
  readonly parentOrigin?: string;
}

/**
 * The attributes of both cookies. On https the portal may be framed by another site, so the cookie is `SameSite=None` and `Partitioned`, which
 * browsers that block third-party cookies keep. `SameSite=None` needs https: on plain http (a loopback name) only pages of the same
 * site can frame the portal.
 */
function attributesFor(site: PortalSite, path: string, maxAgeSeconds: number): string {
  const policy = site.isSecure ? 'Secure; SameSite=None; Partitioned' : 'SameSite=Lax';
  return `Path=${path}; Max-Age=${maxAgeSeconds}; HttpOnly; ${policy}`;
}

/** The value of the session cookie. Neither part contains a dot: the secret and the origin are base64url. */
function writeTicket(ticket: SessionTicket): string {
  if (!ticket.parentOrigin) return ticket.secret;
  return `${ticket.secret}.${Buffer.from(ticket.parentOrigin, 'utf8').toString('base64url')}`;
}

/** Reads the value of the session cookie; undefined for one that this service did not write. */
export function readTicket(value: string | undefined): SessionTicket | undefined {
  const match = /^([\w-]{20,100})(?:\.([\w-]{1,400}))?$/.exec(value ?? '');
  if (!match?.[1]) return undefined;
  const parentOrigin = match[2] && Buffer.from(match[2], 'base64url').toString('utf8');
  return { secret: match[1], ...(parentOrigin && { parentOrigin }) };
}

/** Reads the value of the link cookie: the session that this browser opened with the link. */
export function readLinkCookie(value: string | undefined): { sessionId: string; secret: string } | undefined {
  const match = /^(ps_\d{1,25})\.([\w-]{20,100})$/.exec(value ?? '');
  return match?.[1] && match[2] ? { sessionId: match[1], secret: match[2] } : undefined;
}

/**
 * The `Set-Cookie` values that hand a new session to the browser that opened it.
 * @param opened.maxAgeSeconds how long the session lives
 */
export function sessionCookies(
  site: PortalSite,
  opened: { token: string; sessionId: string; secret: string; parentOrigin?: string; maxAgeSeconds: number },
): readonly string[] {
  const { token, sessionId, secret, parentOrigin, maxAgeSeconds } = opened;
  const attributes = (path: string) => attributesFor(site, path, maxAgeSeconds);
  return [
    `${SESSION_COOKIE}=${writeTicket({ secret, parentOrigin })}; ${attributes(portalPath(sessionId))}`,
    `${LINK_COOKIE}=${sessionId}.${secret}; ${attributes(`/magicLink/${token}`)}`,
  ];
}

/** The value of one cookie of a `Cookie` header. */
export function cookieOf(header: string | null, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, ...rest] = part.split('=');
    if (key?.trim() === name) return rest.join('=').trim();
  }
  return undefined;
}
