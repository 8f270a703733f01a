'use server';

import { setTimeout as wait } from 'node:timers/promises';

const SLOW_MS = 1500;

/** Takes its time and succeeds, to see pending states. */
export async function succeedSlowly(): Promise<void> {
  await wait(SLOW_MS);
}

/** Takes its time and fails, to see how a dialog reports it. */
export async function failSlowly(): Promise<{ error: string }> {
  await wait(SLOW_MS);
  return { error: 'The organization has an enabled directory. Disable it first, then delete the organization.' };
}
