import type { Json } from '@/lib/scim/attribute';
import { type BulkCall, type BulkResult, executeBulk, MAX_BULK_PAYLOAD_BYTES, readBulk } from '@/lib/scim/bulk';
import {
  type DiscoveryOptions,
  findResourceType,
  findSchemaDocument,
  listResourceTypes,
  listSchemas,
  serviceProviderConfig,
} from '@/lib/scim/discovery';
import { errorBody, ScimError } from '@/lib/scim/error';
import { type ListQuery, readListQuery, readSearchRequest } from '@/lib/scim/list';
import { toScimError } from './errors';
import { answer, answerEmpty, type Call, methodNotAllowed, readCallBody } from './exchange';
import { deleteGroupById, getGroupById, GROUP_TYPE, listGroups, patchGroup, postGroup, putGroup } from './groups';
import type { ScimResponse } from './http';
import { listEverything } from './root';
import { deleteUserById, getUserById, listUsers, patchUser, postUser, putUser } from './users';

const ENDPOINTS = ['/Users', '/Groups'] as const;
const COLLECTION_METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS'];
const RESOURCE_METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const READ_METHODS = ['GET', 'HEAD', 'OPTIONS'];
const POST_METHODS = ['POST', 'OPTIONS'];

/**
 * Serves a call by its path below the directory's base: `segments` are decoded, empty ones left out.
 * @throws ScimError and AppError
 */
export async function dispatch(call: Call, segments: readonly string[]): Promise<ScimResponse> {
  const [endpoint = '', id, ...rest] = segments;
  if (rest.length > 0) throw unknownAddress();
  switch (endpoint.toLowerCase()) {
    case 'users':
      call.note.resourceType = 'User';
      return serveType(call, 'Users', id);
    case 'groups':
      call.note.resourceType = 'Group';
      return serveType(call, 'Groups', id);
    case 'bulk':
      return serveBulk(call, id);
    // RFC 7644 §3.11: a token here stands for a directory, not for a person.
    case 'me':
      call.note.operation = 'Read /Me';
      throw new ScimError(501, 'This service has no /Me: a token belongs to a directory, not to a person.');
    case '':
      return serveRoot(call);
    case '.search':
      if (id !== undefined) throw unknownAddress();
      return serveSearch(call, listEverything);
    default:
      return serveDiscovery(call, endpoint, id);
  }
}

function unknownAddress(): ScimError {
  return new ScimError(
    404,
    'There is no such SCIM endpoint. Check the base URL: it ends with the id of the directory.',
  );
}

async function serveType(call: Call, type: 'Users' | 'Groups', id: string | undefined): Promise<ScimResponse> {
  const { method } = call.request;
  const isUsers = type === 'Users';
  if (id === undefined) {
    if (method === 'OPTIONS') return answerEmpty(204, { allow: COLLECTION_METHODS.join(', ') });
    if (isRead(method)) return (isUsers ? listUsers : listGroups)(call, readListQuery(call.params));
    if (method === 'POST') return (isUsers ? postUser : postGroup)(call, await readCallBody(call));
    return methodNotAllowed(call, COLLECTION_METHODS);
  }
  if (id.toLowerCase() === '.search') return serveSearch(call, isUsers ? listUsers : listGroups);
  call.note.resourceId = id;
  if (isRead(method)) return (isUsers ? getUserById : getGroupById)(call, id);
  if (method === 'DELETE') return (isUsers ? deleteUserById : deleteGroupById)(call, id);
  if (method === 'PUT') return (isUsers ? putUser : putGroup)(call, id, await readCallBody(call));
  if (method === 'PATCH') return (isUsers ? patchUser : patchGroup)(call, id, await readCallBody(call));
  if (method === 'OPTIONS') return answerEmpty(204, { allow: RESOURCE_METHODS.join(', ') });
  return methodNotAllowed(call, RESOURCE_METHODS);
}

/** GET {base}: all users and groups (RFC 7644 §3.4.2.1). */
async function serveRoot(call: Call): Promise<ScimResponse> {
  if (call.request.method === 'OPTIONS') return answerEmpty(204, { allow: READ_METHODS.join(', ') });
  if (!isRead(call.request.method)) return methodNotAllowed(call, READ_METHODS);
  return listEverything(call, readListQuery(call.params));
}

type List = (call: Call, query: ListQuery) => Promise<ScimResponse>;

/** POST …/.search (RFC 7644 §3.4.3). */
async function serveSearch(call: Call, list: List): Promise<ScimResponse> {
  if (call.request.method === 'OPTIONS') return answerEmpty(204, { allow: POST_METHODS.join(', ') });
  if (call.request.method !== 'POST') return methodNotAllowed(call, POST_METHODS);
  return list(call, readSearchRequest(await readCallBody(call)));
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

async function serveDiscovery(call: Call, endpoint: string, id: string | undefined): Promise<ScimResponse> {
  const options: DiscoveryOptions = { baseUrl: call.baseUrl, resourceTypes: [call.userType, GROUP_TYPE] };
  const serve = (document: Json | undefined) => {
    if (call.request.method === 'OPTIONS') return answerEmpty(204, { allow: READ_METHODS.join(', ') });
    if (!isRead(call.request.method)) return methodNotAllowed(call, READ_METHODS);
    // RFC 7644 §4: a filter on discovery documents must be refused.
    if (call.params.has('filter')) throw new ScimError(403, 'Discovery documents cannot be filtered.');
    if (document === undefined) throw new ScimError(404, `${endpoint} has no document named ${id ?? ''}.`);
    return answer(200, document as Record<string, Json>);
  };
  switch (endpoint.toLowerCase()) {
    case 'serviceproviderconfig':
    case 'serviceproviderconfigs':
      call.note.operation = 'Read service provider configuration';
      return serve(id === undefined ? serviceProviderConfig(options) : undefined);
    case 'resourcetypes':
      call.note.operation = 'Read resource types';
      return serve(id === undefined ? listResourceTypes(options) : findResourceType(options, id));
    case 'schemas':
      call.note.operation = 'Read schemas';
      return serve(id === undefined ? listSchemas(options) : findSchemaDocument(options, id));
    default:
      throw unknownAddress();
  }
}

/** POST /Bulk (RFC 7644 §3.7): each operation is a change of its own. */
async function serveBulk(call: Call, id: string | undefined): Promise<ScimResponse> {
  call.note.operation = 'Bulk';
  if (id !== undefined) throw unknownAddress();
  if (call.request.method === 'OPTIONS') return answerEmpty(204, { allow: POST_METHODS.join(', ') });
  if (call.request.method !== 'POST') return methodNotAllowed(call, POST_METHODS);
  const body = await readCallBody(call);
  // RFC 7644 §3.7.4: the limits that the service provider configuration tells hold.
  if (Buffer.byteLength(call.note.requestText ?? '') > MAX_BULK_PAYLOAD_BYTES) {
    throw new ScimError(413, `A bulk request has at most ${MAX_BULK_PAYLOAD_BYTES} bytes; send several.`);
  }
  const request = readBulk(body, ENDPOINTS);
  call.note.operation = `Bulk of ${request.operations.length} operations`;
  const execute = (operation: BulkCall) => serveBulkCall(call, operation);
  return answer(200, await executeBulk(request, ENDPOINTS, execute, call.ctx.requestId));
}

async function serveBulkCall(call: Call, operation: BulkCall): Promise<BulkResult> {
  const one: Call = {
    ...call,
    note: { ...call.note },
    params: new URLSearchParams(),
    request: {
      ...call.request,
      method: operation.method,
      headers: operation.version ? { 'if-match': operation.version } : {},
    },
  };
  const isUsers = operation.endpoint === '/Users';
  const data = operation.data ?? null;
  const location = operation.id === undefined ? undefined : `${call.baseUrl}${operation.endpoint}/${operation.id}`;
  try {
    const response = await runBulkCall(one, operation, isUsers, data);
    const resourceId = one.note.resourceId ?? operation.id;
    return {
      status: response.status,
      id: resourceId,
      location: response.headers['location'] ?? location,
      version: response.headers['etag'],
    };
  } catch (thrown) {
    const { error } = toScimError(thrown, call.ctx.requestId);
    return { status: error.status, location, response: errorBody(error, call.ctx.requestId) };
  }
}

async function runBulkCall(
  call: Call,
  { method, id = '' }: BulkCall,
  isUsers: boolean,
  data: Json,
): Promise<ScimResponse> {
  if (id.includes('\0')) throw new ScimError(404, 'No resource has an id with a NUL character.');
  switch (method) {
    case 'POST':
      return (isUsers ? postUser : postGroup)(call, data);
    case 'PUT':
      return (isUsers ? putUser : putGroup)(call, id, data);
    case 'PATCH':
      return (isUsers ? patchUser : patchGroup)(call, id, data);
    case 'DELETE':
      return (isUsers ? deleteUserById : deleteGroupById)(call, id);
  }
}
