import { AppError } from './error';

/** One page of a list that is read by key, newest or oldest first. Tokens are opaque to clients. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly totalSize: number;
  /** Empty at the end of the list. */
  readonly nextPageToken: string;
  /** Empty at the start of the list. */
  readonly prevPageToken: string;
}

/** Where a page starts: just after, or just before, the row with `key`. */
export interface PagePosition {
  readonly direction: 'after' | 'before';
  readonly key: string;
}

/** Reads a page token. Undefined for the first page; throws `invalid_argument` for one we did not make. */
export function readPageToken(token: string | undefined): PagePosition | undefined {
  if (!token) return undefined;
  const text = Buffer.from(token, 'base64url').toString('utf8');
  const match = /^(after|before):([\w.:-]{1,200})$/.exec(text);
  if (!match) throw new AppError('invalid_argument', 'This page token is not valid. Start again without one.');
  return { direction: match[1] as PagePosition['direction'], key: match[2] as string };
}

/** Makes the token that `readPageToken` reads. */
export function writePageToken(position: PagePosition): string {
  return Buffer.from(`${position.direction}:${position.key}`, 'utf8').toString('base64url');
}

/** `size` between 1 and `max`; `fallback` when absent or 0. Sizes are clamped, never refused. */
export function clampPageSize(size: number | undefined, fallback: number, max: number): number {
  if (!size || !Number.isFinite(size) || size < 1) return fallback;
  return Math.min(Math.trunc(size), max);
}

/**
 * Turns up to `size + 1` rows, read in the direction of `position`, into a page. Rows read backwards arrive in reverse.
 * @param keyOf the key that the list is ordered by
 */
export function toPage<T>(
  rows: readonly T[],
  size: number,
  position: PagePosition | undefined,
  totalSize: number,
  keyOf: (item: T) => string,
): Page<T> {
  const backwards = position?.direction === 'before';
  const hasMore = rows.length > size;
  const kept = rows.slice(0, size);
  const items = backwards ? kept.toReversed() : kept;
  const first = items[0];
  const last = items.at(-1);
  const hasNext = last !== undefined && (backwards || hasMore);
  const hasPrevious = first !== undefined && (backwards ? hasMore : position !== undefined);
  return {
    items,
    totalSize,
    nextPageToken: hasNext ? writePageToken({ direction: 'after', key: keyOf(last) }) : '',
    prevPageToken: hasPrevious ? writePageToken({ direction: 'before', key: keyOf(first) }) : '',
  };
}
