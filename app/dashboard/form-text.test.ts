import { expect, test } from 'vitest';
import { AppError } from '@/lib/core/error';
import { requireTyped, textOf } from './form-text';

function typed(confirmation: string): FormData {
  const form = new FormData();
  form.set('confirmation', confirmation);
  return form;
}

test('a name is confirmed by typing what the page shows, where spaces collapse', () => {
  expect(() => requireTyped(typed(' Acme Corp '), 'Acme  Corp')).not.toThrow();
});

test('another name, another case and nothing at all do not confirm', () => {
  for (const text of ['', 'Acme', 'acme corp']) expect(() => requireTyped(typed(text), 'Acme Corp')).toThrow(AppError);
  expect(() => requireTyped(new FormData(), 'Acme Corp')).toThrow(AppError);
});

test('a file in the place of a text counts as no text', () => {
  const form = new FormData();
  form.set('name', new Blob(['x']));
  expect(textOf(form, 'name')).toBe('');
});
