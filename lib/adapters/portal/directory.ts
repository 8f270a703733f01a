import { AppError } from '@/lib/core/error';
import { isId } from '@/lib/core/id';
import { getDirectory } from '@/lib/domain/directory/queries';
import type { Directory } from '@/lib/domain/directory/types';
import type { Provider } from '@/lib/providers/provider';
import { providerOf } from '@/lib/providers/registry';
import type { Visit } from './session';
import { endpointOf, portalPath, portalSite } from './site';
import { openTab } from './visit';

/** A directory of the visitor's organization, and what its pages need. */
export interface DirectoryVisit {
  readonly kind: 'open';
  readonly visit: Visit;
  readonly directory: Directory;
  readonly provider: Provider;
  /** Its SCIM endpoint, without a provider's flags. */
  readonly endpoint: string;
  /** Its path in the portal; the pages of its steps are below. */
  readonly path: string;
}

/** The directory in the path of a page, or why it is not shown. */
export async function openDirectory(
  sessionId: string,
  directoryId: string,
): Promise<DirectoryVisit | { readonly kind: 'ended' | 'hidden' | 'gone' }> {
  const tab = await openTab(sessionId, 'dir_sync');
  if (tab.kind !== 'open') return tab;
  const { visit } = tab;
  if (!isId('directory', directoryId)) return { kind: 'gone' };
  try {
    const directory = await getDirectory(visit.ctx, { organizationId: visit.organization.id, directoryId });
    return {
      kind: 'open',
      visit,
      directory,
      provider: providerOf(directory.provider),
      endpoint: endpointOf(portalSite(), directory.id),
      path: `${portalPath(sessionId)}/provisioning/${directory.id}`,
    };
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return { kind: 'gone' };
    throw error;
  }
}
