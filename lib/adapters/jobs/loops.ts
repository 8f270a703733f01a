import { systemContext } from '@/lib/core/context';
import { vacuumChangedTables } from '@/lib/db/vacuum';
import { ensureSigningKeys } from '@/lib/domain/credential/commands';
import { listDeletedDirectories, removeDeletedDirectory } from '@/lib/domain/directory/commands';
import { purgeIdempotencyKeys } from '@/lib/domain/idempotency/commands';
import { maintainPartitions } from '@/lib/domain/log/commands';
import { mirrorDirectories, removeMembersOfDeleted } from '@/lib/domain/member/commands';
import { purgeDirectory } from '@/lib/domain/provisioning/commands';
import { removeDeletedOrganizations } from '@/lib/domain/organization/commands';
import { advanceRuns } from '@/lib/domain/run/commands';

/** A task that runs by itself, again and again; safe in several replicas at once and after a crash. */
interface Loop {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<void>;
}

const LOOPS: readonly Loop[] = [
  // Days are made two ahead, so an hour late is early enough.
  { name: 'log-partitions', everyMs: 3_600_000, run: async () => void (await maintainPartitions()) },
  { name: 'runs', everyMs: 1_000, run: () => advanceRuns(systemContext('runs')) },
  { name: 'members', everyMs: 250, run: followDirectories },
  { name: 'purge', everyMs: 30_000, run: purge },
  { name: 'vacuum', everyMs: 10_000, run: async () => void (await vacuumChangedTables()) },
  { name: 'signing-keys', everyMs: 3_600_000, run: () => ensureSigningKeys(systemContext('signing-keys')) },
  {
    name: 'idempotency-keys',
    everyMs: 600_000,
    run: () => purgeIdempotencyKeys(systemContext('idempotency-keys')),
  },
];

/** Makes members of whom directories have, until all that was announced is done. */
export async function followDirectories(): Promise<void> {
  const ctx = systemContext('members');
  while (!(await mirrorDirectories(ctx)));
}

/** Removes the rows of directories and organizations that were deleted, in batches. */
export async function purge(): Promise<void> {
  const ctx = systemContext('purge');
  for (const id of await listDeletedDirectories(ctx)) {
    while (!(await purgeDirectory(ctx, id)));
    await removeDeletedDirectory(ctx, id);
  }
  while (!(await removeMembersOfDeleted(ctx)));
  await removeDeletedOrganizations(ctx);
}

/**
 * Starts the background loops. A loop waits for its last run before the next, and one that fails is logged and tried again.
 * @returns what stops them and waits for what runs
 */
export function startLoops(): () => Promise<void> {
  let isStopped = false;
  const running = new Set<Promise<void>>();
  const timers = new Map<string, NodeJS.Timeout>();
  const schedule = (loop: Loop) => {
    if (isStopped) return;
    const timer = setTimeout(() => {
      const run = loop
        .run()
        .catch((error: unknown) => console.error(`The ${loop.name} loop failed and will try again:`, error))
        .finally(() => {
          running.delete(run);
          schedule(loop);
        });
      running.add(run);
    }, loop.everyMs);
    timer.unref();
    timers.set(loop.name, timer);
  };
  for (const loop of LOOPS) schedule(loop);
  return async () => {
    isStopped = true;
    for (const timer of timers.values()) clearTimeout(timer);
    await Promise.all(running);
  };
}
