'use server';

import { refresh } from 'next/cache';
import { operatorAction } from '@/lib/adapters/action';
import { isLoopbackOrigin } from '../../addresses';
import {
  addCredentialSecret,
  createCredential,
  deleteCredential,
  revokeCredentialSecret,
} from '@/lib/domain/credential/commands';
import { addRedirectUri, removeRedirectUri } from '@/lib/domain/portal/commands';
import { textOf } from '../../form-text';

/** An API credential's secret, at the only moment when it can be read. */
export interface MadeSecret {
  readonly clientId: string;
  readonly plainSecret: string;
}

/** Makes an API credential with its first secret. */
export const createCredentialAction = operatorAction<MadeSecret>(async (ctx, form) => {
  const { credential, plainSecret } = await createCredential(ctx, { name: textOf(form, 'name') });
  refresh();
  return { ok: true, data: { clientId: credential.id, plainSecret } };
});

/** Adds a secret to an API credential. */
export const addSecretAction = operatorAction<MadeSecret>(async (ctx, form) => {
  const { credential, plainSecret } = await addCredentialSecret(ctx, { id: textOf(form, 'credential_id') });
  refresh();
  return { ok: true, data: { clientId: credential.id, plainSecret } };
});

/** Revokes a secret of an API credential. */
export const revokeSecretAction = operatorAction(async (ctx, form) => {
  await revokeCredentialSecret(ctx, { id: textOf(form, 'credential_id'), secretId: textOf(form, 'secret_id') });
  refresh();
});

/** Deletes an API credential with all its secrets. */
export const deleteCredentialAction = operatorAction(async (ctx, form) => {
  await deleteCredential(ctx, { id: textOf(form, 'credential_id') });
  refresh();
});

/** Registers a redirect URI. */
export const addRedirectUriAction = operatorAction(async (ctx, form) => {
  const { uri } = await addRedirectUri(ctx, { uri: textOf(form, 'uri'), isLenient: isLoopbackOrigin() });
  refresh();
  return { ok: true, message: `${uri} added` };
});

/** Removes a redirect URI. */
export const removeRedirectUriAction = operatorAction(async (ctx, form) => {
  await removeRedirectUri(ctx, { id: textOf(form, 'uri_id') });
  refresh();
});
