import { createUser, deleteUser, updateUser } from '@/lib/domain/provisioning/commands';
import { getUser, searchUsers } from '@/lib/domain/provisioning/queries';
import type { StoredUser } from '@/lib/domain/provisioning/types';
import type { Json, JsonObject } from '@/lib/scim/attribute';
import { type ListQuery } from '@/lib/scim/list';
import { applyPatch, readPatch } from '@/lib/scim/patch';
import { project, readProjection } from '@/lib/scim/project';
import { representResource } from '@/lib/scim/representation';
import { assertImmutableKept, readResource } from '@/lib/scim/validate';
import { answer, answerEmpty, type Call, isKnownVersion, readIfMatch, resourceHeaders } from './exchange';
import type { ScimResponse } from './http';
import { listResources, type Source } from './listing';

function locationOf(call: Call, id: string): string {
  return `${call.baseUrl}/Users/${id}`;
}

function represent(call: Call, user: StoredUser): JsonObject {
  return representResource(
    {
      id: user.id,
      document: user.doc,
      created: user.createdAt,
      lastModified: user.updatedAt,
      version: user.version,
      location: locationOf(call, user.id),
      groups: user.groups.map((group) => ({
        id: group.id,
        display: group.displayName,
        location: `${call.baseUrl}/Groups/${group.id}`,
      })),
    },
    call.userType,
  );
}

function answerUser(call: Call, status: number, user: StoredUser): ScimResponse {
  noteUser(call, user);
  const resource = project(represent(call, user), call.userType, readProjection(call.params));
  return answer(status, resource, resourceHeaders(locationOf(call, user.id), user.version));
}

function noteUser(call: Call, user: StoredUser): void {
  call.note.resourceId = user.id;
  call.note.resourceName = String(user.doc['userName'] ?? '');
}

/** POST /Users (RFC 7644 §3.3). */
export async function postUser(call: Call, body: Json): Promise<ScimResponse> {
  call.note.operation = 'Create user';
  const { resource } = readResource(body, call.userType, 'create');
  call.note.resourceName = String(resource['userName'] ?? '');
  return answerUser(call, 201, await createUser(call.ctx, call.scope, resource));
}

/** GET /Users/{id} (RFC 7644 §3.4.1). */
export async function getUserById(call: Call, id: string): Promise<ScimResponse> {
  call.note.operation = 'Read user';
  const user = await getUser(call.scope, id);
  if (isKnownVersion(call, user.version)) {
    noteUser(call, user);
    return answerEmpty(304, resourceHeaders(locationOf(call, id), user.version));
  }
  return answerUser(call, 200, user);
}

/** PUT /Users/{id} (RFC 7644 §3.5.1). Without `active` a person stays as active as they are. */
export async function putUser(call: Call, id: string, body: Json): Promise<ScimResponse> {
  call.note.operation = 'Replace user';
  const { resource } = readResource(body, call.userType, 'replace');
  const { user } = await updateNoted(call, id, (current) => {
    assertImmutableKept(current, resource, call.userType);
    return resource;
  });
  return answerUser(call, 200, user);
}

/** PATCH /Users/{id} (RFC 7644 §3.5.2): 200 with the resource. */
export async function patchUser(call: Call, id: string, body: Json): Promise<ScimResponse> {
  call.note.operation = 'Update user';
  const { operations } = readPatch(body, call.userType);
  const { user } = await updateNoted(call, id, (current) => applyPatch(current, operations, call.userType).resource);
  return answerUser(call, 200, user);
}

/** Updates and says in the log what it meant: a change of `active` is what people look for. */
async function updateNoted(
  call: Call,
  id: string,
  apply: (current: JsonObject) => JsonObject,
): Promise<{ user: StoredUser; changed: boolean }> {
  let wasActive = true;
  const result = await updateUser(call.ctx, call.scope, id, {
    accepts: readIfMatch(call.request.headers['if-match']),
    apply(current) {
      wasActive = current['active'] !== false;
      call.note.resourceName = String(current['userName'] ?? '');
      return apply(current);
    },
  });
  if (wasActive !== result.user.isActive) call.note.operation = wasActive ? 'Deactivate user' : 'Reactivate user';
  return result;
}

/** DELETE /Users/{id} (RFC 7644 §3.6). */
export async function deleteUserById(call: Call, id: string): Promise<ScimResponse> {
  call.note.operation = 'Delete user';
  const user = await getUser(call.scope, id);
  noteUser(call, user);
  await deleteUser(call.ctx, call.scope, id, { accepts: readIfMatch(call.request.headers['if-match']) });
  return answerEmpty(204);
}

/** People as a list reads them. */
export function userSource(call: Call): Source {
  return {
    name: 'Users',
    resourceType: call.userType,
    directoryId: call.directory.id,
    baseUrl: call.baseUrl,
    async search(selection) {
      const found = await searchUsers(call.scope, selection);
      return { ...found, items: found.items.map((user) => represent(call, user)) };
    },
  };
}

/** GET /Users and POST /Users/.search (RFC 7644 §3.4.2, §3.4.3). */
export async function listUsers(call: Call, query: ListQuery): Promise<ScimResponse> {
  call.note.operation = query.filterText === undefined ? 'List users' : 'Find users';
  return answer(200, await listResources(userSource(call), query));
}
