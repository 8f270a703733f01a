import { eq } from 'drizzle-orm';
import { type Context } from '@/lib/core/context';
import { AppError, toAppError } from '@/lib/core/error';
import { change, retryDeadlocks } from '@/lib/db/change';
import { asDate, database, type Tx } from '@/lib/db/handle';
import { removalPolicy } from '@/lib/db/tables/deprovisioning';
import { wake } from '@/lib/db/wake';
import { getDirectory, scopeOf } from '../directory/queries';
import { removalsHeldEvent } from '../event/commands';
import { requireFeature } from '../organization/queries';
import { restoreUser } from '../provisioning/commands';
import { listOrganizationRoles } from '../role/queries';
import { checkNotWeaker, checkPolicy, policyFromRow, stricterOf } from './policy';
import { type DirectoryRef, requireDecider } from './queries';
import type { AdminPolicy, DirectoryPolicy, HoldReason, RemovalPolicy, RestoreResult } from './types';

/** People of one transaction of a release. On the embedded database nothing else is answered meanwhile. */
const RELEASE_BATCH = 500;
/** Operators are told again at this interval while people wait for a decision: each is a leaver with access. */
const ALERT_EVERY_MINUTES = 60;
/** After this many days a removal is not listed any more, and long before it counts for nothing. */
const REMOVALS_KEPT_DAYS = 7;

/**
 * Changes what the operator chose for a directory, in the given fields.
 * @throws permission_denied, not_found, failed_precondition; invalid_argument with the fields
 */
export async function setOperatorPolicy(
  ctx: Context,
  input: DirectoryRef & { readonly choice: Partial<RemovalPolicy> },
): Promise<DirectoryPolicy> {
  if (!isManager(ctx)) throw new AppError('permission_denied', 'Only the application’s operators choose this.');
  return writePolicy(ctx, input, input.choice, (current) => ({
    operator: { ...current.operator, ...defined(input.choice) },
    admin: current.admin,
  }));
}

/**
 * Changes what the customer's admins made stricter, in the given fields. Asking for less than the operator does is refused.
 * @throws not_found, failed_precondition; invalid_argument with the fields
 */
export async function setAdminPolicy(
  ctx: Context,
  input: DirectoryRef & { readonly choice: AdminPolicy },
): Promise<DirectoryPolicy> {
  return writePolicy(ctx, input, input.choice, (current) => {
    checkNotWeaker(current.operator, input.choice);
    return { operator: current.operator, admin: { ...current.admin, ...defined(input.choice) } };
  });
}

function isManager({ actor }: Context): boolean {
  return actor.kind === 'operator' || actor.kind === 'apiClient' || actor.kind === 'system';
}

function defined<T extends object>(choice: T): Partial<T> {
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined)) as Partial<T>;
}

async function writePolicy(
  ctx: Context,
  ref: DirectoryRef,
  choice: Partial<RemovalPolicy>,
  changed: (current: DirectoryPolicy) => { operator: RemovalPolicy; admin: AdminPolicy },
): Promise<DirectoryPolicy> {
  await requireFeature(ctx, ref.organizationId, 'dir_sync');
  await getDirectory(ctx, ref);
  const roles = choice.protectedRoles?.length ? await listOrganizationRoles(ctx, ref.organizationId) : [];
  checkPolicy(choice, new Set(roles.map(({ name }) => name)));
  return database().begin(async ({ orm }) => {
    const { directoryId } = ref;
    const now = ctx.now();
    await orm
      .insert(removalPolicy)
      .values({ directoryId, operatorChoice: {}, adminChoice: {}, updatedAt: now })
      .onConflictDoNothing();
    const [row] = await orm
      .select()
      .from(removalPolicy)
      .where(eq(removalPolicy.directoryId, directoryId))
      .for('no key update');
    const { operator, admin } = changed(policyFromRow(row));
    const { announceAs, isBreakerOn, breakerPeople, breakerPercent, graceHours, protectedRoles, seatOverflow } =
      stricterOf(operator, admin);
    const [written] = await orm
      .update(removalPolicy)
      .set({
        operatorChoice: { ...operator },
        adminChoice: { ...admin },
        announceAs,
        isBreakerOn,
        breakerPeople,
        breakerPercent,
        graceHours,
        protectedRoles: [...protectedRoles],
        seatOverflow,
        updatedAt: now,
      })
      .where(eq(removalPolicy.directoryId, directoryId))
      .returning();
    return policyFromRow(written);
  });
}

/**
 * Tells the application what was held of these people; of all for whom a decision is due when none are named, which are not those in
 * the grace period. Someone who is not held is passed over.
 * @returns how many people were released
 * @throws permission_denied, not_found
 */
export async function releaseHeld(
  ctx: Context,
  input: DirectoryRef & { readonly userIds?: readonly string[] },
): Promise<number> {
  await requireDecider(ctx, input);
  return deciding(ctx, input, ['breaker', 'last_holder', 'seat'], async (ids) => {
    let released = 0;
    for (let at = 0; at < ids.length; at += RELEASE_BATCH) {
      released += await release(input.directoryId, ids.slice(at, at + RELEASE_BATCH));
    }
    return released;
  });
}

/**
 * Makes people active again, each by itself: those named, or all who were removed and for whom a decision is due. Of someone who was held the
 * application hears nothing; one of whom it was told already is announced again.
 * @throws permission_denied, not_found
 */
export async function restoreRemoved(
  ctx: Context,
  input: DirectoryRef & { readonly userIds?: readonly string[] },
): Promise<RestoreResult> {
  await requireDecider(ctx, input);
  const directory = await getDirectory(ctx, input);
  const scope = scopeOf(directory);
  return deciding(ctx, input, ['breaker', 'last_holder'], async (ids) => {
    const restored: string[] = [];
    const failed: { userId: string; message: string }[] = [];
    for (const userId of ids) {
      try {
        if ((await restoreUser(ctx, scope, userId)).changed) restored.push(userId);
      } catch (error) {
        const known = toAppError(error);
        if (known.code === 'internal' || known.code === 'unavailable') throw error;
        failed.push({ userId, message: known.message });
      }
    }
    wake('events');
    return { restored, failed };
  });
}

/**
 * Does `work` to the people that a decision is about: those named, or all who are held for one of `reasons`. A decision about all begins the
 * breaker's count anew at once; one about the last who was held by it does so at its end.
 */
async function deciding<T>(
  ctx: Context,
  { directoryId, userIds }: DirectoryRef & { readonly userIds?: readonly string[] },
  reasons: readonly HoldReason[],
  work: (ids: readonly string[]) => Promise<T>,
): Promise<T> {
  const { ids, isTripped } = await lockingBreaker(directoryId, async ({ sql }) => {
    const now = ctx.now();
    const tripped = await sql.rows(HELD_BY_BREAKER, [directoryId]);
    if (userIds) return { ids: [...new Set(userIds)], isTripped: tripped.length > 0 };
    if (tripped.length > 0) await sql.rows(MARK_DECIDED, [directoryId, now]);
    const rows = await sql.rows<{ user_id: string }>(
      `select user_id from held_person where directory_id = $1::text and reason = any($2::text[]) and since <= $3::timestamptz
       order by since, user_id`,
      [directoryId, reasons, now],
    );
    return { ids: rows.map((row) => row.user_id), isTripped: false };
  });
  const result = await work(ids);
  if (isTripped) {
    await lockingBreaker(directoryId, async ({ sql }) => {
      const left = await sql.rows(HELD_BY_BREAKER, [directoryId]);
      if (left.length === 0) await sql.rows(MARK_DECIDED, [directoryId, ctx.now()]);
    });
  }
  return result;
}

/** A transaction beside which no removal near the limit is judged: the lock is the one of `exceeds_breaker`. */
async function lockingBreaker<T>(directoryId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database().begin(async (tx) => {
    await tx.sql.rows('select pg_advisory_xact_lock(724412, hashtext($1::text))', [directoryId]);
    return work(tx);
  });
}

const HELD_BY_BREAKER = `select 1 from held_person where directory_id = $1::text and reason = 'breaker' limit 1`;

const MARK_DECIDED = `insert into breaker_memory as m (directory_id, decided_at) values ($1::text, $2::timestamptz)
  on conflict (directory_id) do update set decided_at = excluded.decided_at, counted_at = null`;

async function release(directoryId: string, userIds: readonly string[]): Promise<number> {
  const [row] = await retryDeadlocks(() =>
    database().sql.rows<{ released: number }>('select release_held_people($1::text, $2::text[]) as released', [
      directoryId,
      userIds,
    ]),
  );
  wake('events');
  return row?.released ?? 0;
}

/**
 * Tells the application of those whose grace period is over, unless the breaker of their directory has tripped meanwhile: then they wait for
 * the decision too.
 */
export async function releaseDue(ctx: Context): Promise<void> {
  requireSystem(ctx);
  for (;;) {
    const rows = await database().sql.rows<{ directory_id: string; user_ids: string[] }>(
      `select x.directory_id, array_agg(x.user_id order by x.user_id) as user_ids from (
         select h.directory_id, h.user_id from held_person h
           join organization o on o.id = h.organization_id and o.deleting_at is null
         where h.release_at <= $1::timestamptz and not exists (
           select 1 from held_person b where b.directory_id = h.directory_id and b.reason = 'breaker')
         order by h.release_at limit ${RELEASE_BATCH}) x
       group by x.directory_id`,
      [ctx.now()],
    );
    for (const row of rows) await release(row.directory_id, row.user_ids);
    if (rows.reduce((sum, row) => sum + row.user_ids.length, 0) < RELEASE_BATCH) return;
  }
}

/**
 * Tells operators of each directory where people wait for a decision: at once, and then each hour until someone decides. A directory of which
 * they cannot be told holds up no other.
 */
export async function alertHeld(ctx: Context): Promise<void> {
  requireSystem(ctx);
  const due = await database().sql.rows<{ directory_id: string; organization_id: string }>(
    `select c.directory_id, c.organization_id
     from (${HELD_CASES}) c
       join directory d on d.id = c.directory_id and d.deleting_at is null
       join organization o on o.id = c.organization_id and o.deleting_at is null
       left join breaker_memory m on m.directory_id = c.directory_id
     group by c.directory_id, c.organization_id
     having ${IS_ALERT_DUE}`,
    [ctx.now()],
  );
  const failures: unknown[] = [];
  for (const { directory_id: directoryId, organization_id: organizationId } of due) {
    await alertOf(ctx, { organizationId, directoryId }).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

/** Since when people are held for each reason that asks for a decision. */
const HELD_CASES = `select h.directory_id, h.organization_id, h.reason, min(h.since) as since from held_person h
  where h.reason <> 'grace' group by h.directory_id, h.organization_id, h.reason`;

/** $1 is the time. A reason for which nobody was held at the last alert is a new case. */
const IS_ALERT_DUE = `max(m.alerted_at) is null or max(m.alerted_at) < max(c.since)
  or max(m.alerted_at) <= $1::timestamptz - interval '${ALERT_EVERY_MINUTES} minutes'`;

async function alertOf(ctx: Context, ref: DirectoryRef): Promise<void> {
  const directory = await getDirectory(ctx, ref);
  await change(ctx, async ({ sql }) => {
    await sql.rows('insert into breaker_memory(directory_id) values ($1::text) on conflict do nothing', [
      ref.directoryId,
    ]);
    await sql.rows('select 1 from breaker_memory where directory_id = $1::text for update', [ref.directoryId]);
    const rows = await sql.rows<{ reason: HoldReason; people: number; since: string }>(
      `select h.reason, count(*)::int as people, min(h.since) as since from held_person h
       where h.directory_id = $2::text and h.reason <> 'grace' and exists (
         select 1 from (${HELD_CASES}) c left join breaker_memory m on m.directory_id = c.directory_id
         where c.directory_id = $2::text having ${IS_ALERT_DUE})
       group by h.reason order by h.reason`,
      [ctx.now(), ref.directoryId],
    );
    if (rows.length === 0) return { value: undefined, events: [] };
    await sql.rows('update breaker_memory set alerted_at = $2::timestamptz where directory_id = $1::text', [
      ref.directoryId,
      ctx.now(),
    ]);
    const times = rows.map((row) => asDate(row.since)).sort((a, b) => a.getTime() - b.getTime());
    const counts = Object.fromEntries(rows.map((row) => [row.reason, row.people]));
    // Each alert is a version of its own: consumers drop what is not newer than what they have.
    const [next] = await sql.rows<{ version: string }>(
      'update directory set version = version + 1 where id = $1::text returning version::text as version',
      [ref.directoryId],
    );
    if (!next) return { value: undefined, events: [] };
    const told = { ...directory, version: Number(next.version) };
    return { value: undefined, events: [removalsHeldEvent(told, { counts, since: times[0]! })] };
  });
}

/** Forgets removals that are too old to be listed. */
export async function forgetRemovals(ctx: Context): Promise<void> {
  requireSystem(ctx);
  await database().sql.rows(
    `delete from removal where removed_at < $1::timestamptz - interval '${REMOVALS_KEPT_DAYS} days'`,
    [ctx.now()],
  );
}

function requireSystem(ctx: Context): void {
  if (ctx.actor.kind !== 'system') throw new AppError('permission_denied', 'Only the service itself may do this.');
}
