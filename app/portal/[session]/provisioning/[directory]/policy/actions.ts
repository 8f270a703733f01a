'use server';

import { revalidatePath } from 'next/cache';
import { type FormState, runPortalAction } from '@/lib/adapters/portal/action';
import { portalPath } from '@/lib/adapters/portal/site';
import { releaseHeld, restoreRemoved, setAdminPolicy } from '@/lib/domain/deprovisioning/commands';
import { getRemovalPolicy } from '@/lib/domain/deprovisioning/queries';
import { changedChoice, readAdminForm } from './admin-values';

/** What a form of this page is told. */
export interface PolicyState extends FormState {
  /** What was done, in words. */
  readonly done?: string;
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count.toLocaleString('en')} people`;
}

/** Saves what the admin makes stricter. */
export async function saveAdminPolicy(
  sessionId: string,
  directoryId: string,
  _: PolicyState,
  form: FormData,
): Promise<PolicyState> {
  return runPortalAction(sessionId, 'dir_sync', async ({ ctx, organization }): Promise<PolicyState> => {
    const ref = { organizationId: organization.id, directoryId };
    const choice = changedChoice(await getRemovalPolicy(ctx, ref), readAdminForm(form));
    await setAdminPolicy(ctx, { ...ref, choice });
    revalidatePath(portalPath(sessionId), 'layout');
    return { done: 'Saved' };
  });
}

/** Releases or restores one person, or all who wait for a decision, as the pressed button says. */
export async function decide(
  sessionId: string,
  directoryId: string,
  _: PolicyState,
  form: FormData,
): Promise<PolicyState> {
  return runPortalAction(sessionId, 'dir_sync', async ({ ctx, organization }): Promise<PolicyState> => {
    const ref = { organizationId: organization.id, directoryId };
    const [verb, userId] = String(form.get('decision')).split(':');
    const userIds = userId ? [userId] : undefined;
    if (verb === 'release') {
      const count = await releaseHeld(ctx, { ...ref, userIds });
      revalidatePath(portalPath(sessionId), 'layout');
      return { done: `${people(count)} released` };
    }
    const { restored, failed } = await restoreRemoved(ctx, { ...ref, userIds });
    revalidatePath(portalPath(sessionId), 'layout');
    const [first] = failed;
    if (first) return { error: `${people(restored.length)} restored, ${failed.length} not: ${first.message}` };
    return { done: `${people(restored.length)} restored` };
  });
}
