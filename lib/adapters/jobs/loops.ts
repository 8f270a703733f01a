import { systemContext } from '@/lib/core/context';
import { vacuumChangedTables } from '@/lib/db/vacuum';
import { ensureSigningKeys } from '@/lib/domain/credential/commands';
import { fanOutAnnouncements, purgeDeliveries } from '@/lib/domain/delivery/commands';
import { alertHeld, forgetRemovals, releaseDue } from '@/lib/domain/deprovisioning/commands';
import { listDeletedDirectories, removeDeletedDirectory } from '@/lib/domain/directory/commands';
import { announceEvents } from '@/lib/domain/event/commands';
import { purgeIdempotencyKeys } from '@/lib/domain/idempotency/commands';
import { maintainPartitions } from '@/lib/domain/log/commands';
import { mirrorDirectories, removeMembersOfDeleted } from '@/lib/domain/member/commands';
import { purgeDirectory } from '@/lib/domain/provisioning/commands';
import { removeDeletedOrganizations } from '@/lib/domain/organization/commands';
import { advanceRun } from '@/lib/domain/run/commands';
import { webhookAddressRules } from '../webhook/rules';
import { createSender } from '../webhook/send';
import { createDeliveryWorker } from '../webhook/worker';
import { type Loop, startRunning } from './runner';

const LOOPS: readonly Loop[] = [
  // Woken by every write of this process; what other replicas write waits this long at most.
  { name: 'announcements', everyMs: 250, wokenBy: 'events', gatherMs: 20, run: announceEvents },
  {
    name: 'webhooks',
    everyMs: 1000,
    wokenBy: 'announcements',
    run: () => fanOutAnnouncements(systemContext('webhooks')),
  },
  { name: 'webhook-history', everyMs: 600_000, run: () => purgeDeliveries(systemContext('webhook-history')) },
  // Days are made two ahead, so an hour late is early enough.
  { name: 'log-partitions', everyMs: 3_600_000, run: async () => void (await maintainPartitions()) },
  { name: 'runs', everyMs: 1_000, wokenBy: 'runs', run: () => advanceRun(systemContext('runs')) },
  {
    name: 'members',
    everyMs: 1000,
    wokenBy: 'announcements',
    // People read members, and a fifth of a second is soon enough for them.
    gatherMs: 200,
    run: async () => !(await mirrorDirectories(systemContext('members'))),
  },
  { name: 'held-people', everyMs: 5_000, wokenBy: 'holds', run: followHolds },
  { name: 'old-removals', everyMs: 3_600_000, run: () => forgetRemovals(systemContext('old-removals')) },
  { name: 'purge', everyMs: 30_000, run: purge },
  { name: 'vacuum', everyMs: 10_000, run: async () => void (await vacuumChangedTables()) },
  { name: 'signing-keys', everyMs: 3_600_000, run: () => ensureSigningKeys(systemContext('signing-keys')) },
  {
    name: 'idempotency-keys',
    everyMs: 600_000,
    run: () => purgeIdempotencyKeys(systemContext('idempotency-keys')),
  },
];

/** Releases people whose grace period is over, and tells operators of those who wait for a decision. */
async function followHolds(): Promise<void> {
  const ctx = systemContext('held-people');
  await releaseDue(ctx);
  await alertHeld(ctx);
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
 * Starts the background loops.
 * @returns what stops them and waits for what runs
 */
export function startLoops(): () => Promise<void> {
  const sender = createSender(webhookAddressRules());
  const worker = createDeliveryWorker(sender);
  const stop = startRunning([
    ...LOOPS,
    {
      name: 'webhook-deliveries',
      everyMs: 1000,
      wokenBy: 'deliveries',
      run: () => worker.claim(),
      finish: () => worker.drain(),
    },
  ]);
  return async () => {
    await stop();
    sender.close();
  };
}
