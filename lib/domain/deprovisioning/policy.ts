import { AppError, type FieldViolation } from '@/lib/core/error';
import type { removalPolicy } from '@/lib/db/tables/deprovisioning';
import { type AdminPolicy, DEFAULT_POLICY, type DirectoryPolicy, POLICY_LIMITS, type RemovalPolicy } from './types';

/** The policy that a row tells, or that holds where there is none. */
export function policyFromRow(row: typeof removalPolicy.$inferSelect | undefined): DirectoryPolicy {
  const operator: RemovalPolicy = { ...DEFAULT_POLICY, ...row?.operatorChoice };
  const admin: AdminPolicy = { ...row?.adminChoice };
  return { operator, admin, effective: stricterOf(operator, admin) };
}

/** What holds of both: of each the stricter, which is what removes fewer people at once, later, and never the last of a role. */
export function stricterOf(operator: RemovalPolicy, admin: AdminPolicy): RemovalPolicy {
  return {
    ...operator,
    isBreakerOn: operator.isBreakerOn || (admin.isBreakerOn ?? false),
    breakerPeople: Math.min(operator.breakerPeople, admin.breakerPeople ?? operator.breakerPeople),
    breakerPercent: Math.min(operator.breakerPercent, admin.breakerPercent ?? operator.breakerPercent),
    graceHours: Math.max(operator.graceHours, admin.graceHours ?? 0),
    protectedRoles: [...new Set([...operator.protectedRoles, ...(admin.protectedRoles ?? [])])],
  };
}

/** Throws `invalid_argument` with the fields that cannot be, or name a role that nobody of the organization can have. */
export function checkPolicy(input: Partial<RemovalPolicy>, roleNames: ReadonlySet<string>): void {
  const violations: FieldViolation[] = [];
  const checkNumber = (field: string, value: number | undefined, from: number, to: number, what: string) => {
    if (value === undefined || (Number.isInteger(value) && value >= from && value <= to)) return;
    violations.push({ field, description: `${what} must be a whole number from ${from} to ${to}.` });
  };
  checkNumber('breaker_people', input.breakerPeople, 0, POLICY_LIMITS.breakerPeople, 'The number of people');
  checkNumber('breaker_percent', input.breakerPercent, 0, POLICY_LIMITS.breakerPercent, 'The share in percent');
  checkNumber('grace_hours', input.graceHours, 0, POLICY_LIMITS.graceHours, 'The grace period in hours');
  if (input.protectedRoles && input.protectedRoles.length > POLICY_LIMITS.protectedRoles) {
    const description = `At most ${POLICY_LIMITS.protectedRoles} roles can be protected.`;
    violations.push({ field: 'protected_roles', description });
  }
  const unknown = input.protectedRoles?.find((name) => !roleNames.has(name));
  if (unknown !== undefined) {
    violations.push({
      field: 'protected_roles',
      description: `There is no role ${unknown}. Choose one from the list.`,
    });
  }
  refuse(violations);
}

/** Throws `invalid_argument` with the fields in which an admin asks for less than the operator does. */
export function checkNotWeaker(operator: RemovalPolicy, input: AdminPolicy): void {
  const violations: FieldViolation[] = [];
  const { isBreakerOn, breakerPeople, breakerPercent, graceHours, protectedRoles } = input;
  const weaker = (field: string, isWeaker: boolean, description: string) => {
    if (isWeaker) violations.push({ field, description });
  };
  weaker(
    'breaker',
    operator.isBreakerOn && isBreakerOn === false,
    'The protection against mass removal stays on here.',
  );
  if (operator.isBreakerOn) {
    weaker(
      'breaker_people',
      (breakerPeople ?? 0) > operator.breakerPeople,
      `Choose ${operator.breakerPeople} people or fewer.`,
    );
    weaker(
      'breaker_percent',
      (breakerPercent ?? 0) > operator.breakerPercent,
      `Choose ${operator.breakerPercent} percent or less.`,
    );
  }
  weaker(
    'grace_hours',
    (graceHours ?? operator.graceHours) < operator.graceHours,
    `Choose ${operator.graceHours} hours or more.`,
  );
  const missing = protectedRoles && operator.protectedRoles.find((name) => !protectedRoles.includes(name));
  weaker('protected_roles', missing !== undefined, `The role ${missing} stays protected.`);
  refuse(violations);
}

function refuse(violations: readonly FieldViolation[]): void {
  const [first] = violations;
  if (first) throw new AppError('invalid_argument', first.description, { fieldViolations: violations });
}
