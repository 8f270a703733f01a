/** Codes of Node, of the Postgres driver and of Postgres itself which mean that a server could not be reached. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  '57P03',
]);
/** Wrong password, no such role or rule, no such database. */
const REFUSED = new Set(['28P01', '28000', '3D000']);

/** The error and everything that it says caused it. @param {unknown} error @returns {Generator<Error & {code?: string}>} */
function* unfold(error) {
  if (!(error instanceof Error)) return;
  yield error;
  if (error instanceof AggregateError) for (const inner of error.errors) yield* unfold(inner);
  yield* unfold(error.cause);
}

/** Host, port and name, without the password. @param {string} databaseUrl */
function nameDatabase(databaseUrl) {
  const { host, pathname } = new URL(databaseUrl);
  return host + pathname;
}

/**
 * What to print when the server cannot start: one clear message for what people can mend, the stack for everything else.
 * @param {unknown} error
 * @param {{databaseUrl?: string, host?: string, port?: number}} [config] as far as it is known
 * @returns {string}
 */
export function describeFailure(error, { databaseUrl, host, port } = {}) {
  for (const { name, message, code = '' } of unfold(error)) {
    if (name === 'ConfigurationError' || name === 'FolderInUseError') return message;
    if (name === 'AppError') return `Gatehouse did not start: ${message}`;
    if (code === 'EADDRINUSE') {
      return `Gatehouse did not start: port ${port} on ${host} is in use. Stop the program that uses it, or set PORT to another number.`;
    }
    if (code === 'EACCES' && port !== undefined && port < 1024) {
      return `Gatehouse did not start: port ${port} is reserved for the system. Set PORT to a number above 1023.`;
    }
    if (code === 'EADDRNOTAVAIL') {
      return `Gatehouse did not start: this machine has no address ${host}. Set HOST to one that it has, or to 0.0.0.0.`;
    }
    if (databaseUrl && UNREACHABLE.has(code)) {
      return `Gatehouse did not start: the database at ${nameDatabase(databaseUrl)} does not answer (${code}). Check that it runs and that DATABASE_URL is right.`;
    }
    if (databaseUrl && REFUSED.has(code)) {
      return `Gatehouse did not start: the database at ${nameDatabase(databaseUrl)} refused the connection (${message}). Check DATABASE_URL.`;
    }
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Gatehouse did not start: ${detail}`;
}
