/** Hot statements: one text is one prepared statement. Each writes state and its event together (docs/architecture.md, "Writes"). */

/** $1 directory, $2 id, $3 userName, $4 its key, $5 externalId, $6 active, $7 email, $8 its key, $9 display name, $10 doc, $11 profile,
 * $12 event id, $13 organization, $14 actor, $15 request, $16 time, $17 comparable document, $18 further email keys. Someone who was
 * deleted under the same external id is named as `previous_id`, and nothing of theirs is taken over. Whoever is active takes a seat. */
export const CREATE_USER = `with seat as materialized (
  select case when $6::boolean then take_seat($13::text, $1::text, $2::text) end is not null as is_missing),
ins as (
  insert into dir_user(directory_id, id, user_name, user_name_key, external_id, is_active, primary_email, primary_email_key,
    display_name, doc, profile, created_at, updated_at, comparable, other_email_keys, is_held)
  select $1::text, $2::text, $3::text, $4::text, $5::text, $6::boolean, $7::text, $8::text,
    $9::text, $10::text::jsonb, $11::text::jsonb, $16::timestamptz, $16::timestamptz, $17::text::jsonb, $18::text[], seat.is_missing
  from seat
  returning directory_id, id, external_id, version, is_active, is_held, doc, profile),
held as (
  insert into held_person(directory_id, user_id, organization_id, reason, from_version, is_told_active, since)
  select directory_id, id, $13::text, 'seat', version, false, $16::timestamptz from ins where is_held)
insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, actor, request_id, is_announced)
  select $12::text, $13::text, directory_id, 'organization.directory.user_created', 'DirectoryUser', id, version,
    profile || jsonb_build_object('id', id, 'organization_id', $13::text, 'groups', '[]'::jsonb,
      'roles', case when is_active then default_member_roles($13::text) else '[]'::jsonb end, 'raw_attributes', doc)
      || coalesce((select jsonb_build_object('previous_id', t.user_id) from dir_user_tombstone t
        where t.directory_id = ins.directory_id and t.external_id = ins.external_id), '{}'::jsonb),
    $14::text, $15::text, is_active and not is_held
  from ins returning version`;

const USER_VALUES = `user_name = $4::text, user_name_key = $5::text, external_id = $6::text, is_active = $7::boolean,
    primary_email = $8::text, primary_email_key = $9::text, display_name = $10::text, doc = $11::text::jsonb, profile = $12::text::jsonb,
    version = u.version + 1, updated_at = $18::timestamptz, comparable = $19::text::jsonb, other_email_keys = $20::text[]`;

/** A change of someone who stays as active as they are. The application is not told of the inactive, nor of those of whom an earlier event is
 * held. $1 directory, $2 id, $3 version it must have, $4 userName, $5 key, $6 externalId, $7 active, $8 email, $9 key, $10 display name,
 * $11 doc, $12 profile, $13 event id, $14 organization, $15 previous, $16 actor, $17 request, $18 time, $19 comparable document,
 * $20 further email keys */
export const UPDATE_USER = `with upd as (
  update dir_user u set ${USER_VALUES}
  where u.directory_id = $1::text and u.id = $2::text and u.version = $3::bigint
  returning u.directory_id, u.id, u.version, u.doc, u.profile, u.is_active and not u.is_held as is_told),
ev as (
  insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, previous, actor, request_id, is_announced)
  select $13::text, $14::text, upd.directory_id, 'organization.directory.user_updated', 'DirectoryUser', upd.id, upd.version,
    dir_user_data($14::text, upd.directory_id, upd.id, $7::boolean) || upd.profile || jsonb_build_object('raw_attributes', upd.doc),
    $15::text::jsonb, $16::text, $17::text, upd.is_told
  from upd returning 1)
select version::text as version from upd`;

/** A change that makes someone active or inactive; parameters as above. `held` says why the application is not told of it yet. */
export const TRANSITION_USER = `with judged as materialized (
  select * from judge_transition($14::text, $1::text, $2::text, $3::bigint, $7::boolean, $18::timestamptz)),
upd as (
  update dir_user u set ${USER_VALUES}, is_held = judged.is_held
  from judged where judged.is_current and u.directory_id = $1::text and u.id = $2::text and u.version = $3::bigint
  returning u.directory_id, u.id, u.version, judged.reason)
select version::text as version, reason as held,
  tell_user_transition($14::text, directory_id, id, $13::text, $15::text::jsonb, $16::text, $17::text, reason, $18::timestamptz)
from upd`;

/** The newest event of a person: $1 directory, $2 id */
export const NEWEST_USER_EVENT = `select e.data, e.version::text as version from event e
  where e.resource_id = $2::text and e.directory_id = $1::text and e.object = 'DirectoryUser' order by e.n desc limit 1`;

/** $1 directory, $2 groups. Groups before people: the order in which everyone locks. */
export const LOCK_GROUPS = `select g.id from dir_group g
  where g.directory_id = $1::text and g.id = any($2::text[]) and g.deleting_at is null order by g.id for no key update`;

/** $1 directory, $2 id */
export const LOCK_HELD_PERSON = `select user_id from held_person where directory_id = $1::text and user_id = $2::text for update`;

/** A seat for someone who comes back: $1 organization, $2 directory, $3 user */
export const TAKE_SEAT = 'select take_seat($1::text, $2::text, $3::text) as held';

/** $1 to $12 as in UPDATE_USER, $3 the version of the deletion; $13 time of creation, $14 time, $15 comparable document, $16 further email
 * keys, $17 groups that are locked, $18 whether they are held. Brings someone back under their id. */
export const RESTORE_USER = `with ins as (
  insert into dir_user(directory_id, id, version, user_name, user_name_key, external_id, is_active, primary_email, primary_email_key,
    display_name, doc, profile, created_at, updated_at, comparable, other_email_keys, is_held)
  values ($1::text, $2::text, $3::bigint + 1, $4::text, $5::text, $6::text, $7::boolean, $8::text, $9::text,
    $10::text, $11::text::jsonb, $12::text::jsonb, $13::timestamptz, $14::timestamptz, $15::text::jsonb, $16::text[],
    $18::boolean)
  returning directory_id, id, version),
joined as (
  insert into membership(directory_id, group_id, user_id)
  select ins.directory_id, g.id, ins.id from ins, unnest($17::text[]) g(id)),
touched as (
  update dir_group g set version = g.version + 1, updated_at = $14::timestamptz
  from ins where g.directory_id = ins.directory_id and g.id = any($17::text[])),
unburied as (
  delete from dir_user_tombstone t using ins where t.directory_id = ins.directory_id and t.user_id = ins.id)
select version::text as version from ins`;

/** $1 organization, $2 directory, $3 user, $4 event id, $5 previous, $6 actor, $7 request, $8 why they are held or null, $9 time */
export const TELL_TRANSITION = `select tell_user_transition(
  $1::text, $2::text, $3::text, $4::text, $5::text::jsonb, $6::text, $7::text, $8::text, $9::timestamptz)`;

const USER_GROUPS = `coalesce((
    select jsonb_agg(jsonb_build_object('id', g.id, 'displayName', g.display_name) order by g.display_name_key, g.id)
    from membership m join dir_group g on g.directory_id = m.directory_id and g.id = m.group_id and g.deleting_at is null
    where m.directory_id = u.directory_id and m.user_id = u.id), '[]'::jsonb) as groups`;

/** Columns of a person that `userFromRow` reads. */
export const USER_COLUMNS = `u.id, u.doc, u.is_active, u.version::text as version, u.created_at, u.updated_at, ${USER_GROUPS}`;

/** $1 directory, $2 id */
export const GET_USER = `select ${USER_COLUMNS} from dir_user u where u.directory_id = $1::text and u.id = $2::text`;

export const LOCK_USER = `${GET_USER} for no key update of u`;

/** $1 directory, $2 id, $3 name, $4 key, $5 externalId, $6 doc, $7 event id, $8 organization, $9 actor, $10 request, $11 time,
 * $12 comparable document */
export const CREATE_GROUP = `with ins as (
  insert into dir_group(directory_id, id, display_name, display_name_key, external_id, doc, created_at, updated_at, comparable)
  values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text::jsonb, $11::timestamptz, $11::timestamptz, $12::text::jsonb)
  returning directory_id, id, display_name, external_id, doc, version)
insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, actor, request_id)
  select $7::text, $8::text, directory_id, 'organization.directory.group_created', 'DirectoryGroup', id, version,
    jsonb_build_object('id', id, 'directory_id', directory_id, 'organization_id', $8::text, 'display_name', display_name,
      'external_id', external_id, 'raw_attributes', doc), $9::text, $10::text
  from ins returning version`;

/** $1 directory, $2 id, $3 name, $4 key, $5 externalId, $6 doc, $7 event id, $8 organization, $9 previous, $10 actor, $11 request, $12 time,
 * $13 comparable document. The caller holds the row's lock. */
export const UPDATE_GROUP = `with upd as (
  update dir_group set display_name = $3::text, display_name_key = $4::text, external_id = $5::text, doc = $6::text::jsonb,
    version = version + 1, updated_at = $12::timestamptz, comparable = $13::text::jsonb
  where directory_id = $1::text and id = $2::text
  returning directory_id, id, display_name, external_id, doc, version)
insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, previous, actor, request_id)
  select $7::text, $8::text, directory_id, 'organization.directory.group_updated', 'DirectoryGroup', id, version,
    jsonb_build_object('id', id, 'directory_id', directory_id, 'organization_id', $8::text, 'display_name', display_name,
      'external_id', external_id, 'raw_attributes', doc), $9::text::jsonb, $10::text, $11::text
  from upd returning version`;

/** Columns of a group that `groupFromRow` reads. */
export const GROUP_COLUMNS = 'g.id, g.doc, g.version::text as version, g.created_at, g.updated_at';

/** $1 directory, $2 id */
export const GET_GROUP = `select ${GROUP_COLUMNS} from dir_group g
  where g.directory_id = $1::text and g.id = $2::text and g.deleting_at is null`;

export const LOCK_GROUP = `${GET_GROUP} for no key update of g`;

/** $1 organization, $2 directory, $3 group, $4 add, $5 remove, $6 replace, $7 actor, $8 request, $9 people told of in this transaction */
export const CHANGE_MEMBERS = `select status, version::text as version, unknown, run
  from change_group_members($1::text, $2::text, $3::text, $4::text[], $5::text[], $6::boolean, $7::text, $8::text, $9::int)`;

/** The people and nested groups of a group. $1 directory, $2 group */
export const MEMBER_IDS = `select m.user_id as id from membership m where m.directory_id = $1::text and m.group_id = $2::text
  union all
  select n.member_group_id from group_nesting n where n.directory_id = $1::text and n.group_id = $2::text`;

/** $1 directory, $2 group, $3 add, $4 remove. The caller holds the group's lock. */
export const MOVE_MEMBERS = `select unknown, added, removed, nested_added as "nestedAdded", nested_removed as "nestedRemoved"
  from move_group_members($1::text, $2::text, $3::text[], $4::text[])`;

/** $1 kind, $2 organization, $3 directory, $4 subject, $5 total, $6 people or null, $7 actor, $8 request */
export const OPEN_RUN = `select open_run($1::text, $2::text, $3::text, $4::text, $5::int, $6::text[], $7::text, $8::text) as id`;

/** $1 run, $2 people */
export const LIST_FOR_RUN =
  'insert into run_person(run_id, user_id) select $1::text, x from unnest($2::text[]) x on conflict do nothing';

/** $1 organization, $2 directory, $3 group, $4 added, $5 removed, $6 nested groups added, $7 removed, $8 actor, $9 request, $10 people told
 * of in this transaction; null when a run tells of them */
export const TELL_MEMBERS = `select version::text as version from tell_group_members(
  $1::text, $2::text, $3::text, $4::text[], $5::text[], $6::text[], $7::text[], $8::text, $9::text, $10::int)`;

/** $1 organization, $2 directory, $3 user, $4 version or null, $5 actor, $6 request, $7 time. `held` says why the application is not told of
 * it yet. */
export const DELETE_USER = `select status, held
  from delete_dir_user($1::text, $2::text, $3::text, $4::bigint, $5::text, $6::text, $7::timestamptz)`;

/** $1 organization, $2 directory, $3 group, $4 version or null, $5 actor, $6 request, $7 people told of in this transaction */
export const MARK_GROUP_DELETED = `select status, run
  from mark_dir_group_deleted($1::text, $2::text, $3::text, $4::bigint, $5::text, $6::text, $7::int)`;

/** $1 organization, $2 directory, $3 group, $4 limit, $5 actor, $6 request */
export const DELETE_GROUP_STEP = `select removed, is_done from delete_marked_group_step($1::text, $2::text, $3::text, $4::int, $5::text, $6::text)`;

/** $1 organization, $2 directory, $3 limit, $4 actor, $5 request */
export const DELETE_DIRECTORY_STEP = `select removed, told, is_done
  from delete_directory_step($1::text, $2::text, $3::int, $4::text, $5::text)`;
