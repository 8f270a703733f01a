'use server';

import { revalidatePath } from 'next/cache';
import type { ApplyAnswer, PreviewAnswer } from '@/components/provisioning/role-mapping-editor';
import { runPortalAction } from '@/lib/adapters/portal/action';
import { portalPath } from '@/lib/adapters/portal/site';
import { readRoleDraft } from '@/lib/adapters/provisioning/role-draft';
import { assignRoles } from '@/lib/domain/role-mapping/commands';
import { previewRoleMapping } from '@/lib/domain/role-mapping/queries';

/** What applying the form's mapping would do. */
export async function previewRoles(sessionId: string, directoryId: string, form: FormData): Promise<PreviewAnswer> {
  return runPortalAction(sessionId, 'dir_sync', async ({ ctx, organization }) => {
    const ref = { organizationId: organization.id, directoryId };
    const assignments = await readRoleDraft(ctx, ref, form);
    return { preview: await previewRoleMapping(ctx, { ...ref, assignments }) };
  });
}

/** Makes the form's mapping that of the directory. */
export async function applyRoles(sessionId: string, directoryId: string, form: FormData): Promise<ApplyAnswer> {
  return runPortalAction(sessionId, 'dir_sync', async ({ ctx, organization }) => {
    const ref = { organizationId: organization.id, directoryId };
    await assignRoles(ctx, { ...ref, assignments: await readRoleDraft(ctx, ref, form) });
    revalidatePath(portalPath(sessionId), 'layout');
    return { done: 'Mapping applied' };
  });
}
