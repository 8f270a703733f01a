import { expect, test } from 'vitest';
import { SCOPES } from '@/lib/domain/credential/types';
import { describeManagementApi } from './api';
import { authRuleOf } from './caller';
import { listMethods, SERVICES, type ServiceName } from './descriptors';
import { httpRulesOf } from './http-rules';
import { requiredScopeOf, requireScope } from './scopes';

const ORIGIN = 'https://gatehouse.test';
/** Methods whose scope is not what their verb says. */
const NOT_BY_VERB = ['TriggerDirectorySync', 'ListEvents', 'ListEventsPaginated'];

/** Every method that is built, with its name. */
function builtMethods() {
  const { services } = describeManagementApi(ORIGIN);
  return (Object.keys(services) as ServiceName[]).flatMap((name) =>
    listMethods(SERVICES[name]).filter(({ localName }) => Object.hasOwn(services[name] ?? {}, localName)),
  );
}

test('every call that is built has a scope of its area: what reads needs read, what acts needs write', () => {
  const methods = builtMethods();
  expect(methods.length).toBeGreaterThan(70);
  for (const method of methods) {
    const scope = requiredScopeOf(method);
    expect(SCOPES, method.name).toContain(scope);
    expect(scope, method.name).not.toBe('admin');
    const isRead = scope.endsWith(':read');
    if (!NOT_BY_VERB.includes(method.name)) expect(httpRulesOf(method)[0]?.verb === 'GET', method.name).toBe(isRead);
    // The contract says for its own sessions what reads and what writes: it must not be more than we ask for.
    for (const permission of authRuleOf(method).permissions) {
      if (permission.endsWith('_write')) expect(isRead, method.name).toBe(false);
    }
  }
});

test('every scope but admin guards some call', () => {
  const used = new Set(builtMethods().map(requiredScopeOf));
  expect(SCOPES.filter((scope) => scope !== 'admin' && !used.has(scope))).toEqual([]);
});

test('a call needs its own scope or admin; people are judged by what they are', () => {
  const as = (...scopes: string[]) => ({ kind: 'apiClient', id: 'skc_1', scopes }) as const;
  expect(() => requireScope(as('admin'), 'users:read', 'GetUser')).not.toThrow();
  expect(() => requireScope(as('roles:read', 'users:read'), 'users:read', 'GetUser')).not.toThrow();
  expect(() => requireScope({ kind: 'operator', id: 'acc_1', email: 'a@b.c' }, 'users:read', 'GetUser')).not.toThrow();
  for (const actor of [as(), as('users:write'), as('user')]) {
    expect(() => requireScope(actor, 'users:read', 'GetUser')).toThrow(/needs the scope users:read/);
  }
});
