import { type Context, newContext } from '@/lib/core/context';
import { newId } from '@/lib/core/id';
import { wake } from '@/lib/db/wake';
import { markSecretUsed } from '@/lib/domain/directory/commands';
import { findDirectoryById, findTokenHolder, scopeOf, userTypeOf } from '@/lib/domain/directory/queries';
import { acceptsTokens, type Directory, type TokenHolder } from '@/lib/domain/directory/types';
import { recordExchange } from '@/lib/domain/log/commands';
import { errorBody, ScimError } from '@/lib/scim/error';
import { dispatch } from './dispatch';
import { toScimError } from './errors';
import { answer, type Call, type Note } from './exchange';
import type { ScimRequest, ScimResponse } from './http';
import { mayLogRefusal } from './refusals';

/** Builds the SCIM endpoint of this installation: one function that both mounts call. */
export function createScim(options: { publicOrigin: string }): (request: ScimRequest) => Promise<ScimResponse> {
  return (request) => serve(request, options.publicOrigin);
}

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

interface Opened {
  holder?: TokenHolder;
  /** The directory that the path names, when no token of it was shown. */
  claimed?: Directory;
}

/** Answers one SCIM request and records the exchange. Never throws. */
async function serve(request: ScimRequest, publicOrigin: string): Promise<ScimResponse> {
  const startedAt = new Date();
  const started = performance.now();
  const requestId = newId('request', startedAt);
  const note: Note = {
    operation: `${request.method} request`,
    resourceType: null,
    resourceId: null,
    resourceName: null,
    requestText: undefined,
  };
  const opened: Opened = {};
  let failure: ScimError | undefined;
  let response: ScimResponse;
  try {
    response = await open(request, requestId, publicOrigin, note, opened);
    if (!READING.has(request.method)) wake('events');
  } catch (thrown) {
    const { error, retryAfterSeconds } = toScimError(thrown, requestId);
    failure = error;
    response = answer(error.status, errorBody(error, requestId), errorHeaders(error, retryAfterSeconds));
  }
  const headers = { ...response.headers, 'x-request-id': requestId, 'cache-control': 'no-store' };
  const directory = opened.holder?.directory ?? opened.claimed;
  if (opened.holder || mayLogRefusal(request.clientAddress, startedAt.getTime())) {
    await recordExchange({
      createdAt: startedAt,
      organizationId: directory?.organizationId ?? null,
      directoryId: directory?.id ?? null,
      secretId: opened.holder?.secretId ?? null,
      provider: directory?.provider ?? null,
      requestId,
      method: request.method,
      path: `/scim/v2/${request.path}${request.query ? `?${request.query}` : ''}`,
      ...note,
      status: response.status,
      scimType: failure?.scimType ?? null,
      errorDetail: failure?.detail ?? null,
      latencyMs: performance.now() - started,
      clientAddress: request.clientAddress ?? null,
      userAgent: request.headers['user-agent']?.slice(0, 300) ?? null,
      bodies: {
        requestHeaders: request.headers,
        requestBody: note.requestText,
        responseHeaders: headers,
        responseBody: response.body,
      },
    });
  }
  return { ...response, headers, body: request.method === 'HEAD' ? undefined : response.body };
}

function errorHeaders(error: ScimError, retryAfterSeconds: number | undefined): Record<string, string> {
  const { allow } = error as ScimError & { allow?: string };
  return {
    ...(error.status === 401 && { 'www-authenticate': 'Bearer realm="SCIM"' }),
    ...(allow !== undefined && { allow }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  };
}

async function open(
  request: ScimRequest,
  requestId: string,
  publicOrigin: string,
  note: Note,
  opened: Opened,
): Promise<ScimResponse> {
  const segments = readSegments(request.path);
  const [directoryId = '', ...below] = segments;
  const anonymous = newContext({ kind: 'anonymous' }, { requestId, clientAddress: request.clientAddress });
  const holder = await authenticate(anonymous, request, directoryId);
  if (!holder) {
    note.operation = 'Refused: wrong token';
    opened.claimed = await findDirectoryById(directoryId);
    // One text for every reason, so that nothing can be learned from it.
    throw new ScimError(
      401,
      'The bearer token is missing or not valid for this directory. Copy the token from the setup page again.',
    );
  }
  opened.holder = holder;
  const { directory } = holder;
  if (!holder.isFeatureEnabled) {
    note.operation = 'Refused: provisioning is off';
    throw new ScimError(
      403,
      'SCIM provisioning is switched off for this organization. Ask the application’s support to switch it on.',
    );
  }
  if (!acceptsTokens(directory)) {
    note.operation = 'Refused: directory is disabled';
    throw new ScimError(403, 'This directory is disabled. Enable it in the setup portal, then try again.');
  }
  markSecretUsed(holder.secretId, anonymous.now());
  const ctx: Context = {
    ...anonymous,
    actor: {
      kind: 'directoryToken',
      id: holder.secretId,
      directoryId: directory.id,
      organizationId: directory.organizationId,
    },
  };
  const userType = userTypeOf(directory);
  const call: Call = {
    ctx,
    request,
    directory,
    scope: scopeOf(directory),
    userType,
    params: new URLSearchParams(request.query),
    baseUrl: `${publicOrigin}/scim/v2/${directory.id}`,
    note,
  };
  return dispatch(call, below);
}

function readSegments(path: string): string[] {
  let segments: string[];
  try {
    segments = path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    throw new ScimError(404, 'The address is not valid: it has a broken percent escape.');
  }
  // No id has it, and a database cannot even be asked for it.
  if (segments.some((segment) => segment.includes('\0'))) {
    throw new ScimError(404, 'The address is not valid: it has a NUL character.');
  }
  return segments;
}

async function authenticate(ctx: Context, request: ScimRequest, directoryId: string): Promise<TokenHolder | undefined> {
  const token = /^Bearer +(\S+) *$/i.exec(request.headers['authorization'] ?? '')?.[1];
  if (token === undefined) return undefined;
  const holder = await findTokenHolder(ctx, token);
  return holder?.directory.id === directoryId ? holder : undefined;
}
