import type { ReactNode } from 'react';
import { clsx } from 'clsx';
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import Link from 'next/link';
import { RowKeys } from './row-keys';

// The roles are said again because a table that is displayed as blocks loses its own in some browsers.
const AS_TABLE = { role: 'table' } as const;
const AS_ROWGROUP = { role: 'rowgroup' } as const;
const AS_ROW = { role: 'row' } as const;
const AS_COLUMNHEADER = { role: 'columnheader' } as const;
const AS_CELL = { role: 'cell' } as const;

// A box that scrolls must be reachable by keyboard.
const SCROLL_BOX = { tabIndex: 0 } as const;

/** One column of a {@link Table}. */
export interface TableColumn<Row> {
  /** Unique in the table; what a sort is named by. */
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  isSortable?: boolean;
  /** `end` for numbers. */
  align?: 'start' | 'end';
  /** CSS width, such as `9rem` or `20%`. Give it to columns whose content changes, so that nothing moves. */
  width?: string;
  /** Below 640 px: `title` is the row's head, `detail` (default) a line with the column's name before it, `hidden` left out. */
  narrow?: 'title' | 'detail' | 'hidden';
}

/** How a table is sorted now, and the address of each other way. */
export interface TableSort {
  key: string;
  direction: 'asc' | 'desc';
  hrefFor: (key: string, direction: 'asc' | 'desc') => string;
}

/** Props of {@link Table}. */
export interface TableProps<Row> {
  /** What the table lists; read out, not shown. */
  caption: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Makes the row a link: the first column's content becomes the link, and the whole row its target. */
  rowHref?: (row: Row) => string;
  sort?: TableSort;
  /** Instead of rows: an EmptyState. */
  empty?: ReactNode;
  /** Below 640 px: rows as blocks (default), or the table as it is in a box that scrolls sideways. */
  narrow?: 'stack' | 'scroll';
  /** Without a frame of its own, inside a flush Card. */
  isFramed?: boolean;
}

function HeaderCell<Row>({ column, sort }: { column: TableColumn<Row>; sort: TableSort | undefined }) {
  if (!column.isSortable || !sort) return column.header;
  const isCurrent = sort.key === column.key;
  const next = isCurrent && sort.direction === 'asc' ? 'desc' : 'asc';
  const Icon = isCurrent ? (sort.direction === 'asc' ? ArrowUp : ArrowDown) : ChevronsUpDown;
  return (
    <Link
      href={sort.hrefFor(column.key, next)}
      className={clsx(
        'group hit-area inline-flex align-middle items-center gap-1 rounded-sm hover:text-ink',
        isCurrent && 'text-ink',
        column.align === 'end' && 'flex-row-reverse',
      )}
    >
      {column.header}
      <Icon
        size={12}
        aria-hidden="true"
        className={clsx(!isCurrent && 'opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100')}
      />
    </Link>
  );
}

/**
 * A list of things, one a row. The header sticks under whatever is pinned above it (`--sticky-top`); the row is a link; the arrow
 * keys go from row to row. Buttons and links inside a cell stay usable when they have `relative z-1`, as the copy buttons do.
 */
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  rowHref,
  sort,
  empty,
  narrow = 'stack',
  isFramed = true,
}: TableProps<Row>) {
  const frame = isFramed && 'rounded-lg border border-line bg-surface';
  if (rows.length === 0 && empty) return <div className={clsx(frame)}>{empty}</div>;
  const isStacked = narrow === 'stack';

  const table = (
    <table
      {...AS_TABLE}
      className={clsx('w-full border-separate border-spacing-0 text-left', isStacked && 'max-sm:block')}
    >
      <caption className="sr-only">{caption}</caption>
      <thead {...AS_ROWGROUP} className={clsx(isStacked && 'max-sm:hidden')}>
        <tr {...AS_ROW}>
          {columns.map((column) => (
            <th
              key={column.key}
              {...AS_COLUMNHEADER}
              scope="col"
              style={column.width ? { width: column.width } : undefined}
              aria-sort={sort?.key === column.key ? (sort.direction === 'asc' ? 'ascending' : 'descending') : undefined}
              className={clsx(
                'sticky top-(--sticky-top) z-2 h-9 border-b border-line bg-sunken px-4 text-sm font-medium whitespace-nowrap text-ink-soft',
                isFramed && 'first:rounded-tl-lg last:rounded-tr-lg',
                column.align === 'end' && 'text-right',
              )}
            >
              <HeaderCell column={column} sort={sort} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...AS_ROWGROUP} className={clsx(isStacked && 'max-sm:block')}>
        {rows.map((row) => (
          <tr
            key={rowKey(row)}
            {...AS_ROW}
            className={clsx(
              'group/row relative',
              rowHref && 'hover:bg-hover has-[[data-row-link]:focus-visible]:bg-hover',
              isStacked &&
                'max-sm:block max-sm:border-b max-sm:border-line max-sm:px-4 max-sm:py-3 max-sm:last:border-b-0',
            )}
          >
            {columns.map((column, index) => {
              const place = column.narrow ?? (index === 0 ? 'title' : 'detail');
              return (
                <td
                  key={column.key}
                  {...AS_CELL}
                  data-label={isStacked && place === 'detail' ? column.header : undefined}
                  className={clsx(
                    'h-11 border-b border-line px-4 py-2 group-last/row:border-b-0',
                    column.align === 'end' && 'sm:text-right',
                    column.align === 'end' && 'tabular-nums',
                    isStacked && 'max-sm:h-auto max-sm:border-b-0 max-sm:px-0',
                    isStacked && place === 'title' && 'max-sm:block max-sm:py-0 max-sm:pb-1',
                    isStacked && place === 'hidden' && 'max-sm:hidden',
                    isStacked &&
                      place === 'detail' &&
                      'max-sm:flex max-sm:items-baseline max-sm:gap-3 max-sm:py-0.5 max-sm:before:w-24 max-sm:before:shrink-0 max-sm:before:text-sm max-sm:before:text-ink-faint max-sm:before:content-[attr(data-label)]',
                  )}
                >
                  {index === 0 && rowHref ? (
                    <Link
                      href={rowHref(row)}
                      data-row-link=""
                      className="rounded-sm font-medium -outline-offset-2 after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink"
                    >
                      {column.cell(row)}
                    </Link>
                  ) : isStacked && place === 'detail' ? (
                    <div className="min-w-0 wrap-break-word max-sm:flex-1">{column.cell(row)}</div>
                  ) : (
                    column.cell(row)
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );

  const box = isStacked ? (
    <div className={clsx(frame)}>{table}</div>
  ) : (
    <section {...SCROLL_BOX} aria-label={caption} className={clsx(frame, 'scroll-shade')}>
      {table}
    </section>
  );
  return rowHref ? <RowKeys>{box}</RowKeys> : box;
}
