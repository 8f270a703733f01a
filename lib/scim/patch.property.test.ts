import * as fc from 'fast-check';
import type { ScimPatchOperation, ScimResource } from 'scim-patch';
import { scimPatch } from 'scim-patch';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from './attribute';
import { isJsonObject } from './attribute';
import { planGroupPatch } from './members';
import { applyPatch, MAX_PATCH_CHANGES, MAX_PATCH_REMOVALS, readPatch } from './patch';
import { ENTERPRISE_USER_URN, groupResourceType, userResourceType } from './schema';

const users = userResourceType();
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 });

/** E-mail addresses of different types and values, none primary: scim-patch does not keep primary values apart. */
const emails = fc.uniqueArray(fc.record({ value: word, type: fc.constantFrom('work', 'home', 'other') }), {
  minLength: 1,
  maxLength: 3,
  selector: (email) => email.type,
});
const user: fc.Arbitrary<JsonObject> = fc
  .record({
    userName: word,
    title: word,
    name: fc.record({ givenName: word, familyName: word }),
    emails,
    [ENTERPRISE_USER_URN]: fc.record({ department: word, division: word }),
  })
  .map((item) => structuredClone(item) as unknown as JsonObject);

const singlePath = fc.constantFrom(
  'title',
  'displayName',
  'nickName',
  'name.givenName',
  'name.middleName',
  `${ENTERPRISE_USER_URN}:department`,
  'urn:ietf:params:scim:schemas:core:2.0:User:userType',
);
const emailPath = fc.constantFrom('work', 'home', 'other').map((type) => `emails[type eq "${type}"]`);

const operation = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace', 'Add', 'Replace'), path: singlePath, value: word }),
  fc.record({ op: fc.constantFrom('remove', 'Remove'), path: fc.oneof(singlePath, emailPath) }),
  fc.record({ op: fc.constantFrom('add', 'replace'), path: emailPath.map((path) => `${path}.value`), value: word }),
  fc.record({ op: fc.constantFrom('add', 'replace'), path: emailPath.map((path) => `${path}.display`), value: word }),
  fc.record({ op: fc.constant('replace'), path: fc.constant('emails'), value: emails }),
  fc.record({
    op: fc.constant('replace'),
    value: fc.record({ displayName: word, 'name.familyName': word, [`${ENTERPRISE_USER_URN}:division`]: word }),
  }),
  fc.record({
    op: fc.constant('add'),
    path: fc.constant('name'),
    value: fc.record({ middleName: word, givenName: word }),
  }),
);

/** scim-patch leaves empty objects and lists where RFC 7643 §2.5 has nothing. */
function withoutEmpties(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutEmpties);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]): [string, Json] => [name, withoutEmpties(item)]);
  return Object.fromEntries(
    entries.filter(([, item]) => !(typeof item === 'object' && item !== null && Object.keys(item).length === 0)),
  );
}

describe('a PATCH', () => {
  it('does what scim-patch does where that one is right', () => {
    fc.assert(
      fc.property(user, fc.array(operation, { maxLength: 6 }), (given, operations) => {
        const ours = applyPatch(
          given,
          readPatch({ Operations: operations as unknown as Json }, users).operations,
          users,
        ).resource;
        // It throws where there is no list to remove from; what is absent is removed already here.
        let theirs = structuredClone(given);
        for (const item of operations as readonly { op: string; path?: string }[]) {
          if (item.op.toLowerCase() === 'remove' && item.path?.startsWith('emails') && theirs['emails'] === undefined)
            continue;
          theirs = scimPatch(theirs as unknown as ScimResource, [structuredClone(item) as ScimPatchOperation], {
            mutateDocument: false,
            treatMissingAsAdd: true,
          }) as unknown as JsonObject;
        }
        expect(ours).toEqual(withoutEmpties(theirs));
      }),
      { numRuns: 2000 },
    );
  });

  it('of members, planned in steps, leaves the members that scim-patch leaves', () => {
    const ids = fc.constantFrom('u1', 'u2', 'u3', 'u4', 'u5');
    const memberList = fc.uniqueArray(ids, { maxLength: 4 }).map((list) => list.map((value) => ({ value })));
    const memberOperation = fc.oneof(
      fc.record({ op: fc.constant('add'), path: fc.constant('members'), value: memberList }),
      fc.record({ op: fc.constant('replace'), path: fc.constant('members'), value: memberList }),
      fc.record({ op: fc.constant('remove'), path: ids.map((id) => `members[value eq "${id}"]`) }),
      fc.record({
        op: fc.constant('Remove'),
        path: fc.constant('members'),
        value: memberList.filter((list) => list.length > 0),
      }),
      fc.record({ op: fc.constant('remove'), path: fc.constant('members') }),
    );
    fc.assert(
      fc.property(memberList, fc.array(memberOperation, { maxLength: 6 }), (given, operations) => {
        const { operations: others, members: change } = planGroupPatch(
          readPatch({ Operations: operations as unknown as Json }, groupResourceType()).operations,
        );
        expect(others).toEqual([]);
        const members = new Set<string>(change?.replace ? [] : given.map((member) => member.value));
        for (const id of change?.add ?? []) members.add(id);
        for (const id of change?.remove ?? []) members.delete(id);
        // It throws where there is no list to remove from; an absent member is a success here.
        let theirs: { members?: { value: string }[] } = { members: structuredClone(given) };
        for (const item of operations) {
          if (item.op.toLowerCase() === 'remove' && (theirs.members ?? []).length === 0) continue;
          theirs = scimPatch(
            theirs as unknown as ScimResource,
            [structuredClone(item) as unknown as ScimPatchOperation],
            {
              mutateDocument: false,
            },
          ) as unknown as typeof theirs;
        }
        expect([...members].sort()).toEqual((theirs.members ?? []).map(({ value }) => value).sort());
      }),
      { numRuns: 1000 },
    );
  });

  it('with the largest lists and the most operations ends', () => {
    const many = (count: number, make: (index: number) => JsonObject): JsonObject[] =>
      Array.from({ length: count }, (_item, index) => make(index));
    const roles = (display: string): JsonObject[] =>
      many(1000, (index) => ({ value: 'r', type: `t${index}`, display }));
    const addresses = (): JsonObject[] => many(100, (index) => ({ formatted: `a${index}`, locality: 'x' }));
    const operations = many(500, (index) =>
      index % 2 === 0
        ? { op: 'add', path: 'roles', value: roles(`d${index}`) }
        : { op: 'add', path: 'addresses', value: addresses() },
    );
    const startedMs = performance.now();
    const { resource } = applyPatch({ userName: 'a' }, readPatch({ Operations: operations }, users).operations, users);
    expect(resource['roles']).toEqual(roles('d498'));
    expect(resource['addresses']).toEqual(addresses());
    // Comparing every element with every other takes minutes here.
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });

  it('with more operations or values than that is refused', () => {
    const value = Array.from({ length: 101 }, () => ({ formatted: 'x' }));
    expect(() => readPatch({ Operations: [{ op: 'add', path: 'addresses', value }] }, users)).toThrow(/100 values/);
    const operations = Array.from({ length: 501 }, () => ({ op: 'remove', path: 'title' }));
    expect(() => readPatch({ Operations: operations }, users)).toThrow(/500 operations/);
    expect(
      readPatch({ Operations: operations.map(() => ({ op: 'remove', path: 'members' })) }, groupResourceType())
        .operations,
    ).toHaveLength(501);
  });

  it('is refused when it changes or removes more than can be compared in good time', () => {
    const packed = (count: number) => [
      {
        op: 'replace',
        value: Object.fromEntries(Array.from({ length: count }, (_, at) => [`emails[type eq "t${at}"].value`, 'x'])),
      },
    ];
    const values = (count: number) =>
      Array.from({ length: 5 }, () => ({
        op: 'remove',
        path: 'emails',
        value: Array.from({ length: count }, (_, at) => ({ value: `v${at}` })),
      }));
    const read = (Operations: Json) => readPatch({ Operations }, users).operations.length;
    expect(read(packed(MAX_PATCH_CHANGES))).toBe(MAX_PATCH_CHANGES);
    expect(read(values(MAX_PATCH_REMOVALS / 5))).toBe(5);
    for (const operations of [packed(MAX_PATCH_CHANGES + 1), values(MAX_PATCH_REMOVALS / 5 + 1)]) {
      expect(() => read(operations)).toThrow(expect.objectContaining({ status: 400, scimType: 'invalidSyntax' }));
    }
  });
});
