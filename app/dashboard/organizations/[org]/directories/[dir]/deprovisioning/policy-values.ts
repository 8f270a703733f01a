import type { RemovalPolicy } from '@/lib/domain/deprovisioning/types';
import { textOf } from '../../../../../form-text';

const ROLE_PREFIX = 'protected:';

/** The name of the checkbox of a role. Names differ, so that what was chosen is there again after a mistake. */
export function protectedFieldOf(roleName: string): string {
  return ROLE_PREFIX + roleName;
}

/** A number, or NaN for an empty field, which must not count as 0. */
function numberOf(form: FormData, name: string): number {
  const text = textOf(form, name).trim();
  return text === '' ? Number.NaN : Number(text);
}

/** What the form of a policy says. Numbers are checked by the command. */
export function readPolicyForm(form: FormData): RemovalPolicy {
  return {
    announceAs: textOf(form, 'announce_as') === 'update' ? 'update' : 'delete',
    isBreakerOn: form.has('breaker'),
    breakerPeople: numberOf(form, 'breaker_people'),
    breakerPercent: numberOf(form, 'breaker_percent'),
    graceHours: numberOf(form, 'grace_hours'),
    protectedRoles: [...form.keys()]
      .filter((name) => name.startsWith(ROLE_PREFIX))
      .map((name) => name.slice(ROLE_PREFIX.length)),
    seatOverflow: textOf(form, 'seat_overflow') === 'hold' ? 'hold' : 'refuse',
    canAdminsDecide: form.has('can_admins_decide'),
  };
}
