import { expect, test } from 'vitest';
import { organizationFieldOf, readEndpointForm, readUtcTime, typeFieldOf, writeUtcTime } from './form-values';

function formOf(values: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  return form;
}

test('what is chosen counts only while “only these” is', () => {
  const values = {
    url: 'https://a.example/',
    [typeFieldOf('role.created')]: 'on',
    [organizationFieldOf('org_1')]: 'on',
  };
  expect(readEndpointForm(formOf({ ...values, types: 'all', organizations: 'all' }))).toMatchObject({
    eventTypes: [],
    organizationIds: [],
  });
  expect(
    readEndpointForm(
      formOf({ ...values, types: 'chosen', organizations: 'chosen', organization_ids: 'org_2,\norg_3' }),
    ),
  ).toEqual({
    url: 'https://a.example/',
    description: '',
    eventTypes: ['role.created'],
    organizationIds: ['org_1', 'org_2', 'org_3'],
  });
});

test('“only these” without any is refused, since none would mean all', () => {
  expect(() => readEndpointForm(formOf({ types: 'chosen' }))).toThrow('Choose at least one event');
  expect(() => readEndpointForm(formOf({ organizations: 'chosen' }))).toThrow('Choose at least one organization');
});

test('a date and time is read and written in UTC, and nonsense is none', () => {
  expect(readUtcTime('2026-11-23T14:05')?.toISOString()).toBe('2026-11-23T14:05:00.000Z');
  expect(writeUtcTime(new Date('2026-11-23T14:05:59Z'))).toBe('2026-11-23T14:05');
  for (const text of ['', 'tomorrow', '2026-13-40T99:00', '2026-11-23T14:05+02:00']) {
    expect(readUtcTime(text)).toBeUndefined();
  }
});
