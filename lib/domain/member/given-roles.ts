import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm';
import type { Context } from '@/lib/core/context';
import { AppError, type FieldViolation } from '@/lib/core/error';
import type { Tx } from '@/lib/db/handle';
import { membershipRole } from '@/lib/db/tables/member';
import { role } from '@/lib/db/tables/role';
import { listOrganizationRoles } from '../role/queries';
import { MEMBER_LIMITS as LIMITS, type RoleChoice } from './types';

/** What names a membership. */
export interface MembershipKey {
  readonly organizationId: string;
  readonly userId: string;
}

/** The default role of those who join the organization, as a choice. @throws not_found for the organization */
export async function chooseDefaultRoles(ctx: Context, organizationId: string): Promise<RoleChoice[]> {
  const roles = await listOrganizationRoles(ctx, organizationId);
  return roles.filter(({ isDefaultMember }) => isDefaultMember).map(({ id }) => ({ id }));
}

/**
 * The ids of the roles that `choices` name, each once. They are not deleted until the transaction ends. They are locked before any
 * person is, as whoever deletes a role does. Throws `invalid_argument` for a name that means no role here.
 */
export async function holdRoles(tx: Tx, organizationId: string, choices: readonly RoleChoice[]): Promise<string[]> {
  if (choices.length === 0) return [];
  const names = choices.flatMap((choice) => ('name' in choice ? [choice.name] : []));
  const ids = choices.flatMap((choice) => ('id' in choice ? [choice.id] : []));
  const rows = await tx.orm
    .select({ id: role.id, name: role.name })
    .from(role)
    .where(
      and(
        or(isNull(role.organizationId), eq(role.organizationId, organizationId)),
        or(inArray(role.name, names), inArray(role.id, ids)),
      ),
    )
    .orderBy(asc(role.id))
    .for('key share');
  const violations: FieldViolation[] = [];
  const found = choices.map((choice, at) => {
    const match = rows.find((row) => ('name' in choice ? row.name === choice.name : row.id === choice.id));
    if (!match) {
      const name = 'name' in choice ? `name ${choice.name}` : `id ${choice.id}`;
      violations.push({
        field: `roles[${at}]`,
        description: `There is no role with the ${name} in the environment or in this organization.`,
      });
    }
    return match?.id ?? '';
  });
  const different = [...new Set(found)];
  if (different.length > LIMITS.rolesPerMembership) {
    violations.push({ field: 'roles', description: `A member has at most ${LIMITS.rolesPerMembership} roles.` });
  }
  const [first] = violations;
  if (first) throw new AppError('invalid_argument', first.description, { fieldViolations: violations });
  return different;
}

/** Gives a member roles besides those they have. */
export async function giveRoles(tx: Tx, membership: MembershipKey, roleIds: readonly string[]): Promise<void> {
  if (roleIds.length === 0) return;
  await tx.orm
    .insert(membershipRole)
    .values(roleIds.map((roleId) => ({ ...membership, roleId })))
    .onConflictDoNothing();
}

/** Reads the roles with these names; the function it returns gives the id of the one that a name means in an organization. */
export async function findRoleIds(
  tx: Tx,
  names: readonly string[],
): Promise<(organizationId: string, name: string) => string | undefined> {
  const rows = await tx.orm
    .select({ id: role.id, name: role.name, organizationId: role.organizationId })
    .from(role)
    .where(inArray(role.name, [...new Set(names)]));
  const ids = new Map(rows.map(({ id, name, organizationId }) => [`${organizationId ?? ''} ${name}`, id]));
  return (organizationId, name) => ids.get(`${organizationId} ${name}`) ?? ids.get(` ${name}`);
}
