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

export interface AppErrorOptions {
  /** Stable upper-case code that clients may switch on. Adapters have a default for each `code`. */
  readonly errorCode?: string;
  readonly fieldViolations?: readonly FieldViolation[];
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** The one error that commands and queries throw on purpose; its message is fit for a person to read. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly errorCode?: string;
  readonly fieldViolations?: readonly FieldViolation[];
  readonly retryAfterSeconds?: number;

  constructor(
    readonly code: AppErrorCode,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.errorCode = options.errorCode;
    this.fieldViolations = options.fieldViolations;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** An `invalid_argument` error about one field. */
export function invalidField(field: string, description: string): AppError {
  return new AppError('invalid_argument', description, { fieldViolations: [{ field, description }] });
}

/** A `not_found` error: "No organization with id org_1." */
export function notFound(what: string, id: string): AppError {
  return new AppError('not_found', `No ${what} with id ${id}.`);
}
