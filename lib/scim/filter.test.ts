import { describe, expect, it } from 'vitest';
import type { JsonObject } from './attribute';
import { ScimError } from './error';
import { MAX_FILTER_DEPTH, MAX_FILTER_LENGTH, MAX_FILTER_TERMS, parseFilter, parseInstant } from './filter';
import { matches } from './match';
import { defineAttribute, groupResourceType, userResourceType } from './schema';

const custom = {
  id: 'urn:example:params:scim:schemas:extension:2.0:Badge',
  name: 'Badge',
  description: 'Badges',
  attributes: [
    defineAttribute('level', 'Level.', { type: 'integer' }),
    defineAttribute('issued', 'When.', { type: 'dateTime' }),
    defineAttribute('tags', 'Tags.', { multiValued: true }),
    defineAttribute('constructor', 'A name that every object inherits.'),
  ],
};
const users = userResourceType([custom]);

const ada: JsonObject = {
  id: 'diruser_1',
  externalId: 'AbC',
  userName: 'Ada@Lovelace.example',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  title: 'Straße "1"',
  nickName: '',
  active: true,
  emails: [
    { value: 'ada@work.example', type: 'work', primary: true },
    { value: 'ada@home.example', type: 'home' },
  ],
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
    department: 'Maths',
    manager: { value: 'diruser_9' },
  },
  [custom.id]: { level: 7, issued: '2026-01-31T08:00:00+01:00', tags: ['Blue', 'red'] },
  meta: { resourceType: 'User', lastModified: '2026-11-23T20:00:00.500Z' },
};

const finds = (text: string): boolean => matches(parseFilter(text, users), ada);

describe('a filter finds', () => {
  it.each([
    'userName eq "ada@lovelace.EXAMPLE"',
    'USERNAME Eq "ada@lovelace.example"',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ADA"',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "maths"',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value eq "diruser_9"',
    'urn:scim:schemas:extension:enterprise:2.0:department eq "maths"',
    'department eq "maths"',
    'manager eq "diruser_9"',
    'id eq "diruser_1" and manager eq "diruser_9"',
    'externalId eq "AbC"',
    'name.familyName co "LACE"',
    'name pr',
    'emails pr',
    'emails co "@home"',
    'emails eq "ada@home.example"',
    'email Co "@home"',
    'emails.type eq "home"',
    'emails[type eq "work" and value co "@work"]',
    'emails[type eq "WORK"].value eq "ada@work.example"',
    'emails[type eq "work"].value pr',
    'emails[not (type eq "work")]',
    'emails[primary eq true]',
    'emails[primary eq "True"].value sw "ada"',
    'emails[(type eq "x" or type eq "home") and not (primary pr)]',
    'active eq true',
    'active eq True',
    'active eq "TRUE"',
    'active ne false',
    'title eq "Stra\\u00dfe \\"1\\""',
    'not (title pr) or active eq true',
    'title ne "x" and displayName ne "x"',
    'displayName eq null and title ne null',
    'not(displayName pr)',
    'userName gt "a" and userName ge "ada@lovelace.example" and userName lt "b" and userName le "ada@lovelace.example"',
    'level eq 7 and level gt 6.5 and level le 7e0 and level eq "7"',
    'issued eq "2026-01-31T07:00:00Z" and issued lt "2026-01-31T08:00:00Z"',
    'issued gt "2026-01-31T06:59:59.999Z"',
    'meta.lastModified ge "2026-11-23T21:00:00.5+01:00"',
    'meta.resourceType eq "User"',
    'tags eq "blue" and tags eq "RED"',
    'tags[value sw "b"]',
    '( userName pr )\tand\t(active eq true)',
    'emails.type ne "work"',
    'displayName pr or title pr and active eq true',
  ])('%s', (text) => {
    expect(finds(text)).toBe(true);
  });
});

describe('a filter passes over', () => {
  it.each([
    'userName eq "ada"',
    'externalId eq "abc"',
    'emails[type eq "home" and value co "@work"]',
    'emails[type eq "home"].value eq "ada@work.example"',
    'active eq false',
    'nickName pr',
    'displayName pr',
    'displayName eq "x"',
    'displayName gt "a"',
    'not (userName pr)',
    'title pr and active eq false or displayName pr',
    'constructor pr',
    'name.middleName pr',
    'emails[display pr]',
    'level ne 7',
    'title eq "strasse \\"1\\""',
  ])('%s', (text) => {
    expect(finds(text)).toBe(false);
  });
});

describe('anything else is invalidFilter, never everybody', () => {
  it.each([
    '',
    ' ',
    'userName',
    'userName eq',
    'userName eq ada',
    "userName eq 'ada'",
    'userName = "ada"',
    'userName regex "a"',
    'userName eq "a',
    'userName eq "a\\x"',
    'userName eq "a\u0001"',
    'userName eq "\\u0000"',
    'userName eq "\\ud800"',
    'userName eq "a" and',
    'userName eq "a" userName eq "b"',
    'userName eq "a" xor active eq true',
    'and userName pr',
    '(userName pr',
    'userName pr)',
    'not userName pr',
    'shoeSize eq 1',
    'userName.value eq "a"',
    'name eq "x"',
    'name.nick eq "x"',
    'userName[value eq "x"]',
    'name[givenName eq "x"]',
    'emails[type eq "x"',
    'emails[]',
    'emails[type eq "x"].nope eq "x"',
    'emails[type eq "x"]value eq "x"',
    'emails[emails[type eq "x"]]',
    'emails[shoeSize eq 1]',
    'active gt true',
    'active co "t"',
    'active eq "yes"',
    'active eq 1',
    'meta.created gt "yesterday"',
    'meta.created co "2026"',
    'meta.created gt 2026',
    'level eq "x"',
    'level eq 1e999',
    'level co 7',
    'level eq 007',
    'x509Certificates.value gt "a"',
    'userName gt null',
    'password eq "secret"',
    'password pr',
    'urn:ietf:params:scim:schemas:core:2.0:User',
    'urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "x"',
    '__proto__ eq "x"',
    'toString pr',
    'members pr',
    'userName eq "a" or',
    '{"a":1}',
  ])('%s', (text) => {
    expect(() => parseFilter(text, users)).toThrow(expect.objectContaining({ status: 400, scimType: 'invalidFilter' }));
  });
});

describe('limits of a filter', () => {
  const refused = expect.objectContaining({ scimType: 'invalidFilter' });

  it('nests to the limit and no deeper', () => {
    const nested = (depth: number): string => `${'('.repeat(depth)}userName pr${')'.repeat(depth)}`;
    expect(parseFilter(nested(MAX_FILTER_DEPTH), users).kind).toBe('present');
    expect(() => parseFilter(nested(MAX_FILTER_DEPTH + 1), users)).toThrow(refused);
    expect(() => parseFilter('not('.repeat(4000), users)).toThrow(refused);
  });

  it('takes a limited number of comparisons and characters', () => {
    const chain = (terms: number): string => Array.from({ length: terms }, () => 'id pr').join(' or ');
    expect(parseFilter(chain(MAX_FILTER_TERMS), users).kind).toBe('or');
    expect(() => parseFilter(chain(MAX_FILTER_TERMS + 1), users)).toThrow(refused);
    expect(() => parseFilter(`userName eq "${'x'.repeat(MAX_FILTER_LENGTH)}"`, users)).toThrow(refused);
  });
});

describe('the tree of a filter', () => {
  it('binds not before and before or', () => {
    const tree = parseFilter('id pr or not (title pr) and active eq true', users);
    expect(tree).toMatchObject({
      kind: 'or',
      filters: [{ kind: 'present' }, { kind: 'and', filters: [{ kind: 'not' }, { kind: 'compare', value: true }] }],
    });
  });

  it('keeps both conditions of a bracket with a sub-attribute on one element', () => {
    expect(parseFilter('emails[type eq "work"].value eq "a"', users)).toMatchObject({
      kind: 'valuePath',
      path: { attribute: { name: 'emails' } },
      filter: { kind: 'and', filters: [{ value: 'work' }, { value: 'a', path: { subAttribute: { name: 'value' } } }] },
    });
  });

  it('takes unquoted literals of string attributes as their text', () => {
    expect(parseFilter('externalId eq 4711', users)).toMatchObject({ kind: 'compare', value: '4711' });
    expect(parseFilter('externalId eq 1.50', users)).toMatchObject({ kind: 'compare', value: '1.50' });
  });

  it('knows the members of groups and not those of users', () => {
    expect(parseFilter('id eq "g" and members eq "u"', groupResourceType()).kind).toBe('and');
    expect(() => parseFilter('members eq "u"', users)).toThrow(ScimError);
  });
});

describe('an instant', () => {
  it.each([
    ['2026-01-31T08:00:00Z', Date.UTC(2026, 0, 31, 8)],
    ['2026-01-31t08:00:00.123456z', Date.UTC(2026, 0, 31, 8, 0, 0, 123)],
    ['2026-01-31T08:00:00', Date.UTC(2026, 0, 31, 8)],
    ['2026-01-31T08:00:00.5-02:30', Date.UTC(2026, 0, 31, 10, 30, 0, 500)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ])('%s is read', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  it.each([
    '2026-01-31',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-31 08:00:00Z',
    'now',
    '',
    '2026-01-31T25:00:00Z',
  ])('%s is none', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
