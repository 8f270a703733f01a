import { createGroup, deleteGroup, type GroupStep, updateGroup } from '@/lib/domain/provisioning/commands';
import { getGroup, listMembers, searchGroups } from '@/lib/domain/provisioning/queries';
import type { StoredGroup, StoredMember } from '@/lib/domain/provisioning/types';
import type { Json, JsonObject } from '@/lib/scim/attribute';
import { tooMany } from '@/lib/scim/error';
import { type ListQuery } from '@/lib/scim/list';
import { type MembersChange, planGroupPatch } from '@/lib/scim/members';
import { applyPatch, readPatch } from '@/lib/scim/patch';
import { isRequested, type Projection, project, readProjection } from '@/lib/scim/project';
import { representResource } from '@/lib/scim/representation';
import { groupResourceType } from '@/lib/scim/schema';
import { assertImmutableKept, readResource } from '@/lib/scim/validate';
import { answer, answerEmpty, type Call, isKnownVersion, readIfMatch, resourceHeaders } from './exchange';
import type { ScimResponse } from './http';
import { listResources, type Source } from './listing';

export const GROUP_TYPE = groupResourceType();

function locationOf(call: Call, id: string): string {
  return `${call.baseUrl}/Groups/${id}`;
}

function represent(call: Call, group: StoredGroup, members: readonly StoredMember[] | undefined): JsonObject {
  return representResource(
    {
      id: group.id,
      document: group.doc,
      created: group.createdAt,
      lastModified: group.updatedAt,
      version: group.version,
      location: locationOf(call, group.id),
      members: members?.map((member) => ({
        id: member.id,
        type: member.type,
        display: member.display,
        location: `${call.baseUrl}/${member.type}s/${member.id}`,
      })),
    },
    GROUP_TYPE,
  );
}

/** Members that one answer about several groups may hold together: about 50 MB of JSON. One group alone is always answered. */
const MAX_LISTED_MEMBERS = 250_000;

/** @throws ScimError tooMany when several groups together have more members than one answer holds */
async function representAll(call: Call, groups: readonly StoredGroup[], withMembers: boolean): Promise<JsonObject[]> {
  if (!withMembers) return groups.map((group) => represent(call, group, undefined));
  const ids = groups.map((group) => group.id);
  const isLimited = groups.length > 1;
  const members = await listMembers(call.scope, ids, isLimited ? MAX_LISTED_MEMBERS + 1 : undefined);
  const total = [...members.values()].reduce((sum, { length }) => sum + length, 0);
  if (isLimited && total > MAX_LISTED_MEMBERS) {
    throw tooMany(
      'The groups of this page have too many members for one answer. Ask for fewer groups with "count", or add excludedAttributes=members.',
    );
  }
  return groups.map((group) => represent(call, group, members.get(group.id) ?? []));
}

async function answerGroup(call: Call, status: number, group: StoredGroup): Promise<ScimResponse> {
  noteGroup(call, group);
  const projection = readProjection(call.params);
  const [resource] = await representAll(call, [group], isRequested(GROUP_TYPE, projection, 'members'));
  const headers = resourceHeaders(locationOf(call, group.id), group.version);
  return answer(status, project(resource ?? {}, GROUP_TYPE, projection), headers);
}

function noteGroup(call: Call, group: StoredGroup): void {
  call.note.resourceId = group.id;
  call.note.resourceName = String(group.doc['displayName'] ?? '');
}

/** POST /Groups (RFC 7644 §3.3). */
export async function postGroup(call: Call, body: Json): Promise<ScimResponse> {
  call.note.operation = 'Create group';
  const { resource, members } = readResource(body, GROUP_TYPE, 'create');
  call.note.resourceName = String(resource['displayName'] ?? '');
  const ids = (members ?? []).map((member) => member.value);
  return answerGroup(call, 201, await createGroup(call.ctx, call.scope, { doc: resource, members: ids }));
}

/** GET /Groups/{id} (RFC 7644 §3.4.1). */
export async function getGroupById(call: Call, id: string): Promise<ScimResponse> {
  call.note.operation = 'Read group';
  const group = await getGroup(call.scope, id);
  if (isKnownVersion(call, group.version)) {
    noteGroup(call, group);
    return answerEmpty(304, resourceHeaders(locationOf(call, id), group.version));
  }
  return answerGroup(call, 200, group);
}

/** PUT /Groups/{id} (RFC 7644 §3.5.1). A body that does not name members leaves them as they are; an empty list removes them. */
export async function putGroup(call: Call, id: string, body: Json): Promise<ScimResponse> {
  call.note.operation = 'Replace group';
  const { resource, members } = readResource(body, GROUP_TYPE, 'replace');
  const steps: GroupStep[] = [
    {
      kind: 'attributes',
      apply(current) {
        assertImmutableKept(current, resource, GROUP_TYPE);
        return resource;
      },
    },
  ];
  if (members) {
    steps.push({ kind: 'members', change: { add: members.map((member) => member.value), remove: [], replace: true } });
  }
  await update(call, id, steps);
  return answerGroup(call, 200, await getGroup(call.scope, id));
}

/** PATCH /Groups/{id} (RFC 7644 §3.5.2): 204, or 200 with what `attributes` asks for. */
export async function patchGroup(call: Call, id: string, body: Json): Promise<ScimResponse> {
  call.note.operation = 'Update group';
  const { operations } = readPatch(body, GROUP_TYPE);
  const plan = planGroupPatch(operations);
  if (plan.members && plan.operations.length === 0) call.note.operation = describeMembers(plan.members);
  const steps: GroupStep[] = [];
  if (plan.operations.length > 0) {
    const apply = (current: JsonObject) => applyPatch(current, plan.operations, GROUP_TYPE).resource;
    steps.push({ kind: 'attributes', apply });
  }
  if (plan.members) steps.push({ kind: 'members', change: plan.members });
  await update(call, id, steps);
  const projection: Projection = readProjection(call.params);
  if (projection.attributes !== undefined) return answerGroup(call, 200, await getGroup(call.scope, id));
  call.note.resourceId = id;
  return answerEmpty(204);
}

function describeMembers({ add, remove, replace }: MembersChange): string {
  if (replace) return 'Replace members';
  const people = (count: number) => (count === 1 ? '1 member' : `${count} members`);
  if (remove.length === 0) return `Add ${people(add.length)}`;
  return add.length === 0
    ? `Remove ${people(remove.length)}`
    : `Add ${people(add.length)}, remove ${people(remove.length)}`;
}

async function update(call: Call, id: string, steps: readonly GroupStep[]): Promise<void> {
  const noted = steps.map((step): GroupStep =>
    step.kind === 'members'
      ? step
      : {
          kind: 'attributes',
          apply(current) {
            call.note.resourceName = String(current['displayName'] ?? '');
            return step.apply(current);
          },
        },
  );
  await updateGroup(call.ctx, call.scope, id, { steps: noted, accepts: readIfMatch(call.request.headers['if-match']) });
}

/** DELETE /Groups/{id} (RFC 7644 §3.6). */
export async function deleteGroupById(call: Call, id: string): Promise<ScimResponse> {
  call.note.operation = 'Delete group';
  noteGroup(call, await getGroup(call.scope, id));
  await deleteGroup(call.ctx, call.scope, id, { accepts: readIfMatch(call.request.headers['if-match']) });
  return answerEmpty(204);
}

/** Groups as a list reads them, with members where `projection` shows them. */
export function groupSource(call: Call, projection: Projection): Source {
  const showsMembers = isRequested(GROUP_TYPE, projection, 'members');
  return {
    name: 'Groups',
    resourceType: GROUP_TYPE,
    directoryId: call.directory.id,
    baseUrl: call.baseUrl,
    async search(selection) {
      const found = await searchGroups(call.scope, selection);
      return { ...found, items: await representAll(call, found.items, showsMembers) };
    },
  };
}

/** GET /Groups and POST /Groups/.search (RFC 7644 §3.4.2, §3.4.3). */
export async function listGroups(call: Call, query: ListQuery): Promise<ScimResponse> {
  call.note.operation = query.filterText === undefined ? 'List groups' : 'Find groups';
  return answer(200, await listResources(groupSource(call, query), query));
}
