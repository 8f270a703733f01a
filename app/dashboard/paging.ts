import type { Page } from '@/lib/core/page';
import type { QueryValue } from '@/components/dashboard/href';
import { AppError } from '@/lib/core/error';
import { readPageToken } from '@/lib/core/page';
import { readParam, withQuery } from '@/components/dashboard/href';

/** The page token of an address; one that we did not make means the first page, since addresses get cut and edited. */
export function readPageParam(value: QueryValue): string | undefined {
  const token = readParam(value);
  try {
    return readPageToken(token) && token;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** The addresses of the pages before and after, for `Pagination`. */
export function pageLinks(
  page: Pick<Page<unknown>, 'nextPageToken' | 'prevPageToken'>,
  path: string,
  params: Readonly<Record<string, string | undefined>> = {},
): { previousHref: string | undefined; nextHref: string | undefined } {
  const at = (token: string) => (token ? withQuery(path, { ...params, page: token }) : undefined);
  return { previousHref: at(page.prevPageToken), nextHref: at(page.nextPageToken) };
}

/** "3 people", "1 person": a count with its noun. */
export function countOf(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
