import { actorName, type Context } from '@/lib/core/context';
import { AppError, notFound } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { retryDeadlocks } from '@/lib/db/change';
import { brokenUniqueConstraint } from '@/lib/db/fault';
import { database, type Sql, type Tx } from '@/lib/db/handle';
import { wake } from '@/lib/db/wake';
import type { Json, JsonObject } from '@/lib/scim/attribute';
import { equal } from '@/lib/scim/equal';
import { requireDecider } from '../deprovisioning/queries';
import { TOLD_AT_ONCE } from '../run/types';
import { isLargeChange, writeMembers } from './group-members';
import { changedFrom, describeUserFault, restoreDeleted, versionConflict, writeUser } from './person-writes';
import { getGroup, getUser } from './queries';
import { groupColumns, userColumns } from './profile';
import { type GroupRow, groupFromRow, type UserRow, userFromRow } from './row';
import * as sql from './statements';
import type { Apply, DirectoryScope, MemberChange, StoredGroup, StoredUser, VersionTest } from './types';

/** Throws unless the actor may write to this directory: its own token, or a portal session or manager of its organization. */
function requireWriter(ctx: Context, scope: DirectoryScope): void {
  const { actor } = ctx;
  if (actor.kind === 'directoryToken' && actor.directoryId === scope.directoryId) return;
  if (actor.kind === 'system') return;
  throw new AppError('permission_denied', 'Only the directory itself may change its people and groups.');
}

function displayNameTaken(error: unknown, doc: JsonObject): unknown {
  if (brokenUniqueConstraint(error) !== 'dir_group_display_name_key') return error;
  return new AppError(
    'already_exists',
    `Another group of this directory has the displayName ${String(doc['displayName'])}.`,
    {
      cause: error,
    },
  );
}

/**
 * Creates a person from a valid document. One without `active` is active, and takes a seat.
 * @throws already_exists when the userName is taken; permission_denied when no seat is free, unless the policy holds people back then
 */
export async function createUser(ctx: Context, scope: DirectoryScope, input: JsonObject): Promise<StoredUser> {
  requireWriter(ctx, scope);
  const doc: JsonObject = { ...input, active: input['active'] ?? true };
  const id = newId('directoryUser');
  const now = ctx.now();
  const c = userColumns(doc, scope);
  try {
    await database().sql.rows(sql.CREATE_USER, [
      scope.directoryId,
      id,
      c.userName,
      c.userNameKey,
      c.externalId,
      c.isActive,
      c.primaryEmail,
      c.primaryEmailKey,
      c.displayName,
      JSON.stringify(doc),
      JSON.stringify(c.profile),
      newId('event'),
      scope.organizationId,
      actorName(ctx.actor),
      ctx.requestId,
      now,
      JSON.stringify(c.comparable),
      c.otherEmailKeys,
    ]);
  } catch (error) {
    throw describeUserFault(error, doc);
  }
  return { id, doc, isActive: c.isActive, version: 1, createdAt: now, updatedAt: now, groups: [] };
}

/**
 * Applies a change to a person. Reads first and writes only if nobody wrote in between; on a clash it locks the row and applies again,
 * unless the caller named a version. No difference means no write, no event and no new version.
 * @throws not_found, version_conflict, already_exists, permission_denied when someone returns and no seat is free; what `apply` throws
 */
export async function updateUser(
  ctx: Context,
  scope: DirectoryScope,
  id: string,
  input: { apply: Apply; accepts?: VersionTest },
): Promise<{ user: StoredUser; changed: boolean }> {
  requireWriter(ctx, scope);
  const current = await getUser(scope, id);
  const written = await retryDeadlocks(() => writeUser(ctx, database().sql, scope, current, input));
  if (written) return written;
  if (input.accepts) throw versionConflict();
  return retryDeadlocks(() =>
    database().begin(async (tx) => {
      const [row] = await tx.sql.rows<UserRow>(sql.LOCK_USER, [scope.directoryId, id]);
      if (!row) throw notFound('user', id);
      // The groups were read before the lock was had; the document is the one that was locked.
      const locked = await writeUser(ctx, tx.sql, scope, userFromRow(row), input);
      if (!locked) throw versionConflict();
      return locked;
    }),
  );
}

/** Deletes a person for good; the id is never used again. @throws not_found, version_conflict */
export async function deleteUser(
  ctx: Context,
  scope: DirectoryScope,
  id: string,
  input: { accepts?: VersionTest } = {},
): Promise<void> {
  requireWriter(ctx, scope);
  const version = input.accepts ? await acceptedVersion(getUser(scope, id), input.accepts) : null;
  const [row] = await retryDeadlocks(() =>
    database().sql.rows<{ status: string; held: string | null }>(sql.DELETE_USER, [
      scope.organizationId,
      scope.directoryId,
      id,
      version,
      actorName(ctx.actor),
      ctx.requestId,
      ctx.now(),
    ]),
  );
  if (row?.status === 'not_found') throw notFound('user', id);
  if (row?.status === 'version_conflict') throw versionConflict();
  if (row?.held) wake('holds');
}

/**
 * Makes someone active again whom the directory deactivated or deleted, as they were then, under the same id. One of whom the application was
 * not told yet that they were removed never left for it; others are announced again. Someone who is active is left as they are.
 * @throws permission_denied unless the actor may decide for this directory, or when no seat is free; not_found when nothing is known of
 * the person; already_exists when somebody has their userName now; failed_precondition for someone who is active and held
 */
export async function restoreUser(ctx: Context, scope: DirectoryScope, id: string): Promise<{ changed: boolean }> {
  await requireDecider(ctx, scope);
  return retryDeadlocks(() =>
    database().begin(async (tx) => {
      const [row] = await tx.sql.rows<UserRow>(sql.LOCK_USER, [scope.directoryId, id]);
      if (!row) return restoreDeleted(ctx, tx, scope, id);
      const held = await tx.sql.rows(sql.LOCK_HELD_PERSON, [scope.directoryId, id]);
      if (row.is_active && held.length > 0) {
        throw new AppError(
          'failed_precondition',
          'This person is active in the directory. Release them, or have their groups or the number of seats changed.',
        );
      }
      const apply: Apply = (current) => ({ ...current, active: true });
      return { changed: (await writeUser(ctx, tx.sql, scope, userFromRow(row), { apply }))?.changed ?? false };
    }),
  );
}

async function acceptedVersion(found: Promise<{ version: number }>, accepts: VersionTest): Promise<number> {
  const { version } = await found;
  if (!accepts(version)) throw versionConflict();
  return version;
}

/** Creates a group with its first members, or nothing. @throws already_exists; invalid_argument naming unknown members */
export async function createGroup(
  ctx: Context,
  scope: DirectoryScope,
  input: { doc: JsonObject; members: readonly string[] },
): Promise<StoredGroup> {
  requireWriter(ctx, scope);
  const { doc } = input;
  const id = newId('directoryGroup');
  const now = ctx.now();
  const c = groupColumns(doc);
  const create = (client: Sql) =>
    client.rows(sql.CREATE_GROUP, [
      scope.directoryId,
      id,
      c.displayName,
      c.displayNameKey,
      c.externalId,
      JSON.stringify(doc),
      newId('event'),
      scope.organizationId,
      actorName(ctx.actor),
      ctx.requestId,
      now,
      JSON.stringify(c.comparable),
    ]);
  const created = { id, doc, version: 1, createdAt: now, updatedAt: now };
  try {
    if (input.members.length === 0) {
      await create(database().sql);
      return created;
    }
    return await wakingRuns((noteRun) =>
      database().begin(async (tx) => {
        await create(tx.sql);
        await writeMembers(ctx, tx.sql, scope, id, { add: input.members, remove: [], replace: false }, noteRun);
        // The members gave the group its second version, at a time that the database chose.
        const [row] = await tx.sql.rows<GroupRow>(sql.GET_GROUP, [scope.directoryId, id]);
        return groupFromRow(row!);
      }),
    );
  } catch (error) {
    throw displayNameTaken(error, doc);
  }
}

/** Does `work`, which is a whole transaction, and wakes the runs if it noted one. */
async function wakingRuns<T>(work: (noteRun: (run: string | null) => void) => Promise<T>): Promise<T> {
  let hasRun = false;
  const value = await work((run) => (hasRun ||= run !== null));
  if (hasRun) wake('runs');
  return value;
}

/** One step of a change to a group, in the order in which the directory sent them. */
export type GroupStep =
  { readonly kind: 'attributes'; readonly apply: Apply } | { readonly kind: 'members'; readonly change: MemberChange };

/**
 * Applies steps to a group, all or none. Members are rows: changing one costs the same in a group of ten and of a hundred thousand.
 * @throws not_found, version_conflict, already_exists, invalid_argument naming unknown members, and what an `apply` throws
 */
export async function updateGroup(
  ctx: Context,
  scope: DirectoryScope,
  id: string,
  input: { steps: readonly GroupStep[]; accepts?: VersionTest },
): Promise<{ changed: boolean }> {
  requireWriter(ctx, scope);
  const [only] = input.steps;
  if (input.steps.length === 1 && only?.kind === 'members' && !input.accepts && !isLargeChange(only.change)) {
    const version = await wakingRuns((noteRun) =>
      retryDeadlocks(() => writeMembers(ctx, database().sql, scope, id, only.change, noteRun)),
    );
    return { changed: version !== undefined };
  }
  return wakingRuns((noteRun) =>
    retryDeadlocks(() =>
      database().begin(async (tx) => {
        const [row] = await tx.sql.rows<GroupRow>(sql.LOCK_GROUP, [scope.directoryId, id]);
        if (!row) throw notFound('group', id);
        const current = groupFromRow(row);
        if (input.accepts && !input.accepts(current.version)) throw versionConflict();
        let { doc } = current;
        let changed = false;
        for (const step of input.steps) {
          if (step.kind === 'attributes') doc = step.apply(doc);
          else changed = (await writeMembers(ctx, tx.sql, scope, id, step.change, noteRun)) !== undefined || changed;
        }
        if (equal(doc, current.doc)) return { changed };
        await writeGroup(ctx, tx.sql, scope, current, doc);
        return { changed: true };
      }),
    ),
  );
}

async function writeGroup(
  ctx: Context,
  client: Sql,
  scope: DirectoryScope,
  current: StoredGroup,
  doc: JsonObject,
): Promise<void> {
  const before = groupColumns(current.doc);
  const c = groupColumns(doc);
  const previous = changedFrom(
    { display_name: before.displayName, external_id: before.externalId, raw_attributes: current.doc },
    { display_name: c.displayName, external_id: c.externalId, raw_attributes: doc },
  );
  try {
    await client.rows(sql.UPDATE_GROUP, [
      scope.directoryId,
      current.id,
      c.displayName,
      c.displayNameKey,
      c.externalId,
      JSON.stringify(doc),
      newId('event'),
      scope.organizationId,
      JSON.stringify(previous),
      actorName(ctx.actor),
      ctx.requestId,
      ctx.now(),
      JSON.stringify(c.comparable),
    ]);
  } catch (error) {
    throw displayNameTaken(error, doc);
  }
}

/**
 * Deletes a group: it is gone for every reader when this returns. The people of a large group are told of by a run.
 * @throws not_found, version_conflict
 */
export async function deleteGroup(
  ctx: Context,
  scope: DirectoryScope,
  id: string,
  input: { accepts?: VersionTest } = {},
): Promise<void> {
  requireWriter(ctx, scope);
  const version = input.accepts ? await acceptedVersion(getGroup(scope, id), input.accepts) : null;
  const actor = actorName(ctx.actor);
  const { organizationId, directoryId } = scope;
  await wakingRuns((noteRun) =>
    retryDeadlocks(() =>
      database().begin(async (tx) => {
        const [row] = await tx.sql.rows<{ status: string; run: string | null }>(sql.MARK_GROUP_DELETED, [
          organizationId,
          directoryId,
          id,
          version,
          actor,
          ctx.requestId,
          TOLD_AT_ONCE,
        ]);
        if (row?.status === 'not_found') throw notFound('group', id);
        if (row?.status === 'version_conflict') throw versionConflict();
        noteRun(row?.run ?? null);
        if (row?.run) return;
        const target = { organizationId, directoryId, subjectId: id, actor, requestId: ctx.requestId };
        await deleteGroupStep(tx, target, TOLD_AT_ONCE + 1);
      }),
    ),
  );
}

/** Removes up to `limit` members of a group that is being deleted and tells of them; fewer than `limit` were the last, and it is gone. */
export async function deleteGroupStep(
  tx: Tx,
  target: DirectoryScope & { subjectId: string | null; actor: string; requestId: string },
  limit: number,
): Promise<{ removed: number; isDone: boolean }> {
  const { organizationId, directoryId, subjectId, actor, requestId } = target;
  const values = [organizationId, directoryId, subjectId, limit, actor, requestId];
  const [step] = await tx.sql.rows<{ removed: number; is_done: boolean }>(sql.DELETE_GROUP_STEP, values);
  return { removed: step?.removed ?? 0, isDone: step?.is_done ?? true };
}

/**
 * Removes up to `limit` people of a directory that is being deleted and tells of each of whom the application knows; then those who are held,
 * then its groups.
 */
export async function deleteDirectoryStep(
  tx: Tx,
  target: DirectoryScope & { actor: string; requestId: string },
  limit: number,
): Promise<{ removed: number; told: number; isDone: boolean }> {
  const { organizationId, directoryId, actor, requestId } = target;
  const values = [organizationId, directoryId, limit, actor, requestId];
  const [step] = await tx.sql.rows<{ removed: number; told: number; is_done: boolean }>(
    sql.DELETE_DIRECTORY_STEP,
    values,
  );
  return { removed: step?.removed ?? 0, told: step?.told ?? 0, isDone: step?.is_done ?? true };
}

/** Works out again what these people's mapped attributes are, where the mapping changed since they were written. Tells nobody. */
export async function refreshAttributes(tx: Tx, scope: DirectoryScope, ids: readonly string[]): Promise<void> {
  const rows = await tx.sql.rows<{ id: string; doc: JsonObject; custom: Json }>(
    `select u.id, u.doc, u.profile->'custom_attributes' as custom from dir_user u
     where u.directory_id = $1::text and u.id = any($2::text[]) order by u.id for no key update`,
    [scope.directoryId, ids],
  );
  const changed = rows.flatMap(({ id, doc, custom }) => {
    const value = userColumns(doc, scope).profile.custom_attributes;
    return equal(value, custom) ? [] : [{ id, value: JSON.stringify(value) }];
  });
  if (changed.length === 0) return;
  await tx.sql.rows(
    `update dir_user u set profile = u.profile || jsonb_build_object('custom_attributes', c.value::jsonb)
     from unnest($2::text[], $3::text[]) as c(id, value) where u.directory_id = $1::text and u.id = c.id`,
    [scope.directoryId, changed.map(({ id }) => id), changed.map(({ value }) => value)],
  );
}

/** Rows of each kind that one transaction of a purge removes. */
const DELETE_BATCH = 1000;

/** Removes, without a word, up to `DELETE_BATCH` people, and as many groups, of a directory that is deleted. @returns whether none are left */
export async function purgeDirectory(ctx: Context, directoryId: string): Promise<boolean> {
  if (ctx.actor.kind !== 'system') throw new AppError('permission_denied', 'Only the service itself may do this.');
  const { sql: client } = database();
  const [row] = await client.rows<{ removed: number }>(
    `with people as (delete from dir_user where directory_id = $1::text and id in (
       select id from dir_user where directory_id = $1::text order by id limit ${DELETE_BATCH}) returning 1),
     gone as (delete from dir_group where directory_id = $1::text and id in (
       select id from dir_group where directory_id = $1::text order by id limit ${DELETE_BATCH}) returning 1),
     nested as (delete from group_nesting where directory_id = $1::text returning 1),
     forgotten as (delete from dir_user_tombstone where directory_id = $1::text returning 1),
     held as (delete from held_person where directory_id = $1::text returning 1),
     removals as (delete from removal where directory_id = $1::text returning 1),
     breaker as (delete from breaker_memory where directory_id = $1::text returning 1)
     select ((select count(*) from people) + (select count(*) from gone))::int as removed`,
    [directoryId],
  );
  return (row?.removed ?? 0) === 0;
}
