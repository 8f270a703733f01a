'use server';

import { refresh } from 'next/cache';
import { operatorAction } from '@/lib/adapters/action';
import { isLoopbackOrigin } from '../../addresses';
import {
  addCredentialSecret,
  createCredential,
  deleteCredential,
  revokeCredentialSecret,
  rotateCredentialSecret,
  rotateSigningKey,
} from '@/lib/domain/credential/commands';
import { addRedirectUri, removeRedirectUri } from '@/lib/domain/portal/commands';
import { textOf } from '../../form-text';
import { ACCESS, SCOPE_PREFIX } from './scope-fields';
import { readExpiry } from './secret-life';

/** An API credential's secret, at the only moment when it can be read. */
export interface MadeSecret {
  readonly clientId: string;
  readonly plainSecret: string;
}

/** The scopes that a form chooses: everything, or those that are ticked. */
function scopesOf(form: FormData): string[] {
  if (textOf(form, ACCESS.name) !== ACCESS.chosen) return ['admin'];
  return [...form.keys()]
    .filter((name) => name.startsWith(SCOPE_PREFIX))
    .map((name) => name.slice(SCOPE_PREFIX.length));
}

/** Makes an API credential with its first secret. */
export const createCredentialAction = operatorAction<MadeSecret>(async (ctx, form) => {
  const { credential, plainSecret } = await createCredential(ctx, {
    name: textOf(form, 'name'),
    scopes: scopesOf(form),
    expiresAt: readExpiry(textOf(form, 'expires'), ctx.now()),
  });
  refresh();
  return { ok: true, data: { clientId: credential.id, plainSecret } };
});

/** Adds a secret to an API credential. */
export const addSecretAction = operatorAction<MadeSecret>(async (ctx, form) => {
  const { credential, plainSecret } = await addCredentialSecret(ctx, {
    id: textOf(form, 'credential_id'),
    expiresAt: readExpiry(textOf(form, 'expires'), ctx.now()),
  });
  refresh();
  return { ok: true, data: { clientId: credential.id, plainSecret } };
});

/** Replaces a secret of an API credential; the old one goes on working for as long as was chosen. */
export const replaceSecretAction = operatorAction<MadeSecret>(async (ctx, form) => {
  const { credential, plainSecret } = await rotateCredentialSecret(ctx, {
    id: textOf(form, 'credential_id'),
    secretId: textOf(form, 'secret_id'),
    overlapSeconds: Number(textOf(form, 'overlap')),
  });
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

/** Has the next key sign access tokens from now on. */
export const rotateSigningKeyAction = operatorAction(async (ctx) => {
  await rotateSigningKey(ctx);
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
