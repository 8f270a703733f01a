import { readRoleDraft } from '@/lib/adapters/provisioning/role-draft';
import { roleChangesCsv } from '@/lib/adapters/provisioning/role-changes-csv';
import { isSameOrigin, publicOrigin } from '@/lib/adapters/request-context';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { AppError } from '@/lib/core/error';
import type { DirectoryParams } from '../../load-directory';

/** Everyone whose roles a draft of the mapping would change, as a file. The draft is in the form, since it can be long. */
export async function POST(request: Request, { params }: { params: Promise<DirectoryParams> }): Promise<Response> {
  const { ctx } = await requireOperator();
  if (!isSameOrigin(request.headers, publicOrigin())) return new Response('Not from this site.', { status: 403 });
  const { org, dir } = await params;
  const ref = { organizationId: org, directoryId: dir };
  try {
    const assignments = await readRoleDraft(ctx, ref, await request.formData());
    return new Response(await roleChangesCsv(ctx, { ...ref, assignments }), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="role-changes-${dir}.csv"`,
        'cache-control': 'no-store',
      },
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error;
    return new Response(error.message, { status: error.code === 'not_found' ? 404 : 400 });
  }
}
