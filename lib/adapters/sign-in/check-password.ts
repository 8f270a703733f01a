import type { Context } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { signIn } from '@/lib/domain/operator/commands';
import { LOCK_SECONDS, type SignedIn } from '@/lib/domain/operator/types';
import { takeTurn } from './turn';

const SECONDS_PER_MINUTE = 60;

/** The error of a locked account, with the minutes that are left. */
function sayHowLong(error: AppError): AppError {
  const { retryAfterSeconds = LOCK_SECONDS } = error;
  const minutes = Math.ceil(retryAfterSeconds / SECONDS_PER_MINUTE);
  const message = `Too many wrong passwords. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
  return new AppError('resource_exhausted', message, { retryAfterSeconds, cause: error });
}

/**
 * Opens a session for whoever knows the password. Attempts at one address are checked one after the other.
 * @throws unauthenticated; resource_exhausted, whose message says how long to wait
 */
export function checkPassword(
  ctx: Context,
  input: { email: string; password: string; userAgent?: string },
): Promise<SignedIn> {
  return takeTurn(input.email, async () => {
    try {
      return await signIn(ctx, input);
    } catch (error) {
      throw error instanceof AppError && error.code === 'resource_exhausted' ? sayHowLong(error) : error;
    }
  });
}
