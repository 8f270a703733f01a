import type { TableColumn, TableProps } from './table';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { Table } from './table';

interface Row {
  id: string;
  users: number;
}

const COLUMNS: readonly TableColumn<Row>[] = [
  { key: 'id', header: 'Id', cell: (row) => row.id, isSortable: true },
  { key: 'users', header: 'Users', cell: (row) => row.users, isSortable: true, align: 'end' },
];

function render(props: Partial<TableProps<Row>>): string {
  return renderToStaticMarkup(
    createElement(Table<Row>, {
      caption: 'Organizations',
      columns: COLUMNS,
      rows: [{ id: 'org_1', users: 3 }],
      rowKey: (row) => row.id,
      ...props,
    }),
  );
}

const sort = {
  key: 'id',
  direction: 'asc' as const,
  hrefFor: (key: string, direction: string) => `?sort=${key}.${direction}`,
};

describe('a table', () => {
  test('a row is one link, on its first cell', () => {
    const html = render({ rowHref: (row) => `/orgs/${row.id}` });
    expect(html.match(/data-row-link=/g)).toHaveLength(1);
    expect(html).toContain('href="/orgs/org_1"');
  });

  test('the current sort is said, and its link turns it around', () => {
    const html = render({ sort });
    expect(html.match(/aria-sort="ascending"/g)).toHaveLength(1);
    expect(html).toContain('href="?sort=id.desc"');
    expect(html).toContain('href="?sort=users.asc"');
  });

  test('without rows the empty state stands in its place', () => {
    const html = render({ rows: [], empty: 'No organizations yet' });
    expect(html).toContain('No organizations yet');
    expect(html).not.toContain('<table');
  });

  test('text in a cell is escaped', () => {
    expect(render({ rows: [{ id: '<img src=x>', users: 0 }] })).toContain('&lt;img src=x&gt;');
  });
});
