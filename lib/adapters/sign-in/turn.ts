import { AppError } from '@/lib/core/error';
import { foldKey } from '@/lib/scim/fold';

/** Guesses at one address that may wait for their turn. A person has one; a program that tries many at once is turned away. */
const MAX_WAITING = 10;
const RETRY_AFTER_SECONDS = 5;

interface Queue {
  waiting: number;
  last: Promise<unknown>;
}

const queues = new Map<string, Queue>();

/**
 * Runs `work` after every earlier one for the same address has ended. Checking a password takes a while and an account is
 * locked only afterwards: guesses made at once would otherwise all be checked before the first of them counts.
 * @throws resource_exhausted when too many wait already
 */
export async function takeTurn<T>(email: string, work: () => Promise<T>): Promise<T> {
  const key = foldKey(email.trim());
  const queue = queues.get(key) ?? { waiting: 0, last: Promise.resolve() };
  if (queue.waiting >= MAX_WAITING) {
    throw new AppError('resource_exhausted', 'Too many attempts at once. Try again in a few seconds.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  queues.set(key, queue);
  queue.waiting += 1;
  const turn = queue.last.then(work, work);
  queue.last = turn;
  try {
    return await turn;
  } finally {
    queue.waiting -= 1;
    if (queue.waiting === 0) queues.delete(key);
  }
}
