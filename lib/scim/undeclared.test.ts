import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from './attribute';
import { isJsonObject } from './attribute';
import { applyPatch, readPatch } from './patch';
import { project } from './project';
import { ENTERPRISE_USER_URN, GROUP_URN, groupResourceType, userResourceType } from './schema';
import { MAX_UNDECLARED_ATTRIBUTES, MAX_UNDECLARED_BYTES } from './undeclared';
import { readResource } from './validate';

const users = userResourceType();
const URN = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';

const create = (body: JsonObject) => readResource(body, users, 'create').resource;
const patch = (given: JsonObject, ...Operations: JsonObject[]) =>
  applyPatch(given, readPatch({ Operations }, users).operations, users);

const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const storable = text.filter((value) => !value.includes('\0') && !/\p{Surrogate}/u.test(value));
const name = fc.stringMatching(/^[A-Za-z][\w-]{0,6}$/).filter((value) => value.toLowerCase() !== 'user');
/** Values that are not "unassigned" at any depth. */
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    storable,
    fc.boolean(),
    fc.integer(),
    fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
    fc.dictionary(storable, tie('value'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  ),
}));
const extension = fc
  .uniqueArray(fc.tuple(name, value), { minLength: 1, maxLength: 5, selector: ([key]) => key.toLowerCase() })
  .map((entries) => Object.fromEntries(entries));

describe('an extension that nobody declared', () => {
  it('comes back as it was sent, and sending it again changes nothing', () => {
    fc.assert(
      fc.property(extension, (sent) => {
        const document = create({ userName: 'ann', [URN]: sent });
        expect(document).toEqual({ userName: 'ann', [URN]: sent });
        expect(project(document, users)[URN]).toEqual(sent);
        expect(patch(document, { op: 'replace', value: { [URN]: sent } }).changed).toBe(false);
        expect(create(document)).toEqual(document);
      }),
    );
  });

  it('is the same whether it was created whole or attribute by attribute, and gone after the last one is removed', () => {
    fc.assert(
      fc.property(extension, (sent) => {
        const given = { userName: 'ann' };
        const paths = Object.keys(sent).map((key) => `${URN}:${key}`);
        const filled = patch(
          given,
          ...Object.entries(sent).map(([key, item]) => ({ op: 'Add', path: `${URN}:${key}`, value: item })),
        ).resource;
        expect(filled).toEqual({ ...given, [URN]: sent });
        const shouted = paths.map((path) => ({ op: 'Remove', path: path.toUpperCase() }));
        expect(patch(filled, ...shouted).resource).toEqual(given);
        expect(patch(filled, { op: 'remove', path: URN }).resource).toEqual(given);
      }),
    );
  });

  it('is shown in full, by name, or not, as the client asks', () => {
    const document = create({
      userName: 'ann',
      [URN]: { badge: 'A-1', level: 3 },
      [ENTERPRISE_USER_URN]: { shoe: 42 },
    });
    const show = (projection: object) => project(document, users, projection);
    expect(show({ attributes: ['userName'] })).toEqual({ userName: 'ann' });
    expect(show({ attributes: [URN.toLowerCase()] })).toEqual({ [URN]: { badge: 'A-1', level: 3 } });
    expect(show({ attributes: [`${URN}:LEVEL`] })[URN]).toEqual({ level: 3 });
    expect(show({ attributes: [ENTERPRISE_USER_URN] })[ENTERPRISE_USER_URN]).toEqual({ shoe: 42 });
    expect(show({ excludedAttributes: [URN, `${ENTERPRISE_USER_URN}:shoe`] })).toEqual({ userName: 'ann' });
    expect(show({ excludedAttributes: [`${URN}:badge`] })[URN]).toEqual({ level: 3 });
  });

  it('takes no place that belongs to the RFCs, and never a password', () => {
    const body = {
      userName: 'ann',
      [`${GROUP_URN}:displayName`]: 'x',
      'urn:ietf:params:scim:api:messages:2.0:PatchOp': { Operations: 1 },
      [`${URN}:__proto__`]: 'x',
      [`${URN}:password`]: 's3cret',
      [`${URN}:Password`]: { value: 's3cret' },
      [URN]: { vault: { Password: 's3cret' } },
    };
    expect(create(body)).toEqual({ userName: 'ann' });
    for (const path of [`${GROUP_URN}:displayName`, `${URN}:__proto__`, `${URN}:a.b.c`, 'urn:x', 'acme:badge']) {
      expect(() => readPatch({ Operations: [{ op: 'add', path, value: 'x' }] }, users)).toThrow(
        expect.objectContaining({ scimType: 'invalidPath' }),
      );
    }
    const read = readPatch({ Operations: [{ op: 'add', path: `${URN}:password`, value: 's3cret' }] }, users);
    expect(read).toMatchObject({ operations: [], passwordPresent: true });
  });

  it('belongs to groups as well', () => {
    const groups = groupResourceType();
    const urn = 'urn:acme:2.0:Group';
    const { resource } = readResource({ displayName: 'Sales', [urn]: { colour: 'red' } }, groups, 'create');
    const { operations } = readPatch({ Operations: [{ op: 'replace', path: `${urn}:colour`, value: 'blue' }] }, groups);
    expect(applyPatch(resource, operations, groups).resource[urn]).toEqual({ colour: 'blue' });
  });

  it('cannot grow without end', () => {
    const refused = expect.objectContaining({ status: 400, scimType: 'invalidValue' }) as unknown;
    const half = 'x'.repeat(MAX_UNDECLARED_BYTES / 2);
    const document = create({ userName: 'ann', [URN]: { a: half } });
    expect(() => create({ userName: 'ann', [URN]: { a: half }, 'urn:other:1.0:User': { b: half } })).toThrow(refused);
    expect(() => patch(document, { op: 'add', path: `${ENTERPRISE_USER_URN}:unknown`, value: half })).toThrow(refused);
    const many = Object.fromEntries(Array.from({ length: MAX_UNDECLARED_ATTRIBUTES + 1 }, (_, at) => [`a${at}`, 1]));
    expect(() => create({ userName: 'ann', [URN]: many })).toThrow(refused);
    expect(() => patch(document, { op: 'add', value: { [URN]: many } })).toThrow(refused);
    for (const bad of ['a\0b', '\ud800', ['\ud800'], { '\0': 1 }, Number.POSITIVE_INFINITY]) {
      expect(() => create({ userName: 'ann', [URN]: { a: bad } })).toThrow(refused);
    }
  });

  it('is told apart from one whose name is the beginning of it', () => {
    const given = { userName: 'ann', 'urn:acme:app': { custom: 'x' }, 'urn:acme:app:custom': { a: 1 } };
    const { resource } = patch(given, { op: 'remove', path: 'urn:acme:app:custom:a' });
    expect(resource).toEqual({ userName: 'ann', 'urn:acme:app': { custom: 'x' } });
    expect(isJsonObject(patch(resource, { op: 'remove', path: 'urn:acme:app:custom' }).resource['urn:acme:app'])).toBe(
      false,
    );
  });
});
