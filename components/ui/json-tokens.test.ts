import { assert, jsonValue, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JSON_SHOWN_MAX_CHARS, printJson, splitJson } from './json-tokens';

describe('printed JSON', () => {
  test('no piece of any document is lost or changed by colouring', () => {
    assert(
      property(jsonValue(), (value) => {
        const text = printJson(JSON.stringify(value));
        expect(
          splitJson(text)
            .map((token) => token.text)
            .join(''),
        ).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('a key is not a string, and a colon inside a string makes no key', () => {
    expect(splitJson('{"a":"b: \\"c\\": 1"}').map((token) => token.kind)).toEqual([
      'plain',
      'key',
      'plain',
      'string',
      'plain',
    ]);
  });

  test('text that is not JSON is printed as a string', () => expect(printJson('<html>')).toBe('"<html>"'));

  test('characters that reorder or hide text are shown as escapes', () =>
    expect(printJson({ name: 'a\u202Eb\u200B' })).toBe('{\n  "name": "a\\u202eb\\u200b"\n}'));

  test('a cycle, a BigInt and undefined do not throw', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(printJson(cycle)).toContain('cannot be shown');
    expect(printJson({ big: 1n })).toContain('cannot be shown');
    expect(printJson(undefined)).toBe('undefined');
  });

  test('a very long document is cut', () =>
    expect(printJson('x'.repeat(JSON_SHOWN_MAX_CHARS * 2)).length).toBe(JSON_SHOWN_MAX_CHARS + 2));
});
