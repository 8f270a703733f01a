/** Longer than any address of ours; what does not fit is not worth coming back to. */
const MAX_LENGTH = 2000;

/** Only there to be resolved against: whatever leaves it points to another site. */
const BASE = 'http://gatehouse.invalid';

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}

/**
 * The path to go to after signing in, or undefined unless `value` is a path on this site. It comes from the address bar, so
 * anything that a browser could read as another site is refused: `//host`, backslashes (which browsers take for slashes),
 * control characters (which they drop) and schemes.
 */
export function readCallbackUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return undefined;
  if (!value.startsWith('/') || value.startsWith('//')) return undefined;
  if (value.includes('\\') || hasControlCharacter(value)) return undefined;
  if (!URL.canParse(value, BASE)) return undefined;
  const url = new URL(value, BASE);
  // Dot segments are resolved by now: `/.//host` has become `//host`.
  if (url.origin !== BASE || url.pathname.startsWith('//')) return undefined;
  return url.pathname + url.search + url.hash;
}

/** The sign-in page, which leads back to `path` unless that is no place to go back to. */
export function signInPath(path: string | null | undefined): string {
  const callbackUrl = readCallbackUrl(path);
  return callbackUrl === undefined || callbackUrl === '/'
    ? '/login'
    : `/login?callbackUrl=${encodeURIComponent(callbackUrl)}`;
}
