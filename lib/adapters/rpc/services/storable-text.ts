import { AppError } from '@/lib/core/error';
import type { ServiceImplementations, ServiceName } from '../descriptors';
import type { CallContext } from '../context';

type Method = (request: object, call: CallContext) => Promise<unknown>;

const HALF_CHARACTER = /\p{Surrogate}/u;

/**
 * The same services, except that a request with a text that the database cannot hold is refused as `invalid_argument`: anywhere,
 * since even an id to look for must be a text that the database can read.
 */
export function refuseUnstorableText(services: ServiceImplementations): ServiceImplementations {
  const names = Object.keys(services) as ServiceName[];
  return Object.fromEntries(
    names.map((name) => {
      const methods = Object.entries(services[name] ?? {}) as [string, Method][];
      return [name, Object.fromEntries(methods.map(([localName, method]) => [localName, guard(method)]))];
    }),
  );
}

function guard(method: Method): Method {
  return (request, call) => {
    if (hasUnstorableText(request)) {
      const problem = new AppError('invalid_argument', 'A text of the request has a NUL or half a character in it.');
      return Promise.reject(problem);
    }
    return method(request, call);
  };
}

/** Whether Postgres cannot keep `text`: for a NUL, or half of a surrogate pair. */
function isUnstorable(text: string): boolean {
  return text.includes('\u0000') || HALF_CHARACTER.test(text);
}

function hasUnstorableText(value: unknown): boolean {
  if (typeof value === 'string') return isUnstorable(value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  return Object.entries(value).some(([key, item]) => isUnstorable(key) || hasUnstorableText(item));
}
