import { invalidField } from '@/lib/core/error';

const MAX_LENGTH = 256;
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function refuse(description: string): never {
  throw invalidField('uri', description);
}

/**
 * The address as it is stored, or an `invalid_argument` error that says what is wrong with it. Rules of the contract: at most 256
 * characters, no query, no fragment; https, unless `isLenient`, which also allows http, localhost and one `*` in the left-most
 * label of a name with at least two more.
 */
export function checkRedirectUri(text: string, isLenient: boolean): string {
  const uri = text.trim();
  if (uri.length > MAX_LENGTH) refuse(`An address has at most ${MAX_LENGTH} characters.`);
  if (!URL.canParse(uri)) refuse('This is not an address. Write it like https://app.example.com/settings.');
  const url = new URL(uri);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') refuse('Only https addresses can embed the portal.');
  if (uri.includes('?') || uri.includes('#')) refuse('Leave out the query and the fragment.');
  if (url.username || url.password) refuse('Leave out the user name and the password.');
  const labels = url.hostname.split('.');
  if (url.hostname.includes('*')) {
    if (!isLenient) refuse('Wildcards are accepted only while this service runs on localhost.');
    const [first = '', ...rest] = labels;
    if (rest.length < 2 || rest.some((label) => label.includes('*')) || first.split('*').length !== 2) {
      refuse('A wildcard stands once, in the left-most part, such as https://*.example.com.');
    }
  }
  if (!isLenient && url.protocol === 'http:')
    refuse('http is accepted only while this service runs on localhost. Use https.');
  if (!isLenient && LOOPBACK.test(url.hostname))
    refuse('localhost is accepted only while this service runs on localhost.');
  return uri;
}

/** The origin of a registered address; a wildcard stays in it, which Content-Security-Policy understands. */
export function originOf(uri: string): string {
  const url = new URL(uri);
  return `${url.protocol}//${url.host}`;
}

/** Whether `origin` (scheme, host, port) matches a registered address, wildcards included. */
export function matchesOrigin(uri: string, origin: string): boolean {
  const registered = originOf(uri);
  if (!registered.includes('*')) return registered === origin;
  const pattern = registered.replace(/[.+?^${}()|[\]\\/]/g, '\\$&').replace('*', '[a-z0-9-]+');
  return new RegExp(`^${pattern}$`).test(origin);
}
