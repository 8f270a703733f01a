import { and, count, eq, inArray, or } from 'drizzle-orm';
import { AppError, type FieldViolation, invalidField } from '@/lib/core/error';
import { hasControlCharacter } from '@/lib/core/text';
import type { Tx } from '@/lib/db/handle';
import { permission, role } from '@/lib/db/tables/role';
import { ownedBy, readAncestorIds, readHeight, readRoles, type Viewer } from './row';
import { type Role, ROLE_LIMITS as LIMITS } from './types';

const ROLE_NAME = /^\w{1,64}$/;
const PERMISSION_NAME = /^[\w:]{1,64}$/;
/** How many names an error lists before it says how many more there are. */
const NAMES_SHOWN = 5;

/** What may be said of a role besides its name. Undefined leaves a field as it is. */
export interface RoleFields {
  readonly displayName?: string;
  readonly description?: string;
  /** The name of the role whose permissions this one has too: of the environment, or of the same organization. */
  readonly extends?: string;
  /** All permissions of the role itself, by name. */
  readonly permissions?: readonly string[];
  /** 1 to 1000; smaller numbers go first. */
  readonly priority?: number;
}

function refuse(violations: readonly FieldViolation[]): void {
  const [first] = violations;
  if (first) throw new AppError('invalid_argument', first.description, { fieldViolations: violations });
}

/** Throws `invalid_argument` with the fields whose values no role can have. */
export function checkRoleFields(fields: RoleFields & { readonly name?: string }): void {
  const violations: FieldViolation[] = [];
  const add = (field: string, description: string) => violations.push({ field, description });
  const { name, displayName, description, permissions, priority } = fields;
  if (name !== undefined && !ROLE_NAME.test(name)) {
    add('name', `A role's name has 1 to ${LIMITS.name} letters, digits and underscores.`);
  }
  if (displayName !== undefined && !isLine(displayName, LIMITS.displayName)) {
    add('display_name', `The display name has 1 to ${LIMITS.displayName} characters, and no control characters.`);
  }
  if (description !== undefined) checkDescription(description, add);
  if (permissions && new Set(permissions).size > LIMITS.permissions) {
    add('permissions', `A role has at most ${LIMITS.permissions} permissions.`);
  }
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 1 && priority <= LIMITS.priority)) {
    add('priority', `The priority is a whole number from 1 to ${LIMITS.priority}.`);
  }
  refuse(violations);
}

/** Throws `invalid_argument` with the fields whose values no permission can have. */
export function checkPermissionFields(fields: { readonly name: string; readonly description: string }): void {
  const violations: FieldViolation[] = [];
  const add = (field: string, description: string) => violations.push({ field, description });
  if (!PERMISSION_NAME.test(fields.name)) {
    add('name', 'A permission has a name of 1 to 64 letters, digits, underscores and colons, such as invoices:read.');
  }
  checkDescription(fields.description, add);
  refuse(violations);
}

function checkDescription(text: string, add: (field: string, description: string) => unknown): void {
  if ([...text].length > LIMITS.description || text.includes('\u0000')) {
    add('description', `The description has at most ${LIMITS.description} characters, and no NUL character.`);
  }
}

function isLine(text: string, max: number): boolean {
  return text.trim() !== '' && [...text].length <= max && !hasControlCharacter(text);
}

/** Throws `already_exists` if a new role of `owner` would be confused with another one. */
export async function refuseTakenName(tx: Tx, owner: Viewer, name: string): Promise<void> {
  const [taken] = await readRoles(tx, owner, eq(role.name, name));
  if (!taken) return;
  const description =
    taken.organizationId === null
      ? `There is already an environment role with the name ${name}.`
      : owner === null
        ? `Organization ${taken.organizationId} already has a role of its own with the name ${name}.`
        : `This organization already has a role with the name ${name}.`;
  throw new AppError('already_exists', description, { fieldViolations: [{ field: 'name', description }] });
}

/** Throws `failed_precondition` if `owner` has as many roles as there can be. */
export async function refuseTooManyRoles(tx: Tx, owner: Viewer): Promise<void> {
  const [found] = await tx.orm.select({ count: count() }).from(role).where(ownedBy(owner));
  if ((found?.count ?? 0) < LIMITS.rolesPerScope) return;
  const whose = owner === null ? 'The environment' : 'An organization';
  throw new AppError('failed_precondition', `${whose} has at most ${LIMITS.rolesPerScope} roles. Delete one first.`, {
    errorCode: 'ROLE_LIMIT_REACHED',
  });
}

/**
 * The role that a role of `owner` names as its base, or as the one to take its place: of the environment, or of the same
 * organization. Throws `invalid_argument` about `field` if there is none.
 */
export async function readNamedRole(tx: Tx, owner: Viewer, field: string, name: string): Promise<Role> {
  const condition = owner === null ? ownedBy(null) : or(ownedBy(null), ownedBy(owner));
  const [found] = await readRoles(tx, owner, and(eq(role.name, name), condition));
  if (found) return found;
  const where = owner === null ? 'in the environment' : 'in the environment or in this organization';
  throw invalidField(field, `There is no role with the name ${name} ${where}.`);
}

/**
 * Throws `invalid_argument` if a role with this base would inherit from itself, or through too many roles.
 * @param roleId the role, unless it is yet to be made
 */
export async function checkBase(tx: Tx, base: Role, roleId?: string): Promise<void> {
  const above = await readAncestorIds(tx, base.id);
  if (roleId !== undefined && (base.id === roleId || above.includes(roleId))) {
    throw invalidField('extends', `This role cannot extend ${base.name}, because ${base.name} extends it already.`);
  }
  const below = roleId === undefined ? 0 : await readHeight(tx, roleId);
  if (above.length + 1 + below > LIMITS.inheritanceLevels) {
    throw invalidField('extends', `Roles extend each other over at most ${LIMITS.inheritanceLevels} levels.`);
  }
}

/** The ids of the permissions with these names, each once. Throws `invalid_argument` with those of `field` that do not exist. */
export async function readPermissionIds(tx: Tx, field: string, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const rows = await tx.orm
    .select({ id: permission.id, name: permission.name })
    .from(permission)
    .where(inArray(permission.name, [...names]));
  const ids = new Map(rows.map(({ id, name }) => [name, id]));
  refuse(
    names.flatMap((name, at) =>
      ids.has(name) ? [] : [{ field: `${field}[${at}]`, description: `There is no permission with the name ${name}.` }],
    ),
  );
  return [...ids.values()];
}

/** Names for an error: the first few, and how many more. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
}
