import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '@/lib/domain/deprovisioning/types';
import { changedChoice, protectedFieldOf, readAdminForm } from './admin-values';

function formOf(values: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  return form;
}

const SAME = { breaker: 'on', breaker_people: '25', breaker_percent: '20', grace_hours: '0' };

test('what equals the operator’s choice is left to the operator', () => {
  const policy = { operator: DEFAULT_POLICY, admin: {} };
  expect(changedChoice(policy, readAdminForm(formOf(SAME)))).toEqual({});
  expect(
    changedChoice(policy, readAdminForm(formOf({ ...SAME, breaker_people: '10', [protectedFieldOf('admin')]: 'on' }))),
  ).toEqual({ breakerPeople: 10, protectedRoles: ['admin'] });
});

test('what the admin chose before can be taken back', () => {
  const policy = { operator: DEFAULT_POLICY, admin: { breakerPeople: 10 } };
  expect(changedChoice(policy, readAdminForm(formOf(SAME)))).toEqual({ breakerPeople: 25 });
});

test('an empty number is no number', () => {
  expect(readAdminForm(formOf({ breaker_people: ' ' })).breakerPeople).toBeNaN();
});
