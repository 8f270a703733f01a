'use server';

import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { operatorAction } from '@/lib/adapters/action';
import { invalidField } from '@/lib/core/error';
import {
  createDirectory,
  createSecret,
  deleteDirectory,
  disableDirectory,
  enableDirectory,
  revokeSecret,
} from '@/lib/domain/directory/commands';
import { getDirectory } from '@/lib/domain/directory/queries';
import { isProviderId } from '@/lib/providers/provider';
import { providerOf } from '@/lib/providers/registry';
import { requireTyped, textOf } from '../../../form-text';

function refOf(form: FormData) {
  return { organizationId: textOf(form, 'organization_id'), directoryId: textOf(form, 'directory_id') };
}

/** A directory's token, at the only moment when it can be read. */
export interface MadeToken {
  readonly id: string;
  readonly token: string;
}

/** Creates a directory and goes to it. */
export const createDirectoryAction = operatorAction<never>(async (ctx, form) => {
  const provider = textOf(form, 'provider');
  if (!isProviderId(provider)) throw invalidField('provider', 'Choose the customer’s identity provider.');
  const { unavailable } = providerOf(provider);
  if (unavailable !== undefined) throw invalidField('provider', unavailable);
  const directory = await createDirectory(ctx, {
    organizationId: textOf(form, 'organization_id'),
    provider,
    name: textOf(form, 'name').trim() || undefined,
  });
  redirect(`/dashboard/organizations/${directory.organizationId}/directories/${directory.id}`);
});

/** Enables a directory. */
export const enableDirectoryAction = operatorAction(async (ctx, form) => {
  await enableDirectory(ctx, refOf(form));
  refresh();
});

/** Disables a directory. */
export const disableDirectoryAction = operatorAction(async (ctx, form) => {
  await disableDirectory(ctx, refOf(form));
  refresh();
});

/** Makes one more token. */
export const createTokenAction = operatorAction<MadeToken>(async (ctx, form) => {
  const { secret, token } = await createSecret(ctx, refOf(form));
  refresh();
  return { ok: true, data: { id: secret.id, token } };
});

/** Revokes a token. */
export const revokeTokenAction = operatorAction(async (ctx, form) => {
  await revokeSecret(ctx, { ...refOf(form), secretId: textOf(form, 'secret_id') });
  refresh();
});

/** Deletes a directory once its name was typed. */
export const deleteDirectoryAction = operatorAction<never>(async (ctx, form) => {
  const ref = refOf(form);
  const directory = await getDirectory(ctx, ref);
  requireTyped(form, directory.name);
  await deleteDirectory(ctx, ref);
  redirect(`/dashboard/organizations/${ref.organizationId}/directories`);
});
