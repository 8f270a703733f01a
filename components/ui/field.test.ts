import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { Checkbox, Switch } from './choice';
import { Select, TextArea, TextField } from './field';

function idsIn(html: string): Set<string> {
  return new Set([...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]!));
}

const FIELDS = [
  ['TextField', createElement(TextField, { label: 'Slug', hint: 'Short.', error: 'Taken.', name: 'slug' })],
  ['TextArea', createElement(TextArea, { label: 'Slug', hint: 'Short.', error: 'Taken.', name: 'slug' })],
  ['Select', createElement(Select, { label: 'Slug', hint: 'Short.', error: 'Taken.', name: 'slug', options: [] })],
  ['Checkbox', createElement(Checkbox, { label: 'Slug', hint: 'Short.', error: 'Taken.', name: 'slug' })],
  ['Switch', createElement(Switch, { label: 'Slug', hint: 'Short.', error: 'Taken.', name: 'slug' })],
] as const;

describe.each(FIELDS)('%s', (_, element) => {
  const html = renderToStaticMarkup(element);

  test('its label, hint and error all point at elements that exist', () => {
    const ids = idsIn(html);
    expect(ids.has(/for="([^"]+)"/.exec(html)![1]!)).toBe(true);
    const described = /aria-describedby="([^"]+)"/.exec(html)![1]!.split(' ');
    expect(described).toHaveLength(2);
    for (const id of described) expect(ids.has(id)).toBe(true);
  });

  test('an error marks it as invalid', () => expect(html).toContain('aria-invalid="true"'));
});

test('a field without hint and error describes nothing and is not invalid', () => {
  const html = renderToStaticMarkup(createElement(TextField, { label: 'Name', name: 'name' }));
  expect(html).not.toContain('aria-describedby');
  expect(html).not.toContain('aria-invalid=');
});

test('a read-only value and its label belong together even with an id of its own', () => {
  const html = renderToStaticMarkup(
    createElement(TextField, { label: 'Id', id: 'own', readOnly: true, value: 'org_1' }),
  );
  expect(html).toContain('for="own"');
  expect(html).toContain('id="own"');
});
