import { eq } from 'drizzle-orm';
import { type Context, requireManager } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { clampPageSize, type Page, readPageToken, toPage } from '@/lib/core/page';
import { asDate, asDateOrNull, database, type SqlValue } from '@/lib/db/handle';
import { removalPolicy } from '@/lib/db/tables/deprovisioning';
import { getDirectory } from '../directory/queries';
import { policyFromRow } from './policy';
import type { DirectoryPolicy, HeldPerson, HeldSummary, HoldReason, RecentRemoval, WaitingDirectory } from './types';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;
/** How long ago a removal may be to be listed: what trips the breaker is at most an hour older than the first that it holds. */
const LISTED_HOURS = 24;

/** A directory of an organization. */
export interface DirectoryRef {
  readonly organizationId: string;
  readonly directoryId: string;
}

/** The policy of a directory; the defaults where nobody chose anything. @throws not_found */
export async function getRemovalPolicy(ctx: Context, ref: DirectoryRef): Promise<DirectoryPolicy> {
  await getDirectory(ctx, ref);
  return readPolicy(ref.directoryId);
}

async function readPolicy(directoryId: string): Promise<DirectoryPolicy> {
  const [row] = await database().orm.select().from(removalPolicy).where(eq(removalPolicy.directoryId, directoryId));
  return policyFromRow(row);
}

/** Whether the actor may release and restore people of this directory. @throws not_found */
export async function canDecide(ctx: Context, ref: DirectoryRef): Promise<boolean> {
  await getDirectory(ctx, ref);
  switch (ctx.actor.kind) {
    case 'operator':
    case 'apiClient':
    case 'system':
      return true;
    case 'portalSession':
    case 'customerAdmin':
      return (await readPolicy(ref.directoryId)).effective.canAdminsDecide;
    default:
      return false;
  }
}

/** Throws `permission_denied` unless the actor may release and restore people of this directory. @throws not_found */
export async function requireDecider(ctx: Context, ref: DirectoryRef): Promise<void> {
  if (await canDecide(ctx, ref)) return;
  throw new AppError(
    'permission_denied',
    'The application’s support decides about these people. Ask them, and say what happened in your directory.',
  );
}

/** What is held of a directory, and whether its breaker has tripped. @throws not_found */
export async function summarizeHeld(ctx: Context, ref: DirectoryRef): Promise<HeldSummary> {
  await getDirectory(ctx, ref);
  const { sql } = database();
  const [rows, [state]] = await Promise.all([
    sql.rows<{ reason: HoldReason; people: number; since: string }>(
      `select reason, count(*)::int as people, min(since) as since from held_person where directory_id = $1::text group by reason`,
      [ref.directoryId],
    ),
    sql.rows<{ is_tripped: boolean; removed: number }>(
      `select exists (select 1 from held_person h where h.directory_id = $1::text and h.reason = 'breaker' and h.since > coalesce(
           (select m.decided_at from breaker_memory m where m.directory_id = $1::text), '-infinity')) as is_tripped,
         (select count(distinct r.user_id)::int from removal r
           where r.directory_id = $1::text and r.removed_at > $2::timestamptz - interval '1 hour') as removed`,
      [ref.directoryId, ctx.now()],
    ),
  ]);
  const counts: Record<HoldReason, number> = { breaker: 0, grace: 0, last_holder: 0, seat: 0 };
  let since: Date | null = null;
  for (const row of rows) {
    counts[row.reason] = row.people;
    const first = asDate(row.since);
    if (row.reason !== 'grace' && (since === null || first < since)) since = first;
  }
  return { counts, since, isTripped: state?.is_tripped ?? false, removedWithinHour: state?.removed ?? 0 };
}

/** All directories where people wait for a decision, the longest wait first: what operators must see wherever they look. */
export async function listWaitingDirectories(ctx: Context): Promise<WaitingDirectory[]> {
  requireManager(ctx);
  const rows = await database().sql.rows<{
    organization_id: string;
    organization_name: string;
    directory_id: string;
    directory_name: string;
    people: number;
    since: string;
  }>(
    `select o.id as organization_id, o.display_name as organization_name, d.id as directory_id, d.name as directory_name, h.people, h.since
     from (select directory_id, count(*)::int as people, min(since) as since from held_person where reason <> 'grace' group by directory_id) h
       join directory d on d.id = h.directory_id and d.deleting_at is null
       join organization o on o.id = d.organization_id and o.deleting_at is null
     order by h.since, d.id`,
  );
  return rows.map((row) => ({
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    directoryId: row.directory_id,
    directoryName: row.directory_name,
    people: row.people,
    since: asDate(row.since),
  }));
}

interface HeldRow {
  readonly user_id: string;
  readonly reason: HoldReason;
  readonly since: string;
  readonly release_at: string | null;
  readonly is_active: boolean | null;
  readonly is_told_active: boolean | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly roles: readonly { readonly role_name: string }[] | null;
}

const SELECT_HELD = `select h.user_id, h.reason, h.since, h.release_at, u.is_active, case when h.told_id is not null then h.is_told_active end as is_told_active,
  coalesce(e.data->>'name', u.display_name) as name, coalesce(e.data->>'email', u.primary_email) as email, e.data->'roles' as roles
  from held_person h left join dir_user u on u.directory_id = h.directory_id and u.id = h.user_id left join event e on e.id = h.told_id`;

/** A page of the people of a directory who are held, by id. @throws not_found */
export async function listHeldPeople(
  ctx: Context,
  ref: DirectoryRef,
  input: { readonly reason?: HoldReason; readonly pageSize?: number; readonly pageToken?: string } = {},
): Promise<Page<HeldPerson>> {
  await getDirectory(ctx, ref);
  const size = clampPageSize(input.pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const position = readPageToken(input.pageToken);
  const isBackwards = position?.direction === 'before';
  const values: SqlValue[] = [ref.directoryId, input.reason ?? null];
  const where = 'h.directory_id = $1::text and ($2::text is null or h.reason = $2::text)';
  const [total] = await database().sql.rows<{ count: number }>(
    `select count(*)::int as count from held_person h where ${where}`,
    values,
  );
  const bound = position ? ` and h.user_id ${isBackwards ? '<' : '>'} $4::text` : '';
  const rows = await database().sql.rows<HeldRow>(
    `${SELECT_HELD}
     where ${where}${bound} order by h.user_id ${isBackwards ? 'desc' : 'asc'} limit $3::int`,
    position ? [...values, size + 1, position.key] : [...values, size + 1],
  );
  return toPage(rows.map(heldFromRow), size, position, total?.count ?? 0, (person) => person.userId);
}

/** What is held of one person, or undefined while nothing is. @throws not_found */
export async function findHeldPerson(ctx: Context, ref: DirectoryRef, userId: string): Promise<HeldPerson | undefined> {
  await getDirectory(ctx, ref);
  const [row] = await database().sql.rows<HeldRow>(
    `${SELECT_HELD} where h.directory_id = $1::text and h.user_id = $2::text`,
    [ref.directoryId, userId],
  );
  return row && heldFromRow(row);
}

function heldFromRow(row: HeldRow): HeldPerson {
  return {
    userId: row.user_id,
    reason: row.reason,
    since: asDate(row.since),
    releaseAt: asDateOrNull(row.release_at),
    state: row.is_active === null ? 'deleted' : row.is_active ? 'active' : 'inactive',
    isToldActive: row.is_told_active,
    name: row.name ?? '',
    email: row.email,
    roles: row.roles?.map((role) => role.role_name) ?? [],
  };
}

/**
 * People whom the directory removed in the last 24 hours and of whom the application was told, newest first: those who left before the breaker
 * tripped are among them. Someone who is back is not. @throws not_found
 */
export async function listRecentRemovals(
  ctx: Context,
  ref: DirectoryRef,
  input: { readonly limit: number },
): Promise<RecentRemoval[]> {
  await getDirectory(ctx, ref);
  const rows = await database().sql.rows<{
    user_id: string;
    removed_at: string;
    is_there: boolean;
    name: string | null;
    email: string | null;
  }>(
    `select r.user_id, r.removed_at, u.id is not null as is_there, e.data->>'name' as name, e.data->>'email' as email
     from (select user_id, max(removed_at) as removed_at from removal
         where directory_id = $1::text and removed_at > $2::timestamptz - interval '${LISTED_HOURS} hours' group by user_id) r
       left join dir_user u on u.directory_id = $1::text and u.id = r.user_id
       cross join lateral (select k.data from event k where k.resource_id = r.user_id order by k.n desc limit 1) e
     where u.is_active is distinct from true
       and not exists (select 1 from held_person h where h.directory_id = $1::text and h.user_id = r.user_id)
     order by r.removed_at desc, r.user_id desc limit $3::int`,
    [ref.directoryId, ctx.now(), input.limit],
  );
  return rows.map((row) => ({
    userId: row.user_id,
    removedAt: asDate(row.removed_at),
    state: row.is_there ? 'inactive' : 'deleted',
    name: row.name ?? '',
    email: row.email,
  }));
}
