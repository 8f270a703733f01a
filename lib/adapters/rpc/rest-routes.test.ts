import { describe, expect, it } from 'vitest';
import { listRoutes, matchRoutes, readPathValues } from './rest-routes';

const nameOf = (verb: string, path: string): string | undefined =>
  matchRoutes(path).find(({ rule }) => rule.verb === verb)?.method.name;

describe('REST routes', () => {
  it('reach every method by its own path', () => {
    const unreachable = listRoutes().filter(({ rule, method }) => {
      const path = rule.path.replace(/\{\w+\}/g, 'value_1');
      return nameOf(rule.verb, path) !== method.name;
    });
    expect(unreachable.map(({ rule }) => rule.path)).toEqual([]);
    expect(listRoutes().length).toBeGreaterThan(180);
  });

  it.each([
    ['GET', '/api/v1/organizations/org_1', 'GetOrganization'],
    ['GET', '/api/v1/organizations:search', 'SearchOrganization'],
    ['GET', '/api/v1/organizations:external/acme', 'GetOrganizationByExternalId'],
    ['PATCH', '/api/v1/organizations/org_1/directories/dir_1:enable', 'EnableDirectory'],
    ['PATCH', '/api/v1/organizations/org_1/directories/dir_1', 'UpdateDirectory'],
    ['GET', '/api/v1/organizations/org_1/directories/dir_1:sync', 'TriggerDirectorySync'],
    ['GET', '/api/v1/organizations/-/connections', 'ListOrganizationConnections'],
    ['GET', '/api/v1/users/me', 'GetCurrentUser'],
    ['GET', '/api/v1/users/usr_1', 'GetUser'],
    ['PATCH', '/api/v1/roles/default', 'UpdateDefaultRoles'],
    ['GET', '/api/v1/roles/default', 'GetRole'],
    ['PUT', '/api/v1/organizations/o/directories/d/groups/-/roles:assign', 'AssignRoles'],
    ['GET', '/api/v1/organizations/', undefined],
    ['GET', '/api/v1/organizations/org_1/', undefined],
    ['GET', '/api/v2/organizations', undefined],
    ['GET', '/API/v1/organizations', undefined],
  ])('take %s %s to %s', (verb, path, name) => {
    expect(nameOf(verb, path)).toBe(name);
  });

  it('decode path values after they are split, so that an id may hold a slash or a colon', () => {
    const path = '/api/v1/organizations:external/a%2Fb%3Asearch';
    const [route] = matchRoutes(path);
    expect(route && readPathValues(route, path)).toEqual({ external_id: 'a/b:search' });
    expect(() => route && readPathValues(route, '/api/v1/organizations:external/%E0%A4%A')).toThrow(URIError);
  });
});
