import type { Context } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { signIn } from '@/lib/domain/operator/commands';
import type { SignedIn } from '@/lib/domain/operator/types';
import { takeTurn } from './turn';

const SECONDS_PER_MINUTE = 60;

function sayHowLong(error: AppError): string {
  if (error.retryAfterSeconds === undefined || error.retryAfterSeconds < SECONDS_PER_MINUTE) return error.message;
  const minutes = Math.ceil(error.retryAfterSeconds / SECONDS_PER_MINUTE);
  return `Too many wrong passwords. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
}

/**
 * Opens a session for whoever knows the password. Attempts at one address are checked one after the other.
 * @throws unauthenticated; resource_exhausted, whose message says how long to wait
 */
export async function checkPassword(
  ctx: Context,
  input: { email: string; password: string; userAgent?: string },
): Promise<SignedIn> {
  try {
    return await takeTurn(input.email, () => signIn(ctx, input));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'resource_exhausted') throw error;
    throw new AppError('resource_exhausted', sayHowLong(error), {
      retryAfterSeconds: error.retryAfterSeconds,
      cause: error,
    });
  }
}
