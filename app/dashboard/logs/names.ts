import type { Context } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { listDirectoriesOf } from '@/lib/domain/directory/queries';
import type { Directory } from '@/lib/domain/directory/types';
import type { Exchange } from '@/lib/domain/log/types';
import { getOrganization } from '@/lib/domain/organization/queries';
import type { Organization } from '@/lib/domain/organization/types';

/** What exchanges name by id. What was deleted since is left out. */
export interface ExchangeNames {
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

/** The organizations and directories that a page of exchanges is about. */
export async function loadNames(
  ctx: Context,
  exchanges: readonly Pick<Exchange, 'organizationId' | 'directoryId'>[],
): Promise<ExchangeNames> {
  const ids = [...new Set(exchanges.map((item) => item.organizationId).filter((id) => id !== null))];
  const found = await Promise.all(ids.map((id) => findOrganization(ctx, id)));
  const organizations = new Map(found.filter((item) => item !== undefined).map((item) => [item.id, item]));
  const directories = await listDirectoriesOf(ctx, [...organizations.keys()]);
  return {
    organizations,
    directories: new Map([...directories.values()].flat().map((item) => [item.id, item])),
  };
}
