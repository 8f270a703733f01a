'use server';

import { redirect } from 'next/navigation';
import { operatorAction } from '@/lib/adapters/action';
import { invalidField } from '@/lib/core/error';
import { createOrganization, setUserManagementSettings, updateOrganization } from '@/lib/domain/organization/commands';
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

/** The limit that was typed, null for none. @throws invalid_argument unless it is a whole number from 1 */
function readSeatLimit(form: FormData): number | null {
  const text = textOf(form, 'max_allowed_users').trim();
  if (text === '') return null;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw invalidField('max_allowed_users', 'Use a whole number from 1, or leave it empty.');
  return Number(text);
}

/** Saves the fields of an organization and goes back to it. */
export const updateOrganizationAction = operatorAction<never>(async (ctx, form) => {
  const maxAllowedUsers = readSeatLimit(form);
  const organization = await updateOrganization(ctx, { id: textOf(form, 'organization_id'), ...readFields(form) });
  await setUserManagementSettings(ctx, { id: organization.id, maxAllowedUsers });
  redirect(`/dashboard/organizations/${organization.id}`);
});
