import { database, type SqlValue } from '@/lib/db/handle';
import type { MappingChange } from './mapping';
import type { DirectoryRef, MappingPreview, RoleChange } from './types';

/**
 * Active people in the groups $5 whose mapping changes, from behind $6, with their roles by the stored mapping and by the planned one
 * ($3 groups, $4 roles): $1 directory, $2 organization, $7 most people to look at, or null for all.
 */
const COMPARED = `with planned as (select t.group_id, t.role_id from unnest($3::text[], $4::text[]) as t(group_id, role_id)),
  fallback as (
    select coalesce(array_agg(x->>'role_name'), '{}') as names from jsonb_array_elements(default_member_roles($2::text)) x),
  ranked as (
    select r.id, r.name, row_number() over (order by r.priority, r.organization_id is null, r.name) as rank
    from role r where r.organization_id is null or r.organization_id = $2::text),
  people as (
    select distinct m.user_id as id
    from membership m join dir_user u on u.directory_id = m.directory_id and u.id = m.user_id and u.is_active
    where m.directory_id = $1::text and m.group_id = any($5::text[]) and m.user_id > $6::text
    order by id limit $7::int),
  groups as (
    select p.id, m.group_id from people p join membership m on m.directory_id = $1::text and m.user_id = p.id),
  stored_roles as (
    select x.id, array_agg(x.name order by x.rank) as names from (
      select distinct g.id, k.name, k.rank from groups g
      join directory_group_role gr on gr.directory_id = $1::text and gr.group_id = g.group_id join ranked k on k.id = gr.role_id) x
    group by x.id),
  planned_roles as (
    select x.id, array_agg(x.name order by x.rank) as names from (
      select distinct g.id, k.name, k.rank from groups g
      join planned p on p.group_id = g.group_id join ranked k on k.id = p.role_id) x
    group by x.id),
  compared as (
    select p.id, coalesce(s.names, f.names) as before, coalesce(n.names, f.names) as after
    from people p cross join fallback f left join stored_roles s on s.id = p.id left join planned_roles n on n.id = p.id)`;

function valuesOf(ref: DirectoryRef, planned: MappingChange, after: string, limit: number | null): SqlValue[] {
  const { wanted, groupIds } = planned;
  const groups = wanted.map(({ groupId }) => groupId);
  const roles = wanted.map(({ roleId }) => roleId);
  return [ref.directoryId, ref.organizationId, groups, roles, groupIds, after, limit];
}

interface ChangeRow {
  readonly id: string;
  readonly user_name: string;
  readonly display_name: string;
  readonly primary_email: string | null;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Those of the next `limit` people by id whose roles would change, the last id that was looked at, and whether nobody is behind it. */
export async function readChanges(
  ref: DirectoryRef,
  planned: MappingChange,
  from: { readonly after: string; readonly limit: number },
): Promise<{ changes: RoleChange[]; last: string; isEnd: boolean }> {
  if (planned.groupIds.length === 0) return { changes: [], last: from.after, isEnd: true };
  const rows = await database().sql.rows<ChangeRow>(
    `${COMPARED} select c.id, c.before, c.after, u.user_name, u.display_name, u.primary_email
     from compared c join dir_user u on u.directory_id = $1::text and u.id = c.id order by c.id`,
    valuesOf(ref, planned, from.after, from.limit),
    { isPrepared: false },
  );
  const changed = rows.filter(({ before, after }) => before.join(' ') !== after.join(' '));
  return {
    changes: changed.map((row) => ({
      userId: row.id,
      userName: row.user_name,
      displayName: row.display_name,
      email: row.primary_email,
      before: row.before,
      after: row.after,
    })),
    last: rows.at(-1)?.id ?? from.after,
    isEnd: rows.length < from.limit,
  };
}

/** How many people gain and lose, all together and by role. */
export async function readTotals(
  ref: DirectoryRef,
  planned: MappingChange,
): Promise<Pick<MappingPreview, 'changing' | 'gaining' | 'losing' | 'roles'>> {
  if (planned.groupIds.length === 0) return { changing: 0, gaining: 0, losing: 0, roles: [] };
  const [row] = await database().sql.rows<Pick<MappingPreview, 'changing' | 'gaining' | 'losing' | 'roles'>>(
    `${COMPARED},
     moves as (
       select k.name, k.rank, count(*) filter (where k.name = any(c.after)) as gaining, count(*) filter (where k.name = any(c.before)) as losing
       from compared c cross join lateral unnest(c.before || c.after) as x(name) join ranked k on k.name = x.name
       where (k.name = any(c.before)) <> (k.name = any(c.after))
       group by k.name, k.rank)
     select (select count(*)::int from compared c where c.before <> c.after) as changing,
       (select count(*)::int from compared c where not c.after <@ c.before) as gaining,
       (select count(*)::int from compared c where not c.before <@ c.after) as losing,
       coalesce((select jsonb_agg(jsonb_build_object('name', m.name, 'gaining', m.gaining, 'losing', m.losing) order by m.rank) from moves m),
         '[]'::jsonb) as roles`,
    valuesOf(ref, planned, '', null),
    { isPrepared: false },
  );
  return row ?? { changing: 0, gaining: 0, losing: 0, roles: [] };
}
