import { newContext } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { redeemLink } from '@/lib/domain/portal/commands';
import { isFrameOrigin, isSessionOfLink, listFrameOrigins } from '@/lib/domain/portal/queries';
import { type LinkErrorCode, PORTAL_SESSION_SECONDS } from '@/lib/domain/portal/types';
import { clientAddressOf } from '../client-address';
import { cookieOf, LINK_COOKIE, readLinkCookie, sessionCookies } from './cookie';
import { frameAncestors } from './frame';
import { type LinkPage, renderLinkPage } from './link-page';
import { portalPath, type PortalSite } from './site';
import { type LoadErrorCode, loadFailure } from './ui-event';

/** A UUID, with the suffix of links made for sharing. Nothing else is looked up. */
const TOKEN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:_p)?$/;
/** Must be the name in components/ui/theme.ts, which writes the cookie. */
const THEME_COOKIE = 'theme';
const NAVIGATION_TARGETS = ['document', 'iframe', 'frame'];

/** Of the same link the browser is told what a person does with it: open it, or ask first. */
export type LoadDecision =
  | { readonly kind: 'redeem'; readonly parentOrigin?: string }
  /** Answer a page that redeems nothing and has a button that does. */
  | { readonly kind: 'ask' }
  /** A page of this origin, not known to be allowed, frames the link. Redeem nothing unless it is. */
  | { readonly kind: 'judge'; readonly parentOrigin: string };

/**
 * What a request for a link means. Only a person who navigates to it, or a page that frames it, redeems at once. Everything else may be a
 * scanner, a preview or a prefetch, and gets a page that redeems nothing.
 * @param publicOrigin this service's own, which is always allowed to frame
 */
export function decideLoad(method: string, headers: Pick<Headers, 'get'>, publicOrigin: string): LoadDecision {
  if (method === 'POST') return { kind: 'redeem' };
  if (method !== 'GET' || headers.get('sec-fetch-mode') !== 'navigate') return { kind: 'ask' };
  const target = headers.get('sec-fetch-dest') ?? '';
  if (!NAVIGATION_TARGETS.includes(target)) return { kind: 'ask' };
  const purposes = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map((name) => headers.get(name) ?? '');
  if (purposes.some((purpose) => /prefetch|prerender|preview/i.test(purpose))) return { kind: 'ask' };
  if (target === 'document') return { kind: 'redeem' };
  const referrer = headers.get('referer') ?? '';
  // The browser refuses to show the page where it may not be framed, and then its script does not press the button.
  if (!URL.canParse(referrer)) return { kind: 'ask' };
  const parentOrigin = new URL(referrer).origin;
  return parentOrigin === publicOrigin ? { kind: 'redeem', parentOrigin } : { kind: 'judge', parentOrigin };
}

interface Answer {
  readonly status: number;
  readonly page: Omit<LinkPage, 'theme'>;
}

/** Posts the event to the framing page, if it may know: its own origin where the browser tells it, else each exact registered one. */
const TELL_PARENT = `
  if (parent === window) return;
  var known = location.ancestorOrigins && location.ancestorOrigins[0];
  var targets = known ? [known] : data.exact;
  if (known && data.exact.indexOf(known) < 0 && !data.patterns.some(function (pattern) { return new RegExp(pattern).test(known); })) return;
  targets.forEach(function (origin) { parent.postMessage(data.event, origin); });
`;

/** Presses the button once the page is on screen. */
const PRESS_CONTINUE = `
  var form = document.querySelector('form');
  var press = function () {
    if (document.visibilityState !== 'visible' || document.prerendering) return;
    document.removeEventListener('visibilitychange', press);
    form.requestSubmit();
  };
  document.addEventListener('visibilitychange', press);
  document.addEventListener('prerenderingchange', press, { once: true });
  press();
`;

const ASK: Answer = {
  status: 200,
  page: {
    title: 'Open the admin portal',
    paragraphs: ['Continue to set up how your organization connects.'],
    continueLabel: 'Continue',
    script: PRESS_CONTINUE,
  },
};

const REFUSALS: Readonly<
  Record<LinkErrorCode | 'ORIGIN_NOT_ALLOWED', { status: number; title: string; paragraphs: string[] }>
> = {
  LINK_NOT_FOUND: {
    status: 404,
    title: 'This link does not exist',
    paragraphs: [
      'Part of the address may be missing. Open the link again from the message that it came in, or copy all of it.',
      'If it still does not open, ask the person who sent it for a new link.',
    ],
  },
  LINK_EXPIRED: {
    status: 410,
    title: 'This link has expired',
    paragraphs: [
      'Links open for a limited time. Ask the person who sent it for a new one; what was set up so far is kept.',
      'If this is part of a settings page, reload that page: it makes a new link.',
    ],
  },
  LINK_ALREADY_USED: {
    status: 410,
    title: 'This link was already used',
    paragraphs: [
      'It opens once, in one browser. If you opened it before, go on in that window; what was set up so far is kept.',
      'If this is part of a settings page, reload that page. Otherwise ask the person who sent it for a new link.',
    ],
  },
  LINK_REVOKED: {
    status: 410,
    title: 'This link was withdrawn',
    paragraphs: [
      'The people who made this link have ended it, so it no longer opens anything.',
      'If you still need to set something up, ask them for a new link.',
    ],
  },
  ORIGIN_NOT_ALLOWED: {
    status: 403,
    title: 'This page may not be shown here',
    paragraphs: [
      'The site that shows it is not registered for embedding. The link was not used up.',
      'Whoever runs the site can register its address under Developers, API Configuration, Redirect URIs.',
    ],
  },
};

const BUSY: Answer = {
  status: 503,
  page: {
    title: 'The portal cannot be opened right now',
    paragraphs: ['The link was not used up. Try again in a minute.'],
    continueLabel: 'Try again',
  },
};

async function refuse(code: LoadErrorCode & keyof typeof REFUSALS, site: PortalSite): Promise<Answer> {
  const { status, title, paragraphs } = REFUSALS[code];
  const origins = [site.publicOrigin, ...(await listFrameOrigins())];
  const patterns = origins
    .filter((origin) => origin.includes('*'))
    .map((origin) => `^${origin.replace(/[.+?^${}()|[\]\\/]/g, '\\$&').replace('*', '[a-z0-9-]+')}$`);
  const scriptData = {
    event: loadFailure(code),
    exact: origins.filter((origin) => !origin.includes('*')),
    patterns,
  };
  return { status, page: { title, paragraphs, script: TELL_PARENT, scriptData } };
}

/** Nothing of these answers is kept, indexed or told to the next page. */
const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
} as const;

function redirectTo(path: string, cookies: readonly string[]): Response {
  const headers = new Headers({ ...HEADERS, location: path });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}

async function redeem(
  request: Request,
  token: string,
  site: PortalSite,
  parentOrigin: string | undefined,
): Promise<Response | Answer> {
  const ctx = newContext({ kind: 'anonymous' }, { clientAddress: clientAddressOf(request) });
  // A reload, or the same link opened again in this browser, goes on with the session that it opened.
  const held = readLinkCookie(cookieOf(request.headers.get('cookie'), LINK_COOKIE));
  if (held && (await isSessionOfLink(ctx, { ...held, token }))) return redirectTo(portalPath(held.sessionId), []);
  try {
    const userAgent = request.headers.get('user-agent') ?? undefined;
    const { sessionId, secret } = await redeemLink(ctx, { token, userAgent });
    const maxAgeSeconds = PORTAL_SESSION_SECONDS;
    return redirectTo(
      portalPath(sessionId),
      sessionCookies(site, { token, sessionId, secret, parentOrigin, maxAgeSeconds }),
    );
  } catch (error) {
    const code = error instanceof AppError ? error.errorCode : undefined;
    if (code !== undefined && Object.hasOwn(REFUSALS, code)) return refuse(code as LinkErrorCode, site);
    throw error;
  }
}

async function answerTo(request: Request, token: string, site: PortalSite): Promise<Response | Answer> {
  if (!TOKEN.test(token)) return refuse('LINK_NOT_FOUND', site);
  const decision = decideLoad(request.method, request.headers, site.publicOrigin);
  if (decision.kind === 'ask') return ASK;
  if (decision.kind === 'judge' && !(await isFrameOrigin(decision.parentOrigin))) {
    return refuse('ORIGIN_NOT_ALLOWED', site);
  }
  return redeem(request, token, site, decision.parentOrigin);
}

/** The answer, or one that says to try again when the database is away. The cause is logged; it carries the token's hash at most. */
async function answerSafely(
  request: Request,
  token: string,
  site: PortalSite,
): Promise<{ answer: Response | Answer; ancestors: string }> {
  try {
    const answer = await answerTo(request, token, site);
    return { answer, ancestors: answer instanceof Response ? '' : await frameAncestors() };
  } catch (error) {
    console.error('A portal link could not be opened.', error);
    return { answer: BUSY, ancestors: "frame-ancestors 'self'" };
  }
}

/**
 * Answers GET, HEAD and POST of `/magicLink/<token>`: 303 to the portal with its cookies, a page with a button that redeems, or a page that says
 * why the link does not open (403, 404, 410, 503). The token is in no body, title, log or error.
 */
export async function answerLink(request: Request, token: string, site: PortalSite): Promise<Response> {
  const { answer, ancestors } = await answerSafely(request, token, site);
  if (answer instanceof Response) return answer;
  const theme = cookieOf(request.headers.get('cookie'), THEME_COOKIE);
  const page: LinkPage = { ...answer.page, ...((theme === 'light' || theme === 'dark') && { theme }) };
  const { html, policy } = renderLinkPage(page, ancestors);
  return new Response(request.method === 'HEAD' ? null : html, {
    status: answer.status,
    headers: { ...HEADERS, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
  });
}
