import { type Context, newContext } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { authenticateCredential } from '@/lib/domain/credential/queries';
import { ACCESS_TOKEN_SECONDS, holdsScope, type LiveCredential, SCOPES } from '@/lib/domain/credential/types';
import { signAccessToken } from './access-token';
import { FailureLimit } from './failure-limit';
import { BASIC_CHALLENGE, type ClientCredentials, OAuthError, readTokenRequest } from './token-request';

/** What the token endpoint knows beside the request. */
export interface TokenOptions {
  /** The public origin. */
  readonly issuer: string;
  readonly clientAddress: string | undefined;
  readonly now?: () => Date;
}

/** RFC 6749 §5.1: an answer with a token is kept by nobody. */
const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

const failures = new FailureLimit();

/**
 * Answers `POST /oauth/token` (RFC 6749 §4.4): an access token for the id and secret of an API credential, else an error of
 * §5.2, which is 401 for wrong credentials and 429 with Retry-After after too many of them. Never throws.
 */
export async function answerTokenRequest(request: Request, options: TokenOptions): Promise<Response> {
  const anonymous = newContext({ kind: 'anonymous' }, { clientAddress: options.clientAddress });
  const ctx: Context = options.now ? { ...anonymous, now: options.now } : anonymous;
  try {
    const asked = await readTokenRequest(request);
    const credential = await requireCredential(ctx, asked.credentials);
    const scopes = grantScopes(credential, asked.scopes);
    const body = {
      access_token: await signAccessToken(ctx, { ...credential, scopes }, options.issuer),
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_SECONDS,
      scope: scopes.join(' '),
    };
    return Response.json(body, { headers: NO_STORE });
  } catch (error) {
    const { status, code, message, headers } = translate(error, ctx.requestId);
    return Response.json({ error: code, error_description: message }, { status, headers: { ...NO_STORE, ...headers } });
  }
}

async function requireCredential(ctx: Context, given: ClientCredentials): Promise<LiveCredential> {
  const nowMs = ctx.now().getTime();
  const waitSeconds = failures.secondsToWait(ctx.clientAddress, given.id, nowMs);
  if (waitSeconds > 0) {
    throw new OAuthError(429, 'too_many_requests', `Too many wrong secrets. Try again in ${waitSeconds} seconds.`, {
      'retry-after': String(waitSeconds),
    });
  }
  // A NUL is in no id and no secret, and the database takes none.
  const isPossible = !given.id.includes('\u0000') && !given.secret.includes('\u0000');
  const credential = isPossible ? await authenticateCredential(ctx, given) : undefined;
  if (credential) return credential;
  failures.addFailure(ctx.clientAddress, given.id, nowMs);
  throw new OAuthError(
    401,
    'invalid_client',
    'The client id or secret is wrong, or the secret has expired or was revoked.',
    given.isBasic ? BASIC_CHALLENGE : {},
  );
}

/** What the token may be used for: what was asked for, or all that the credential holds. Throws OAuthError for a scope beyond that. */
function grantScopes(credential: LiveCredential, asked: readonly string[] | undefined): readonly string[] {
  if (!asked) return credential.scopes;
  const known: readonly string[] = SCOPES;
  const refused = asked.find((scope) => !known.includes(scope) || !holdsScope(credential.scopes, scope));
  if (refused === undefined) return SCOPES.filter((scope) => asked.includes(scope));
  const named = /^[\w:.-]{1,100}$/.test(refused) ? refused : 'that it asks for';
  const held = credential.scopes.join(' ');
  // RFC 6749 §5.2: invalid, unknown, or more than was granted.
  throw new OAuthError(400, 'invalid_scope', `This credential does not hold the scope ${named}. It holds: ${held}.`);
}

function translate(error: unknown, requestId: string): OAuthError {
  if (error instanceof OAuthError) return error;
  if (error instanceof AppError && error.code === 'unavailable') {
    return new OAuthError(503, 'temporarily_unavailable', error.message);
  }
  console.error(`The token request ${requestId} failed:`, error);
  return new OAuthError(500, 'server_error', `Something went wrong on our side. Please quote request ${requestId}.`);
}
