import { expect, test } from 'vitest';
import type { JsonObject } from './attribute';
import { lookUp, readLookUpPath } from './look-up';
import { ENTERPRISE_USER_SCHEMA, userResourceType } from './schema';

const TYPE = userResourceType();
const USER: JsonObject = {
  userName: 'ada',
  title: 'Countess',
  name: { givenName: 'Ada' },
  emails: [
    { value: 'ada@home.test', type: 'home' },
    { value: 'ada@work.test', type: 'work' },
  ],
  [ENTERPRISE_USER_SCHEMA.id]: { department: 'Engines', manager: { value: '7' } },
  'urn:acme:2.0:User': { badge: 'B-1', floor: 3 },
};

function find(text: string) {
  const path = readLookUpPath(text, TYPE);
  return path && lookUp(USER, path);
}

test.each([
  ['title', 'Countess'],
  ['TITLE', 'Countess'],
  ['name.givenName', 'Ada'],
  ['name', { givenName: 'Ada' }],
  ['emails.value', ['ada@home.test', 'ada@work.test']],
  ['emails[type eq "work"].value', 'ada@work.test'],
  ['emails[type eq "other"].value', undefined],
  ['phoneNumbers.value', undefined],
  ['nickName', undefined],
  [`${ENTERPRISE_USER_SCHEMA.id}:department`, 'Engines'],
  [`${ENTERPRISE_USER_SCHEMA.id}:manager.value`, '7'],
  ['urn:acme:2.0:User:badge', 'B-1'],
  ['urn:acme:2.0:User:floor', 3],
])('the path %s leads to its value', (text, value) => {
  expect(find(text)).toEqual(value);
});

test.each(['password', 'shoeSize', 'emails[', '', 'name.shoe', ENTERPRISE_USER_SCHEMA.id])(
  'the path "%s" names nothing that can be shown',
  (text) => {
    expect(readLookUpPath(text, TYPE)).toBeUndefined();
  },
);
