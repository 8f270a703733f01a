import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from './attribute';
import { isJsonObject } from './attribute';
import { equal } from './equal';
import { ScimError } from './error';
import { parseFilter } from './filter';
import { matches } from './match';
import { planGroupPatch } from './members';
import { applyPatch, readPatch } from './patch';
import { parsePath } from './path';
import { project } from './project';
import { defineAttribute, ENTERPRISE_USER_URN, groupResourceType, userResourceType } from './schema';
import { readResource } from './validate';

const BADGE_URN = 'urn:example:params:scim:schemas:extension:2.0:Badge';
const users = userResourceType([
  {
    id: BADGE_URN,
    name: 'Badge',
    description: 'Badges',
    attributes: [
      defineAttribute('level', 'Level.', { type: 'integer' }),
      defineAttribute('tags', 'Tags.', { multiValued: true }),
      defineAttribute('serial', 'Serial.', { mutability: 'immutable' }),
    ],
  },
]);
const groups = groupResourceType();

/** Runs the function; a ScimError of the 400 family is an answer, anything else a defect. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof ScimError && error.status >= 400 && error.status < 500) return undefined;
    throw error;
  }
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom(
    '😀',
    'שלום',
    'e\u0301',
    'é',
    '\u202Eabc',
    'a\u0000b',
    '\ud800',
    'True',
    'false',
    ' ',
    'ada@x.example',
  ),
);
const storable = text.filter((value) => !value.includes('\0') && !/\p{Surrogate}/u.test(value));
const names = fc.constantFrom(
  'userName',
  'USERNAME',
  'name',
  'name.givenName',
  'name.nope',
  'displayName',
  'title',
  'active',
  'emails',
  'Emails',
  'emails.value',
  'emails[type eq "work"]',
  'emails[type eq "work"].value',
  'emails[primary eq true].value',
  'roles',
  'emails[value co "a"]',
  'emails[',
  'addresses',
  'members',
  'members[value eq "a"]',
  'manager',
  'id',
  'meta',
  'groups',
  'schemas',
  'password',
  'externalId',
  'x509Certificates',
  `${ENTERPRISE_USER_URN}:manager`,
  ENTERPRISE_USER_URN,
  `${ENTERPRISE_USER_URN}:department`,
  `${BADGE_URN}:level`,
  BADGE_URN,
  `${BADGE_URN}:tags`,
  `${BADGE_URN}:serial`,
  '__proto__',
  'constructor',
  'toString',
  'nope',
  '',
  '.',
  'urn:',
  'value',
  '$ref',
  'type',
  'primary',
  'display',
  'formatted',
);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.oneof(fc.integer(), fc.double(), fc.constantFrom(Number.POSITIVE_INFINITY, 1e308)),
    text,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.oneof(names, text), tie('json')), { maxLength: 5 }).map(fromEntries),
  ),
}));

/** An object as JSON.parse makes it: `__proto__` is a member like any other. */
function fromEntries(entries: readonly (readonly [string, Json])[]): JsonObject {
  const object: JsonObject = {};
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  }
  return object;
}

const contact = fc.record(
  {
    value: storable,
    type: fc.constantFrom('work', 'home', 'other'),
    display: storable,
    primary: fc.constant(false),
  },
  { requiredKeys: ['value'] },
);
const plainUser: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      userName: storable,
      externalId: storable,
      displayName: storable,
      active: fc.boolean(),
      name: fc.record({ givenName: storable, familyName: storable }),
      emails: fc.array(contact, { minLength: 1, maxLength: 4 }),
      [ENTERPRISE_USER_URN]: fc.record({ department: storable, manager: fc.record({ value: storable }) }),
      [BADGE_URN]: fc.record({ level: fc.integer(), tags: fc.array(storable, { minLength: 1, maxLength: 3 }) }),
    },
    { requiredKeys: ['userName'] },
  )
  .map((user) => structuredClone(user) as unknown as JsonObject);

const operation = fc
  .record(
    { op: fc.constantFrom('add', 'Replace', 'REMOVE', 'replace', 'Add'), path: names, value: json },
    { requiredKeys: ['op'] },
  )
  .map((item) => item as JsonObject);
const patchBody = fc.array(operation, { maxLength: 5 }).map((operations): JsonObject => ({ Operations: operations }));

describe('a body, whatever it is', () => {
  it('is read or refused, and what was read reads as itself', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(users, groups), (body, resourceType) => {
        const read = attempt(() => readResource(body, resourceType, 'create'));
        if (read === undefined) return;
        const again = readResource(read.resource, resourceType, 'create');
        expect(again.resource).toEqual(read.resource);
        expect(again.ignored).toEqual([]);
        expect(JSON.stringify(read.resource)).not.toMatch(/"(password|id|meta|groups|members|schemas)":/);
      }),
      { numRuns: 2000 },
    );
  });

  it('that fits comes back exactly as it was sent, in any script', () => {
    fc.assert(
      fc.property(plainUser, (user) => {
        expect(readResource(user, users, 'create').resource).toEqual(user);
      }),
      { numRuns: 500 },
    );
  });

  it('means the same with its names in any case, and with core attributes below the core URN', () => {
    fc.assert(
      fc.property(plainUser, (user) => {
        const upper = fromEntries(Object.entries(user).map(([name, value]) => [name.toUpperCase(), value]));
        expect(readResource(upper, users, 'create').resource).toEqual(user);
        const below = { 'urn:ietf:params:scim:schemas:core:2.0:User': user };
        const { [ENTERPRISE_USER_URN]: enterprise, [BADGE_URN]: badge, ...core } = user;
        expect(readResource(below, users, 'create').resource).toEqual(core);
        expect([enterprise, badge]).toHaveLength(2);
      }),
    );
  });
});

describe('a PATCH, whatever it is', () => {
  it('applies or is refused, changes no input, and leaves a valid document', () => {
    fc.assert(
      fc.property(plainUser, fc.oneof(patchBody, json), (user, body) => {
        const before = structuredClone(user);
        const result = attempt(() => applyPatch(user, readPatch(body, users).operations, users));
        expect(user).toEqual(before);
        if (result === undefined) return;
        expect(result.changed).toBe(!equal(result.resource, before));
        expect(readResource(result.resource, users, 'replace').resource).toEqual(result.resource);
      }),
      { numRuns: 4000 },
    );
  });

  it('of a group is planned or refused, and touches members only where it names them', () => {
    fc.assert(
      fc.property(patchBody, (body) => {
        const plan = attempt(() => planGroupPatch(readPatch(body, groups).operations));
        if (plan === undefined) return;
        attempt(() => applyPatch({ displayName: 'x' }, plan.operations, groups));
        if (!/members/i.test(JSON.stringify(body))) expect(plan.members).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('that replaces with what is there changes nothing', () => {
    fc.assert(
      fc.property(plainUser, (user) => {
        const { operations } = readPatch({ Operations: [{ op: 'Replace', value: user }] }, users);
        expect(applyPatch(user, operations, users)).toEqual({ resource: user, changed: false });
        const added = readPatch({ Operations: [{ op: 'Add', value: user }] }, users).operations;
        expect(applyPatch(user, added, users).changed).toBe(false);
      }),
    );
  });

  it('says the same path by path as without a path', () => {
    fc.assert(
      fc.property(plainUser, plainUser, (user, other) => {
        const { [ENTERPRISE_USER_URN]: _enterprise, [BADGE_URN]: _badge, ...core } = other;
        const pathless = readPatch({ Operations: [{ op: 'replace', value: core }] }, users).operations;
        const list = Object.entries(core).map(([path, value]) => ({ op: 'replace', path, value }));
        const byPath = readPatch({ Operations: list }, users).operations;
        expect(applyPatch(user, pathless, users)).toEqual(applyPatch(user, byPath, users));
        const result = applyPatch(user, byPath, users).resource;
        for (const name of Object.keys(core)) if (name !== 'name') expect(result[name]).toEqual(core[name]);
      }),
    );
  });

  it('applied twice is applied once, for replace and remove', () => {
    const idempotent = fc.array(
      fc.record(
        { op: fc.constantFrom('replace', 'remove'), path: names, value: json },
        { requiredKeys: ['op', 'path'] },
      ),
      { minLength: 1, maxLength: 1 },
    );
    fc.assert(
      fc.property(plainUser, idempotent, (user, list) => {
        const operations = attempt(() => readPatch({ Operations: list as JsonObject[] }, users).operations);
        if (operations === undefined) return;
        const once = attempt(() => applyPatch(user, operations, users).resource);
        if (once === undefined) return;
        expect(attempt(() => applyPatch(once, operations, users).resource) ?? once).toEqual(once);
      }),
      { numRuns: 3000 },
    );
  });

  it('never leaves two primary values', () => {
    const primaries = fc.array(
      fc.record({
        op: fc.constantFrom('add', 'replace'),
        path: fc.constantFrom('emails', 'emails[type eq "work"].primary', 'emails[type eq "home"]', 'emails.primary'),
        value: fc.oneof(
          fc.boolean(),
          contact.map((item) => ({ ...item, primary: true })),
        ),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(plainUser, primaries, (user, list) => {
        const result = attempt(() => applyPatch(user, readPatch({ Operations: list }, users).operations, users));
        const emails = result?.resource['emails'];
        const count = Array.isArray(emails)
          ? emails.filter((item) => isJsonObject(item) && item['primary'] === true).length
          : 0;
        expect(count).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('never changes an immutable value once it is set', () => {
    fc.assert(
      fc.property(plainUser, patchBody, (user, body) => {
        const given: JsonObject = { ...user, [BADGE_URN]: { serial: 'A1' } };
        const result = attempt(() => applyPatch(given, readPatch(body, users).operations, users));
        if (result !== undefined) expect(result.resource[BADGE_URN]).toMatchObject({ serial: 'A1' });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('text from a client, whatever it is', () => {
  const pieces = fc.constantFrom(
    'userName',
    'emails',
    '[',
    ']',
    '(',
    ')',
    ' ',
    '.',
    '"a"',
    '"',
    '\\',
    'eq',
    'pr',
    'and',
    'or',
    'not',
    'type',
    'value',
    'null',
    'true',
    '1',
    '-1e5',
    'urn:ietf:params:scim:schemas:core:2.0:User',
    ':',
    '😀',
    '\0',
    'meta.created',
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 14 }).map((list) => list.join(' ')),
    fc.array(pieces, { maxLength: 14 }).map((list) => list.join('')),
  );

  it('is a filter or invalidFilter, and a filter can be evaluated', () => {
    fc.assert(
      fc.property(anything, plainUser, (filterText, user) => {
        const filter = attempt(() => parseFilter(filterText, users));
        if (filter !== undefined) expect(typeof matches(filter, user)).toBe('boolean');
      }),
      { numRuns: 5000 },
    );
  });

  it('is a path or an error', () => {
    fc.assert(
      fc.property(anything, (pathText) => {
        attempt(() => parsePath(pathText, users));
      }),
      { numRuns: 5000 },
    );
  });

  it('names attributes or nothing in a projection, which never shows what was not there', () => {
    fc.assert(
      fc.property(
        plainUser,
        fc.array(fc.oneof(names, text)),
        fc.array(names),
        (user, attributes, excludedAttributes) => {
          const shown = project({ ...user, id: 'x', schemas: [] }, users, { attributes, excludedAttributes });
          expect(shown['id']).toBe('x');
          for (const [name, value] of Object.entries(shown))
            if (typeof value === 'string' && name !== 'id') expect(user[name]).toBe(value);
        },
      ),
    );
  });
});
