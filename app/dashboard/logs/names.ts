import type { Context } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { listDirectoriesOf } from '@/lib/domain/directory/queries';
import type { Directory } from '@/lib/domain/directory/types';
import type { Exchange } from '@/lib/domain/log/types';
import { getOrganization, listOrganizations } from '@/lib/domain/organization/queries';
import type { Organization } from '@/lib/domain/organization/types';

/** What exchanges and events name by id. What was deleted since is left out. */
export interface ListedNames {
  readonly organizations: ReadonlyMap<string, Organization>;
  readonly directories: ReadonlyMap<string, Directory>;
}

/** The organization with this id, or undefined when there is none. */
export async function findOrganization(ctx: Context, id: string): Promise<Organization | undefined> {
  try {
    return await getOrganization(ctx, id);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined;
    throw error;
  }
}

/** How many organizations a filter offers: the newest. Any other is found by its own page's links. */
const OFFERED_ORGANIZATIONS = 100;

/** The organizations that a filter offers, the one with `id` among them, and that one. */
export async function offerOrganizations(
  ctx: Context,
  id: string | undefined,
): Promise<{ chosen: Organization | undefined; options: { value: string; label: string }[] }> {
  const [offered, chosen] = await Promise.all([
    listOrganizations(ctx, { pageSize: OFFERED_ORGANIZATIONS }),
    id === undefined ? undefined : findOrganization(ctx, id),
  ]);
  const organizations = [...offered.items];
  if (chosen && !organizations.some((item) => item.id === chosen.id)) organizations.unshift(chosen);
  return { chosen, options: organizations.map((item) => ({ value: item.id, label: item.displayName })) };
}

/** The organizations and directories that a page of exchanges or events is about. */
export async function loadNames(
  ctx: Context,
  items: readonly Pick<Exchange, 'organizationId' | 'directoryId'>[],
): Promise<ListedNames> {
  const ids = [...new Set(items.map((item) => item.organizationId).filter((id) => id !== null))];
  const found = await Promise.all(ids.map((id) => findOrganization(ctx, id)));
  const organizations = new Map(found.filter((item) => item !== undefined).map((item) => [item.id, item]));
  const directories = await listDirectoriesOf(ctx, [...organizations.keys()]);
  return {
    organizations,
    directories: new Map([...directories.values()].flat().map((item) => [item.id, item])),
  };
}
