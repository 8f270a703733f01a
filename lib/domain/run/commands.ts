import { and, asc, eq, isNull, lte, or } from 'drizzle-orm';
import { actorName, type Context } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { retryDeadlocks } from '@/lib/db/change';
import { database, type Tx } from '@/lib/db/handle';
import { run } from '@/lib/db/tables/run';
import { wake } from '@/lib/db/wake';
import { findDirectoryById, scopeOf } from '../directory/queries';
import { deleteDirectoryStep, deleteGroupStep, refreshAttributes } from '../provisioning/commands';
import { fromRow } from './row';
import { type Run, type RunKind, TOLD_AT_ONCE } from './types';

/** People of one transaction of a run. On the embedded database nothing else is answered meanwhile: some 50 ms. */
const BATCH = 250;
/** The wait after the first failure in a row; it doubles up to the longest. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/** What a run is about, besides its kind. */
export interface RunSubject {
  readonly organizationId: string;
  readonly directoryId: string;
  readonly subjectId?: string;
}

/**
 * Tells of people what has changed for them: in the caller's transaction, or when they are many by a run that is written with it. People
 * for whom nothing changed are passed over. The caller wakes the runs (`wake('runs')`) after its commit.
 */
export async function tellPeople(
  ctx: Context,
  tx: Tx,
  input: RunSubject & { readonly kind: RunKind; readonly userIds: readonly string[] },
): Promise<void> {
  const { kind, organizationId, directoryId, subjectId = null, userIds } = input;
  if (userIds.length === 0) return;
  const cause = [actorName(ctx.actor), ctx.requestId];
  if (userIds.length <= TOLD_AT_ONCE) {
    await tx.sql.rows(TELL_PEOPLE, [organizationId, directoryId, userIds, ...cause]);
    return;
  }
  const values = [kind, organizationId, directoryId, subjectId, userIds.length, userIds, ...cause];
  await tx.sql.rows(
    'select open_run($1::text, $2::text, $3::text, $4::text, $5::int, $6::text[], $7::text, $8::text)',
    values,
  );
}

const TELL_PEOPLE = 'select tell_people($1::text, $2::text, $3::text[], $4::text, $5::text) as told';

/** Writes a run that goes through all people of a directory, or is done in the way of its kind. @param input.total people to look at */
export async function openRun(
  ctx: Context,
  tx: Tx,
  input: RunSubject & { readonly kind: RunKind; readonly total: number },
): Promise<void> {
  const now = ctx.now();
  const cause = { actor: actorName(ctx.actor), requestId: ctx.requestId };
  await tx.orm.insert(run).values({ ...input, ...cause, id: newId('run', now), startedAt: now, updatedAt: now });
}

/**
 * Does one batch, a transaction, of the oldest run that is due. Safe in several replicas and after a crash: a batch and its place in the
 * run are written together. A run that fails waits, and does not hold up others. @returns whether there was one, so that there may be more
 */
export async function advanceRun(ctx: Context): Promise<boolean> {
  if (ctx.actor.kind !== 'system') throw new AppError('permission_denied', 'Only the service itself may do this.');
  let current: Run | undefined;
  try {
    const hasAdvanced = await retryDeadlocks(() =>
      database().begin(async (tx) => {
        current = await takeOldest(ctx, tx);
        if (!current) return false;
        await advance(ctx, tx, current);
        return true;
      }),
    );
    if (hasAdvanced) wake('events');
    return hasAdvanced;
  } catch (error) {
    if (!current) throw error;
    await postpone(ctx, current, error);
    return true;
  }
}

async function takeOldest(ctx: Context, tx: Tx): Promise<Run | undefined> {
  const [row] = await tx.orm
    .select()
    .from(run)
    .where(and(isNull(run.finishedAt), or(isNull(run.retryAt), lte(run.retryAt, ctx.now()))))
    .orderBy(asc(run.id))
    .limit(1)
    .for('no key update', { skipLocked: true });
  return row && fromRow(row);
}

interface Batch {
  readonly looked: number;
  readonly told: number;
  readonly isLast: boolean;
  /** Where the next batch goes on, for runs through a directory. */
  readonly after?: string;
}

async function advance(ctx: Context, tx: Tx, current: Run): Promise<void> {
  const { looked, told, isLast, after } = await doBatch(tx, current);
  const now = ctx.now();
  await tx.orm
    .update(run)
    .set({
      done: current.done + looked,
      told: current.told + told,
      ...(after !== undefined && { after }),
      error: null,
      failures: 0,
      retryAt: null,
      updatedAt: now,
      finishedAt: isLast ? now : null,
    })
    .where(eq(run.id, current.id));
}

async function doBatch(tx: Tx, current: Run): Promise<Batch> {
  switch (current.kind) {
    case 'group_deleted': {
      const { removed, isDone } = await deleteGroupStep(tx, current, BATCH);
      return { looked: removed, told: removed, isLast: isDone };
    }
    case 'directory_deleted': {
      const { removed, told, isDone } = await deleteDirectoryStep(tx, current, BATCH);
      return { looked: removed, told, isLast: isDone };
    }
    case 'members':
    case 'role_mapping': {
      const ids = await takeListed(tx, current);
      return { looked: ids.length, told: await tell(tx, current, ids), isLast: ids.length < BATCH };
    }
    case 'roles':
    case 'attributes': {
      const ids = await readNext(tx, current);
      if (current.kind === 'attributes') await remapAttributes(tx, current.directoryId, ids);
      const told = await tell(tx, current, ids);
      return { looked: ids.length, told, isLast: ids.length < BATCH, after: ids.at(-1) };
    }
  }
}

async function takeListed(tx: Tx, { id }: Run): Promise<string[]> {
  const rows = await tx.sql.rows<{ id: string }>(
    `with next as (select user_id from run_person where run_id = $1::text order by user_id limit ${BATCH})
     delete from run_person p using next where p.run_id = $1::text and p.user_id = next.user_id returning p.user_id as id`,
    [id],
  );
  return rows.map((row) => row.id);
}

async function readNext(tx: Tx, { id, directoryId }: Run): Promise<string[]> {
  const rows = await tx.sql.rows<{ id: string }>(
    `select u.id from dir_user u where u.directory_id = $2::text and u.id > coalesce((select after from run where id = $1::text), '')
     order by u.id limit ${BATCH}`,
    [id, directoryId],
  );
  return rows.map((row) => row.id);
}

/** Brings the mapped attributes of people up to the mapping that the directory has now. */
async function remapAttributes(tx: Tx, directoryId: string, ids: readonly string[]): Promise<void> {
  const of = await findDirectoryById(directoryId, tx);
  if (of) await refreshAttributes(tx, scopeOf(of), ids);
}

/**
 * Tells people of a directory whose attribute mapping has just changed: all of a small one in the caller's transaction, of a larger one
 * by a run. The caller wakes the runs after its commit.
 */
export async function tellAttributes(ctx: Context, tx: Tx, subject: RunSubject): Promise<void> {
  const { organizationId, directoryId } = subject;
  const people = await tx.sql.rows<{ id: string }>(
    `select u.id from dir_user u where u.directory_id = $1::text limit ${TOLD_AT_ONCE + 1}`,
    [directoryId],
  );
  if (people.length <= TOLD_AT_ONCE) {
    const userIds = people.map(({ id }) => id);
    await remapAttributes(tx, directoryId, userIds);
    return tellPeople(ctx, tx, { kind: 'attributes', organizationId, directoryId, userIds });
  }
  const total = await countPeople(tx, directoryId);
  return openRun(ctx, tx, { kind: 'attributes', organizationId, directoryId, total });
}

/** How many people a directory has: those whom a run through all of it looks at. */
export async function countPeople(tx: Tx, directoryId: string): Promise<number> {
  const [row] = await tx.sql.rows<{ count: number }>(
    'select count(*)::int as count from dir_user where directory_id = $1::text',
    [directoryId],
  );
  return row?.count ?? 0;
}

async function tell(tx: Tx, current: Run, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { organizationId, directoryId, actor, requestId } = current;
  const [row] = await tx.sql.rows<{ told: number }>(TELL_PEOPLE, [organizationId, directoryId, ids, actor, requestId]);
  return row?.told ?? 0;
}

async function postpone(ctx: Context, current: Run, error: unknown): Promise<void> {
  const text = error instanceof Error ? error.message : String(error);
  console.error(`The run ${current.id} failed and will be tried again:`, error);
  await database().sql.rows(
    `update run set error = $2::text, failures = failures + 1, updated_at = $3::timestamptz,
       retry_at = $3::timestamptz + make_interval(secs => least($4::int * power(2, least(failures, 10)), $5::int) / 1000)
     where id = $1::text`,
    [current.id, text, ctx.now(), FIRST_RETRY_MS, LONGEST_RETRY_MS],
  );
}
