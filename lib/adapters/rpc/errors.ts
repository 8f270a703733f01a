import { create, toJson } from '@bufbuild/protobuf';
import type { JsonObject } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { ErrorInfoSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js';
import type { ErrorInfo } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js';
import { AppError } from '@/lib/core/error';
import type { AppErrorCode, ErrorResource, FieldViolation } from '@/lib/core/error';

const CODES: Readonly<Record<AppErrorCode, Code>> = {
  invalid_argument: Code.InvalidArgument,
  unauthenticated: Code.Unauthenticated,
  permission_denied: Code.PermissionDenied,
  not_found: Code.NotFound,
  already_exists: Code.AlreadyExists,
  failed_precondition: Code.FailedPrecondition,
  version_conflict: Code.Aborted,
  resource_exhausted: Code.ResourceExhausted,
  unimplemented: Code.Unimplemented,
  unavailable: Code.Unavailable,
  internal: Code.Internal,
};

/** The stable `error_code` of an error that names none itself. */
const DEFAULT_ERROR_CODES: Readonly<Partial<Record<Code, string>>> = {
  [Code.Canceled]: 'CANCELED',
  [Code.InvalidArgument]: 'VALIDATION_ERROR',
  [Code.OutOfRange]: 'VALIDATION_ERROR',
  [Code.Unauthenticated]: 'UNAUTHENTICATED',
  [Code.PermissionDenied]: 'PERMISSION_DENIED',
  [Code.NotFound]: 'RESOURCE_NOT_FOUND',
  [Code.AlreadyExists]: 'RESOURCE_ALREADY_EXISTS',
  [Code.FailedPrecondition]: 'FAILED_PRECONDITION',
  [Code.Aborted]: 'CONFLICT',
  [Code.ResourceExhausted]: 'RATE_LIMITED',
  [Code.Unimplemented]: 'UNIMPLEMENTED',
  [Code.Unavailable]: 'UNAVAILABLE',
  [Code.DeadlineExceeded]: 'DEADLINE_EXCEEDED',
};

const HTTP_STATUSES: Readonly<Partial<Record<Code, number>>> = {
  [Code.Canceled]: 499,
  [Code.InvalidArgument]: 400,
  [Code.OutOfRange]: 400,
  [Code.FailedPrecondition]: 400,
  [Code.Unauthenticated]: 401,
  [Code.PermissionDenied]: 403,
  [Code.NotFound]: 404,
  [Code.AlreadyExists]: 409,
  [Code.Aborted]: 409,
  [Code.ResourceExhausted]: 429,
  [Code.Unimplemented]: 501,
  [Code.Unavailable]: 503,
  [Code.DeadlineExceeded]: 504,
};

/** The `error_code` of a message that is larger than we read. Unlike a rate limit, waiting does not help. */
export const MESSAGE_TOO_LARGE = 'MESSAGE_TOO_LARGE';

/** What an error answer says beside its code and message. */
export interface ErrorDetails {
  readonly requestId: string;
  readonly errorCode?: string;
  readonly fieldViolations?: readonly FieldViolation[];
  readonly retryAfterSeconds?: number;
  readonly resource?: ErrorResource;
}

/** A ConnectError with the contract's ErrorInfo as its one detail. */
export function makeError(code: Code, message: string, details: ErrorDetails): ConnectError {
  const violations = details.fieldViolations ?? [];
  const info = create(ErrorInfoSchema, {
    errorCode: details.errorCode ?? DEFAULT_ERROR_CODES[code] ?? 'INTERNAL',
    requestInfo: { requestId: details.requestId },
    resourceInfo: details.resource && copyResource(details.resource),
    validationErrorInfo: violations.length === 0 ? undefined : { fieldViolations: violations.map(copyViolation) },
  });
  const metadata: Record<string, string> =
    details.retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(details.retryAfterSeconds)) };
  return new ConnectError(message, code, metadata, [{ desc: ErrorInfoSchema, value: info }]);
}

function copyResource({ name, owner, requiredPermissions = [] }: ErrorResource) {
  return { resourceName: name, owner, requiredPermissions: [...requiredPermissions] };
}

function copyViolation(violation: FieldViolation): { field: string; description: string; constraint?: string } {
  return { field: violation.field, description: violation.description, constraint: violation.constraint };
}

/**
 * The one translation of whatever a call throws. Errors that were not thrown on purpose become `internal` with nothing
 * but the request id, and are written to the error log once, with their cause.
 * @param operation the method's name, for the log
 */
export function translateError(error: unknown, requestId: string, operation: string): ConnectError {
  if (error instanceof AppError && error.code !== 'internal') {
    const { errorCode, fieldViolations, retryAfterSeconds, resource } = error;
    const details = { requestId, errorCode, fieldViolations, retryAfterSeconds, resource };
    return makeError(CODES[error.code], error.message, details);
  }
  // An error with an ErrorInfo has been translated before.
  if (error instanceof ConnectError && readErrorInfo(error)) return error;
  if (error instanceof ConnectError && error.code !== Code.Internal && error.code !== Code.Unknown) {
    return makeError(error.code, error.rawMessage, { requestId });
  }
  console.error(`${operation} failed, request ${requestId}:`, error);
  return makeInternalError(requestId);
}

/** What a caller learns of a fault of ours: the request id to quote. */
export function makeInternalError(requestId: string): ConnectError {
  const message = `Something went wrong on our side. Please quote request ${requestId} when you report it.`;
  return makeError(Code.Internal, message, { requestId });
}

/** The ErrorInfo that `error` carries, if any. */
export function readErrorInfo(error: ConnectError): ErrorInfo | undefined {
  return error.findDetails(ErrorInfoSchema)[0];
}

/** The HTTP status of a REST answer with `code`. */
export function httpStatusOf(code: Code): number {
  return HTTP_STATUSES[code] ?? 500;
}

/** The JSON body of a REST error: the ErrorInfo in snake_case, with the gRPC code and the message in front. */
export function errorBodyOf(error: ConnectError): JsonObject {
  const info = readErrorInfo(error) ?? create(ErrorInfoSchema);
  const json = toJson(ErrorInfoSchema, info, { useProtoFieldName: true }) as JsonObject;
  return { code: error.code, message: error.rawMessage, ...json };
}
