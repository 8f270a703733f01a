import { type Context, requireOrganization } from '@/lib/core/context';
import { notFound } from '@/lib/core/error';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import { asDateOrNull, database, type SqlValue } from '@/lib/db/handle';
import { groupResourceType, userResourceType } from '@/lib/scim/schema';
import { emailsOf } from './profile';
import { type GroupRow, groupFromRow, type UserRow, userFromRow } from './row';
import { search, type SearchTable } from './search';
import * as sql from './statements';
import { countHeldMembers, listTold, nameOf, type ToldSelection } from './told';
import type {
  DirectoryCounts,
  DirectoryGroup,
  DirectoryScope,
  DirectoryUser,
  Found,
  Selection,
  StoredGroup,
  StoredMember,
  StoredUser,
  ToldUser,
} from './types';

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

/** One person of a directory. @throws not_found */
export async function getUser(scope: DirectoryScope, id: string): Promise<StoredUser> {
  const [row] = await database().sql.rows<UserRow>(sql.GET_USER, [scope.directoryId, id]);
  if (!row) throw notFound('user', id);
  return userFromRow(row);
}

/** One group of a directory. @throws not_found */
export async function getGroup(scope: DirectoryScope, id: string): Promise<StoredGroup> {
  const [row] = await database().sql.rows<GroupRow>(sql.GET_GROUP, [scope.directoryId, id]);
  if (!row) throw notFound('group', id);
  return groupFromRow(row);
}

/**
 * The members of several groups at once, people first, each by id: at most `limit` of them together. Groups without members are left out.
 */
export async function listMembers(
  scope: DirectoryScope,
  groupIds: readonly string[],
  limit: number = Number.MAX_SAFE_INTEGER,
): Promise<ReadonlyMap<string, readonly StoredMember[]>> {
  const found = new Map<string, StoredMember[]>();
  if (groupIds.length === 0) return found;
  const rows = await database().sql.rows<{ group_id: string; id: string; type: 'User' | 'Group'; display: string }>(
    `select m.group_id, m.user_id as id, 'User' as type, u.display_name as display, 1 as rank
       from membership m join dir_user u on u.directory_id = m.directory_id and u.id = m.user_id
       where m.directory_id = $1::text and m.group_id = any($2::text[])
     union all
     select n.group_id, n.member_group_id, 'Group', g.display_name, 2
       from group_nesting n join dir_group g on g.directory_id = n.directory_id and g.id = n.member_group_id and g.deleting_at is null
       where n.directory_id = $1::text and n.group_id = any($2::text[])
     order by rank, id limit $3::bigint`,
    [scope.directoryId, groupIds, limit],
  );
  for (const { group_id, id, type, display } of rows) {
    const members = found.get(group_id);
    if (members) members.push({ id, type, display });
    else found.set(group_id, [{ id, type, display }]);
  }
  return found;
}

const USERS: SearchTable = {
  name: 'dir_user',
  alias: 'u',
  columns: sql.USER_COLUMNS,
  isVisible: '',
  resourceType: userResourceType(),
};

const GROUPS: SearchTable = {
  name: 'dir_group',
  alias: 'g',
  columns: sql.GROUP_COLUMNS,
  isVisible: 'g.deleting_at is null',
  resourceType: groupResourceType(),
};

/** People that a filter selects, a page of them, in the order in which they were created unless they are sorted. */
export async function searchUsers(scope: DirectoryScope, selection: Selection): Promise<Found<StoredUser>> {
  const table = scope.userType ? { ...USERS, resourceType: scope.userType } : USERS;
  const found = await search<UserRow>(scope, table, selection);
  return { ...found, items: found.items.map(userFromRow) };
}

/** Groups that a filter selects, a page of them, in the order in which they were created unless they are sorted. */
export async function searchGroups(scope: DirectoryScope, selection: Selection): Promise<Found<StoredGroup>> {
  const found = await search<GroupRow>(scope, GROUPS, selection);
  return { ...found, items: found.items.map(groupFromRow) };
}

async function count(text: string, values: readonly SqlValue[]): Promise<number> {
  const [row] = await database().sql.rows<{ count: number }>(text, values);
  return row?.count ?? 0;
}

interface ListedUserRow extends UserRow {
  readonly user_name: string;
  readonly external_id: string | null;
  readonly primary_email: string | null;
  readonly display_name: string;
}

function listedUser(row: ListedUserRow): DirectoryUser {
  return {
    ...userFromRow(row),
    userName: row.user_name,
    externalId: row.external_id,
    email: row.primary_email,
    givenName: nameOf(row.doc, 'givenName'),
    familyName: nameOf(row.doc, 'familyName'),
    displayName: row.display_name,
    emails: emailsOf(row.doc),
  };
}

const LISTED_USER_COLUMNS = `${sql.USER_COLUMNS}, u.user_name, u.external_id, u.primary_email, u.display_name`;

interface ListInput extends DirectoryScope {
  readonly pageSize?: number;
  readonly pageToken?: string;
  readonly updatedAfter?: Date;
  /** Part of a name, user name, email address or external id, in any case. */
  readonly search?: string;
}

/** Holds when the directory $1 belongs to the organization $2. */
const IS_OWN_DIRECTORY = 'exists (select 1 from directory d where d.id = $1::text and d.organization_id = $2::text)';

interface ListStatement {
  readonly columns: string;
  /** Table with its alias. */
  readonly from: string;
  readonly alias: string;
  readonly conditions: readonly string[];
  readonly values: SqlValue[];
}

async function listRows<Row extends { id: string }>(input: ListInput, statement: ListStatement): Promise<Page<Row>> {
  const size = clampPageSize(input.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const position = readPageToken(input.pageToken);
  const isBackwards = position?.direction === 'before';
  const where = statement.conditions.join(' and ');
  const values = [...statement.values];
  const bound = position
    ? ` and ${statement.alias}.id ${isBackwards ? '<' : '>'} $${values.push(position.key)}::text`
    : '';
  const [rows, total] = await Promise.all([
    database().sql.rows<Row>(
      `select ${statement.columns} from ${statement.from} where ${where}${bound}
       order by ${statement.alias}.id ${isBackwards ? 'desc' : 'asc'} limit $${values.push(size + 1)}::int`,
      values,
    ),
    count(`select count(*)::int as count from ${statement.from} where ${where}`, statement.values),
  ]);
  return toPage(rows, size, position, total, (row) => row.id);
}

function searchPattern(search: string | undefined): string | undefined {
  const text = search?.trim();
  return text ? `%${text.replace(/[\\%_]/g, '\\$&')}%` : undefined;
}

/**
 * A page of people of a directory, oldest first, deactivated ones included. Empty when the directory is
 * not the organization's.
 */
export async function listDirectoryUsers(
  ctx: Context,
  input: ListInput & { groupId?: string },
): Promise<Page<DirectoryUser>> {
  requireOrganization(ctx, input.organizationId);
  const values: SqlValue[] = [input.directoryId, input.organizationId];
  const conditions = ['u.directory_id = $1::text', IS_OWN_DIRECTORY];
  if (input.updatedAfter) conditions.push(`u.updated_at > $${values.push(input.updatedAfter)}::timestamptz`);
  if (input.groupId) {
    conditions.push(`exists (select 1 from membership m join dir_group g on g.directory_id = m.directory_id and g.id = m.group_id
      where m.directory_id = u.directory_id and m.user_id = u.id and m.group_id = $${values.push(input.groupId)}::text and g.deleting_at is null)`);
  }
  const pattern = searchPattern(input.search);
  if (pattern) {
    const at = `$${values.push(pattern)}::text`;
    conditions.push(
      `(u.display_name ilike ${at} or u.user_name ilike ${at} or u.primary_email ilike ${at} or u.external_id ilike ${at})`,
    );
  }
  const page = await listRows<ListedUserRow>(input, {
    columns: LISTED_USER_COLUMNS,
    from: 'dir_user u',
    alias: 'u',
    conditions,
    values,
  });
  return { ...page, items: page.items.map(listedUser) };
}

/**
 * A page of people of a directory as the application knows them, oldest first: someone whose removal is held back is there, active and in
 * their groups; someone whom it was never told of is not. Empty when the directory is not the organization's.
 */
export async function listToldUsers(ctx: Context, input: ToldSelection): Promise<Page<ToldUser>> {
  requireOrganization(ctx, input.organizationId);
  return listTold(input);
}

interface ListedGroupRow extends GroupRow {
  readonly display_name: string;
  readonly external_id: string | null;
  readonly member_count: number;
}

/** A page of groups of a directory, oldest first. Empty when the directory is not the organization's. */
export async function listDirectoryGroups(ctx: Context, input: ListInput): Promise<Page<DirectoryGroup>> {
  requireOrganization(ctx, input.organizationId);
  const values: SqlValue[] = [input.directoryId, input.organizationId];
  const conditions = ['g.directory_id = $1::text', IS_OWN_DIRECTORY, 'g.deleting_at is null'];
  if (input.updatedAfter) conditions.push(`g.updated_at > $${values.push(input.updatedAfter)}::timestamptz`);
  const pattern = searchPattern(input.search);
  if (pattern) conditions.push(`g.display_name ilike $${values.push(pattern)}::text`);
  const page = await listRows<ListedGroupRow>(input, {
    columns: `${sql.GROUP_COLUMNS}, g.display_name, g.external_id, (select count(*)::int from membership m
      where m.directory_id = g.directory_id and m.group_id = g.id) as member_count`,
    from: 'dir_group g',
    alias: 'g',
    conditions,
    values,
  });
  return {
    ...page,
    items: page.items.map((row) => ({
      ...groupFromRow(row),
      displayName: row.display_name,
      externalId: row.external_id,
      memberCount: row.member_count,
    })),
  };
}

/** The same with as many members as the application knows: someone whose removal is held is one still. */
export async function listToldGroups(ctx: Context, input: ListInput): Promise<Page<DirectoryGroup>> {
  const page = await listDirectoryGroups(ctx, input);
  const ids = page.items.map(({ id }) => id);
  const held = await countHeldMembers(input.directoryId, ids);
  return {
    ...page,
    items: page.items.map((group) => ({ ...group, memberCount: group.memberCount + (held.get(group.id) ?? 0) })),
  };
}

/** One person with what lists show. @throws not_found, also when the directory is not the organization's */
export async function getDirectoryUser(ctx: Context, scope: DirectoryScope, id: string): Promise<DirectoryUser> {
  requireOrganization(ctx, scope.organizationId);
  const [row] = await database().sql.rows<ListedUserRow>(
    `select ${LISTED_USER_COLUMNS} from dir_user u where u.directory_id = $1::text and ${IS_OWN_DIRECTORY} and u.id = $3::text`,
    [scope.directoryId, scope.organizationId, id],
  );
  if (!row) throw notFound('user', id);
  return listedUser(row);
}

/** How much each directory holds; every id asked for is in the answer. */
export async function countDirectory(
  ctx: Context,
  organizationId: string,
  directoryIds: readonly string[],
): Promise<ReadonlyMap<string, DirectoryCounts>> {
  requireOrganization(ctx, organizationId);
  const rows = await database().sql.rows<{
    id: string;
    users: number;
    groups: number;
    user_updated_at: string | null;
    group_updated_at: string | null;
  }>(
    `select d.id,
       (select count(*)::int from dir_user u where u.directory_id = d.id) as users,
       (select count(*)::int from dir_group g where g.directory_id = d.id and g.deleting_at is null) as groups,
       (select max(u.updated_at) from dir_user u where u.directory_id = d.id) as user_updated_at,
       (select max(g.updated_at) from dir_group g where g.directory_id = d.id and g.deleting_at is null) as group_updated_at
     from directory d where d.organization_id = $1::text and d.id = any($2::text[])`,
    [organizationId, directoryIds],
  );
  const found = new Map(
    rows.map((row): [string, DirectoryCounts] => [
      row.id,
      {
        users: row.users,
        groups: row.groups,
        userUpdatedAt: asDateOrNull(row.user_updated_at),
        groupUpdatedAt: asDateOrNull(row.group_updated_at),
      },
    ]),
  );
  const none = { users: 0, groups: 0, userUpdatedAt: null, groupUpdatedAt: null };
  return new Map(directoryIds.map((id) => [id, found.get(id) ?? none]));
}
