import { AppError } from '@/lib/core/error';
import type { Context } from '@/lib/core/context';
import type { DirectoryRef } from '@/lib/domain/role-mapping/types';
import { roleChangesCsv } from './role-changes-csv';
import { readRoleDraft } from './role-draft';

/** The answer to a form that asks for everyone whose roles its draft of the mapping would change: a CSV file, or why not, in words. */
export async function answerRoleChanges(ctx: Context, ref: DirectoryRef, form: FormData): Promise<Response> {
  try {
    const assignments = await readRoleDraft(ctx, ref, form);
    return new Response(await roleChangesCsv(ctx, { ...ref, assignments }), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="role-changes-${ref.directoryId}.csv"`,
        'cache-control': 'no-store',
      },
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error;
    return new Response(error.message, { status: error.code === 'not_found' ? 404 : 400 });
  }
}
