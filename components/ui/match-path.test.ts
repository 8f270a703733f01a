import { expect, test } from 'vitest';
import { matchPath } from './match-path';

const HREFS = ['/orgs/org_1', '/orgs/org_1/users', '/orgs/org_1/users-archive', '/logs?kind=scim'];

test('the page itself is current', () => expect(matchPath('/orgs/org_1', HREFS)).toBe('/orgs/org_1'));

test('a page below a tab keeps that tab current, not its parent', () =>
  expect(matchPath('/orgs/org_1/users/diruser_2', HREFS)).toBe('/orgs/org_1/users'));

test('a name that merely begins alike is not below', () =>
  expect(matchPath('/orgs/org_1/users-archive', HREFS)).toBe('/orgs/org_1/users-archive'));

test('a query in an address does not matter', () => expect(matchPath('/logs', HREFS)).toBe('/logs?kind=scim'));

test('elsewhere nothing is current', () => expect(matchPath('/orgs/org_12', HREFS)).toBeNull());
