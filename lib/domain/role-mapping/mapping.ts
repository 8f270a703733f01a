import { and, asc, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import { AppError, type FieldViolation } from '@/lib/core/error';
import type { Tx } from '@/lib/db/handle';
import { dirGroup, directoryGroupRole } from '@/lib/db/tables/directory';
import { role } from '@/lib/db/tables/role';
import { type AssignmentChoice, type DirectoryRef, MAX_ASSIGNMENTS, type RoleAssignment } from './types';

const MAX_VIOLATIONS = 20;

/** The mapping of each of the directories, in the order of groups and then of roles. */
export async function readMapping(source: Tx, directoryIds: readonly string[]): Promise<Map<string, RoleAssignment[]>> {
  const found = new Map<string, RoleAssignment[]>(directoryIds.map((id) => [id, []]));
  if (directoryIds.length === 0) return found;
  const rows = await source.orm
    .select({ of: directoryGroupRole, roleName: role.name })
    .from(directoryGroupRole)
    .innerJoin(role, eq(role.id, directoryGroupRole.roleId))
    .where(inArray(directoryGroupRole.directoryId, [...directoryIds]))
    .orderBy(asc(directoryGroupRole.groupId), asc(role.priority), sql`${role.organizationId} is null`, asc(role.name));
  for (const { of, roleName } of rows) {
    found.get(of.directoryId)?.push({ groupId: of.groupId, roleId: of.roleId, roleName });
  }
  return found;
}

/** What a wanted mapping changes. */
export interface MappingChange {
  readonly wanted: readonly RoleAssignment[];
  readonly added: readonly RoleAssignment[];
  readonly removed: readonly RoleAssignment[];
  /** Groups of which something is added or removed, by id. */
  readonly groupIds: readonly string[];
}

/**
 * What it takes to get from a directory's mapping to the one that `choices` ask for. Throws `invalid_argument` with the assignments that
 * name no group of the directory, or no role of the environment or the organization.
 */
export async function planMapping(
  source: Tx,
  ref: DirectoryRef,
  choices: readonly AssignmentChoice[],
): Promise<MappingChange> {
  const wanted = await readChoices(source, ref, choices);
  const current = (await readMapping(source, [ref.directoryId])).get(ref.directoryId) ?? [];
  const added = except(wanted, current);
  const removed = except(current, wanted);
  const groupIds = [...new Set([...added, ...removed].map(({ groupId }) => groupId))].sort();
  return { wanted, added, removed, groupIds };
}

const keyOf = ({ groupId, roleId }: RoleAssignment) => `${groupId} ${roleId}`;

function except(left: readonly RoleAssignment[], right: readonly RoleAssignment[]): RoleAssignment[] {
  const known = new Set(right.map(keyOf));
  return left.filter((assignment) => !known.has(keyOf(assignment)));
}

async function readChoices(
  source: Tx,
  { organizationId, directoryId }: DirectoryRef,
  choices: readonly AssignmentChoice[],
): Promise<RoleAssignment[]> {
  if (choices.length === 0) return [];
  if (choices.length > MAX_ASSIGNMENTS) {
    throw new AppError('invalid_argument', `A directory has at most ${MAX_ASSIGNMENTS} assignments of roles.`);
  }
  const roles = await source.orm
    .select({ id: role.id, name: role.name })
    .from(role)
    .where(or(isNull(role.organizationId), eq(role.organizationId, organizationId)));
  const groups = await source.orm
    .select({ id: dirGroup.id })
    .from(dirGroup)
    .where(
      and(
        eq(dirGroup.directoryId, directoryId),
        inArray(dirGroup.id, [...new Set(choices.map(({ groupId }) => groupId))]),
        isNull(dirGroup.deletingAt),
      ),
    );
  const groupIds = new Set(groups.map(({ id }) => id));
  const violations: FieldViolation[] = [];
  const found = new Map<string, RoleAssignment>();
  choices.forEach(({ groupId, roleName, roleId }, at) => {
    const add = (field: string, description: string) =>
      violations.push({ field: `role_assignments.assignments[${at}].${field}`, description });
    if (!groupIds.has(groupId)) return add('group_id', `This directory has no group with id ${groupId}.`);
    if (!roleName && !roleId) return add('role_name', 'Name the role in role_name or role_id.');
    const match = roles.find(({ id, name }) => (!roleId || id === roleId) && (!roleName || name === roleName));
    if (!match) {
      const said = [roleName && `the name ${roleName}`, roleId && `the id ${roleId}`].filter(Boolean).join(' and ');
      return add(
        roleName ? 'role_name' : 'role_id',
        `There is no role with ${said} in the environment or in this organization.`,
      );
    }
    const assignment = { groupId, roleId: match.id, roleName: match.name };
    return found.set(keyOf(assignment), assignment);
  });
  const [first] = violations;
  if (first) {
    throw new AppError('invalid_argument', first.description, {
      fieldViolations: violations.slice(0, MAX_VIOLATIONS),
    });
  }
  return [...found.values()];
}
