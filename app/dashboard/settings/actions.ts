'use server';

import { redirect } from 'next/navigation';
import { operatorAction } from '@/lib/adapters/action';
import { AppError } from '@/lib/core/error';
import { closeSession } from '@/lib/adapters/sign-in/session';
import { signOutEverywhere } from '@/lib/domain/operator/commands';

/** Ends every session of the operator who asks, this one too. */
export const signOutEverywhereAction = operatorAction(async (ctx) => {
  if (ctx.actor.kind !== 'operator') throw new AppError('permission_denied', 'Only operators may do this.');
  await signOutEverywhere(ctx, { accountId: ctx.actor.id });
  await closeSession();
  redirect('/login');
});
