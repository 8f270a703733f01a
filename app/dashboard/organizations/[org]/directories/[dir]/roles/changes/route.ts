import { answerRoleChanges } from '@/lib/adapters/provisioning/role-changes-file';
import { isSameOrigin, publicOrigin } from '@/lib/adapters/request-context';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import type { DirectoryParams } from '../../load-directory';

/** Everyone whose roles a draft of the mapping would change, as a file. The draft is in the form, since it can be long. */
export async function POST(request: Request, { params }: { params: Promise<DirectoryParams> }): Promise<Response> {
  const { ctx } = await requireOperator();
  if (!isSameOrigin(request.headers, publicOrigin())) return new Response('Not from this site.', { status: 403 });
  const { org, dir } = await params;
  return answerRoleChanges(ctx, { organizationId: org, directoryId: dir }, await request.formData());
}
