import { setImmediate } from 'node:timers/promises';
import { actorName, type Context } from '@/lib/core/context';
import { AppError, notFound } from '@/lib/core/error';
import type { Sql } from '@/lib/db/handle';
import { TOLD_AT_ONCE } from '../run/types';
import * as sql from './statements';
import type { DirectoryScope, MemberChange } from './types';

/**
 * Members that one statement moves. The embedded database answers nothing, and neither does this process, while a statement runs: more
 * are moved by several in one transaction, between which the process goes on.
 */
const MOVED_AT_ONCE = 1000;

/** People that one statement puts on the list of a run: less work each. */
const LISTED_AT_ONCE = 5000;

/** Whether a change may take several statements, and so a transaction. A replacement may remove any number. */
export function isLargeChange({ add, remove, replace }: MemberChange): boolean {
  return replace || add.length + remove.length > MOVED_AT_ONCE;
}

/**
 * Changes members and returns the group's new version, or undefined if nothing changed.
 * @param client of a transaction, if the change is a large one
 * @param noteRun called with the run that tells of the people, null if they were told of here
 * @throws not_found, invalid_argument naming unknown members
 */
export async function writeMembers(
  ctx: Context,
  client: Sql,
  scope: DirectoryScope,
  id: string,
  members: MemberChange,
  noteRun: (run: string | null) => void,
): Promise<number | undefined> {
  const group = [scope.organizationId, scope.directoryId, id];
  const actor = actorName(ctx.actor);
  if (isLargeChange(members)) {
    const moved = await moveMany(client, scope, id, members);
    if (Object.values(moved).every((ids) => ids.length === 0)) return undefined;
    const { added, removed, nestedAdded, nestedRemoved } = moved;
    const people = [...added, ...removed];
    const run = people.length > TOLD_AT_ONCE ? await openRun(ctx, client, scope, id, people) : null;
    const values = [...group, added, removed, nestedAdded, nestedRemoved, actor, ctx.requestId];
    const [row] = await client.rows<{ version: string }>(sql.TELL_MEMBERS, [
      ...values,
      run === null ? TOLD_AT_ONCE : null,
    ]);
    noteRun(run);
    return Number(row?.version);
  }
  const [row] = await client.rows<{ status: string; version: string; unknown: string[] | null; run: string | null }>(
    sql.CHANGE_MEMBERS,
    [...group, members.add, members.remove, members.replace, actor, ctx.requestId, TOLD_AT_ONCE],
  );
  if (row?.status === 'no_group') throw notFound('group', id);
  if (row?.status === 'unknown_members') throw unknownMembers(row.unknown ?? []);
  noteRun(row?.run ?? null);
  return row?.status === 'changed' ? Number(row.version) : undefined;
}

/** Writes the run that tells of these people, and returns its id. */
async function openRun(
  ctx: Context,
  client: Sql,
  { organizationId, directoryId }: DirectoryScope,
  groupId: string,
  people: readonly string[],
): Promise<string | null> {
  const subject = ['members', organizationId, directoryId, groupId, people.length, null];
  const [row] = await client.rows<{ id: string }>(sql.OPEN_RUN, [...subject, actorName(ctx.actor), ctx.requestId]);
  const id = row?.id ?? null;
  for (let at = 0; at < people.length; at += LISTED_AT_ONCE) {
    await client.rows(sql.LIST_FOR_RUN, [id, people.slice(at, at + LISTED_AT_ONCE)]);
    await setImmediate();
  }
  return id;
}

interface Moved {
  readonly added: string[];
  readonly removed: string[];
  readonly nestedAdded: string[];
  readonly nestedRemoved: string[];
}

/** Moves members, some at a time, and returns who really moved. The group's row is locked until the transaction ends. */
async function moveMany(client: Sql, scope: DirectoryScope, id: string, members: MemberChange): Promise<Moved> {
  const { directoryId } = scope;
  const [locked] = await client.rows(sql.LOCK_GROUP, [directoryId, id]);
  if (!locked) throw notFound('group', id);
  const wanted = new Set(members.add);
  const present = members.replace ? await client.rows<{ id: string }>(sql.MEMBER_IDS, [directoryId, id]) : [];
  const remove = (members.replace ? present.map((row) => row.id) : members.remove).filter((each) => !wanted.has(each));
  for (const row of present) wanted.delete(row.id);
  // One order for all, so that two such changes hold the same people one after the other.
  const add = [...wanted].sort();
  const moved: Moved = { added: [], removed: [], nestedAdded: [], nestedRemoved: [] };
  const unknown: string[] = [];
  for (let at = 0; at < Math.max(add.length, remove.length); at += MOVED_AT_ONCE) {
    const part = [add.slice(at, at + MOVED_AT_ONCE), remove.slice(at, at + MOVED_AT_ONCE)];
    const [row] = await client.rows<{ [key in keyof Moved | 'unknown']: string[] | null }>(sql.MOVE_MEMBERS, [
      directoryId,
      id,
      ...part,
    ]);
    unknown.push(...(row?.unknown ?? []));
    // Answers of the embedded database are microtasks: without this nothing else of the process would come to its turn.
    await setImmediate();
    for (const key of Object.keys(moved) as (keyof Moved)[]) moved[key].push(...(row?.[key] ?? []));
  }
  if (unknown.length > 0) throw unknownMembers(unknown);
  return moved;
}

const NAMED_UNKNOWN_MEMBERS = 5;

function unknownMembers(ids: readonly string[]): AppError {
  const named = ids.slice(0, NAMED_UNKNOWN_MEMBERS).join(', ');
  const rest = ids.length > NAMED_UNKNOWN_MEMBERS ? ` and ${ids.length - NAMED_UNKNOWN_MEMBERS} more` : '';
  return new AppError(
    'invalid_argument',
    `These members are not users or groups of this directory: ${named}${rest}. Nothing was changed.`,
    { errorCode: 'UNKNOWN_MEMBERS' },
  );
}
