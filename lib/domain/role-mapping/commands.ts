import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { AppError, notFound } from '@/lib/core/error';
import { change } from '@/lib/db/change';
import type { Tx } from '@/lib/db/handle';
import { dirGroup, directory, directoryGroupRole } from '@/lib/db/tables/directory';
import { role } from '@/lib/db/tables/role';
import { wake } from '@/lib/db/wake';
import { requireFeature } from '../organization/queries';
import { countPeople, openRun, tellPeople } from '../run/commands';
import { TOLD_AT_ONCE } from '../run/types';
import { planMapping } from './mapping';
import type { AssignmentChoice, DirectoryRef, RoleAssignment } from './types';

/**
 * Makes these assignments the mapping of a directory, all of it. People whose roles change are told of: up to 1,000 in the same
 * transaction, more by a run. Assigning what is assigned already changes nothing. Returns the mapping.
 * @throws not_found; failed_precondition if the feature is off; invalid_argument with assignments of unknown groups or roles
 */
export async function assignRoles(
  ctx: Context,
  input: DirectoryRef & { readonly assignments: readonly AssignmentChoice[] },
): Promise<readonly RoleAssignment[]> {
  await requireFeature(ctx, input.organizationId, 'dir_sync');
  const assigned = await change(ctx, async (tx) => {
    await lockDirectory(tx, input);
    // Held before any group or person is, as whoever deletes a role does, so that none of them goes meanwhile.
    await tx.orm.select({ id: role.id }).from(role).where(isVisibleRole(input)).orderBy(asc(role.id)).for('key share');
    const planned = await planMapping(tx, input, input.assignments);
    const { wanted, added, removed, groupIds } = planned;
    if (groupIds.length === 0) return { value: wanted, events: [] };
    await lockGroups(tx, input.directoryId, groupIds);
    for (const { groupId, roleId } of removed) {
      await tx.orm
        .delete(directoryGroupRole)
        .where(
          and(
            eq(directoryGroupRole.directoryId, input.directoryId),
            eq(directoryGroupRole.groupId, groupId),
            eq(directoryGroupRole.roleId, roleId),
          ),
        );
    }
    if (added.length > 0) {
      const { directoryId } = input;
      await tx.orm
        .insert(directoryGroupRole)
        .values(added.map(({ groupId, roleId }) => ({ directoryId, groupId, roleId })));
    }
    await tx.orm
      .update(directory)
      .set({ version: sql`${directory.version} + 1`, updatedAt: ctx.now() })
      .where(eq(directory.id, input.directoryId));
    const userIds = await readActiveMembers(tx, input.directoryId, groupIds);
    await tellPeople(ctx, tx, { ...input, kind: 'role_mapping', userIds });
    return { value: wanted, events: [] };
  });
  wake('events');
  wake('runs');
  return assigned;
}

function isVisibleRole({ organizationId }: DirectoryRef) {
  return sql`(${role.organizationId} is null or ${role.organizationId} = ${organizationId})`;
}

/** Mappings of one directory are changed one at a time. @throws not_found */
async function lockDirectory(tx: Tx, { organizationId, directoryId }: DirectoryRef): Promise<void> {
  const [found] = await tx.orm
    .select({ id: directory.id })
    .from(directory)
    .where(
      and(eq(directory.id, directoryId), eq(directory.organizationId, organizationId), isNull(directory.deletingAt)),
    )
    .for('no key update');
  if (!found) throw notFound('directory', directoryId);
}

/**
 * Waits for whoever changes members of these groups, and makes others wait: nobody joins one of them meanwhile who would be told of the
 * roles that it used to give. @throws failed_precondition if one of them was deleted since it was read
 */
async function lockGroups(tx: Tx, directoryId: string, groupIds: readonly string[]): Promise<void> {
  const rows = await tx.orm
    .select({ deletingAt: dirGroup.deletingAt })
    .from(dirGroup)
    .where(and(eq(dirGroup.directoryId, directoryId), inArray(dirGroup.id, [...groupIds])))
    .orderBy(asc(dirGroup.id))
    .for('no key update');
  if (rows.length === groupIds.length && rows.every(({ deletingAt }) => deletingAt === null)) return;
  throw new AppError('failed_precondition', 'A group was deleted meanwhile. Look at the mapping again.');
}

async function readActiveMembers(tx: Tx, directoryId: string, groupIds: readonly string[]): Promise<string[]> {
  const rows = await tx.sql.rows<{ id: string }>(
    `select distinct m.user_id as id
     from membership m join dir_user u on u.directory_id = m.directory_id and u.id = m.user_id and u.is_active
     where m.directory_id = $1::text and m.group_id = any($2::text[])`,
    [directoryId, groupIds],
  );
  return rows.map(({ id }) => id);
}

/**
 * Takes a role that is about to be deleted out of all mappings; with a replacement, that takes its place.
 * @throws failed_precondition without a replacement, while a group is mapped to it
 */
export async function releaseMappedRole(
  ctx: Context,
  tx: Tx,
  input: { readonly role: { readonly id: string; readonly name: string }; readonly replacementId?: string },
): Promise<void> {
  requireManager(ctx);
  const { id, name } = input.role;
  if (input.replacementId === undefined) {
    const [found] = await tx.sql.rows<{ count: number }>(
      `select count(*)::int as count from directory_group_role gr join directory d on d.id = gr.directory_id
         join organization o on o.id = d.organization_id
       where gr.role_id = $1::text and d.deleting_at is null and o.deleting_at is null`,
      [id],
    );
    const count = found?.count ?? 0;
    if (count > 0) {
      const groups = count === 1 ? 'A directory group is' : `${count} directory groups are`;
      const problem = `${groups} mapped to the role ${name}. Map them to another role first, or name one in reassign_role_name.`;
      throw new AppError('failed_precondition', problem, { errorCode: 'ROLE_IS_MAPPED' });
    }
  } else {
    await tx.sql.rows(
      `insert into directory_group_role(directory_id, group_id, role_id)
       select directory_id, group_id, $2::text from directory_group_role where role_id = $1::text on conflict do nothing`,
      [id, input.replacementId],
    );
  }
  await tx.orm.delete(directoryGroupRole).where(eq(directoryGroupRole.roleId, id));
}

/**
 * Makes everyone who writes people wait until the transaction ends, and waits for those who do: whoever is created or changed from here on
 * gets what this transaction decides. For changes that decide the roles of people without naming them; they are rare and take milliseconds.
 */
export async function holdPeople(tx: Tx): Promise<void> {
  await tx.sql.rows('lock table dir_user in share row exclusive mode');
}

/** People whose roles hang on one role: each of them by directory, or when they are many only the directories. */
export interface RoleHolders {
  readonly directories: readonly (DirectoryRef & { readonly userIds?: readonly string[] })[];
}

/**
 * Active people of directories who have a role now: because a group of theirs is mapped to it, or as the default of those who are in no
 * mapped group. The caller has called `holdPeople`.
 * @param input.organizationId only people of this organization
 */
export async function findHolders(
  tx: Tx,
  input: { readonly roleId: string; readonly by: readonly ('mapping' | 'default')[]; readonly organizationId?: string },
): Promise<RoleHolders> {
  const isMapping = input.by.includes('mapping');
  const isDefault = input.by.includes('default');
  const values = [input.roleId, input.organizationId ?? null, isMapping, isDefault];
  const people = await tx.sql.rows<{ organization_id: string; directory_id: string; id: string }>(
    `select x.organization_id, x.directory_id, x.id from (${HOLDERS}) x limit ${TOLD_AT_ONCE + 1}`,
    values,
  );
  if (people.length > TOLD_AT_ONCE) {
    const rows = await tx.sql.rows<{ organization_id: string; directory_id: string }>(DIRECTORIES_OF_HOLDERS, values);
    return { directories: rows.map((row) => ({ organizationId: row.organization_id, directoryId: row.directory_id })) };
  }
  const found = new Map<string, DirectoryRef & { userIds: string[] }>();
  for (const { organization_id: organizationId, directory_id: directoryId, id } of people) {
    const known = found.get(directoryId);
    if (known) known.userIds.push(id);
    else found.set(directoryId, { organizationId, directoryId, userIds: [id] });
  }
  return { directories: [...found.values()].sort((a, b) => (a.directoryId < b.directoryId ? -1 : 1)) };
}

/** Live directories `d` of the organization $2, or all when it is null. */
const LIVE = `d.deleting_at is null and ($2::text is null or d.organization_id = $2::text)`;
/** Holds when the role $1 is what people in no mapped group of the directory `d` have. */
const IS_DEFAULT = `$1::text = coalesce(
  (select f.role_id from default_role f where f.scope = d.organization_id and f.kind = 'member'),
  (select f.role_id from default_role f where f.scope = 'environment' and f.kind = 'member'))`;

const HOLDERS = `(select distinct d.organization_id, u.directory_id, u.id
    from directory_group_role gr join directory d on d.id = gr.directory_id and ${LIVE}
    join membership m on m.directory_id = gr.directory_id and m.group_id = gr.group_id
    join dir_user u on u.directory_id = m.directory_id and u.id = m.user_id and u.is_active
    where $3::boolean and gr.role_id = $1::text)
  union all
  select d.organization_id, u.directory_id, u.id
  from directory d join dir_user u on u.directory_id = d.id and u.is_active
  where $4::boolean and ${LIVE} and ${IS_DEFAULT} and not exists (
    select 1 from membership m join directory_group_role gr on gr.directory_id = m.directory_id and gr.group_id = m.group_id
    where m.directory_id = u.directory_id and m.user_id = u.id)`;

const DIRECTORIES_OF_HOLDERS = `select d.organization_id, d.id as directory_id from directory d
  where ${LIVE} and exists (select 1 from dir_user u where u.directory_id = d.id)
    and ($3::boolean and exists (select 1 from directory_group_role gr where gr.directory_id = d.id and gr.role_id = $1::text)
      or $4::boolean and ${IS_DEFAULT})
  order by d.id`;

/** Tells people whose roles hang on a changed role: now, or by a run for each directory. The caller wakes the runs after its commit. */
export async function tellHolders(ctx: Context, tx: Tx, holders: RoleHolders): Promise<void> {
  for (const { organizationId, directoryId, userIds } of holders.directories) {
    // Directories in one order, so that two such changes do not wait for each other.
    if (userIds) await tellPeople(ctx, tx, { kind: 'roles', organizationId, directoryId, userIds });
    else
      await openRun(ctx, tx, { kind: 'roles', organizationId, directoryId, total: await countPeople(tx, directoryId) });
  }
}
