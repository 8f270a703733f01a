import { timeOfId } from '@/lib/core/id';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import { asDate, database, type SqlValue } from '@/lib/db/handle';
import { isJsonObject, type JsonObject, ownValue } from '@/lib/scim/attribute';
import { displayNameOf, emailsOf, primaryEmailOf } from './profile';
import { type UserRow, userFromRow } from './row';
import * as sql from './statements';
import type { DirectoryScope, GroupRef, StoredUser, ToldUser } from './types';

/** What is asked of the application's view of a directory's people. */
export interface ToldSelection extends DirectoryScope {
  readonly pageSize?: number;
  readonly pageToken?: string;
  readonly updatedAfter?: Date;
  readonly groupId?: string;
}

/** Someone is read as they are stored, unless they are held: then they are what the application was told last. */
interface ToldRow extends Omit<UserRow, 'is_active'> {
  readonly is_active: boolean | null;
  readonly told: ToldData | null;
  readonly told_version: string;
  readonly told_at: string;
  readonly pending_since: string | null;
}

/** The payload of a person, as far as lists show it. */
interface ToldData {
  readonly id: string;
  readonly active: boolean;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly raw_attributes: JsonObject;
}

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

/**
 * A page of the people of a directory as the application knows them, by id. A few who are held lie in `held_person` and the rest in
 * `dir_user`: each is read by its key, so a page costs the same wherever it is.
 */
export async function listTold(selection: ToldSelection): Promise<Page<ToldUser>> {
  const size = clampPageSize(selection.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const position = readPageToken(selection.pageToken);
  const isBackwards = position?.direction === 'before';
  const values: SqlValue[] = [selection.directoryId, selection.organizationId];
  const { stored, held } = conditionsOf(selection, values);
  const counted = [...values];
  const comparison = isBackwards ? '<' : '>';
  const key = position && `$${values.push(position.key)}::text`;
  const bound = (column: string) => (key ? ` and ${column} ${comparison} ${key}` : '');
  const order = isBackwards ? 'desc' : 'asc';
  const limit = `$${values.push(size + 1)}::int`;
  const [rows, total] = await Promise.all([
    database().sql.rows<ToldRow>(
      `with page as materialized (
       select * from (
         (select u.id, null as told_id, null::timestamptz as pending_since from dir_user u
          where ${stored} and not u.is_held${bound('u.id')} order by u.id ${order} limit ${limit})
         union all
         (select h.user_id, h.told_id, case when h.is_told_active then h.since end from held_person h join event e on e.id = h.told_id
          where ${held}${bound('h.user_id')} order by h.user_id ${order} limit ${limit})) x
       order by x.id ${order} limit ${limit})
     select ${sql.USER_COLUMNS}, page.id, page.pending_since, e.data as told, e.version::text as told_version, e.occurred_at as told_at
     from page
       left join lateral (select * from dir_user k where k.directory_id = $1::text and k.id = page.id and page.told_id is null limit 1) u on true
       left join event e on e.id = page.told_id
     order by page.id ${order}`,
      values,
    ),
    countTold(stored, held, counted),
  ]);
  return toPage(rows.map(toldFromRow), size, position, total, (user) => user.id);
}

/** Holds when the directory $1 belongs to the organization $2. */
const IS_OWN_DIRECTORY = 'exists (select 1 from directory d where d.id = $1::text and d.organization_id = $2::text)';

function conditionsOf(selection: ToldSelection, values: SqlValue[]): { stored: string; held: string } {
  const stored = ['u.directory_id = $1::text', IS_OWN_DIRECTORY];
  // Someone who was told to be deleted, and is back but held, is not there yet.
  const held = [
    'h.directory_id = $1::text',
    IS_OWN_DIRECTORY,
    `coalesce(e.data->>'reason', '') not in ('deleted', 'directory_deleted')`,
  ];
  if (selection.updatedAfter) {
    const at = `$${values.push(selection.updatedAfter)}::timestamptz`;
    stored.push(`u.updated_at > ${at}`);
    held.push(`e.occurred_at > ${at}`);
  }
  if (selection.groupId) {
    const group = `$${values.push(selection.groupId)}::text`;
    stored.push(`exists (select 1 from membership m join dir_group g on g.directory_id = m.directory_id and g.id = m.group_id
      where m.directory_id = u.directory_id and m.user_id = u.id and m.group_id = ${group} and g.deleting_at is null)`);
    held.push(`e.data->'groups' @> jsonb_build_array(jsonb_build_object('id', ${group}))`);
  }
  return { stored: stored.join(' and '), held: held.join(' and ') };
}

/**
 * By how many each of these groups has more members for the application than it has rows, because of who is held; most are left out.
 */
export async function countHeldMembers(directoryId: string, groupIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await database().sql.rows<{ id: string; members: number }>(
    `select x.id, sum(x.members)::int as members from (
       select g.value->>'id' as id, 1 as members
         from held_person h join event e on e.id = h.told_id cross join lateral jsonb_array_elements(e.data->'groups') g
         where h.directory_id = $1::text
       union all
       select m.group_id, -1 from held_person h join membership m on m.directory_id = h.directory_id and m.user_id = h.user_id
         where h.directory_id = $1::text) x
     where x.id = any($2::text[]) group by x.id`,
    [directoryId, groupIds],
  );
  return new Map(rows.map((row) => [row.id, row.members]));
}

/** Held people are few: they are taken off what an index alone can count. */
async function countTold(stored: string, held: string, values: readonly SqlValue[]): Promise<number> {
  const [row] = await database().sql.rows<{ count: number }>(
    `select ((select count(*) from dir_user u where ${stored}) - (select count(*)
         from held_person h join dir_user u on u.directory_id = h.directory_id and u.id = h.user_id where h.directory_id = $1::text and ${stored})
       + (select count(*) from held_person h join event e on e.id = h.told_id where ${held}))::int as count`,
    values,
  );
  return row?.count ?? 0;
}

function toldFromRow(row: ToldRow): ToldUser {
  const removalPendingSince = row.pending_since === null ? null : asDate(row.pending_since);
  if (row.told === null) return listed(userFromRow({ ...row, is_active: row.is_active ?? false }), null);
  const toldAt = asDate(row.told_at);
  const stored: StoredUser = {
    id: row.told.id,
    doc: row.told.raw_attributes,
    isActive: row.told.active,
    version: Number(row.told_version),
    createdAt: timeOfId(row.told.id) ?? toldAt,
    updatedAt: toldAt,
    groups: row.told.groups.map(({ id, name }): GroupRef => ({ id, displayName: name })),
  };
  return listed(stored, removalPendingSince);
}

function listed(user: StoredUser, removalPendingSince: Date | null): ToldUser {
  const { doc } = user;
  return {
    ...user,
    userName: textAt(doc, 'userName') ?? '',
    externalId: textAt(doc, 'externalId'),
    email: primaryEmailOf(doc),
    givenName: nameOf(doc, 'givenName'),
    familyName: nameOf(doc, 'familyName'),
    displayName: displayNameOf(doc),
    emails: emailsOf(doc),
    removalPendingSince,
  };
}

function textAt(doc: JsonObject, name: string): string | null {
  const value = ownValue(doc, name);
  return typeof value === 'string' ? value : null;
}

/** A part of a person's name, or null. */
export function nameOf(doc: JsonObject, part: 'givenName' | 'familyName'): string | null {
  const name = ownValue(doc, 'name');
  return isJsonObject(name) ? textAt(name, part) : null;
}
