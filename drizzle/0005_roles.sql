-- The role that someone of an organization has who is in no mapped group: the organization's default member role, else the environment's.
create function default_member_roles(p_organization text) returns jsonb language sql stable as $$
  select coalesce(
    (select jsonb_build_array(jsonb_build_object('role_name', r.name)) from default_role d join role r on r.id = d.role_id
      where d.scope = p_organization and d.kind = 'member'),
    (select jsonb_build_array(jsonb_build_object('role_name', r.name)) from default_role d join role r on r.id = d.role_id
      where d.scope = 'environment' and d.kind = 'member'),
    '[]'::jsonb)
$$;
--> statement-breakpoint
-- The roles of a person who is active, the effective one first: priority, then the organization's before the environment's, then the
-- name. Only direct membership of a mapped group counts. Someone who is inactive has none: dir_user_data knows.
create function dir_user_roles(p_organization text, p_directory text, p_user text) returns jsonb language sql stable as $$
  select coalesce(
    case when exists (select 1 from directory_group_role gr where gr.directory_id = p_directory) then (
      select jsonb_agg(jsonb_build_object('role_name', x.name) order by x.priority, x.is_of_environment, x.name)
      from (
        select distinct r.id, r.name, r.priority, r.organization_id is null as is_of_environment
        from membership m
        join directory_group_role gr on gr.directory_id = m.directory_id and gr.group_id = m.group_id
        join role r on r.id = gr.role_id
        where m.directory_id = p_directory and m.user_id = p_user) x) end,
    default_member_roles(p_organization))
$$;
--> statement-breakpoint
drop function dir_user_data(text, text, text);
--> statement-breakpoint
-- The webhook payload of a person as of now. The only place in SQL that knows its shape. Its plan is kept even where the caller's are
-- not, since that is called once and this for each person. p_is_active is given by a statement that changes it: it sees the old row.
create function dir_user_data(p_organization text, p_directory text, p_user text, p_is_active boolean default null)
  returns jsonb language sql stable set plan_cache_mode = auto as $$
  select u.profile || jsonb_build_object(
    'id', u.id,
    'organization_id', p_organization,
    'groups', coalesce((
      select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.display_name) order by g.display_name_key, g.id)
      from membership m
      join dir_group g on g.directory_id = m.directory_id and g.id = m.group_id and g.deleting_at is null
      where m.directory_id = u.directory_id and m.user_id = u.id), '[]'::jsonb),
    'roles', case when coalesce(p_is_active, u.is_active) then dir_user_roles(p_organization, p_directory, p_user) else '[]'::jsonb end,
    'raw_attributes', u.doc)
  from dir_user u where u.directory_id = p_directory and u.id = p_user
$$;
--> statement-breakpoint
-- Whether two lists of groups, as payloads have them, name the same groups: a new name is the group's event, not its people's.
create function are_same_groups(p_left jsonb, p_right jsonb) returns boolean language sql immutable as $$
  select jsonb_path_query_array(p_left, '$[*].id') @> jsonb_path_query_array(p_right, '$[*].id')
    and jsonb_path_query_array(p_right, '$[*].id') @> jsonb_path_query_array(p_left, '$[*].id')
$$;
--> statement-breakpoint
-- Tells of those of p_users whose groups, roles or mapped attributes are not what their newest event says: their next version and one
-- user_updated event, with what it was before. Repeating it tells nothing twice, so a run that was interrupted just goes on.
-- It locks the people by id. Rows are found one key at a time and plans are made anew: see change_group_members.
create function tell_people(p_organization text, p_directory text, p_users text[], p_actor text, p_request text, out told int)
  language plpgsql set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
begin
  perform 1 from (select x.id from unnest(p_users) x(id) order by x.id offset 0) a
    cross join lateral (select u.id from dir_user u where u.directory_id = p_directory and u.id = a.id for no key update) l;
  with derived as materialized (
    select a.id, dir_user_data(p_organization, p_directory, a.id) as data, e.data as told
    from unnest(p_users) a(id)
    left join lateral (select k.data from event k where k.resource_id = a.id order by k.n desc limit 1) e on true),
  compared as materialized (
    select d.id, d.data, d.told is null as is_new,
      case when are_same_groups(d.told->'groups', d.data->'groups') then '{}'::jsonb
        else jsonb_build_object('groups', d.told->'groups') end
      || case when d.told->'roles' = d.data->'roles' then '{}'::jsonb else jsonb_build_object('roles', d.told->'roles') end
      || case when d.told->'custom_attributes' = d.data->'custom_attributes' then '{}'::jsonb
        else jsonb_build_object('custom_attributes', d.told->'custom_attributes') end as previous
    from derived d where d.data is not null),
  changed as (
    update dir_user u set version = u.version + 1, updated_at = date_trunc('milliseconds', clock_timestamp())
    from (
      select x.place from compared c cross join lateral (
        select k.ctid as place from dir_user k where k.directory_id = p_directory and k.id = c.id limit 1) x
      where c.is_new or c.previous <> '{}'::jsonb) t
    where u.ctid = t.place returning u.id, u.version, u.is_active)
  insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, previous, actor, request_id, is_announced)
    select gatehouse_id('evt_'), p_organization, p_directory, 'organization.directory.user_updated', 'DirectoryUser', c.id, c.version,
      d.data, d.previous, p_actor, p_request, c.is_active
    from changed c join compared d on d.id = c.id order by c.id;
  get diagnostics told = row_count;
end $$;
--> statement-breakpoint
drop function write_user_events(text, text, text[], text, text);
--> statement-breakpoint
-- Changes the members of a group and writes the events of it, all from what it locked: the group first, then its people by id.
-- p_add and p_remove name people or nested groups; with p_replace the result is exactly p_add. Removing what is absent and adding
-- what is present change nothing. An unknown id among p_add changes nothing at all and is named in `unknown`.
-- Of up to p_telling people it tells here; of more, a run does, which is written with the change and named in `run`: then people are only
-- held in existence, since each is locked when it is told of.
-- Needs READ COMMITTED: what is read after a lock must be what the lock's last holder committed.
-- Only p_replace reads all members, as sets; otherwise each id is looked up by its whole key, in a lateral query with a limit, which
-- leaves the planner no other way. Plans are made anew, since one that was kept from when the tables were small may use an index by
-- directory alone. So one of one costs the same as one of 100,000, also before anything was analyzed.
drop function change_group_members(text, text, text, text[], text[], boolean, text, text);
--> statement-breakpoint
create function change_group_members(
  p_organization text, p_directory text, p_group text, p_add text[], p_remove text[], p_replace boolean, p_actor text, p_request text,
  p_telling int, out status text, out version bigint, out unknown text[], out run text) language plpgsql
  set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
declare
  v_add text[]; v_remove text[]; v_joining text[]; v_leaving text[]; v_locked text[]; v_nested text[]; v_added text[]; v_removed text[];
  v_nested_added text[]; v_nested_removed text[]; v_people text[];
begin
  select g.version into version from dir_group g
    where g.directory_id = p_directory and g.id = p_group and g.deleting_at is null for no key update;
  if not found then status := 'no_group'; return; end if;
  select coalesce(array_agg(distinct x), '{}') into v_add from unnest(p_add) x;
  if p_replace then
    select coalesce(array_agg(x.id), '{}') into v_remove from (
      (select m.user_id as id from membership m where m.directory_id = p_directory and m.group_id = p_group
       union all
       select n.member_group_id from group_nesting n where n.directory_id = p_directory and n.group_id = p_group)
      except select unnest(v_add)) x;
  else
    select coalesce(array_agg(x.id), '{}') into v_remove from (select unnest(p_remove) as id except select unnest(v_add)) x;
  end if;
  -- Only people whose membership really changes are locked and told; a repeated add of many costs one read.
  select coalesce(array_agg(a.id) filter (where m.is_there is null), '{}') into v_joining
    from unnest(v_add) a(id) left join lateral (
      select true as is_there from membership m where m.directory_id = p_directory and m.group_id = p_group and m.user_id = a.id limit 1) m on true;
  select coalesce(array_agg(a.id) filter (where m.is_there), '{}') into v_leaving
    from unnest(v_remove) a(id) left join lateral (
      select true as is_there from membership m where m.directory_id = p_directory and m.group_id = p_group and m.user_id = a.id limit 1) m on true;
  if cardinality(v_joining) + cardinality(v_leaving) > p_telling then
    select coalesce(array_agg(l.id), '{}') into v_locked
      from (select x.id from unnest(v_joining) x(id) order by x.id offset 0) a
      cross join lateral (select u.id from dir_user u where u.directory_id = p_directory and u.id = a.id for key share) l;
  else
    select coalesce(array_agg(l.id), '{}') into v_locked
      from (select x.id from unnest(v_joining || v_leaving) x(id) order by x.id offset 0) a
      cross join lateral (select u.id from dir_user u where u.directory_id = p_directory and u.id = a.id for no key update) l;
  end if;
  select coalesce(array_agg(x.id), '{}') into v_joining
    from (select unnest(v_joining) as id except select unnest(v_locked)) x;
  -- What is left of v_joining are no people: groups, or nothing.
  select coalesce(array_agg(a.id) filter (where g.is_there), '{}'), array_agg(a.id) filter (where g.is_there is null)
    into v_nested, unknown
    from unnest(v_joining) a(id) left join lateral (
      select true as is_there from dir_group g
      where g.directory_id = p_directory and g.id = a.id and g.id <> p_group and g.deleting_at is null limit 1) g on true;
  if unknown is not null then status := 'unknown_members'; return; end if;
  with ins as (
    insert into membership(directory_id, group_id, user_id)
    select p_directory, p_group, x.id from (select unnest(v_locked) as id intersect select unnest(v_add)) x
    on conflict do nothing returning user_id)
    select array_agg(user_id order by user_id) into v_added from ins;
  with del as (
    delete from membership m using (
      select x.place from unnest(v_leaving) a(id) cross join lateral (
        select k.ctid as place from membership k
        where k.directory_id = p_directory and k.group_id = p_group and k.user_id = a.id limit 1) x) t
    where m.ctid = t.place returning m.user_id)
    select array_agg(user_id order by user_id) into v_removed from del;
  with ins as (
    insert into group_nesting(directory_id, group_id, member_group_id)
    select p_directory, p_group, x from unnest(v_nested) x
    on conflict do nothing returning member_group_id)
    select array_agg(member_group_id order by member_group_id) into v_nested_added from ins;
  with del as (
    delete from group_nesting n where n.directory_id = p_directory and n.group_id = p_group and n.member_group_id = any(v_remove)
    returning n.member_group_id)
    select array_agg(member_group_id order by member_group_id) into v_nested_removed from del;
  if v_added is null and v_removed is null and v_nested_added is null and v_nested_removed is null then
    status := 'unchanged'; return;
  end if;
  update dir_group g set version = g.version + 1, updated_at = date_trunc('milliseconds', clock_timestamp())
    where g.directory_id = p_directory and g.id = p_group returning g.version into version;
  perform write_group_members_event(p_organization, p_directory, p_group, version,
    v_added || coalesce(v_nested_added, '{}'), v_removed || coalesce(v_nested_removed, '{}'), p_actor, p_request);
  v_people := coalesce(v_added, '{}') || coalesce(v_removed, '{}');
  if cardinality(v_people) > p_telling then
    run := open_run('members', p_organization, p_directory, p_group, cardinality(v_people), v_people, p_actor, p_request);
  else
    perform tell_people(p_organization, p_directory, v_people, p_actor, p_request);
  end if;
  status := 'changed';
end $$;
--> statement-breakpoint
-- Writes a run, with the people that it has to tell where its kind does not find them itself, and returns its id.
create function open_run(
  p_kind text, p_organization text, p_directory text, p_subject text, p_total int, p_people text[], p_actor text, p_request text)
  returns text language plpgsql as $$
declare v_id text := gatehouse_id('run_'); v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
begin
  insert into run(id, kind, organization_id, directory_id, subject_id, actor, request_id, total, started_at, updated_at)
    values (v_id, p_kind, p_organization, p_directory, p_subject, p_actor, p_request, p_total, v_now, v_now);
  insert into run_person(run_id, user_id) select v_id, x from unnest(p_people) x on conflict do nothing;
  return v_id;
end $$;
--> statement-breakpoint
-- Marks a group as being deleted, which hides it from every reader at once, and writes its group_deleted event. It gives nobody a role
-- any more, and groups that it was a member of lose it now. With more than p_telling members a run is written that tells of them.
drop function mark_dir_group_deleted(text, text, text, bigint, text, text);
--> statement-breakpoint
create function mark_dir_group_deleted(
  p_organization text, p_directory text, p_group text, p_version bigint, p_actor text, p_request text, p_telling int,
  out status text, out run text)
  language plpgsql set plan_cache_mode = force_custom_plan as $$
declare v_group dir_group%rowtype; v_parents text[]; v_parent record; v_members int;
begin
  select array_agg(n.group_id) into v_parents from group_nesting n
    where n.directory_id = p_directory and n.member_group_id = p_group;
  perform 1 from dir_group g where g.directory_id = p_directory and g.id = any(v_parents || p_group) order by g.id for update;
  select * into v_group from dir_group g
    where g.directory_id = p_directory and g.id = p_group and g.deleting_at is null for update;
  if not found then status := 'not_found'; return; end if;
  if p_version is not null and v_group.version <> p_version then status := 'version_conflict'; return; end if;
  insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, actor, request_id)
    values (gatehouse_id('evt_'), p_organization, p_directory, 'organization.directory.group_deleted', 'DirectoryGroup', p_group,
      v_group.version + 1,
      dir_group_data(p_organization, p_directory, p_group) || jsonb_build_object('dp_id', v_group.external_id), p_actor, p_request);
  update dir_group g set deleting_at = date_trunc('milliseconds', clock_timestamp()), version = g.version + 1
    where g.directory_id = p_directory and g.id = p_group;
  delete from directory_group_role r where r.directory_id = p_directory and r.group_id = p_group;
  for v_parent in
    with gone as (
      delete from group_nesting n where n.directory_id = p_directory and n.member_group_id = p_group returning n.group_id)
    update dir_group g set version = g.version + 1, updated_at = date_trunc('milliseconds', clock_timestamp())
    from gone where g.directory_id = p_directory and g.id = gone.group_id and g.deleting_at is null
    returning g.id, g.version
  loop
    perform write_group_members_event(
      p_organization, p_directory, v_parent.id, v_parent.version, '{}', array[p_group], p_actor, p_request);
  end loop;
  select count(*) into v_members from membership m where m.directory_id = p_directory and m.group_id = p_group;
  if v_members > p_telling then
    run := open_run('group_deleted', p_organization, p_directory, p_group, v_members, null, p_actor, p_request);
  end if;
  status := 'marked';
end $$;
--> statement-breakpoint
-- Removes up to p_limit memberships of a marked group, tells of each person, and removes the group itself with the last batch.
-- Each call is a transaction of its own, and may be repeated after a crash.
create or replace function delete_marked_group_step(
  p_organization text, p_directory text, p_group text, p_limit int, p_actor text, p_request text, out removed int, out is_done boolean)
  language plpgsql set plan_cache_mode = force_custom_plan as $$
declare v_ids text[];
begin
  perform 1 from dir_group g where g.directory_id = p_directory and g.id = p_group and g.deleting_at is not null for update;
  if not found then removed := 0; is_done := true; return; end if;
  select coalesce(array_agg(x.user_id), '{}') into v_ids from (
    select m.user_id from membership m where m.directory_id = p_directory and m.group_id = p_group
    order by m.user_id limit p_limit) x;
  perform 1 from dir_user u where u.directory_id = p_directory and u.id = any(v_ids) order by u.id for no key update;
  delete from membership m where m.directory_id = p_directory and m.group_id = p_group and m.user_id = any(v_ids);
  perform tell_people(p_organization, p_directory, v_ids, p_actor, p_request);
  removed := cardinality(v_ids);
  is_done := removed < p_limit;
  if is_done then
    delete from group_nesting n where n.directory_id = p_directory and (n.group_id = p_group or n.member_group_id = p_group);
    delete from dir_group g where g.directory_id = p_directory and g.id = p_group;
  end if;
end $$;
--> statement-breakpoint
-- Groups that were being deleted when this migration ran go on as runs.
insert into run(id, kind, organization_id, directory_id, subject_id, actor, request_id, total, started_at, updated_at)
  select gatehouse_id('run_'), 'group_deleted', d.organization_id, g.directory_id, g.id, 'system:migration', gatehouse_id('req_'),
    (select count(*) from membership m where m.directory_id = g.directory_id and m.group_id = g.id), g.deleting_at, g.deleting_at
  from dir_group g join directory d on d.id = g.directory_id where g.deleting_at is not null;
--> statement-breakpoint
-- Until now nobody was told of default roles: people are, where there are any.
insert into run(id, kind, organization_id, directory_id, actor, request_id, total, started_at, updated_at)
  select gatehouse_id('run_'), 'roles', d.organization_id, d.id, 'system:migration', gatehouse_id('req_'),
    (select count(*) from dir_user u where u.directory_id = d.id), now(), now()
  from directory d where d.deleting_at is null and default_member_roles(d.organization_id) <> '[]'::jsonb
    and exists (select 1 from dir_user u where u.directory_id = d.id);
