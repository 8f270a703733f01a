import { expect, test } from 'vitest';
import { protectedFieldOf, readPolicyForm } from './policy-values';

test('a policy is read from its fields, and a box that is not ticked is off', () => {
  const form = new FormData();
  for (const [name, value] of [
    ['announce_as', 'update'],
    ['breaker_people', '10'],
    ['breaker_percent', ' 5 '],
    ['grace_hours', '24'],
    [protectedFieldOf('admin'), 'on'],
    ['seat_overflow', 'hold'],
    ['can_admins_decide', 'on'],
  ] as const)
    form.set(name, value);
  expect(readPolicyForm(form)).toEqual({
    announceAs: 'update',
    isBreakerOn: false,
    breakerPeople: 10,
    breakerPercent: 5,
    graceHours: 24,
    protectedRoles: ['admin'],
    seatOverflow: 'hold',
    canAdminsDecide: true,
  });
});

test('an empty number is no number, so that it is refused instead of counting as 0', () => {
  const form = new FormData();
  form.set('breaker_people', '');
  expect(readPolicyForm(form).breakerPeople).toBeNaN();
});
