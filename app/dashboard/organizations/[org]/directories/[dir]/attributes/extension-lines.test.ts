import { expect, test } from 'vitest';
import { readExtensionLines, writeExtensionLines } from './extension-lines';

const URN = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';

test('lines are read into extensions and written back the same', () => {
  const text = `${URN}:badge string\n${URN}:levels integer list\nurn:example:x:User:since dateTime`;
  const extensions = readExtensionLines(`\n${text}\n\n`);
  expect(extensions).toEqual([
    {
      urn: URN,
      attributes: [
        { name: 'badge', type: 'string', isMultiValued: false },
        { name: 'levels', type: 'integer', isMultiValued: true },
      ],
    },
    { urn: 'urn:example:x:User', attributes: [{ name: 'since', type: 'dateTime', isMultiValued: false }] },
  ]);
  expect(writeExtensionLines(extensions)).toBe(text);
});

test('a line without a type is a string, and a wrong line is named', () => {
  expect(readExtensionLines(`${URN}:badge`)[0]?.attributes[0]?.type).toBe('string');
  expect(() => readExtensionLines('badge string')).toThrow('Line 1');
  expect(() => readExtensionLines(`${URN}:a string\n${URN}:b text`)).toThrow('Line 2: text is not a type');
  expect(() => readExtensionLines(`${URN}:a string many`)).toThrow('Line 1');
});
