import { createHash } from 'node:crypto';

/** A row whose place in a list was once known. It may have moved, or be gone: whoever uses it counts again. */
export interface Pivot {
  /** Rows up to and including this one. */
  readonly position: number;
  readonly id: string;
}

interface KnownList {
  readonly pivots: Map<number, string>;
  total: number;
}

/** Lists that are remembered, the least recently read forgotten first; about 4 MB at most. */
const MAX_LISTS = 1000;
const MAX_PIVOTS = 64;
const START: Pivot = { position: 0, id: '' };
/** Sorts behind every id: those are ASCII. */
const BEHIND_ALL = '\u{10FFFF}';

const lists = new Map<string, KnownList>();

const nameOf = (list: string) => createHash('sha256').update(list).digest('base64url');

/** Remembers where a row is in a list, for those who ask for the pages that follow. */
export function rememberPivot(list: string, pivot: Pivot, total: number): void {
  const name = nameOf(list);
  const known = lists.get(name) ?? { pivots: new Map<number, string>(), total };
  known.total = total;
  known.pivots.delete(pivot.position);
  known.pivots.set(pivot.position, pivot.id);
  dropOldest(known.pivots, MAX_PIVOTS);
  lists.delete(name);
  lists.set(name, known);
  dropOldest(lists, MAX_LISTS);
}

/**
 * The pivot from which a place in a list is reached with the least reading: one that is remembered, the start, or the end. It tells as well
 * whether there were more rows before it than behind it, so that whoever counts again can count the fewer.
 */
export function nearestPivot(list: string, position: number): Pivot & { readonly isNearEnd: boolean } {
  const known = lists.get(nameOf(list));
  if (!known) return { ...START, isNearEnd: false };
  let nearest: Pivot = START;
  const consider = (pivot: Pivot) => {
    if (Math.abs(pivot.position - position) < Math.abs(nearest.position - position)) nearest = pivot;
  };
  for (const [at, id] of known.pivots) consider({ position: at, id });
  consider({ position: known.total, id: BEHIND_ALL });
  return { ...nearest, isNearEnd: nearest.position > known.total / 2 };
}

function dropOldest(map: Map<unknown, unknown>, size: number): void {
  if (map.size <= size) return;
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
