import { waitForLanes } from '@/lib/core/front-door/lanes.mjs';
import { database } from '@/lib/db/handle';

/** A load balancer asks every few seconds and gives up about as soon. */
const DATABASE_TIMEOUT_MS = 2000;

/** Whether the database answers a trivial query within `timeoutMs`. Never throws. */
export async function isDatabaseAnswering(timeoutMs = DATABASE_TIMEOUT_MS): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const asked = (async () => {
    await database().sql.rows('select 1');
    return true;
  })();
  try {
    return await Promise.race([asked, tooLate]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    // A late failure has nobody to tell.
    asked.catch(() => undefined);
  }
}

/** Whether boot has ended and the database answers: then requests may be sent here. Never throws. */
export async function isReadyToServe(): Promise<boolean> {
  try {
    await waitForLanes(0);
  } catch {
    return false;
  }
  return isDatabaseAnswering();
}
