import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemContext } from '@/lib/core/context';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import {
  type Attribute,
  isJsonObject,
  type Json,
  type JsonObject,
  type ResourceType,
  type Schema,
} from '@/lib/scim/attribute';
import { compareForSort } from '@/lib/scim/list';
import { matches } from '@/lib/scim/match';
import { representResource } from '@/lib/scim/representation';
import { COMMON_ATTRIBUTES, defineAttribute, groupResourceType, userResourceType } from '@/lib/scim/schema';
import type { AttributePath, CompareOperator, Filter } from '@/lib/scim/syntax';
import { targetAttribute } from '@/lib/scim/syntax';
import { createGroup, createUser } from './commands';
import { comparableOf } from './comparable';
import { listMembers } from './queries';
import { type GroupRow, groupFromRow, type UserRow, userFromRow } from './row';
import { search, type SearchTable } from './search';
import * as sql from './statements';
import type { Found, Selection } from './types';

/** Attributes of every type, single and multi-valued, which the core schemas do not have. */
const CUSTOM: Schema = {
  id: "urn:example:it's:1.0:User",
  name: 'Custom',
  description: 'Every type of attribute.',
  attributes: [
    defineAttribute('count', 'An integer.', { type: 'integer' }),
    defineAttribute('share', 'A number.', { type: 'decimal' }),
    defineAttribute('isRemote', 'A boolean.', { type: 'boolean' }),
    defineAttribute('hired', 'A date.', { type: 'dateTime' }),
    defineAttribute('badge', 'A case exact text.', { caseExact: true }),
    defineAttribute('tags', 'Texts.', { multiValued: true }),
    defineAttribute('shifts', 'Dates.', { type: 'dateTime', multiValued: true }),
    defineAttribute('desk', 'Parts, one of them a list.', {
      type: 'complex',
      subAttributes: [
        defineAttribute('floor', 'An integer.', { type: 'integer' }),
        defineAttribute('labels', 'Texts.', { multiValued: true }),
      ],
    }),
    defineAttribute('keys', 'Elements with a list inside.', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        defineAttribute('value', 'A text.'),
        defineAttribute('doors', 'Texts.', { multiValued: true }),
        defineAttribute('until', 'A date.', { type: 'dateTime' }),
      ],
    }),
  ],
};

const PEOPLE: SearchTable = {
  name: 'dir_user',
  alias: 'u',
  columns: sql.USER_COLUMNS,
  isVisible: '',
  resourceType: userResourceType([CUSTOM]),
};
const GROUPS: SearchTable = {
  name: 'dir_group',
  alias: 'g',
  columns: sql.GROUP_COLUMNS,
  isVisible: 'g.deleting_at is null',
  resourceType: groupResourceType(),
};

const BASE_URL = 'http://localhost/scim/v2/dir_1';
const scope = { organizationId: 'org_1', directoryId: 'dir_1' };
const ctx = systemContext('test');

/** `npm test` runs a few; a larger number finds rarer things. */
const RUNS = Number(process.env['GATEHOUSE_TEST_RUNS'] ?? 150);
const PERSON_COUNT = 40;
const GROUP_COUNT = 8;

const piece = fc.constantFrom(
  'a',
  'A',
  'b',
  'B',
  'é',
  'e\u0301',
  'É',
  'ς',
  'σ',
  'Σ',
  'ß',
  'ss',
  'İ',
  'i',
  '😀',
  '\uFFFD',
  '%',
  '_',
  '\\',
  '"',
  "'",
  ' ',
  '@',
);
const text = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(''));
const instant = fc.constantFrom(
  '2026-01-31T08:00:00Z',
  '2026-01-31T09:00:00+01:00',
  '2026-01-31T08:00:00.123Z',
  '1999-12-31T23:59:59Z',
  '2030-06-01T00:00:00Z',
);

function valueOf(attribute: Attribute): fc.Arbitrary<Json> {
  const single = singleValueOf(attribute);
  return attribute.multiValued ? fc.array(single, { minLength: 1, maxLength: 3 }).map(withOnePrimary) : single;
}

/** Two primary values are refused before they are stored. */
function withOnePrimary(values: Json[]): Json[] {
  const primary = values.find((value) => isJsonObject(value) && value['primary'] === true);
  return values.map((value) =>
    isJsonObject(value) && value['primary'] === true && value !== primary ? { ...value, primary: false } : value,
  );
}

function singleValueOf(attribute: Attribute): fc.Arbitrary<Json> {
  switch (attribute.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: -2, max: 2 });
    case 'decimal':
      return fc.constantFrom(-1.5, 0, 0.1, 0.3, 1, 1e21);
    case 'dateTime':
      return instant;
    case 'complex':
      return fc
        .record(
          Object.fromEntries(
            (attribute.subAttributes ?? []).map((sub): [string, fc.Arbitrary<Json>] => [sub.name, valueOf(sub)]),
          ),
          { requiredKeys: [] },
        )
        .filter((object) => Object.keys(object).length > 0)
        .map((object) => ({ ...object }) as JsonObject);
    case 'string':
      return fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: fc.constant('') });
    default:
      return text;
  }
}

function documentOf(attributes: readonly Attribute[]): fc.Arbitrary<JsonObject> {
  const members = attributes.map((attribute): [string, fc.Arbitrary<Json>] => [attribute.name, valueOf(attribute)]);
  return fc.record(Object.fromEntries(members), { requiredKeys: [] }).map((object) => ({ ...object }) as JsonObject);
}

/** Every path that a filter may name, below a type's schemas. */
function pathsOf({ schema, extensions }: ResourceType): AttributePath[] {
  const below = (owner: Schema, isExtension: boolean, attributes: readonly Attribute[]): AttributePath[] =>
    attributes
      .filter((attribute) => attribute.returned !== 'never')
      .flatMap((attribute) => {
        const path = { schema: owner.id, isExtension, attribute };
        return [path, ...(attribute.subAttributes ?? []).map((subAttribute) => ({ ...path, subAttribute }))];
      });
  return [
    ...below(schema, false, [...COMMON_ATTRIBUTES, ...schema.attributes]),
    ...extensions.flatMap((extension) => below(extension.schema, true, extension.schema.attributes)),
  ];
}

const ORDER: readonly CompareOperator[] = ['gt', 'ge', 'lt', 'le'];
const PARTS: readonly CompareOperator[] = ['co', 'sw', 'ew'];

function operatorsOf({ type }: Attribute): readonly CompareOperator[] {
  if (type === 'boolean') return ['eq', 'ne'];
  if (type === 'binary') return ['eq', 'ne', ...PARTS];
  return type === 'string' || type === 'reference' ? ['eq', 'ne', ...PARTS, ...ORDER] : ['eq', 'ne', ...ORDER];
}

/** Filters over all paths of a type; texts come from `known` as often as not, so that they hit. */
function filtersOf(
  resourceType: ResourceType,
  known: readonly string[],
  moments: readonly string[],
): fc.Arbitrary<Filter> {
  const paths = pathsOf(resourceType);
  const literal = ({ type }: Attribute): fc.Arbitrary<string | number | boolean> => {
    if (type === 'boolean') return fc.boolean();
    if (type === 'integer' || type === 'decimal') return fc.constantFrom(-1.5, 0, 0.1, 1, 1e21, 3);
    if (type === 'dateTime')
      return fc.oneof(instant, fc.constantFrom(...moments, '-000001-01-01T00:00:00Z', '9999-12-31T00:00:00Z'));
    return fc.oneof(text, fc.constantFrom(...known), fc.constant(''));
  };
  const compareAt = (path: AttributePath): fc.Arbitrary<Filter> => {
    const attribute = targetAttribute(path);
    return fc.record({
      kind: fc.constant('compare' as const),
      path: fc.constant(path),
      operator: fc.constantFrom(...operatorsOf(attribute)),
      value: literal(attribute),
    });
  };
  const presentAt = (path: AttributePath): Filter => ({ kind: 'present', path });
  const simple = (choice: readonly AttributePath[]): fc.Arbitrary<Filter> => {
    const comparable = choice.filter((path) => targetAttribute(path).type !== 'complex');
    return fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...comparable).chain(compareAt) },
      { weight: 1, arbitrary: fc.constantFrom(...choice).map(presentAt) },
    );
  };
  const combined = (leaf: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> =>
    fc.letrec<{ tree: Filter }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          filters: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
        }),
        fc.record({ kind: fc.constant('not' as const), filter: tie('tree') }),
      ),
    })).tree;
  const lists = paths.filter((path) => path.attribute.multiValued && path.subAttribute === undefined);
  const valuePath = fc.constantFrom(...lists).chain((path) => {
    const inside = path.attribute.subAttributes?.map((subAttribute) => ({ ...path, subAttribute })) ?? [path];
    return combined(simple(inside)).map((filter): Filter => ({ kind: 'valuePath', path, filter }));
  });
  return combined(fc.oneof({ weight: 3, arbitrary: simple(paths) }, { weight: 1, arbitrary: valuePath }));
}

interface Known {
  readonly id: string;
  readonly resource: JsonObject;
}

let db: Database;
let people: Known[];
let groups: Known[];
const words = () =>
  [...people, ...groups]
    .flatMap(({ id, resource }) => [
      id,
      `${BASE_URL}/Users/${id}`,
      `${BASE_URL}/Groups/${id}`,
      ...['userName', 'displayName', 'externalId'].flatMap((name) =>
        typeof resource[name] === 'string' ? [resource[name]] : [],
      ),
    ])
    .concat('W/"1"', 'W/"2"', 'User', 'group', 'direct', CUSTOM.id, userResourceType().schema.id);
const moments = () => people.slice(0, 3).map(({ resource }) => String((resource['meta'] as JsonObject)['created']));

beforeAll(async () => {
  db = await openTestDatabase();
  const type = PEOPLE.resourceType;
  const attributes = type.schema.attributes.filter(({ name }) => !['userName', 'password', 'groups'].includes(name));
  const document = fc.tuple(
    documentOf([...attributes, ...COMMON_ATTRIBUTES.filter(({ name }) => name === 'externalId')]),
    fc
      .constantFrom(...type.extensions)
      .chain(({ schema }) => documentOf(schema.attributes).map((part) => ({ [schema.id]: part }))),
  );
  const documents = fc.sample(document, { numRuns: PERSON_COUNT, seed: 20261123 });
  for (const [index, [core, extension]] of documents.entries()) {
    const doc: JsonObject = { ...core, userName: `${index % 2 ? 'É' : 'a'}${index}` };
    const { id } = await createUser(ctx, scope, doc);
    const [part] = Object.values(extension);
    const whole = { ...doc, active: doc['active'] ?? true, ...(part && Object.keys(part).length > 0 ? extension : {}) };
    await db.sql.rows(
      `update dir_user set doc = $2::text::jsonb,
         comparable = (comparable || $3::text::jsonb), version = 1 + $4::int where id = $1::text`,
      [id, JSON.stringify(whole), JSON.stringify(comparableOf(whole, type)), index % 3],
    );
  }
  const ids = (await search<UserRow>(scope, PEOPLE, everything)).items.map(({ id }) => id);
  const created: string[] = [];
  for (let index = 0; index < GROUP_COUNT; index += 1) {
    const members = [...ids.filter((_, at) => index > 1 && at % index === 0), ...created.slice(3, index - 3)];
    const doc = {
      displayName: `${index % 2 ? 'a' : 'Σ'}${index}`,
      ...(index % 3 ? { externalId: index === 4 ? '' : `A${index}` } : {}),
    };
    created.push((await createGroup(ctx, scope, { doc, members })).id);
  }
  people = (await search<UserRow>(scope, PEOPLE, everything)).items.map(userFromRow).map((user) => ({
    id: user.id,
    resource: representResource(
      {
        id: user.id,
        document: user.doc,
        created: user.createdAt,
        lastModified: user.updatedAt,
        version: user.version,
        location: `${BASE_URL}/Users/${user.id}`,
        groups: user.groups.map(({ id, displayName }) => ({
          id,
          display: displayName,
          location: `${BASE_URL}/Groups/${id}`,
        })),
      },
      PEOPLE.resourceType,
    ),
  }));
  const stored = (await search<GroupRow>(scope, GROUPS, everything)).items.map(groupFromRow);
  const members = await listMembers(
    scope,
    stored.map(({ id }) => id),
  );
  groups = stored.map((group) => ({
    id: group.id,
    resource: representResource(
      {
        id: group.id,
        document: group.doc,
        created: group.createdAt,
        lastModified: group.updatedAt,
        version: group.version,
        location: `${BASE_URL}/Groups/${group.id}`,
        members: (members.get(group.id) ?? []).map(({ id, type: kind, display }) => ({
          id,
          type: kind,
          display,
          location: `${BASE_URL}/${kind}s/${id}`,
        })),
      },
      GROUPS.resourceType,
    ),
  }));
});
afterAll(() => db.close());

const everything: Selection = { offset: 0, limit: 1000, baseUrl: BASE_URL };

async function found(table: SearchTable, selection: Partial<Selection>): Promise<{ ids: string[]; total: number }> {
  const { items, total } = await search<{ id: string }>(scope, table, { ...everything, ...selection });
  return { ids: items.map(({ id }) => id), total };
}

async function foundByCursor(table: SearchTable, selection: Partial<Selection>, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let after: Selection['after'] = 'start'; after;) {
    const page: Found<{ id: string }> = await search(scope, table, { ...everything, ...selection, limit, after });
    ids.push(...page.items.map(({ id }) => id));
    after = page.next && { id: page.next.id, key: page.next.key };
  }
  return ids;
}

const kinds = () => [
  { table: PEOPLE, known: people },
  { table: GROUPS, known: groups },
];

describe('a filter', () => {
  it('selects the same people and groups in the database as in memory, and counts them', async () => {
    for (const { table, known } of kinds()) {
      await fc.assert(
        fc.asyncProperty(filtersOf(table.resourceType, words(), moments()), async (filter) => {
          const expected = known.filter(({ resource }) => matches(filter, resource)).map(({ id }) => id);
          expect(await found(table, { filter })).toEqual({ ids: expected, total: expected.length });
        }),
        { numRuns: RUNS },
      );
    }
  });

  it('selects everything or nothing by each single path in the same way', async () => {
    for (const { table, known } of kinds()) {
      for (const path of pathsOf(table.resourceType)) {
        for (const filter of [
          { kind: 'present', path },
          { kind: 'not', filter: { kind: 'present', path } },
        ] satisfies Filter[]) {
          const expected = known.filter(({ resource }) => matches(filter, resource)).map(({ id }) => id);
          expect((await found(table, { filter })).ids, JSON.stringify(path)).toEqual(expected);
        }
      }
    }
  });
});

describe('a sorted list', () => {
  it('has the order that is sorted in memory, and reads the same page by page', async () => {
    for (const { table, known } of kinds()) {
      const paths = pathsOf(table.resourceType).filter((path) => targetAttribute(path).type !== 'complex');
      const sort = fc.record({
        path: fc.constantFrom(...paths),
        order: fc.constantFrom('ascending' as const, 'descending' as const),
      });
      await fc.assert(
        fc.asyncProperty(sort, fc.integer({ min: 1, max: 9 }), async (by, limit) => {
          const expected = known
            .toSorted((a, b) => compareForSort(by.path, by.order)(a.resource, b.resource))
            .map(({ id }) => id);
          expect((await found(table, { sort: by })).ids).toEqual(expected);
          expect(await foundByCursor(table, { sort: by }, limit)).toEqual(expected);
          const offset = limit;
          expect((await found(table, { sort: by, offset, limit })).ids).toEqual(expected.slice(offset, offset + limit));
        }),
        { numRuns: RUNS / 5 },
      );
    }
  });
});

describe('a page', () => {
  it('is exactly the slice of the list, whatever was read before', async () => {
    const ids = people.map(({ id }) => id);
    await fc.assert(
      fc.asyncProperty(fc.nat(PERSON_COUNT + 5), fc.nat(12), async (offset, limit) => {
        const page = await found(PEOPLE, { offset, limit });
        expect(page).toEqual({ ids: ids.slice(offset, offset + limit), total: ids.length });
      }),
      { numRuns: RUNS / 2 },
    );
    expect(await foundByCursor(PEOPLE, {}, 7)).toEqual(ids);
  });
});
