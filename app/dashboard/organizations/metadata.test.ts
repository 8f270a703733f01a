import { expect, test } from 'vitest';
import { readMetadata } from './metadata';
import { metadataInputNames, metadataInputValues } from './metadata-inputs';

function formOf(...rows: [key: string, value: string][]): FormData {
  const form = new FormData();
  for (const [index, [key, value]] of rows.entries()) {
    form.set(metadataInputNames(index).key, key);
    form.set(metadataInputNames(index).value, value);
  }
  return form;
}

test('blank rows are skipped and line breaks come back as they were', () => {
  expect(readMetadata(formOf(['plan', 'gold'], ['', ''], [' note ', 'one\r\ntwo']))).toEqual({
    plan: 'gold',
    note: 'one\ntwo',
  });
});

test('a value without a key is refused, rather than lost', () => {
  expect(() => readMetadata(formOf(['', 'gold']))).toThrow(/Give the value “gold” a key/);
});

test('a key that stands twice is refused, rather than one value lost', () => {
  expect(() => readMetadata(formOf(['plan', 'gold'], ['plan', 'silver']))).toThrow(/stands twice/);
});

test('a key named like a part of every object is an ordinary key', () => {
  expect(Object.entries(readMetadata(formOf(['__proto__', 'x'])))).toEqual([['__proto__', 'x']]);
});

test('metadata survives being shown in the form and sent back', () => {
  const metadata = { plan: 'gold', 'a=b': 'c = d' };
  const form = new FormData();
  for (const [name, value] of Object.entries(metadataInputValues(metadata))) form.set(name, value);
  expect(readMetadata(form)).toEqual(metadata);
});
