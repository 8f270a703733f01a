'use server';

import { refresh } from 'next/cache';
import { operatorAction } from '@/lib/adapters/action';
import { readRoleDraft } from '@/lib/adapters/provisioning/role-draft';
import { assignRoles } from '@/lib/domain/role-mapping/commands';
import { previewRoleMapping } from '@/lib/domain/role-mapping/queries';
import type { MappingPreview } from '@/lib/domain/role-mapping/types';
import { textOf } from '../../../../../form-text';

function refOf(form: FormData) {
  return { organizationId: textOf(form, 'organization_id'), directoryId: textOf(form, 'directory_id') };
}

/** What applying the form's mapping would do. */
export const previewRolesAction = operatorAction<MappingPreview>(async (ctx, form) => {
  const ref = refOf(form);
  const assignments = await readRoleDraft(ctx, ref, form);
  return { ok: true, data: await previewRoleMapping(ctx, { ...ref, assignments }) };
});

/** Makes the form's mapping that of the directory. */
export const applyRolesAction = operatorAction<never>(async (ctx, form) => {
  const ref = refOf(form);
  await assignRoles(ctx, { ...ref, assignments: await readRoleDraft(ctx, ref, form) });
  refresh();
  return { ok: true, message: 'Mapping applied' };
});
