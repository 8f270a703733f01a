import { describe, expect, it } from 'vitest';
import type { JsonObject } from './attribute';
import { isJsonObject } from './attribute';
import {
  findResourceType,
  findSchemaDocument,
  listResourceTypes,
  listSchemas,
  serviceProviderConfig,
} from './discovery';
import { compareForSort, listResponse, readListQuery, readSearchRequest, resolveSortPath } from './list';
import { isRequested, project, readProjection } from './project';
import { representResource } from './representation';
import { defineAttribute, ENTERPRISE_USER_URN, groupResourceType, USER_URN, userResourceType } from './schema';

const users = userResourceType();
const groups = groupResourceType();
const query = (text: string): ReturnType<typeof readListQuery> => readListQuery(new URLSearchParams(text));

describe('the query of a list', () => {
  it('has the defaults of the RFC', () => {
    expect(query('')).toEqual({ startIndex: 1, count: 100, sortOrder: 'ascending' });
  });

  it('clamps what is out of range', () => {
    expect(query('startIndex=0&count=-1')).toMatchObject({ startIndex: 1, count: 0 });
    expect(query('startIndex=-5&count=999999')).toMatchObject({ startIndex: 1, count: 1000 });
    expect(query('startIndex=99999999999999999999&count=0')).toMatchObject({ startIndex: 2_147_483_647, count: 0 });
  });

  it('takes names in any case, the first of repeated ones, and ignores the unknown', () => {
    expect(query('STARTINDEX=3&startIndex=9&aadOptscim062020&x=1&')).toEqual({
      startIndex: 3,
      count: 100,
      sortOrder: 'ascending',
    });
  });

  it('keeps the filter as it was sent, with a plus for a blank', () => {
    expect(query('filter=userName+eq+%22x%22&').filterText).toBe('userName eq "x"');
    expect(query('filter=').filterText).toBe('');
  });

  it.each(['startIndex=one', 'count=1.5', 'count=0x10', 'startIndex=NaN', 'sortOrder=up'])('refuses %s', (text) => {
    expect(() => query(text)).toThrow(expect.objectContaining({ status: 400, scimType: 'invalidValue' }));
  });

  it('pages by cursor when there is one, also an empty one', () => {
    expect(query('cursor=&count=10&startIndex=7')).toEqual({
      cursor: '',
      startIndex: 1,
      count: 10,
      sortOrder: 'ascending',
    });
    expect(query('cursor=aB3-_.~').cursor).toBe('aB3-_.~');
    expect(() => query('cursor=a%20b')).toThrow(expect.objectContaining({ scimType: 'invalidCursor' }));
    expect(() => query('cursor=&count=x')).toThrow(expect.objectContaining({ scimType: 'invalidCount' }));
  });

  it('means the same in the body of a search', () => {
    const body = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      filter: 'active eq true',
      startIndex: 5,
      COUNT: '7',
      sortBy: 'name.familyName',
      sortOrder: 'Descending',
      attributes: ['userName', 'name.givenName'],
      excludedAttributes: null,
    };
    const text =
      'filter=active eq true&startIndex=5&count=7&sortBy=name.familyName&sortOrder=descending&attributes=userName,name.givenName';
    expect(readSearchRequest(body)).toEqual(query(text));
    expect(() => readSearchRequest([])).toThrow(expect.objectContaining({ scimType: 'invalidSyntax' }));
    expect(() => readSearchRequest({ filter: 1 })).toThrow(expect.objectContaining({ scimType: 'invalidValue' }));
    expect(() => readSearchRequest({ count: 1.5 })).toThrow(expect.objectContaining({ scimType: 'invalidValue' }));
  });
});

describe('a list response', () => {
  it('without matches has Resources and integer counters', () => {
    expect(listResponse({ resources: [], totalResults: 0, startIndex: 1 })).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
  });

  it('by cursor names the next page and no index', () => {
    const response = listResponse({ resources: [{ id: 'a' }], totalResults: 2, nextCursor: 'n' });
    expect(response).toMatchObject({ itemsPerPage: 1, nextCursor: 'n' });
    expect(response).not.toHaveProperty('startIndex');
    expect(response).not.toHaveProperty('previousCursor');
  });
});

describe('sorting', () => {
  const people: JsonObject[] = [
    { id: '1', userName: 'b', emails: [{ value: 'z@x' }, { value: 'a@x', primary: true }] },
    { id: '2', userName: 'C', emails: [{ value: 'm@x' }] },
    { id: '3', userName: 'a' },
    { id: '4', userName: '😀', meta: { created: '2026-01-01T00:00:00+02:00' } },
    { id: '5', userName: '\uFFFD', meta: { created: '2026-01-01T00:00:00Z' } },
  ];
  const sorted = (by: string, order: 'ascending' | 'descending' = 'ascending'): string =>
    people
      .toSorted(compareForSort(resolveSortPath(by, users), order))
      .map((person) => person['id'])
      .join('');

  it('folds case where the attribute does and goes by code point', () => {
    expect(sorted('USERNAME')).toBe('31254');
    expect(sorted('userName', 'descending')).toBe('45213');
  });

  it('goes by the primary value, and puts those without a value last, first when descending', () => {
    expect(sorted('emails')).toBe('12345');
    expect(sorted('emails.value', 'descending').slice(0, 3)).toBe('345');
    expect(sorted('meta.created').slice(0, 2)).toBe('45');
  });

  it.each(['nope', 'password', 'name', USER_URN, ''])('by %j is refused', (by) => {
    expect(() => resolveSortPath(by, users)).toThrow(expect.objectContaining({ scimType: 'invalidValue' }));
  });
});

const represented = representResource(
  {
    id: 'diruser_1',
    document: {
      userName: 'ada',
      externalId: 'x1',
      name: { givenName: 'Ada', familyName: 'L' },
      emails: [{ value: 'a@x', type: 'work' }],
      [ENTERPRISE_USER_URN]: { department: 'M', costCenter: '1' },
    },
    created: new Date(0),
    lastModified: new Date(1000),
    version: 3,
    location: 'https://x.example/Users/diruser_1',
    groups: [{ id: 'dirgroup_1', display: 'Engines', location: 'https://x.example/Groups/dirgroup_1' }],
  },
  users,
);

describe('a representation', () => {
  it('is complete, and schemas name what is there', () => {
    expect(represented).toEqual({
      schemas: [USER_URN, ENTERPRISE_USER_URN],
      id: 'diruser_1',
      externalId: 'x1',
      userName: 'ada',
      name: { givenName: 'Ada', familyName: 'L' },
      emails: [{ value: 'a@x', type: 'work' }],
      [ENTERPRISE_USER_URN]: { department: 'M', costCenter: '1' },
      groups: [
        { value: 'dirgroup_1', $ref: 'https://x.example/Groups/dirgroup_1', display: 'Engines', type: 'direct' },
      ],
      meta: {
        resourceType: 'User',
        created: '1970-01-01T00:00:00.000Z',
        lastModified: '1970-01-01T00:00:01.000Z',
        location: 'https://x.example/Users/diruser_1',
        version: 'W/"3"',
      },
    });
  });

  it('of a group has members only when they were read', () => {
    const group = {
      id: 'g',
      document: { displayName: 'E' },
      created: new Date(0),
      lastModified: new Date(0),
      version: 1,
      location: 'l',
    };
    expect(representResource(group, groups)).not.toHaveProperty('members');
    expect(representResource({ ...group, members: [] }, groups)).toHaveProperty('members', []);
    expect(representResource({ ...group, members: [{ id: 'u', type: 'Group' }] }, groups)['members']).toEqual([
      { value: 'u', type: 'Group' },
    ]);
  });
});

describe('a projection', () => {
  const shown = (attributes?: string[], excludedAttributes?: string[]): JsonObject =>
    project(represented, users, {
      ...(attributes && { attributes }),
      ...(excludedAttributes && { excludedAttributes }),
    });

  it('always shows id and schemas', () => {
    expect(shown(['userName'])).toEqual({ schemas: represented['schemas'], id: 'diruser_1', userName: 'ada' });
    expect(shown(undefined, ['id', 'schemas'])).toEqual(represented);
    expect(Object.keys(shown(['nope']))).toEqual(['schemas', 'id']);
  });

  it('reaches sub-attributes and extensions, in any case', () => {
    expect(shown(['NAME.givenname', `${ENTERPRISE_USER_URN}:Department`])).toMatchObject({
      name: { givenName: 'Ada' },
    });
    expect(shown([`${ENTERPRISE_USER_URN}:department`])[ENTERPRISE_USER_URN]).toEqual({ department: 'M' });
    expect(shown([ENTERPRISE_USER_URN.toLowerCase()])[ENTERPRISE_USER_URN]).toEqual({
      department: 'M',
      costCenter: '1',
    });
    expect(shown(['department'])[ENTERPRISE_USER_URN]).toEqual({ department: 'M' });
    expect(shown(['emails.type'])['emails']).toEqual([{ type: 'work' }]);
    expect(shown([USER_URN])).not.toHaveProperty(ENTERPRISE_USER_URN);
  });

  it('leaves out what is excluded', () => {
    expect(shown(undefined, ['groups', 'name.familyName', 'meta'])).not.toHaveProperty('groups');
    expect(shown(undefined, ['name.familyName'])['name']).toEqual({ givenName: 'Ada' });
    expect(shown(undefined, [ENTERPRISE_USER_URN])).not.toHaveProperty(ENTERPRISE_USER_URN);
    expect(shown(['name', 'emails'], ['name.familyName'])).toMatchObject({
      name: { givenName: 'Ada' },
      emails: [{ type: 'work' }],
    });
  });

  it('never shows what is never returned, and shows on request what needs one', () => {
    const secret = { ...represented, password: 'x' };
    expect(project(secret, users, { attributes: ['password'] })).not.toHaveProperty('password');
    const urn = 'urn:example:x:2.0:User';
    const withRequest = userResourceType([
      { id: urn, name: 'X', description: 'X', attributes: [defineAttribute('badge', 'B.', { returned: 'request' })] },
    ]);
    const resource = { ...represented, [urn]: { badge: '1' } };
    expect(project(resource, withRequest)).not.toHaveProperty(urn);
    expect(project(resource, withRequest, { attributes: [`${urn}:badge`] })[urn]).toEqual({ badge: '1' });
  });

  it('tells beforehand what need not be read', () => {
    const read = (text: string): boolean => isRequested(groups, readProjection(new URLSearchParams(text)), 'members');
    expect(read('')).toBe(true);
    expect(read('excludedAttributes=members')).toBe(false);
    expect(read('excludedattributes=MEMBERS,x')).toBe(false);
    expect(read('excludedAttributes=members.display')).toBe(true);
    expect(read('attributes=displayName')).toBe(false);
    expect(read('attributes=displayName&attributes=members.value')).toBe(true);
    expect(read('attributes=')).toBe(true);
  });
});

describe('discovery', () => {
  const options = { baseUrl: 'https://x.example/scim/v2/dir_1', resourceTypes: [users, groups] };

  it('lists each schema once, with every characteristic and without nulls', () => {
    const list = listSchemas(options);
    expect(list).toMatchObject({ totalResults: 3, itemsPerPage: 3, startIndex: 1 });
    const text = JSON.stringify(list);
    expect(text).not.toContain('null');
    expect(text).not.toContain('maxLengthBytes');
    const user = findSchemaDocument(options, USER_URN.toUpperCase());
    const attributes = Array.isArray(user?.['attributes']) ? user['attributes'] : [];
    expect(attributes.find((item) => isJsonObject(item) && item['name'] === 'userName')).toEqual({
      name: 'userName',
      type: 'string',
      multiValued: false,
      description: expect.any(String) as string,
      required: true,
      caseExact: false,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'server',
    });
    expect(findSchemaDocument(options, 'urn:nope')).toBeUndefined();
  });

  it('names the resource types and finds each by name', () => {
    expect(listResourceTypes(options)).toMatchObject({ totalResults: 2 });
    expect(findResourceType(options, 'user')).toMatchObject({
      id: 'User',
      name: 'User',
      endpoint: '/Users',
      schema: USER_URN,
      schemaExtensions: [{ schema: ENTERPRISE_USER_URN, required: false }],
      meta: { resourceType: 'ResourceType', location: 'https://x.example/scim/v2/dir_1/ResourceTypes/User' },
    });
    expect(findResourceType(options, 'Device')).toBeUndefined();
  });

  it('says what the service can do', () => {
    expect(serviceProviderConfig(options)).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 1_048_576 },
      filter: { supported: true, maxResults: 1000 },
      sort: { supported: true },
      etag: { supported: true },
      changePassword: { supported: false },
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'index',
        defaultPageSize: 100,
        maxPageSize: 1000,
      },
      authenticationSchemes: [{ type: 'oauthbearertoken' }],
    });
  });
});
