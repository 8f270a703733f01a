import type { Context } from '@/lib/core/context';
import type { OfferedOrganization } from './endpoint-form';
import { listOrganizations } from '@/lib/domain/organization/queries';
import { findOrganization } from '../../logs/names';

/** How many organizations a form offers: the newest, and whatever is chosen. Others are named by id. */
const OFFERED = 100;

/** The organizations that an endpoint's form offers, those that are chosen among them. One that was deleted keeps its id as its name. */
export async function offerOrganizations(
  ctx: Context,
  chosenIds: readonly string[],
): Promise<{ offered: OfferedOrganization[]; hasMore: boolean }> {
  const page = await listOrganizations(ctx, { pageSize: OFFERED });
  const newest = page.items.map(({ id, displayName }) => ({ id, name: displayName }));
  const known = new Set(newest.map(({ id }) => id));
  const others = await Promise.all(
    chosenIds
      .filter((id) => !known.has(id))
      .map(async (id) => ({ id, name: (await findOrganization(ctx, id))?.displayName ?? `${id} (deleted)` })),
  );
  return { offered: [...others, ...newest], hasMore: page.nextPageToken !== '' };
}
