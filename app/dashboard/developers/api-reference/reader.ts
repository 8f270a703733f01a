import type { Context } from '@/lib/core/context';
import type { Query } from '@/components/dashboard/href';
import type { Organization } from '@/lib/domain/organization/types';
import { readParam } from '@/components/dashboard/href';
import { publicOrigin } from '@/lib/adapters/request-context';
import type { SampleLanguageId, SampleValues } from '@/lib/adapters/rpc/reference/samples/sample';
import { readLanguage } from '@/lib/adapters/rpc/reference/samples/sample';
import { listCredentials } from '@/lib/domain/credential/queries';
import { listDirectoriesOf } from '@/lib/domain/directory/queries';
import { listOrganizations } from '@/lib/domain/organization/queries';

export const REFERENCE_PATH = '/dashboard/developers/api-reference';

/** How many organizations there are to choose from. Others are reached by their id in the address. */
const CHOICES_MAX = 100;

/** What the reference's pages are written for: a language, and things that the reader has. */
export interface Reader {
  readonly language: SampleLanguageId;
  readonly values: SampleValues;
  readonly organizations: readonly Organization[];
  /** What the address says of both, for links from page to page. */
  readonly keep: { readonly language: string | undefined; readonly organization: string | undefined };
}

/**
 * The reader that an address names: `language`, and `organization`, whose ids fill the samples. Without one it is the newest
 * organization that has a directory, else the newest.
 */
export async function loadReader(ctx: Context, query: Query): Promise<Reader> {
  const [page, credentials] = await Promise.all([
    listOrganizations(ctx, { pageSize: CHOICES_MAX }),
    listCredentials(ctx),
  ]);
  const directories = await listDirectoriesOf(
    ctx,
    page.items.map(({ id }) => id),
  );
  const asked = readParam(query['organization']);
  const chosen =
    page.items.find(({ id }) => id === asked) ?? page.items.find(({ id }) => directories.has(id)) ?? page.items[0];
  const language = readParam(query['language']);
  return {
    language: readLanguage(language),
    values: {
      origin: publicOrigin(),
      clientId: credentials[0]?.id,
      organizationId: chosen?.id,
      directoryId: chosen && directories.get(chosen.id)?.[0]?.id,
    },
    organizations: page.items,
    keep: { language, organization: asked },
  };
}
