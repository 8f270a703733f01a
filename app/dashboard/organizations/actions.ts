'use server';

import { redirect } from 'next/navigation';
import { operatorAction } from '@/lib/adapters/action';
import { createOrganization, updateOrganization } from '@/lib/domain/organization/commands';
import { textOf } from '../form-text';
import { readMetadata } from './metadata';

function readFields(form: FormData) {
  return {
    displayName: textOf(form, 'display_name'),
    externalId: textOf(form, 'external_id').trim(),
    slug: textOf(form, 'slug').trim(),
    logoUrl: textOf(form, 'logo_url').trim(),
    metadata: readMetadata(form),
  };
}

/** Creates an organization and goes to it. */
export const createOrganizationAction = operatorAction<never>(async (ctx, form) => {
  const organization = await createOrganization(ctx, readFields(form));
  redirect(`/dashboard/organizations/${organization.id}`);
});

/** Saves the fields of an organization and goes back to it. */
export const updateOrganizationAction = operatorAction<never>(async (ctx, form) => {
  const organization = await updateOrganization(ctx, { id: textOf(form, 'organization_id'), ...readFields(form) });
  redirect(`/dashboard/organizations/${organization.id}`);
});
