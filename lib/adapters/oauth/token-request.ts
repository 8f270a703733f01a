/** `error` values of RFC 6749 §5.2 that we use, and three of our own for what that list does not foresee. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_scope'
  | 'unsupported_grant_type'
  | 'too_many_requests'
  | 'temporarily_unavailable'
  | 'server_error';

/** An error answer of the token endpoint. The message is shown to the client's developer. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';

  constructor(
    readonly status: number,
    readonly code: OAuthErrorCode,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** What a client presents to get a token. */
export interface ClientCredentials {
  readonly id: string;
  readonly secret: string;
  /** Whether they came in the Authorization header: a refusal then has to name the scheme (RFC 6749 §5.2). */
  readonly isBasic: boolean;
}

/** A request for a token. */
export interface TokenRequest {
  readonly credentials: ClientCredentials;
  /** The scopes asked for, undefined for all that the credential holds. */
  readonly scopes: readonly string[] | undefined;
}

/** Credentials and three short parameters fit many times over. */
const BODY_BYTES_MAX = 16 * 1024;
const FORM = 'application/x-www-form-urlencoded';
const GRANT_TYPE = 'client_credentials';

/** RFC 6749 §5.2: the challenge that answers a wrong Authorization header. */
export const BASIC_CHALLENGE: Readonly<Record<string, string>> = {
  'www-authenticate': 'Basic realm="gatehouse", charset="UTF-8"',
};

/**
 * A client credentials request (RFC 6749 §4.4.2), with its credentials from the body or from HTTP Basic (§2.3.1).
 * Throws OAuthError for anything that is not such a request; nothing says yet whether they are right.
 */
export async function readTokenRequest(request: Request): Promise<TokenRequest> {
  const parameters = await readForm(request);
  const grantType = parameters.get('grant_type');
  if (grantType === undefined) throw invalidRequest(`grant_type is missing. Send grant_type=${GRANT_TYPE}.`);
  if (grantType !== GRANT_TYPE) {
    throw new OAuthError(400, 'unsupported_grant_type', `Only the ${GRANT_TYPE} grant is available.`);
  }
  const authorization = request.headers.get('authorization');
  const credentials = authorization === null ? readBodyCredentials(parameters) : readBasic(authorization, parameters);
  return { credentials, scopes: readScope(parameters.get('scope')) };
}

/** RFC 6749 §3.3: scopes are separated by single spaces; more than one is forgiven. */
function readScope(text: string | undefined): readonly string[] | undefined {
  const scopes = text?.split(' ').filter((scope) => scope !== '');
  return scopes && scopes.length > 0 ? scopes : undefined;
}

function invalidRequest(message: string, status = 400): OAuthError {
  return new OAuthError(status, 'invalid_request', message);
}

async function readForm(request: Request): Promise<ReadonlyMap<string, string>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== FORM) throw invalidRequest(`Send the parameters as ${FORM}.`);
  const parameters = new Map<string, string>();
  const seen = new Set<string>();
  for (const [name, value] of new URLSearchParams(await readText(request))) {
    // RFC 6749 §3.2: a repeated parameter is an error, one without a value counts as left out.
    if (seen.has(name))
      throw invalidRequest(`${/^\w{1,40}$/.test(name) ? name : 'A parameter'} is given more than once.`);
    seen.add(name);
    if (value !== '') parameters.set(name, value);
  }
  return parameters;
}

async function readText(request: Request): Promise<string> {
  if (!request.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > BODY_BYTES_MAX) throw invalidRequest(`The body may have at most ${BODY_BYTES_MAX} bytes.`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readBodyCredentials(parameters: ReadonlyMap<string, string>): ClientCredentials {
  const id = parameters.get('client_id');
  const secret = parameters.get('client_secret');
  if (id === undefined || secret === undefined) {
    throw new OAuthError(
      401,
      'invalid_client',
      'client_id and client_secret are needed, in the body or as HTTP Basic.',
    );
  }
  return { id, secret, isBasic: false };
}

function readBasic(authorization: string, parameters: ReadonlyMap<string, string>): ClientCredentials {
  const encoded = /^basic +([\w+/=-]+) *$/i.exec(authorization)?.[1];
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  const credentials = id === undefined || secret === undefined ? undefined : decodePair(id, secret);
  if (!credentials) {
    throw new OAuthError(
      401,
      'invalid_client',
      'The Authorization header is not HTTP Basic with id and secret.',
      BASIC_CHALLENGE,
    );
  }
  const bodyId = parameters.get('client_id');
  // RFC 6749 §2.3: one way to authenticate per request. Naming the same client again does no harm.
  if (parameters.has('client_secret') || (bodyId !== undefined && bodyId !== credentials.id)) {
    throw invalidRequest('Send the credentials either in the body or as HTTP Basic, not both.');
  }
  return { ...credentials, isBasic: true };
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function decodePair(id: string, secret: string): { id: string; secret: string } | undefined {
  try {
    const [plainId = '', plainSecret = ''] = [id, secret].map((text) => decodeURIComponent(text.replaceAll('+', ' ')));
    return plainId === '' || plainSecret === '' ? undefined : { id: plainId, secret: plainSecret };
  } catch {
    return undefined;
  }
}
