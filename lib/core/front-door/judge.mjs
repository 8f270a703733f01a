import { isLoopbackHost, isPublicHost } from '../host.mjs';

/**
 * @typedef {'scim' | 'rpc' | 'api' | 'health' | 'page'} Surface Whose shape an answer must have.
 * @typedef {{kind: 'pass'} | {kind: 'redirect', location: string} | {kind: 'refuse', status: 400 | 413 | 421}} Verdict
 */

const MEBIBYTE = 1024 * 1024;
/** A bulk request or a group with many members. */
export const SCIM_BODY_LIMIT_BYTES = 16 * MEBIBYTE;
/** A logo in a form is the largest thing that anything else carries. */
export const BODY_LIMIT_BYTES = 5 * MEBIBYTE;

/** The path of a call to a service: `/scalekit.v1.users.UserService/GetUser`. */
const RPC_PATH = /^\/(?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*\/[A-Za-z_]\w*$/;
const API_PREFIXES = ['/api/v1', '/oauth/', '/keys', '/.well-known/', '/metrics', '/scalekit.v1.'];

/** The path without its query. @param {string} url */
export function pathOf(url) {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** Whether a path names a method of a service. @param {string} path */
export function isRpcPath(path) {
  return RPC_PATH.test(path);
}

/** @param {string} path @returns {Surface} */
export function surfaceOf(path) {
  if (path.startsWith('/scim/')) return 'scim';
  if (path === '/healthz') return 'health';
  const isApi = API_PREFIXES.some(
    (prefix) =>
      path === prefix || (path.startsWith(prefix) && (/[./]$/.test(prefix) || path.charAt(prefix.length) === '/')),
  );
  if (isRpcPath(path)) return 'rpc';
  return isApi ? 'api' : 'page';
}

/** @param {Surface} surface @returns {number} bytes */
export function bodyLimitOf(surface) {
  return surface === 'scim' ? SCIM_BODY_LIMIT_BYTES : BODY_LIMIT_BYTES;
}

/**
 * Whether the door lets a request in. A host other than the public one is refused, so that no link, cookie or redirect is
 * ever made for a name that somebody else chose; programs on the same machine may use any loopback name.
 * @param {object} request
 * @param {string} request.url path and query
 * @param {string | undefined} request.host Host header or `:authority`
 * @param {number} request.contentLengthBytes 0 when not announced
 * @param {string} publicOrigin
 * @returns {Verdict}
 */
export function judgeRequest({ url, host, contentLengthBytes }, publicOrigin) {
  const surface = surfaceOf(pathOf(url));
  if (!host || !url.startsWith('/')) return { kind: 'refuse', status: 400 };
  if (surface !== 'health' && !isPublicHost(host, publicOrigin)) {
    if (!isLoopbackHost(host)) return { kind: 'refuse', status: 421 };
    if (surface === 'page') return { kind: 'redirect', location: publicOrigin + url };
  }
  return contentLengthBytes > bodyLimitOf(surface) ? { kind: 'refuse', status: 413 } : { kind: 'pass' };
}
