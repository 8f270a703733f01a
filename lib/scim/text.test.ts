import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareByCodePoint, foldKey } from './fold';
import { MAX_JSON_DEPTH, parseJson } from './json';
import { etagMatches, formatEtag, readEtagCondition } from './etag';
import { errorBody, uniqueness } from './error';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const unicode = fc.string({ unit: 'grapheme' });

describe('the folded key', () => {
  it('is the same for texts that differ in case or in composition only', () => {
    expect(foldKey('ADA@Example.COM')).toBe('ada@example.com');
    expect(foldKey('Jose\u0301')).toBe(foldKey('JOSÉ'));
    expect(foldKey('ΟΔΥΣΣΕΥΣ')).toBe(foldKey('οδυσσευς'));
  });

  it('keeps apart what people would not call the same', () => {
    expect(foldKey('straße')).not.toBe(foldKey('strasse'));
    expect(foldKey('①')).not.toBe(foldKey('1'));
    expect(foldKey('e')).not.toBe(foldKey('é'));
    expect(foldKey(' a')).not.toBe(foldKey('a'));
  });

  it('is its own key', () => {
    fc.assert(fc.property(unicode, (text) => foldKey(foldKey(text)) === foldKey(text)));
  });

  it('of a prefix begins the key of the whole, for texts that do not compose', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'Z', 'ß', 'Σ', 'Ж', '名', '😀', '@') });
    fc.assert(fc.property(plain, plain, (left, right) => foldKey(left + right).startsWith(foldKey(left))));
  });
});

describe('the order by code point', () => {
  it('is the order of UTF-8 bytes', () => {
    fc.assert(
      fc.property(unicode, unicode, (left, right) => {
        const expected = Buffer.compare(Buffer.from(left), Buffer.from(right));
        return Math.sign(compareByCodePoint(left, right)) === expected;
      }),
    );
    expect(compareByCodePoint('\uFFFD', '😀')).toBeLessThan(0);
  });
});

describe('a JSON body', () => {
  it('may begin with a byte order mark, and of equal names the last one counts', () => {
    expect(parseJson(bytes('\uFEFF{"a":1,"a":2}'))).toEqual({ a: 2 });
  });

  it('never reaches a prototype', () => {
    const value = parseJson(bytes('{"__proto__":{"polluted":true}}'));
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['nothing', bytes('')],
    ['blanks', bytes('  \n')],
    ['broken JSON', bytes('{"a":')],
    ['broken UTF-8', new Uint8Array([0x22, 0xc3, 0x28, 0x22])],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])],
    ['nesting beyond the limit', bytes('['.repeat(MAX_JSON_DEPTH + 1) + ']'.repeat(MAX_JSON_DEPTH + 1))],
    ['a million brackets', bytes('{"a":'.repeat(200_000))],
  ])('of %s is invalidSyntax', (_name, body) => {
    expect(() => parseJson(body)).toThrow(expect.objectContaining({ status: 400, scimType: 'invalidSyntax' }));
  });

  it('may nest to the limit, and brackets in texts do not count', () => {
    expect(parseJson(bytes('['.repeat(MAX_JSON_DEPTH) + ']'.repeat(MAX_JSON_DEPTH)))).toBeInstanceOf(Array);
    expect(parseJson(bytes(JSON.stringify('["\\'.repeat(500))))).toHaveLength(1500);
  });

  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(parseJson(bytes(text))).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('an entity tag', () => {
  it('is weak and is found again in every form in which clients send it', () => {
    expect(formatEtag(3)).toBe('W/"3"');
    for (const header of ['W/"3"', '"3"', '3', 'W/"1", W/"3"', 'w/"3"', '*', ' "3" ']) {
      expect(etagMatches(readEtagCondition(header)!, 3)).toBe(true);
    }
    for (const header of ['W/"33"', '"2","4"', ',', 'W/""'])
      expect(etagMatches(readEtagCondition(header)!, 3)).toBe(false);
    expect(readEtagCondition(undefined)).toBeUndefined();
    expect(readEtagCondition('')).toBeUndefined();
  });
});

describe('an error body', () => {
  it('has a string status, the keyword, and the request in the detail', () => {
    expect(errorBody(uniqueness('Another user has this userName.'), 'req_1')).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '409',
      scimType: 'uniqueness',
      detail: 'Another user has this userName. (request req_1)',
    });
    expect(errorBody({ status: 404, detail: 'Gone.' })).not.toHaveProperty('scimType');
  });
});
