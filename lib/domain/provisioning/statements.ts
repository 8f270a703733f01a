/** Hot statements: one text is one prepared statement. Each writes state and its event together (docs/architecture.md, "Writes"). */

/** $1 directory, $2 id, $3 userName, $4 its key, $5 externalId, $6 active, $7 email, $8 its key, $9 display name, $10 doc, $11 profile,
 * $12 event id, $13 organization, $14 actor, $15 request, $16 time, $17 comparable document, $18 further email keys. Someone who was
 * deleted under the same external id is named as `previous_id`, and nothing of theirs is taken over. */
export const CREATE_USER = `with ins as (
  insert into dir_user(directory_id, id, user_name, user_name_key, external_id, is_active, primary_email, primary_email_key,
    display_name, doc, profile, created_at, updated_at, comparable, other_email_keys)
  values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::boolean, $7::text, $8::text,
    $9::text, $10::text::jsonb, $11::text::jsonb, $16::timestamptz, $16::timestamptz, $17::text::jsonb, $18::text[])
  returning directory_id, id, external_id, version, is_active, doc, profile)
insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, actor, request_id, is_announced)
  select $12::text, $13::text, directory_id, 'organization.directory.user_created', 'DirectoryUser', id, version,
    profile || jsonb_build_object('id', id, 'organization_id', $13::text, 'groups', '[]'::jsonb,
      'roles', case when is_active then default_member_roles($13::text) else '[]'::jsonb end, 'raw_attributes', doc)
      || coalesce((select jsonb_build_object('previous_id', t.user_id) from dir_user_tombstone t
        where t.directory_id = ins.directory_id and t.external_id = ins.external_id), '{}'::jsonb),
    $14::text, $15::text, is_active
  from ins returning version`;

/** $1 directory, $2 id, $3 version it must have, $4 userName, $5 key, $6 externalId, $7 active, $8 email, $9 key, $10 display name,
 * $11 doc, $12 profile, $13 event id, $14 organization, $15 event type, $16 further data, $17 previous, $18 actor, $19 request, $20 time,
 * $21 announced, $22 comparable document, $23 further email keys */
export const UPDATE_USER = `with upd as (
  update dir_user set user_name = $4::text, user_name_key = $5::text, external_id = $6::text, is_active = $7::boolean,
    primary_email = $8::text, primary_email_key = $9::text, display_name = $10::text, doc = $11::text::jsonb, profile = $12::text::jsonb,
    version = version + 1, updated_at = $20::timestamptz, comparable = $22::text::jsonb, other_email_keys = $23::text[]
  where directory_id = $1::text and id = $2::text and version = $3::bigint
  returning directory_id, id, version, doc, profile),
ev as (
  insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, previous, actor, request_id, is_announced)
  select $13::text, $14::text, upd.directory_id, $15::text, 'DirectoryUser', upd.id, upd.version,
    dir_user_data($14::text, upd.directory_id, upd.id, $7::boolean) || upd.profile || jsonb_build_object('raw_attributes', upd.doc) || $16::text::jsonb,
    $17::text::jsonb, $18::text, $19::text, $21::boolean
  from upd returning 1)
select version::text as version from upd`;

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

/** $1 organization, $2 directory, $3 user, $4 version or null, $5 actor, $6 request */
export const DELETE_USER = `select status from delete_dir_user($1::text, $2::text, $3::text, $4::bigint, $5::text, $6::text)`;

/** $1 organization, $2 directory, $3 group, $4 version or null, $5 actor, $6 request, $7 people told of in this transaction */
export const MARK_GROUP_DELETED = `select status, run
  from mark_dir_group_deleted($1::text, $2::text, $3::text, $4::bigint, $5::text, $6::text, $7::int)`;

/** $1 organization, $2 directory, $3 group, $4 limit, $5 actor, $6 request */
export const DELETE_GROUP_STEP = `select removed, is_done from delete_marked_group_step($1::text, $2::text, $3::text, $4::int, $5::text, $6::text)`;
