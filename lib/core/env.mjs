import path from 'node:path';
import { isLoopbackName, splitHost } from './host.mjs';

/**
 * @typedef {object} Credentials
 * @property {string} clientId
 * @property {string} clientSecret
 */

/**
 * What the environment says, read once and never changed.
 * @typedef {object} Config
 * @property {number} port 0 means any free port; `prepareProcess` replaces it by a real one.
 * @property {string} host Address to listen on.
 * @property {string} dataDir Absolute path.
 * @property {string} [databaseUrl] Undefined means the embedded database.
 * @property {string} publicUrl Same as `publicOrigin`: scheme, host and port without a trailing slash.
 * @property {string} publicOrigin
 * @property {string} publicHost Host and port as browsers send them in the Host header, default port left out.
 * @property {boolean} isPublicUrlLoopback Whether the public origin can be reached from this machine only.
 * @property {boolean} isPublicUrlSecure Whether the public origin is https.
 * @property {string} selfUrl An origin at which this process reaches itself without leaving the machine where possible.
 * @property {string} [secret]
 * @property {{email: string, password: string}} [admin] The first operator, for unattended set-up.
 * @property {Credentials} [bootstrapCredentials] Become the first API credential of this server.
 * @property {Credentials} [outboundCredentials] Used only to call the environment at `environmentUrl`.
 * @property {string} environmentUrl Where the settings page's SDK client points: this server unless told otherwise.
 * @property {boolean} isEnvironmentSelf Whether `environmentUrl` is this server.
 * @property {{certFile: string, keyFile: string}} [tls]
 * @property {readonly string[]} webhookAllow Private addresses that webhooks may reach.
 * @property {number} apiCallsPerSecond How many calls of the management API each credential may make; 0 means any number.
 * @property {boolean} isScimLaneOn Whether SCIM skips Next in production.
 */

const DEFAULT_PORT = 3000;
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_DATA_DIR = './.data';
const HIGHEST_PORT = 65_535;
/** 32 characters hold 128 bits even in hexadecimal. */
const SHORTEST_SECRET = 32;
const SHORTEST_PASSWORD = 12;
/** Far above what an application needs, and below what would keep everyone else waiting. */
const DEFAULT_API_CALLS_PER_SECOND = 500;

/** Thrown for settings that cannot work; the message names every wrong one and is fit to print as it is. */
export class ConfigurationError extends Error {
  /** @param {readonly string[]} problems One sentence each, starting with the setting's name. */
  constructor(problems) {
    const count = problems.length === 1 ? 'one setting is' : `${problems.length} settings are`;
    super([`Gatehouse did not start: ${count} not usable.`, ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

/** @param {string} value @param {readonly string[]} protocols */
function parseUrl(value, protocols) {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  return protocols.includes(url.protocol) && url.hostname !== '' ? url : undefined;
}

/**
 * An http or https origin. A trailing slash is forgiven; a path, query, fragment or user is not.
 * @param {string} value
 */
function parseOrigin(value) {
  const url = parseUrl(value, ['http:', 'https:']);
  if (!url || url.pathname !== '/' || url.search || url.hash || url.username || url.password) return undefined;
  return url;
}

/**
 * Reads settings by name, and collects what is wrong with them instead of stopping at the first.
 * @param {Readonly<Record<string, string | undefined>>} env
 */
function createReader(env) {
  /** @type {string[]} */
  const problems = [];
  /** An empty value counts as unset: compose files and shells produce them. @param {string} name */
  const read = (name) => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  /** Passwords and secrets are taken exactly as given. @param {string} name */
  const readExactly = (name) => (env[name] === '' ? undefined : env[name]);
  /**
   * Two settings that make sense only together.
   * @param {string} first @param {string} second
   * @returns {[string, string] | undefined}
   */
  const readPair = (first, second) => {
    const values = [readExactly(first), readExactly(second)];
    if (values[0] !== undefined && values[1] !== undefined) return [values[0], values[1]];
    if (values[0] !== undefined || values[1] !== undefined) {
      const [given, missing] = values[0] === undefined ? [second, first] : [first, second];
      problems.push(`${missing} is not set, but ${given} is. Set both or neither.`);
    }
    return undefined;
  };
  return { problems, read, readExactly, readPair };
}

/** @param {ReturnType<typeof createReader>} reader */
function readPort({ read, problems }) {
  const text = read('PORT');
  if (text === undefined) return DEFAULT_PORT;
  if (/^\d{1,5}$/.test(text) && Number(text) <= HIGHEST_PORT) return Number(text);
  problems.push(`PORT is "${text}". Use a whole number from 1 to ${HIGHEST_PORT}.`);
  return DEFAULT_PORT;
}

/** @param {ReturnType<typeof createReader>} reader */
function readHost({ read, problems }) {
  const host = read('HOST') ?? DEFAULT_HOST;
  if (/^[\w.:-]+$/.test(host)) return host;
  problems.push(`HOST is "${host}". Use an address to listen on, such as 127.0.0.1 or 0.0.0.0.`);
  return DEFAULT_HOST;
}

/** @param {ReturnType<typeof createReader>} reader */
function readDatabaseUrl({ read, problems }) {
  const value = read('DATABASE_URL');
  if (value === undefined) return undefined;
  if (parseUrl(value, ['postgres:', 'postgresql:'])) return value;
  // The value is not repeated: it holds a password.
  problems.push(
    'DATABASE_URL is not a Postgres address. Use postgres://user:password@host:5432/name, or leave it unset.',
  );
  return undefined;
}

/** @param {ReturnType<typeof createReader>} reader @param {number} port @param {boolean} hasTls */
function readPublicUrl({ read, problems }, port, hasTls) {
  const own = new URL(`${hasTls ? 'https' : 'http'}://localhost:${port}`);
  const value = read('GATEHOUSE_URL');
  if (value === undefined) return own;
  const url = parseOrigin(value);
  if (url) return url;
  problems.push(
    `GATEHOUSE_URL is "${value}". Use the address people open, without a path, such as https://gatehouse.example.com.`,
  );
  return own;
}

/** @param {ReturnType<typeof createReader>} reader */
function readSecret({ readExactly, problems }) {
  const secret = readExactly('GATEHOUSE_SECRET');
  if (secret !== undefined && secret.length < SHORTEST_SECRET) {
    problems.push(
      `GATEHOUSE_SECRET has ${secret.length} characters. Use ${SHORTEST_SECRET} or more random ones, or leave it unset.`,
    );
  }
  return secret;
}

/** @param {ReturnType<typeof createReader>} reader */
function readAdmin({ readPair, problems }) {
  const pair = readPair('GATEHOUSE_ADMIN_EMAIL', 'GATEHOUSE_ADMIN_PASSWORD');
  if (!pair) return undefined;
  const email = pair[0].trim();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    problems.push(`GATEHOUSE_ADMIN_EMAIL is "${email}". Use an email address.`);
  }
  if (pair[1].length < SHORTEST_PASSWORD) {
    problems.push(`GATEHOUSE_ADMIN_PASSWORD is too short. Use ${SHORTEST_PASSWORD} characters or more.`);
  }
  return { email, password: pair[1] };
}

/** @param {ReturnType<typeof createReader>} reader */
function readTls({ readPair }) {
  const pair = readPair('GATEHOUSE_TLS_CERT_FILE', 'GATEHOUSE_TLS_KEY_FILE');
  return pair && { certFile: path.resolve(pair[0]), keyFile: path.resolve(pair[1]) };
}

/** @param {ReturnType<typeof createReader>} reader */
function readApiRate({ read, problems }) {
  const text = read('GATEHOUSE_API_CALLS_PER_SECOND');
  if (text === undefined) return DEFAULT_API_CALLS_PER_SECOND;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  problems.push(`GATEHOUSE_API_CALLS_PER_SECOND is "${text}". Use a whole number, or 0 for no limit.`);
  return DEFAULT_API_CALLS_PER_SECOND;
}

/** @param {ReturnType<typeof createReader>} reader */
function readScimLane({ read, problems }) {
  const value = read('GATEHOUSE_SCIM_LANE') ?? 'on';
  if (value !== 'on' && value !== 'off') problems.push(`GATEHOUSE_SCIM_LANE is "${value}". Use on or off.`);
  return value !== 'off';
}

/**
 * Where this process reaches itself. The public address may lead through a proxy that does not let it back in, so a
 * loopback address is preferred; a certificate, however, is valid for the public name only.
 * @param {string} host @param {number} port @param {boolean} hasTls @param {string} publicOrigin
 */
function findSelfUrl(host, port, hasTls, publicOrigin) {
  if (hasTls) return publicOrigin;
  if (['127.0.0.1', '0.0.0.0', '::'].includes(host)) return `http://127.0.0.1:${port}`;
  if (host === 'localhost') return `http://localhost:${port}`;
  return host === '::1' ? `http://[::1]:${port}` : publicOrigin;
}

/** @param {ReturnType<typeof createReader>} reader @param {string} publicOrigin @param {string} selfUrl @param {number} port */
function readEnvironmentUrl({ read, problems }, publicOrigin, selfUrl, port) {
  const value = read('SCALEKIT_ENVIRONMENT_URL');
  if (value === undefined) return { environmentUrl: selfUrl, isEnvironmentSelf: true };
  const url = parseOrigin(value);
  if (!url) {
    problems.push(
      `SCALEKIT_ENVIRONMENT_URL is "${value}". Use an address without a path, such as https://acme.scalekit.com, or leave it unset.`,
    );
    return { environmentUrl: selfUrl, isEnvironmentSelf: true };
  }
  const ownPort = Number(url.port || (url.protocol === 'https:' ? 443 : 80)) === port;
  const isEnvironmentSelf = url.origin === publicOrigin || (ownPort && isLoopbackName(splitHost(url.host).name));
  return { environmentUrl: url.origin, isEnvironmentSelf };
}

/**
 * The settings in `env`, checked and frozen. Pure: no file is opened and the given environment is not changed.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Readonly<Config>}
 * @throws {ConfigurationError} naming every wrong value at once; secrets are never repeated in it
 */
export function readEnvironment(env) {
  const reader = createReader(env);
  const port = readPort(reader);
  const host = readHost(reader);
  const tls = readTls(reader);
  const publicUrl = readPublicUrl(reader, port, tls !== undefined);
  const selfUrl = findSelfUrl(host, port, tls !== undefined, publicUrl.origin);
  const { environmentUrl, isEnvironmentSelf } = readEnvironmentUrl(reader, publicUrl.origin, selfUrl, port);
  const pair = reader.readPair('SCALEKIT_CLIENT_ID', 'SCALEKIT_CLIENT_SECRET');
  const credentials = pair && { clientId: pair[0], clientSecret: pair[1] };
  const config = {
    port,
    host,
    // Next's build would otherwise follow this to every file of the project.
    dataDir: path.resolve(/* turbopackIgnore: true */ reader.read('GATEHOUSE_DATA_DIR') ?? DEFAULT_DATA_DIR),
    databaseUrl: readDatabaseUrl(reader),
    publicUrl: publicUrl.origin,
    publicOrigin: publicUrl.origin,
    publicHost: publicUrl.host,
    isPublicUrlLoopback: isLoopbackName(splitHost(publicUrl.host).name),
    isPublicUrlSecure: publicUrl.protocol === 'https:',
    selfUrl,
    secret: readSecret(reader),
    admin: readAdmin(reader),
    bootstrapCredentials: isEnvironmentSelf ? credentials : undefined,
    outboundCredentials: isEnvironmentSelf ? undefined : credentials,
    environmentUrl,
    isEnvironmentSelf,
    tls,
    webhookAllow: Object.freeze((reader.read('GATEHOUSE_WEBHOOK_ALLOW') ?? '').split(/[\s,]+/).filter(Boolean)),
    apiCallsPerSecond: readApiRate(reader),
    isScimLaneOn: readScimLane(reader),
  };
  if (reader.problems.length > 0) throw new ConfigurationError(reader.problems);
  return Object.freeze(config);
}
