import { type NextRequest, NextResponse } from 'next/server';
import { frameOrigin } from '@/lib/adapters/settings/frame-origin';
import { portalHeaders } from '@/lib/adapters/portal/frame';
import { PATH_HEADER } from '@/lib/adapters/request-path';
import { signInPath } from '@/lib/adapters/sign-in/callback-url';
import { SESSION_COOKIE_NAMES } from '@/lib/adapters/sign-in/cookie-name';

/** Parameters that Next adds to its own requests for a page. */
const INTERNAL_PARAMETER = '_rsc';

function isWithin(pathname: string, folder: string): boolean {
  return pathname === folder || pathname.startsWith(`${folder}/`);
}

function pathOf({ nextUrl }: NextRequest): string {
  const query = new URLSearchParams(nextUrl.searchParams);
  query.delete(INTERNAL_PARAMETER);
  return query.size === 0 ? nextUrl.pathname : `${nextUrl.pathname}?${query}`;
}

function policyFor(pathname: string): string {
  const nobodyFramesUs = "frame-ancestors 'none'";
  return isWithin(pathname, '/settings') ? `${nobodyFramesUs}; frame-src ${frameOrigin()}` : nobodyFramesUs;
}

/**
 * Headers of the portal and of the pages that people sign in to, and a short way to the sign-in page for visitors without a cookie. It guards
 * nothing: pages, actions and handlers do that themselves.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { pathname } = request.nextUrl;
  if (isWithin(pathname, '/portal')) return NextResponse.next({ headers: await portalHeaders() });
  const path = pathOf(request);
  const isForSignedIn = isWithin(pathname, '/dashboard') || isWithin(pathname, '/settings');
  const hasCookie = SESSION_COOKIE_NAMES.some((name) => request.cookies.has(name));
  if (isForSignedIn && !hasCookie && request.method === 'GET') {
    const response = NextResponse.redirect(new URL(signInPath(path), request.url));
    response.headers.set('Cache-Control', 'no-store');
    return response;
  }
  const headers = new Headers(request.headers);
  headers.set(PATH_HEADER, path);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policyFor(pathname));
  response.headers.set('Cache-Control', 'no-store');
  // Tokens stand in these addresses. Not no-referrer: a form would then post "Origin: null" and be refused.
  if (isWithin(pathname, '/setup') || isWithin(pathname, '/invite')) {
    response.headers.set('Referrer-Policy', 'same-origin');
  }
  return response;
}

export const config = {
  matcher: ['/login', '/setup/:path*', '/invite/:path*', '/dashboard/:path*', '/settings/:path*', '/portal/:path*'],
};
