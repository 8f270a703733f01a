import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filter as referenceFilter, parse as referenceParse } from 'scim2-parse-filter';
import type { JsonObject } from './attribute';
import { parseFilter } from './filter';
import { matches, valuesAt } from './match';
import { parsePath } from './path';
import { ENTERPRISE_USER_URN, userResourceType } from './schema';
import type { AttributePath, CompareOperator, Filter } from './syntax';
import { formatPath, targetAttribute } from './syntax';

const users = userResourceType();
const pathOf = (text: string): AttributePath => parsePath(text, users);

const TEXT_PATHS = [
  'userName',
  'title',
  'externalId',
  'name.givenName',
  'emails.value',
  'emails.type',
  `${ENTERPRISE_USER_URN}:department`,
];
const TEXT_OPERATORS: readonly CompareOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

/** A filter as text, with every group in parentheses. */
function print(filter: Filter, isElement = false): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.map((part) => printPart(part, isElement)).join(` ${filter.kind} `);
    case 'not':
      return `not (${print(filter.filter, isElement)})`;
    case 'present':
      return `${printPath(filter.path, isElement)} pr`;
    case 'compare':
      return `${printPath(filter.path, isElement)} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case 'valuePath':
      return `${formatPath(filter.path)}[${print(filter.filter, true)}]`;
  }
}

function printPart(filter: Filter, isElement: boolean): string {
  const text = print(filter, isElement);
  return filter.kind === 'and' || filter.kind === 'or' ? `(${text})` : text;
}

function printPath(path: AttributePath, isElement: boolean): string {
  return isElement ? targetAttribute(path).name : formatPath(path);
}

/** Filters over the given text paths, and `active` where it is allowed. */
function filtersOver(
  paths: readonly string[],
  value: fc.Arbitrary<string>,
  operators: readonly CompareOperator[],
  others: readonly fc.Arbitrary<Filter>[],
): fc.Arbitrary<Filter> {
  const compare = fc.record({
    kind: fc.constant('compare' as const),
    path: fc.constantFrom(...paths).map(pathOf),
    operator: fc.constantFrom(...operators),
    value,
  });
  const present = fc.record({ kind: fc.constant('present' as const), path: fc.constantFrom(...paths).map(pathOf) });
  const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      compare,
      present,
      ...others,
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        filters: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('not' as const), filter: tie('tree') }),
    ),
  }));
  return tree;
}

const activeFilter: fc.Arbitrary<Filter> = fc.record({
  kind: fc.constant('compare' as const),
  path: fc.constant(pathOf('active')),
  operator: fc.constantFrom('eq' as const, 'ne' as const),
  value: fc.boolean(),
});

function emailFilter(value: fc.Arbitrary<string>, operators: readonly CompareOperator[]): fc.Arbitrary<Filter> {
  return fc.record({
    kind: fc.constant('valuePath' as const),
    path: fc.constant(pathOf('emails')),
    filter: filtersOver(['emails.value', 'emails.type', 'emails.display'], value, operators, []),
  });
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '@'), minLength: 1, maxLength: 4 });
const wild = fc.oneof(
  word,
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
  fc.constantFrom('A', 'É', 'e\u0301', '😀"\\', 'ς'),
);

function personWith(value: fc.Arbitrary<string>): fc.Arbitrary<JsonObject> {
  return fc
    .record(
      {
        userName: value,
        title: value,
        externalId: value,
        active: fc.boolean(),
        name: fc.record({ givenName: value }),
        emails: fc.array(fc.record({ value, type: value, display: value }, { requiredKeys: ['value'] }), {
          minLength: 1,
          maxLength: 3,
        }),
        [ENTERPRISE_USER_URN]: fc.record({ department: value }),
      },
      { requiredKeys: ['userName'] },
    )
    .map((person) => structuredClone(person) as unknown as JsonObject);
}

const anyFilter = filtersOver(TEXT_PATHS, wild, TEXT_OPERATORS, [activeFilter, emailFilter(wild, TEXT_OPERATORS)]);

describe('a filter', () => {
  it('that is printed and parsed is the same tree', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(parseFilter(print(filter), users)).toEqual(filter);
      }),
      { numRuns: 1000 },
    );
  });

  it('means the same in any case of names and operators', () => {
    const shout = (text: string): string =>
      text.replaceAll(/"(?:[^"\\]|\\.)*"|[^"]+/g, (piece) => (piece.startsWith('"') ? piece : piece.toUpperCase()));
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(parseFilter(shout(print(filter)), users)).toEqual(filter);
      }),
    );
  });

  it('obeys the laws of logic', () => {
    fc.assert(
      fc.property(anyFilter, anyFilter, personWith(wild), (left, right, person) => {
        const isTrue = (filter: Filter): boolean => matches(filter, person);
        const not = (filter: Filter): Filter => ({ kind: 'not', filter });
        expect(isTrue(not(left))).toBe(!isTrue(left));
        expect(isTrue({ kind: 'and', filters: [left, right] })).toBe(isTrue(left) && isTrue(right));
        expect(isTrue(not({ kind: 'or', filters: [left, right] }))).toBe(isTrue(not(left)) && isTrue(not(right)));
      }),
      { numRuns: 500 },
    );
  });

  it('compares consistently: eq is ge and le, sw and ew are co, and ne is the opposite of eq for one value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TEXT_PATHS).map(pathOf), wild, personWith(wild), (path, value, person) => {
        const is = (operator: CompareOperator): boolean => matches({ kind: 'compare', path, operator, value }, person);
        if (valuesAt(person, path).length <= 1) {
          expect(is('ne')).toBe(!is('eq'));
          expect(is('eq')).toBe(is('ge') && is('le'));
          expect(is('gt')).toBe(is('ge') && !is('eq'));
          expect(is('lt')).toBe(is('le') && !is('eq'));
        }
        if (is('sw') || is('ew')) expect(is('co')).toBe(true);
        if (is('eq')) expect(is('sw') && is('ew')).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('agrees with scim2-parse-filter where that one is right', () => {
    // It is exact about case, so texts are lower case; absent is unequal to nothing there, so `ne` is left out; and it
    // takes the conditions of a bracket apart, so there is one in each.
    const operators = TEXT_OPERATORS.filter((operator) => operator !== 'ne');
    const oneEmailCondition: fc.Arbitrary<Filter> = fc
      .record({
        path: fc.constantFrom('emails.value', 'emails.type').map(pathOf),
        operator: fc.constantFrom(...operators),
        value: word,
      })
      .map((condition) => ({ kind: 'valuePath', path: pathOf('emails'), filter: { kind: 'compare', ...condition } }));
    const filters = filtersOver(TEXT_PATHS, word, operators, [oneEmailCondition]);
    fc.assert(
      fc.property(filters, personWith(word), (filter, person) => {
        const text = print(filter);
        expect(matches(parseFilter(text, users), person)).toBe(referenceFilter(referenceParse(text))(person));
      }),
      { numRuns: 2000 },
    );
  });
});
