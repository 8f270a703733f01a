/** What went wrong, in words every adapter can translate. The table of translations is in docs/architecture.md. */
export type AppErrorCode =
  | 'invalid_argument'
  | 'unauthenticated'
  | 'permission_denied'
  | 'not_found'
  | 'already_exists'
  | 'failed_precondition'
  | 'version_conflict'
  | 'resource_exhausted'
  | 'unimplemented'
  | 'unavailable'
  | 'internal';

export interface FieldViolation {
  /** Name of the field in snake_case, dotted for nested fields. */
  readonly field: string;
  readonly description: string;
  readonly constraint?: string;
}

/** What an error is about, as far as the caller may know it. */
export interface ErrorResource {
  /** The id, or the name of a method. */
  readonly name: string;
  /** The organization that it belongs to. */
  readonly owner?: string;
  /** Scopes of which the caller needs one. */
  readonly requiredPermissions?: readonly string[];
}

export interface AppErrorOptions {
  /** Stable upper-case code that clients may switch on. Adapters have a default for each `code`. */
  readonly errorCode?: string;
  readonly fieldViolations?: readonly FieldViolation[];
  readonly retryAfterSeconds?: number;
  readonly resource?: ErrorResource;
  readonly cause?: unknown;
}

/** The one error that commands and queries throw on purpose; its message is fit for a person to read. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly errorCode?: string;
  readonly fieldViolations?: readonly FieldViolation[];
  readonly retryAfterSeconds?: number;
  readonly resource?: ErrorResource;

  constructor(
    readonly code: AppErrorCode,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.errorCode = options.errorCode;
    this.fieldViolations = options.fieldViolations;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.resource = options.resource;
  }
}

/** An `invalid_argument` error about one field. */
export function invalidField(field: string, description: string): AppError {
  return new AppError('invalid_argument', description, { fieldViolations: [{ field, description }] });
}

/** A `not_found` error: "No organization with id org_1." */
export function notFound(what: string, id: string): AppError {
  return new AppError('not_found', `No ${what} with id ${id}.`, { resource: { name: id } });
}

/** Codes of drivers, of the network and of Postgres that mean: the database cannot be reached or will not serve now. */
const UNAVAILABLE =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|CONNECTION_CLOSED|CONNECTION_ENDED|CONNECTION_DESTROYED|CONNECT_TIMEOUT|08...|53...|57P0.)$/;

/**
 * What any thrown value means to a caller: an `AppError` as it is, a lost database as `unavailable`, everything else as `internal`
 * without a word about its cause. The cause is kept for the process log.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth += 1) {
    const { code, severity } = e as Error & { code?: unknown; severity?: unknown };
    // Postgres calls it fatal when it ends a connection or takes none, whatever the code.
    if ((typeof code === 'string' && UNAVAILABLE.test(code)) || severity === 'FATAL') {
      return new AppError('unavailable', 'The database cannot be reached. Try again in a moment.', {
        retryAfterSeconds: 5,
        cause: error,
      });
    }
  }
  return new AppError('internal', 'Something went wrong on our side.', { cause: error });
}
