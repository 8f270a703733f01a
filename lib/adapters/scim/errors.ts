import { type AppErrorCode, toAppError } from '@/lib/core/error';
import { ScimError, type ScimType } from '@/lib/scim/error';

const STATUSES: Readonly<Record<AppErrorCode, { status: number; scimType?: ScimType }>> = {
  invalid_argument: { status: 400, scimType: 'invalidValue' },
  unauthenticated: { status: 401 },
  permission_denied: { status: 403 },
  not_found: { status: 404 },
  already_exists: { status: 409, scimType: 'uniqueness' },
  failed_precondition: { status: 400 },
  version_conflict: { status: 412 },
  resource_exhausted: { status: 429 },
  unimplemented: { status: 501 },
  unavailable: { status: 503 },
  internal: { status: 500 },
};

/**
 * Any thrown value as a SCIM error, and for how many seconds a client should wait. What we did not expect is logged here, once, with its
 * cause; the client is told the request id only.
 */
export function toScimError(error: unknown, requestId: string): { error: ScimError; retryAfterSeconds?: number } {
  if (error instanceof ScimError) return { error };
  const appError = toAppError(error);
  if (appError.code === 'internal') console.error(`SCIM request ${requestId} failed:`, appError.cause ?? appError);
  const { status, scimType } = STATUSES[appError.code];
  return { error: new ScimError(status, appError.message, scimType), retryAfterSeconds: appError.retryAfterSeconds };
}
