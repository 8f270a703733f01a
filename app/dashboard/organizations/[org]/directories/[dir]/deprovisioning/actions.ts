'use server';

import { refresh } from 'next/cache';
import { operatorAction } from '@/lib/adapters/action';
import { releaseHeld, restoreRemoved, setOperatorPolicy } from '@/lib/domain/deprovisioning/commands';
import { textOf } from '../../../../../form-text';
import { countOf } from '../../../../../paging';
import { readPolicyForm } from './policy-values';

function refOf(form: FormData) {
  return { organizationId: textOf(form, 'organization_id'), directoryId: textOf(form, 'directory_id') };
}

/** The person that a button is about, or undefined for all who wait for a decision. */
function peopleOf(form: FormData): string[] | undefined {
  const userId = textOf(form, 'user_id');
  return userId === '' ? undefined : [userId];
}

/** Tells the application what was held of one person, or of all who wait for a decision. */
export const releaseAction = operatorAction(async (ctx, form) => {
  await releaseHeld(ctx, { ...refOf(form), userIds: peopleOf(form) });
  refresh();
});

/** Makes one person active again, or all who wait for a decision. Says so where somebody could not be. */
export const restoreAction = operatorAction(async (ctx, form) => {
  const { restored, failed } = await restoreRemoved(ctx, { ...refOf(form), userIds: peopleOf(form) });
  refresh();
  const [first] = failed;
  if (!first) return { ok: true };
  const who = countOf(failed.length, 'person was', 'people were');
  return { message: `${countOf(restored.length, 'person', 'people')} restored. ${who} not: ${first.message}` };
});

/** Saves what the operator chooses for a directory. */
export const savePolicyAction = operatorAction<never>(async (ctx, form) => {
  await setOperatorPolicy(ctx, { ...refOf(form), choice: readPolicyForm(form) });
  refresh();
  return { ok: true, message: 'Saved' };
});
