import { actorName, type Context } from '@/lib/core/context';
import { AppError, notFound } from '@/lib/core/error';
import { newId, timeOfId } from '@/lib/core/id';
import { brokenUniqueConstraint, isSeatMissing } from '@/lib/db/fault';
import type { Sql, SqlValue, Tx } from '@/lib/db/handle';
import { wake } from '@/lib/db/wake';
import type { JsonObject } from '@/lib/scim/attribute';
import { equal } from '@/lib/scim/equal';
import { userColumns } from './profile';
import * as sql from './statements';
import type { Apply, DirectoryScope, StoredUser, VersionTest } from './types';

/** Somebody else wrote in between. */
export function versionConflict(): AppError {
  return new AppError(
    'version_conflict',
    'The resource has changed since it was read. Read it again, then repeat the change.',
  );
}

/** What a failed write of a person means. */
export function describeUserFault(error: unknown, doc: JsonObject): unknown {
  if (isSeatMissing(error)) {
    return new AppError(
      'permission_denied',
      'All seats of the organization are taken. Deactivate someone who has left, or ask the application’s support for more seats.',
      { errorCode: 'SEAT_LIMIT_REACHED', cause: error },
    );
  }
  const constraint = brokenUniqueConstraint(error);
  // Two restored the same person at once.
  if (constraint === 'dir_user_pk') return versionConflict();
  if (constraint !== 'dir_user_user_name_key') return error;
  return new AppError('already_exists', `Another user of this directory has the userName ${String(doc['userName'])}.`, {
    cause: error,
  });
}

/** Writes `current` changed by `apply`, or returns undefined if its version is not the newest any more. */
export async function writeUser(
  ctx: Context,
  client: Sql,
  scope: DirectoryScope,
  current: StoredUser,
  input: { apply: Apply; accepts?: VersionTest },
): Promise<{ user: StoredUser; changed: boolean } | undefined> {
  if (input.accepts && !input.accepts(current.version)) throw versionConflict();
  const applied = input.apply(current.doc);
  // Leaving `active` out changes nothing: no one returns, or leaves, by omission.
  const doc: JsonObject = { ...applied, active: applied['active'] ?? current.isActive };
  if (equal(doc, current.doc)) return { user: current, changed: false };
  const before = userColumns(current.doc, scope);
  const c = userColumns(doc, scope);
  const now = ctx.now();
  const isTransition = before.isActive !== c.isActive;
  try {
    const [row] = await client.rows<{ version: string; held?: string | null }>(
      isTransition ? sql.TRANSITION_USER : sql.UPDATE_USER,
      [
        ...rowValues(scope, current, doc, c),
        newId('event'),
        scope.organizationId,
        JSON.stringify(changedFrom(before.profile, c.profile)),
        actorName(ctx.actor),
        ctx.requestId,
        now,
        JSON.stringify(c.comparable),
        c.otherEmailKeys,
      ],
    );
    if (!row) return undefined;
    if (row.held) wake('holds');
    const user = { ...current, doc, isActive: c.isActive, version: Number(row.version), updatedAt: now };
    return { user, changed: true };
  } catch (error) {
    throw describeUserFault(error, doc);
  }
}

/** The values that a person's row takes, as the statements begin: after directory, id and version. */
function rowValues(
  scope: DirectoryScope,
  { id, version }: { id: string; version: number },
  doc: JsonObject,
  c: ReturnType<typeof userColumns>,
): SqlValue[] {
  return [
    scope.directoryId,
    id,
    version,
    c.userName,
    c.userNameKey,
    c.externalId,
    c.isActive,
    c.primaryEmail,
    c.primaryEmailKey,
    c.displayName,
    JSON.stringify(doc),
    JSON.stringify(c.profile),
  ];
}

/** The members of `before` that differ in `after`, as they were. */
export function changedFrom(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(before).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(after[key])),
  );
}

/**
 * Writes someone again whom the directory deleted, from their last event: their document, active, and those of their groups that still
 * exist. @throws not_found, already_exists, permission_denied when no seat is free
 */
export async function restoreDeleted(
  ctx: Context,
  tx: Tx,
  scope: DirectoryScope,
  id: string,
): Promise<{ changed: boolean }> {
  const [found] = await tx.sql.rows<{ data: DeletedData; version: string }>(sql.NEWEST_USER_EVENT, [
    scope.directoryId,
    id,
  ]);
  if (!found) throw notFound('user', id);
  const groups = await tx.sql.rows<{ id: string }>(sql.LOCK_GROUPS, [
    scope.directoryId,
    found.data.groups.map((group) => group.id),
  ]);
  const held = await tx.sql.rows(sql.LOCK_HELD_PERSON, [scope.directoryId, id]);
  const doc: JsonObject = { ...found.data.raw_attributes, active: true };
  const c = userColumns(doc, scope);
  const now = ctx.now();
  try {
    // Whoever is held has kept their seat.
    const [seat] =
      held.length > 0
        ? []
        : await tx.sql.rows<{ held: string | null }>(sql.TAKE_SEAT, [scope.organizationId, scope.directoryId, id]);
    const reason = seat?.held ?? null;
    await tx.sql.rows(sql.RESTORE_USER, [
      ...rowValues(scope, { id, version: Number(found.version) }, doc, c),
      timeOfId(id) ?? now,
      now,
      JSON.stringify(c.comparable),
      c.otherEmailKeys,
      groups.map((group) => group.id),
      reason !== null,
    ]);
    await tx.sql.rows(sql.TELL_TRANSITION, [
      scope.organizationId,
      scope.directoryId,
      id,
      newId('event'),
      JSON.stringify({ active: false }),
      actorName(ctx.actor),
      ctx.requestId,
      reason,
      now,
    ]);
  } catch (error) {
    throw describeUserFault(error, doc);
  }
  return { changed: true };
}

/** What the event of a deletion says, as far as it can be undone. */
interface DeletedData {
  readonly groups: readonly { readonly id: string }[];
  readonly raw_attributes: JsonObject;
}
