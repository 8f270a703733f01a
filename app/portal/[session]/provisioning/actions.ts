'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { type FormState, runPortalAction } from '@/lib/adapters/portal/action';
import { portalPath } from '@/lib/adapters/portal/site';
import { directorySwitched, type PortalUiEvent } from '@/lib/adapters/portal/ui-event';
import {
  createDirectory,
  createSecret,
  disableDirectory,
  enableDirectory,
  regenerateSecret,
  revokeSecret,
} from '@/lib/domain/directory/commands';
import { listDirectories } from '@/lib/domain/directory/queries';
import { isProviderId } from '@/lib/providers/provider';
import { providerOf } from '@/lib/providers/registry';

/** The refreshed page shows what the action changed. */
function refresh(sessionId: string): void {
  revalidatePath(portalPath(sessionId), 'layout');
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** Goes to the directory that is being set up with the chosen provider, or makes one: choosing again loses nothing. */
export async function chooseProvider(sessionId: string, _: FormState, form: FormData): Promise<FormState> {
  return runPortalAction(sessionId, 'dir_sync', async ({ ctx, organization }): Promise<FormState> => {
    const id = textOf(form, 'provider');
    if (!isProviderId(id)) return { error: 'Choose a provider from the list.' };
    const { unavailable } = providerOf(id);
    if (unavailable) return { error: unavailable };
    const directories = await listDirectories(ctx, organization.id);
    const begun = directories.find((item) => item.provider === id && !item.isEnabled && item.status !== 'COMPLETED');
    const { id: directoryId } =
      begun ?? (await createDirectory(ctx, { organizationId: organization.id, provider: id, type: 'SCIM' }));
    redirect(`${portalPath(sessionId)}/provisioning/${directoryId}/connect`);
  });
}

/** What the token form is told. `token` is in the answer to the request that made it, and nowhere else. */
export interface TokenState extends FormState {
  readonly token?: string;
  /** What was done, in words. */
  readonly done?: string;
}

/** Makes a token, replaces all by a new one, or revokes one, as the form's `mode` says. */
export async function changeToken(
  sessionId: string,
  directoryId: string,
  _: TokenState,
  form: FormData,
): Promise<TokenState> {
  return runPortalAction(sessionId, 'dir_sync', async ({ ctx, organization }): Promise<TokenState> => {
    const ref = { organizationId: organization.id, directoryId };
    const mode = textOf(form, 'mode');
    if (mode.startsWith('revoke:')) {
      await revokeSecret(ctx, { ...ref, secretId: mode.slice('revoke:'.length) });
      refresh(sessionId);
      return { done: 'The token was revoked.' };
    }
    const { token } = mode === 'replace' ? await regenerateSecret(ctx, ref) : await createSecret(ctx, ref);
    refresh(sessionId);
    return { token, done: mode === 'replace' ? 'The old tokens stopped working.' : undefined };
  });
}

/** What the form that enables and disables is told. */
export interface ActivationState extends FormState {
  /** For the page that frames the portal. */
  readonly event?: PortalUiEvent;
}

/** Enables the directory, or disables it, as the form's `isEnabled` says. */
export async function switchDirectory(
  sessionId: string,
  directoryId: string,
  _: ActivationState,
  form: FormData,
): Promise<ActivationState> {
  return runPortalAction(sessionId, 'dir_sync', async ({ ctx, organization }): Promise<ActivationState> => {
    const ref = { organizationId: organization.id, directoryId };
    const isWanted = textOf(form, 'isEnabled') === 'true';
    const directory = await (isWanted ? enableDirectory(ctx, ref) : disableDirectory(ctx, ref));
    refresh(sessionId);
    const { id, isEnabled, provider } = directory;
    return {
      event: directorySwitched(organization.id, { id, isEnabled, provider: providerOf(provider).wireName }),
    };
  });
}
