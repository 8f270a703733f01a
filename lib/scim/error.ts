import type { JsonObject } from './attribute';

export const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** The detail error keywords of RFC 7644 §3.12 and RFC 9865 §3. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount';

/** The one error that this layer throws. `detail` is a sentence for the person who reads the provider's log. */
export class ScimError extends Error {
  override readonly name = 'ScimError';

  constructor(
    /** HTTP status code. */
    readonly status: number,
    readonly detail: string,
    readonly scimType?: ScimType,
  ) {
    super(detail);
  }
}

/** 400: the filter is malformed, names an unknown attribute, or compares it in a way that has no meaning. */
export function invalidFilter(detail: string): ScimError {
  return new ScimError(400, detail, 'invalidFilter');
}

/** 400: the filter yields more results than the server will process. */
export function tooMany(detail: string): ScimError {
  return new ScimError(400, detail, 'tooMany');
}

/** 409: a value that must be unique is already in use. */
export function uniqueness(detail: string): ScimError {
  return new ScimError(409, detail, 'uniqueness');
}

/** 400: the attribute may not be changed this way. */
export function mutability(detail: string): ScimError {
  return new ScimError(400, detail, 'mutability');
}

/** 400: the body is not what this request takes. */
export function invalidSyntax(detail: string): ScimError {
  return new ScimError(400, detail, 'invalidSyntax');
}

/** 400: the PATCH path is malformed or names nothing that exists. */
export function invalidPath(detail: string): ScimError {
  return new ScimError(400, detail, 'invalidPath');
}

/** 400: the PATCH path matched nothing to operate on. */
export function noTarget(detail: string): ScimError {
  return new ScimError(400, detail, 'noTarget');
}

/** 400: a required value is missing, or a value does not fit its attribute. */
export function invalidValue(detail: string): ScimError {
  return new ScimError(400, detail, 'invalidValue');
}

/** 400: the protocol version in the request is not supported. */
export function invalidVers(detail: string): ScimError {
  return new ScimError(400, detail, 'invalidVers');
}

/** 403: the request would put personal data in a URL (RFC 7644 §7.5.2). */
export function sensitive(detail: string): ScimError {
  return new ScimError(403, detail, 'sensitive');
}

/** 400: the cursor is not one that this server made for this query (RFC 9865). */
export function invalidCursor(detail: string): ScimError {
  return new ScimError(400, detail, 'invalidCursor');
}

/** 400: the cursor was good and is no longer (RFC 9865). */
export function expiredCursor(detail: string): ScimError {
  return new ScimError(400, detail, 'expiredCursor');
}

/** 400: the page size cannot be used with a cursor (RFC 9865). */
export function invalidCount(detail: string): ScimError {
  return new ScimError(400, detail, 'invalidCount');
}

/**
 * The error body of RFC 7644 §3.12, with `status` as a string. The request id is appended to `detail`, because that is
 * the only member that providers show to their admins, and a member of our own would not be in any listed schema.
 */
export function errorBody(
  error: { readonly status: number; readonly detail: string; readonly scimType?: ScimType },
  requestId?: string,
): JsonObject {
  const detail = requestId === undefined ? error.detail : `${error.detail} (request ${requestId})`;
  return {
    schemas: [ERROR_SCHEMA],
    status: String(error.status),
    ...(error.scimType === undefined ? {} : { scimType: error.scimType }),
    detail,
  };
}
