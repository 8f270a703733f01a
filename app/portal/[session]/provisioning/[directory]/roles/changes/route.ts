import { isOwnPost } from '@/lib/adapters/portal/action';
import { openDirectory } from '@/lib/adapters/portal/directory';
import { portalSite } from '@/lib/adapters/portal/site';
import { answerRoleChanges } from '@/lib/adapters/provisioning/role-changes-file';

const STATUS = { ended: 401, hidden: 403, gone: 404 } as const;

/** Everyone whose roles a draft of the mapping would change, as a file. */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ session: string; directory: string }> },
): Promise<Response> {
  const { session, directory: directoryId } = await params;
  if (!isOwnPost(request.headers, portalSite().publicOrigin))
    return new Response('Not from this page.', { status: 403 });
  const found = await openDirectory(session, directoryId);
  if (found.kind !== 'open') return new Response('This is no longer here.', { status: STATUS[found.kind] });
  const ref = { organizationId: found.visit.organization.id, directoryId: found.directory.id };
  return answerRoleChanges(found.visit.ctx, ref, await request.formData());
}
