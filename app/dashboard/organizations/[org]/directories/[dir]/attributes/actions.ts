'use server';

import { refresh } from 'next/cache';
import { operatorAction } from '@/lib/adapters/action';
import { declareExtensions } from '@/lib/domain/directory/commands';
import { textOf } from '../../../../../form-text';
import { readExtensionLines } from './extension-lines';

/** Declares the extension attributes of a directory. */
export const declareExtensionsAction = operatorAction(async (ctx, form) => {
  await declareExtensions(ctx, {
    organizationId: textOf(form, 'organization_id'),
    directoryId: textOf(form, 'directory_id'),
    extensions: readExtensionLines(textOf(form, 'extensions')),
  });
  refresh();
  return { ok: true, message: 'Saved. These attributes are checked from now on.' };
});
