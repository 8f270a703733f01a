import { and, desc, eq, isNull, lt } from 'drizzle-orm';
import { type Context, requireManager, requireOrganization } from '@/lib/core/context';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import { database } from '@/lib/db/handle';
import { run } from '@/lib/db/tables/run';
import { fromRow } from './row';
import type { Run } from './types';

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

/**
 * A page of runs, newest first: of everything, for managers, or of one organization or directory. `totalSize` is not counted and 0.
 * @param filter.isOpen only those that go on
 */
export async function listRuns(
  ctx: Context,
  filter: { readonly organizationId?: string; readonly directoryId?: string; readonly isOpen?: boolean } = {},
  page: { readonly pageSize?: number; readonly pageToken?: string } = {},
): Promise<Page<Run>> {
  if (filter.organizationId === undefined) requireManager(ctx);
  else requireOrganization(ctx, filter.organizationId);
  const size = clampPageSize(page.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const position = readPageToken(page.pageToken);
  const rows = await database()
    .orm.select()
    .from(run)
    .where(
      and(
        filter.organizationId === undefined ? undefined : eq(run.organizationId, filter.organizationId),
        filter.directoryId === undefined ? undefined : eq(run.directoryId, filter.directoryId),
        filter.isOpen ? isNull(run.finishedAt) : undefined,
        position && lt(run.id, position.key),
      ),
    )
    .orderBy(desc(run.id))
    .limit(size + 1);
  const found = toPage(rows.map(fromRow), size, position, 0, ({ id }) => id);
  return { ...found, prevPageToken: '' };
}
