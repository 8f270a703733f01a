import { listFrameOrigins } from '@/lib/domain/portal/queries';

/** What may stand in a Content-Security-Policy as a source: nothing else that an operator typed gets into the header. */
const SOURCE = /^https?:\/\/[\w.*:[\]-]+$/;

/** The `frame-ancestors` directive: pages of this origin and of the registered redirect URIs. */
export async function frameAncestors(): Promise<string> {
  const origins = await listFrameOrigins();
  return ['frame-ancestors', "'self'", ...origins.filter((origin) => SOURCE.test(origin))].join(' ');
}

/**
 * Response headers of every portal page: who may frame it, and that nobody keeps or indexes it. For the place that can set the headers of
 * pages, which is the proxy.
 */
export async function portalHeaders(): Promise<Readonly<Record<string, string>>> {
  return {
    'content-security-policy': `${await frameAncestors()}; object-src 'none'; base-uri 'self'; form-action 'self'`,
    'cache-control': 'private, no-store',
    'x-robots-tag': 'noindex, nofollow',
  };
}
