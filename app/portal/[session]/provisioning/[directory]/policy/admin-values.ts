import type { AdminPolicy, DirectoryPolicy } from '@/lib/domain/deprovisioning/types';

/** What an IT admin chooses, all of it. */
export type AdminChoice = Required<AdminPolicy>;

const ROLE_PREFIX = 'protected:';

/** The name of the checkbox of a role. */
export function protectedFieldOf(roleName: string): string {
  return ROLE_PREFIX + roleName;
}

/** A number, or NaN for an empty field, which must not count as 0. */
function numberOf(form: FormData, name: string): number {
  const value = form.get(name);
  return typeof value !== 'string' || value.trim() === '' ? Number.NaN : Number(value);
}

/** What the admin's form says. Numbers are checked by the command. */
export function readAdminForm(form: FormData): AdminChoice {
  return {
    isBreakerOn: form.has('breaker'),
    breakerPeople: numberOf(form, 'breaker_people'),
    breakerPercent: numberOf(form, 'breaker_percent'),
    graceHours: numberOf(form, 'grace_hours'),
    protectedRoles: [...form.keys()]
      .filter((name) => name.startsWith(ROLE_PREFIX))
      .map((name) => name.slice(ROLE_PREFIX.length)),
  };
}

/**
 * Of a choice, what is not simply the operator's: that would hold even after the operator changed theirs. What the admin chose before is
 * always in it.
 */
export function changedChoice(
  { operator, admin }: Pick<DirectoryPolicy, 'operator' | 'admin'>,
  choice: AdminChoice,
): AdminPolicy {
  const isTheirs = (name: keyof AdminChoice) =>
    admin[name] !== undefined || String(choice[name]) !== String(operator[name]);
  return {
    ...(isTheirs('isBreakerOn') && { isBreakerOn: choice.isBreakerOn }),
    ...(isTheirs('breakerPeople') && { breakerPeople: choice.breakerPeople }),
    ...(isTheirs('breakerPercent') && { breakerPercent: choice.breakerPercent }),
    ...(isTheirs('graceHours') && { graceHours: choice.graceHours }),
    ...(isTheirs('protectedRoles') && { protectedRoles: choice.protectedRoles }),
  };
}
