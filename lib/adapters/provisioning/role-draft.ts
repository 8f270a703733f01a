import type { Context } from '@/lib/core/context';
import { listRoleAssignments } from '@/lib/domain/role-mapping/queries';
import type { AssignmentChoice, DirectoryRef } from '@/lib/domain/role-mapping/types';

const FIELD_PREFIX = 'roles:';

/** The name of the form field that says which roles a group gives from now on: ids with spaces between them. */
export function roleFieldOf(groupId: string): string {
  return FIELD_PREFIX + groupId;
}

/**
 * The whole mapping that a form asks for: what is stored, except for the groups that the form names. So who changes one group never undoes
 * what somebody else did to another meanwhile.
 */
export async function readRoleDraft(ctx: Context, ref: DirectoryRef, form: FormData): Promise<AssignmentChoice[]> {
  const stored = (await listRoleAssignments(ctx, ref.organizationId, [ref.directoryId])).get(ref.directoryId) ?? [];
  const changed = new Map<string, string[]>();
  for (const [name, value] of form) {
    if (!name.startsWith(FIELD_PREFIX) || typeof value !== 'string') continue;
    changed.set(name.slice(FIELD_PREFIX.length), value.split(' ').filter(Boolean));
  }
  return [
    ...stored.filter(({ groupId }) => !changed.has(groupId)).map(({ groupId, roleId }) => ({ groupId, roleId })),
    ...[...changed].flatMap(([groupId, roleIds]) => roleIds.map((roleId) => ({ groupId, roleId }))),
  ];
}
