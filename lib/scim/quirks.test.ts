import { describe, expect, it } from 'vitest';
import { readMembers } from './members';
import { applyPatch, readPatch } from './patch';
import { parsePath, parsePathOrSchema } from './path';
import {
  canonicalSchemaUrn,
  isAcceptedMediaType,
  isMisplacedSchema,
  liftPathOutOfQuery,
  memberIdFromReference,
  readBoolean,
  readNumber,
  readOperationName,
} from './quirks';
import {
  defineAttribute,
  ENTERPRISE_USER_URN,
  GROUP_URN,
  groupResourceType,
  USER_URN,
  userResourceType,
} from './schema';
import { formatPath } from './syntax';
import { readResource } from './validate';

const users = userResourceType();

describe('tolerances', () => {
  it('take operation names and booleans in any case, and nothing like them', () => {
    expect(['Add', 'REPLACE', ' remove'].map(readOperationName)).toEqual(['add', 'replace', 'remove']);
    expect([readOperationName('move'), readOperationName(1), readOperationName('')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([true, 'True', 'FALSE', ' false '].map(readBoolean)).toEqual([true, true, false, false]);
    expect(['yes', 1, 0, '', null].map(readBoolean)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(['12', ' -1.5e3 ', 7].map(readNumber)).toEqual([12, -1500, 7]);
    expect(['', '0x1', '1e999', Number.NaN, true].map(readNumber)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('know the schema URNs from before the RFCs', () => {
    expect(canonicalSchemaUrn('urn:scim:schemas:core:1.0', USER_URN)).toBe(USER_URN);
    expect(canonicalSchemaUrn('URN:SCIM:schemas:core:2.0:User:userName', USER_URN)).toBe(`${USER_URN}:userName`);
    expect(canonicalSchemaUrn('urn:scim:schemas:core:2.0:userName', USER_URN)).toBe(`${USER_URN}:userName`);
    expect(canonicalSchemaUrn('urn:scim:schemas:extension:enterprise:1.0:department', USER_URN)).toBe(
      `${ENTERPRISE_USER_URN}:department`,
    );
    expect(isMisplacedSchema(GROUP_URN, USER_URN)).toBe(true);
    expect(isMisplacedSchema(USER_URN.toUpperCase(), USER_URN)).toBe(false);
    expect(
      isMisplacedSchema('http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group', GROUP_URN),
    ).toBe(false);
  });

  it('find the id of a member in its address', () => {
    expect(memberIdFromReference('https://x.example/scim/v2/dir_1/Users/diruser_1?x=1')).toBe('diruser_1');
    expect(memberIdFromReference('../Groups/a%20b/')).toBe('a b');
    expect(memberIdFromReference('///')).toBeUndefined();
    expect(readMembers([{ $ref: '../Groups/dirgroup_1', value: null }])).toEqual([
      { value: 'dirgroup_1', type: 'Group' },
    ]);
  });

  it('lift the path out of the query that a feature flag made', () => {
    expect(liftPathOutOfQuery('/scim/v2/dir_1?aadOptscim062020/Users?filter=x')).toBe('/scim/v2/dir_1/Users?filter=x');
    expect(liftPathOutOfQuery('/scim/v2/dir_1/?aadOptscim062020/Groups/7')).toBe('/scim/v2/dir_1/Groups/7');
    expect(liftPathOutOfQuery('/scim/v2/dir_1/Users?aadOptscim062020&filter=x')).toBe(
      '/scim/v2/dir_1/Users?aadOptscim062020&filter=x',
    );
    expect(liftPathOutOfQuery('/scim/v2/dir_1/Users?filter=a/b')).toBe('/scim/v2/dir_1/Users?filter=a/b');
  });

  it('accept both media types of JSON and no others', () => {
    for (const type of ['application/scim+json; charset=utf-8', 'Application/JSON', undefined, ''])
      expect(isAcceptedMediaType(type)).toBe(true);
    for (const type of ['text/plain', 'application/xml', 'application/jsonx'])
      expect(isAcceptedMediaType(type)).toBe(false);
  });
});

describe('a path', () => {
  it.each([
    ['userName', 'userName'],
    ['NAME.GIVENNAME', 'name.givenName'],
    [` ${USER_URN}:name.givenName `, 'name.givenName'],
    [`${ENTERPRISE_USER_URN}:manager.value`, `${ENTERPRISE_USER_URN}:manager.value`],
    ['manager.displayname', `${ENTERPRISE_USER_URN}:manager.displayName`],
    ['emails[type eq "a.b].c"].value', 'emails.value'],
    [`${USER_URN}:emails[type eq "work"]`, 'emails'],
    ['meta.lastModified', 'meta.lastModified'],
  ])('%s leads to %s', (text, expected) => {
    expect(formatPath(parsePath(text, users))).toBe(expected);
  });

  it.each([
    '',
    'a.b',
    'name.',
    '.name',
    'name..givenName',
    'emails[type eq "x"]value',
    'emails[type eq "x"].value.x',
    'emails[type eq "x"][type eq "y"]',
    `${ENTERPRISE_USER_URN}.department`,
    `${USER_URN}:department`,
    'userName eq "x"',
    ENTERPRISE_USER_URN,
    'constructor',
    'x'.repeat(100_000),
  ])('%s is invalidPath', (text) => {
    expect(() => parsePath(text, users)).toThrow(expect.objectContaining({ status: 400, scimType: 'invalidPath' }));
  });

  it('belongs to the longest URN that fits', () => {
    const urn = 'urn:example:2.0:User';
    const attribute = (name: string): ReturnType<typeof defineAttribute> => defineAttribute(name, name);
    const extended = userResourceType([
      { id: urn, name: 'X', description: 'X', attributes: [attribute('Extra'), attribute('one')] },
      { id: `${urn}:Extra`, name: 'Y', description: 'Y', attributes: [attribute('one'), attribute('two')] },
    ]);
    expect(formatPath(parsePath(`${urn}:one`, extended))).toBe(`${urn}:one`);
    expect(formatPath(parsePath(`${urn}:Extra:one`, extended))).toBe(`${urn}:Extra:one`);
    expect(parsePathOrSchema(`${urn}:Extra`, extended)).toEqual({
      kind: 'schema',
      schema: `${urn}:Extra`,
      isExtension: true,
    });
    expect(() => parsePath(`${urn}s:one`, extended)).toThrow(expect.objectContaining({ scimType: 'invalidPath' }));
  });

  it('with a broken filter is invalidFilter', () => {
    for (const text of [
      'emails[',
      'emails[type]',
      'emails[type eq x]',
      'name[givenName eq "x"]',
      'emails[nope eq "x"]',
    ]) {
      expect(() => parsePath(text, users)).toThrow(expect.objectContaining({ scimType: 'invalidFilter' }));
    }
  });
});

describe('values that no column can hold', () => {
  const refused = expect.objectContaining({ status: 400, scimType: 'invalidValue' });
  const create = (body: unknown): unknown => readResource(body, users, 'create');

  it('are refused: NUL, half a surrogate pair, keys that are too long', () => {
    expect(() => create({ userName: 'a\0' })).toThrow(refused);
    expect(() => create({ userName: 'a', name: { givenName: '\ud83d' } })).toThrow(refused);
    expect(() => create({ userName: 'é'.repeat(513) })).toThrow(refused);
    expect(() => create({ userName: 'a', title: 'x'.repeat(1_048_577) })).toThrow(refused);
    expect(() => create({ userName: 'a', emails: Array.from({ length: 1001 }, () => ({ value: 'x' })) })).toThrow(
      refused,
    );
  });

  it('are told from long ones that fit', () => {
    expect(create({ userName: 'é'.repeat(512), title: 'x'.repeat(1_048_576) })).toMatchObject({ ignored: [] });
  });

  it.each([
    [{ userName: 1 }],
    [{ userName: ['a', 'b'] }],
    [{ userName: {} }],
    [{ userName: 'a', active: 'yes' }],
    [{ userName: 'a', active: 1 }],
    [{ userName: 'a', name: 'Ada' }],
    [{ userName: 'a', emails: [['x']] }],
    [{ userName: 'a', emails: [{ value: true }] }],
    [{ userName: 'a', x509Certificates: [{ value: 'not base64!' }] }],
    [{ userName: 'a', [ENTERPRISE_USER_URN]: 'x' }],
    [{ userName: '' }],
    [{ userName: null }],
  ])('and so is what does not fit its attribute: %j', (body) => {
    expect(() => create(body)).toThrow(refused);
  });

  it('and a body that is no object is invalidSyntax', () => {
    for (const body of [null, 1, 'x', [], undefined]) {
      expect(() => create(body)).toThrow(expect.objectContaining({ scimType: 'invalidSyntax' }));
    }
  });

  it('members of 100,000 are read, each once', () => {
    const list = Array.from({ length: 100_000 }, (_item, index) => ({ value: `diruser_${index % 50_000}` }));
    const { members } = readResource({ displayName: 'All', members: list }, groupResourceType(), 'replace');
    expect(members).toHaveLength(50_000);
  });
});

describe('an extension that is required', () => {
  const urn = 'urn:example:2.0:User';
  const attributes = [defineAttribute('badge', 'B.', { required: true }), defineAttribute('desk', 'D.')];
  const base = userResourceType();
  const strict = {
    ...base,
    extensions: [...base.extensions, { schema: { id: urn, name: 'X', description: 'X', attributes }, required: true }],
  };
  const refused = expect.objectContaining({ status: 400, scimType: 'invalidValue' });

  it('must be there on create and cannot be taken away later', () => {
    expect(() => readResource({ userName: 'a' }, strict, 'create')).toThrow(refused);
    expect(() => readResource({ userName: 'a', [urn]: { desk: '1' } }, strict, 'create')).toThrow(refused);
    const { resource } = readResource({ userName: 'a', [urn]: { badge: '1' } }, strict, 'create');
    const { operations } = readPatch({ Operations: [{ op: 'remove', path: urn }] }, strict);
    expect(() => applyPatch(resource, operations, strict)).toThrow(refused);
  });
});
