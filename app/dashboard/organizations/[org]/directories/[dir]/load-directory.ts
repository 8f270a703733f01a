import type { Context } from '@/lib/core/context';
import type { Directory } from '@/lib/domain/directory/types';
import type { DirectoryCounts } from '@/lib/domain/provisioning/types';
import type { Organization } from '@/lib/domain/organization/types';
import type { SignedIn } from '@/lib/domain/operator/types';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { summarizeHeld } from '@/lib/domain/deprovisioning/queries';
import type { HeldSummary } from '@/lib/domain/deprovisioning/types';
import { getDirectory } from '@/lib/domain/directory/queries';
import { getOrganization } from '@/lib/domain/organization/queries';
import { countDirectory } from '@/lib/domain/provisioning/queries';
import { orNotFound } from '../../../../or-not-found';

/** Ids from the address of a directory's page. */
export interface DirectoryParams {
  readonly org: string;
  readonly dir: string;
}

/** A directory and whatever its pages all show. */
export interface LoadedDirectory {
  readonly ctx: Context;
  readonly signedIn: SignedIn;
  readonly organization: Organization;
  readonly directory: Directory;
  readonly counts: DirectoryCounts;
  readonly held: HeldSummary;
  /** The address of the directory's first page. */
  readonly path: string;
}

/** Checks that an operator asks and loads the directory of an address; shows the not-found page where there is none. */
export async function loadDirectory(params: Promise<DirectoryParams>): Promise<LoadedDirectory> {
  const { ctx, signedIn } = await requireOperator();
  const { org, dir } = await params;
  const organization = await orNotFound(getOrganization(ctx, org));
  const directory = await orNotFound(getDirectory(ctx, { organizationId: org, directoryId: dir }));
  const [counts, held] = await Promise.all([
    countDirectory(ctx, org, [dir]),
    summarizeHeld(ctx, { organizationId: org, directoryId: dir }),
  ]);
  return {
    ctx,
    signedIn,
    organization,
    directory,
    counts: counts.get(dir)!,
    held,
    path: `/dashboard/organizations/${org}/directories/${dir}`,
  };
}
