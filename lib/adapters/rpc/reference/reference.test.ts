import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ScalekitClient } from '@scalekit-sdk/node';
import { expect, test } from 'vitest';
import { isObject } from '../json-request';
import { findMethod, readReference, type ReferenceField, searchReference } from './reference';
import { nameOf, restExampleOf } from './samples/request';
import { fillIn, readLanguage, SAMPLE_LANGUAGES } from './samples/sample';

const services = readReference('https://gatehouse.example');
const methods = services.flatMap((service) => service.methods);
const hasPython = spawnSync('python3', ['--version']).status === 0;

function findFaults(fields: readonly ReferenceField[], value: unknown, path: string): string[] {
  if (!isObject(value as never)) return [`${path} is no object`];
  const given = value as Record<string, unknown>;
  const missing = fields.filter((field) => field.isRequired && !(field.name in given));
  return [
    ...missing.map(({ name }) => `${path}.${name} is missing`),
    ...Object.entries(given).flatMap(([name, inner]) => {
      const field = fields.find((one) => one.name === name);
      if (!field) return [`${path}.${name} is not foreseen`];
      if (field.fields.length === 0) return [];
      return (Array.isArray(inner) ? inner : [inner]).flatMap((one) =>
        findFaults(field.fields, one, `${path}.${name}`),
      );
    }),
  ];
}

test('each method has a page of its own, with a description and the ways in which it is refused', () => {
  expect(services[0]?.name).toBe('Organizations');
  expect(new Set(methods.map(({ slug }) => slug)).size).toBe(methods.length);
  expect(findMethod(services, 'generate-portal-link')).toMatchObject({
    verb: 'PUT',
    path: '/api/v1/organizations/{id}/portal_links',
    rpcPath: '/scalekit.v1.organizations.OrganizationService/GeneratePortalLink',
    scope: 'portal_links:write',
  });
  expect(findMethod(services, 'follow-announcements')).toMatchObject({ service: 'Events', rpcPath: undefined });
  expect(findMethod(services, 'no-such')).toBeUndefined();
  for (const method of methods) {
    expect(method.description, method.id).not.toBe('');
    expect(method.slug).toMatch(/^[a-z\d-]+$/);
    expect(method.errors.map(({ code }) => code)).toContain('UNAUTHENTICATED');
  }
});

test('fields are opened down to what is sent, with limits from the rules that the API obeys', () => {
  const body = findMethod(services, 'create-organization')!.body;
  const name = body.find((field) => field.name === 'display_name');
  expect(name).toMatchObject({ type: 'text', isRequired: true, limits: ['1 to 200 characters'] });
  const answer = findMethod(services, 'list-organization')!.answer;
  const organizations = answer.find((field) => field.name === 'organizations');
  expect(organizations?.type).toBe('list of objects');
  const settings = organizations?.fields.find((field) => field.name === 'settings');
  expect(settings?.fields[0]?.fields.map((field) => field.name)).toEqual(['name', 'enabled']);
});

test('a search holds every word against name, path and description', () => {
  const found = searchReference(services, 'portal LINK put').flatMap((service) => service.methods);
  expect(found.map(({ slug }) => slug)).toEqual(['generate-portal-link']);
  expect(searchReference(services, 'zzzz')).toEqual([]);
});

test('each example of a body is one that the method takes', () => {
  const faults = methods.flatMap((method) => {
    const { body } = restExampleOf(method);
    if (body === undefined) return [];
    expect(Array.isArray(body), method.id).toBe(method.isBodyList);
    return (Array.isArray(body) ? body : [body]).flatMap((one) => findFaults(method.body, one, method.id));
  });
  expect(faults).toEqual([]);
});

test('each Node sample fits the types of the SDK', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-samples-'));
  try {
    const root = process.cwd();
    mkdirSync(path.join(folder, 'node_modules/express'), { recursive: true });
    symlinkSync(path.join(root, 'node_modules/@scalekit-sdk'), path.join(folder, 'node_modules/@scalekit-sdk'));
    symlinkSync(path.join(root, 'node_modules/@types'), path.join(folder, 'node_modules/@types'));
    writeFileSync(
      path.join(folder, 'node_modules/express/index.d.ts'),
      'declare const express: any; export = express;',
    );
    writeFileSync(path.join(folder, 'node_modules/express/package.json'), '{"exports": {"types": "./index.d.ts"}}');
    const { setUp, callOf, webhook } = SAMPLE_LANGUAGES.node;
    writeFileSync(path.join(folder, 'app.mjs'), [setUp, webhook, ...methods.map(callOf)].join('\n\n'));
    const compilerOptions = {
      target: 'ES2023',
      lib: ['ES2023'],
      module: 'NodeNext',
      types: ['node'],
      allowJs: true,
      checkJs: true,
      noEmit: true,
      skipLibCheck: true,
      strict: false,
    };
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['app.mjs'] }));
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const faults = spawnSync(process.execPath, [compiler, '-p', folder])
      .stdout.toString()
      .split(/\n(?=\S)/)
      // Some of its types want a message where its code takes the plain fields of one, as JavaScript gives them.
      .filter((fault) => fault !== '' && !fault.includes("Property '$typeName' is missing"));
    expect(faults).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('each Node sample calls a method that the SDK has', () => {
  const sdk = new ScalekitClient('https://gatehouse.example', 'skc_1', 'secret') as unknown as Record<string, object>;
  for (const method of methods) {
    const calls = [...SAMPLE_LANGUAGES.node.callOf(method).matchAll(/scalekit\.(\w+)\.(\w+)\(/g)];
    for (const [call, group = '', name = ''] of calls) {
      expect(typeof (sdk[group] as Record<string, unknown> | undefined)?.[name], call).toBe('function');
    }
  }
});

test('samples are filled in with what the reader has, and keep names in capitals for the rest', () => {
  const method = findMethod(services, 'list-directory-users')!;
  const values = { origin: 'https://g.example', clientId: 'skc_7', organizationId: 'org_7', directoryId: undefined };
  for (const language of Object.values(SAMPLE_LANGUAGES)) {
    const text = fillIn(language.setUp + language.callOf(method) + language.install, values);
    expect(text).toContain('https://g.example');
    expect(text).toContain('org_7');
    expect(text).toContain('DIRECTORY_ID');
    expect(text).not.toMatch(/ORGANIZATION_ID|ENVIRONMENT_ORIGIN|API_CLIENT_ID/);
  }
  expect(readLanguage('go')).toBe('go');
  expect([readLanguage(undefined), readLanguage('toString')]).toEqual(['node', 'node']);
  expect(nameOf('UserService_GetUser_2')).toBe('GetUser');
});

test.skipIf(!hasPython)('every Python sample is Python', () => {
  const { setUp, callOf, webhook } = SAMPLE_LANGUAGES.python;
  const program = [setUp, webhook, ...methods.map(callOf)].join('\n\n\n');
  const { status, stderr } = spawnSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
    input: program,
  });
  expect(stderr.toString()).toBe('');
  expect(status).toBe(0);
});

test('every Node sample is JavaScript', () => {
  const { setUp, callOf, webhook } = SAMPLE_LANGUAGES.node;
  const program = [setUp, webhook, ...methods.map(callOf)].join('\n\n');
  const { status, stderr } = spawnSync(process.execPath, ['--check', '--input-type=module', '-'], { input: program });
  expect(stderr.toString()).toBe('');
  expect(status).toBe(0);
});
