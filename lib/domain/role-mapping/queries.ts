import { type Context, requireOrganization } from '@/lib/core/context';
import { notFound } from '@/lib/core/error';
import { clampPageSize, readPageToken, writePageToken } from '@/lib/core/page';
import { database } from '@/lib/db/handle';
import { requireFeature } from '../organization/queries';
import { readChanges, readTotals } from './changes';
import { planMapping, readMapping } from './mapping';
import type {
  AssignmentChoice,
  DirectoryRef,
  GroupName,
  MappedGroup,
  MappedRole,
  MappingPreview,
  RoleAssignment,
  RoleChange,
  RoleExplanation,
  RoleRule,
} from './types';

const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 100;
/** People looked at by one statement, when all of them are wanted. */
const STREAM_BATCH = 1000;

/** The role mapping of each of an organization's directories; every id asked for is in the answer. */
export async function listRoleAssignments(
  ctx: Context,
  organizationId: string,
  directoryIds: readonly string[],
): Promise<ReadonlyMap<string, readonly RoleAssignment[]>> {
  requireOrganization(ctx, organizationId);
  return readMapping(database(), directoryIds);
}

/** Holds when the directory $1 belongs to the organization $2. */
const IS_OWN_DIRECTORY = `exists (
  select 1 from directory d where d.id = $1::text and d.organization_id = $2::text and d.deleting_at is null)`;

/** All groups of a directory by name, with their size and the roles that they give. @throws failed_precondition, not_found */
export async function listMappedGroups(ctx: Context, ref: DirectoryRef): Promise<MappedGroup[]> {
  await requireFeature(ctx, ref.organizationId, 'dir_sync');
  const rows = await database().sql.rows<{
    id: string;
    display_name: string;
    member_count: number;
    nested_count: number;
    roles: MappedRole[];
  }>(
    `select g.id, g.display_name, coalesce(m.count, 0) as member_count, coalesce(n.count, 0) as nested_count, coalesce((
       select jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'displayName', r.display_name)
         order by r.priority, r.organization_id is null, r.name)
       from directory_group_role gr join role r on r.id = gr.role_id
       where gr.directory_id = g.directory_id and gr.group_id = g.id), '[]'::jsonb) as roles
     from dir_group g
     left join (select k.group_id, count(*)::int as count from membership k where k.directory_id = $1::text group by k.group_id) m
       on m.group_id = g.id
     left join (select k.group_id, count(*)::int as count from group_nesting k where k.directory_id = $1::text group by k.group_id) n
       on n.group_id = g.id
     where g.directory_id = $1::text and ${IS_OWN_DIRECTORY} and g.deleting_at is null
     order by g.display_name_key, g.id`,
    [ref.directoryId, ref.organizationId],
  );
  return rows.map((row) => ({
    id: row.id,
    displayName: row.display_name,
    memberCount: row.member_count,
    nestedGroupCount: row.nested_count,
    roles: row.roles,
  }));
}

/**
 * What applying these assignments as the whole mapping of a directory would do, and a page of the people whose roles would change.
 * Nothing is written. Only people who are active count.
 * @throws not_found, failed_precondition, invalid_argument as `assignRoles` does
 */
export async function previewRoleMapping(
  ctx: Context,
  input: DirectoryRef & {
    readonly assignments: readonly AssignmentChoice[];
    readonly pageSize?: number;
    readonly pageToken?: string;
  },
): Promise<MappingPreview> {
  await requireDirectory(ctx, input);
  const planned = await planMapping(database(), input, input.assignments);
  const size = clampPageSize(input.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const people: RoleChange[] = [];
  let after = readPageToken(input.pageToken)?.key ?? '';
  let isEnd = false;
  while (people.length < size && !isEnd) {
    // The next people to look at are behind those of the last look.
    const found = await readChanges(input, planned, { after, limit: STREAM_BATCH });
    const kept = found.changes.slice(0, size - people.length);
    people.push(...kept);
    const isCut = kept.length < found.changes.length;
    isEnd = !isCut && found.isEnd;
    after = isCut ? (kept.at(-1)?.userId ?? after) : found.last;
  }
  const { added, removed } = planned;
  const totals = await readTotals(input, planned);
  return {
    added,
    removed,
    ...totals,
    people,
    nextPageToken: isEnd ? '' : writePageToken({ direction: 'after', key: after }),
  };
}

/** Everyone whose roles these assignments would change, in batches, for a file. @throws as `previewRoleMapping` does */
export async function* streamRoleChanges(
  ctx: Context,
  input: DirectoryRef & { readonly assignments: readonly AssignmentChoice[] },
): AsyncGenerator<readonly RoleChange[]> {
  await requireDirectory(ctx, input);
  const planned = await planMapping(database(), input, input.assignments);
  for (let after = '', isEnd = false; !isEnd;) {
    const found = await readChanges(input, planned, { after, limit: STREAM_BATCH });
    ({ last: after, isEnd } = found);
    if (found.changes.length > 0) yield found.changes;
  }
}

async function requireDirectory(ctx: Context, { organizationId, directoryId }: DirectoryRef): Promise<void> {
  await requireFeature(ctx, organizationId, 'dir_sync');
  const [row] = await database().sql.rows<{ is_own: boolean }>(`select ${IS_OWN_DIRECTORY} as is_own`, [
    directoryId,
    organizationId,
  ]);
  if (!row?.is_own) throw notFound('directory', directoryId);
}

interface ExplanationRow {
  readonly is_active: boolean;
  readonly direct: readonly { id: string; name: string; roles: (MappedRole & { rank: number })[] }[];
  readonly nested_in: readonly { id: string; name: string; roles: (MappedRole & { rank: number })[] }[];
  readonly organization_default: MappedRole | null;
  readonly environment_default: MappedRole | null;
}

const defaultRoleOf = (
  scope: string,
) => `(select jsonb_build_object('id', r.id, 'name', r.name, 'displayName', r.display_name)
  from default_role d join role r on r.id = d.role_id where d.scope = ${scope} and d.kind = 'member')`;

const GROUPS_WITH_ROLES = `coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'name', g.display_name, 'roles', coalesce((
    select jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'displayName', r.display_name, 'rank', r.rank) order by r.rank)
    from directory_group_role gr join ranked r on r.id = gr.role_id
    where gr.directory_id = $1::text and gr.group_id = g.id), '[]'::jsonb)) order by g.display_name_key, g.id), '[]'::jsonb)`;

const EXPLAIN = `with recursive ranked as (
    select r.id, r.name, r.display_name, row_number() over (order by r.priority, r.organization_id is null, r.name)::int as rank
    from role r where r.organization_id is null or r.organization_id = $2::text),
  direct as (
    select g.id, g.display_name, g.display_name_key from membership m
    join dir_group g on g.directory_id = m.directory_id and g.id = m.group_id and g.deleting_at is null
    where m.directory_id = $1::text and m.user_id = $3::text),
  above(id) as (
    select n.group_id from direct d join group_nesting n on n.directory_id = $1::text and n.member_group_id = d.id
    union
    select n.group_id from above a join group_nesting n on n.directory_id = $1::text and n.member_group_id = a.id)
  select u.is_active,
    (select ${GROUPS_WITH_ROLES} from direct g) as direct,
    (select ${GROUPS_WITH_ROLES} from above a join dir_group g on g.directory_id = $1::text and g.id = a.id and g.deleting_at is null
      where a.id not in (select d.id from direct d)) as nested_in,
    ${defaultRoleOf('$2::text')} as organization_default,
    ${defaultRoleOf("'environment'")} as environment_default
  from dir_user u where u.directory_id = $1::text and u.id = $3::text and ${IS_OWN_DIRECTORY}`;

/** Why a person has the roles they have, from their groups on. @throws not_found, failed_precondition */
export async function explainRoles(
  ctx: Context,
  input: DirectoryRef & { readonly userId: string },
): Promise<RoleExplanation> {
  const { organizationId, directoryId, userId } = input;
  await requireFeature(ctx, organizationId, 'dir_sync');
  const [row] = await database().sql.rows<ExplanationRow>(EXPLAIN, [directoryId, organizationId, userId]);
  if (!row) throw notFound('user', userId);
  const named = row.direct.map(({ id, name, roles }) => ({ id, displayName: name, roles }));
  const nestedIn = row.nested_in.map(({ id, name, roles }) => ({ id, displayName: name, roleNames: namesOf(roles) }));
  const groups = named.map(({ roles, ...group }) => ({ ...group, roleNames: namesOf(roles) }));
  return { ...resolve(row, named), groups, nestedIn };
}

const namesOf = (roles: readonly MappedRole[]) => roles.map(({ name }) => name);

function resolve(
  row: ExplanationRow,
  groups: readonly (GroupName & { readonly roles: readonly (MappedRole & { readonly rank: number })[] })[],
): Pick<RoleExplanation, 'rule' | 'roles'> {
  if (!row.is_active) return { rule: 'inactive', roles: [] };
  const given = new Map<string, MappedRole & { rank: number; groups: GroupName[] }>();
  for (const { roles, ...group } of groups) {
    for (const each of roles) {
      const known = given.get(each.id);
      if (known) known.groups.push(group);
      else given.set(each.id, { ...each, groups: [group] });
    }
  }
  if (given.size > 0) {
    const ordered = [...given.values()].sort((a, b) => a.rank - b.rank);
    return {
      rule: 'mapping',
      roles: ordered.map(({ id, name, displayName, groups: from }) => ({ id, name, displayName, groups: from })),
    };
  }
  const fallback = row.organization_default ?? row.environment_default;
  if (!fallback) return { rule: 'none', roles: [] };
  const rule: RoleRule = row.organization_default ? 'organization_default' : 'environment_default';
  return { rule, roles: [{ ...fallback, groups: [] }] };
}
