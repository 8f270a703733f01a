-- A new id, as lib/core/id.ts makes them: milliseconds since 2000 and 27 random bits, in 21 decimal digits.
create function gatehouse_id(p_prefix text) returns text language sql volatile as $$
  select p_prefix || lpad((
    floor(extract(epoch from clock_timestamp()) * 1000 - 946684800000)::numeric * 134217728
    + floor(random() * 134217728)::numeric)::text, 21, '0')
$$;
--> statement-breakpoint
-- The webhook payload of a person as of now. The only place in SQL that knows its shape. Its plan is kept even where the caller's are
-- not, since that is called once and this for each person.
create function dir_user_data(p_organization text, p_directory text, p_user text) returns jsonb language sql stable
  set plan_cache_mode = auto as $$
  select u.profile || jsonb_build_object(
    'id', u.id,
    'organization_id', p_organization,
    'groups', coalesce((
      select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.display_name) order by g.display_name_key, g.id)
      from membership m
      join dir_group g on g.directory_id = m.directory_id and g.id = m.group_id and g.deleting_at is null
      where m.directory_id = u.directory_id and m.user_id = u.id), '[]'::jsonb),
    'roles', '[]'::jsonb,
    'raw_attributes', u.doc)
  from dir_user u where u.directory_id = p_directory and u.id = p_user
$$;
--> statement-breakpoint
-- The webhook payload of a group as of now.
create function dir_group_data(p_organization text, p_directory text, p_group text) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', g.id,
    'directory_id', g.directory_id,
    'organization_id', p_organization,
    'display_name', g.display_name,
    'external_id', g.external_id,
    'raw_attributes', g.doc)
  from dir_group g where g.directory_id = p_directory and g.id = p_group
$$;
--> statement-breakpoint
-- Writes one user_updated event for each of p_users, as they are now. The caller has locked them and changed their groups.
-- Rows are found one key at a time and plans are made anew: see change_group_members.
create function write_user_events(
  p_organization text, p_directory text, p_users text[], p_actor text, p_request text) returns void language plpgsql
  set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
begin
  with changed as (
    update dir_user u set version = u.version + 1, updated_at = date_trunc('milliseconds', clock_timestamp())
    from (
      select x.place from unnest(p_users) a(id) cross join lateral (
        select k.ctid as place from dir_user k where k.directory_id = p_directory and k.id = a.id limit 1) x) t
    where u.ctid = t.place returning u.id, u.version, u.is_active)
  insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, actor, request_id, is_announced)
    select gatehouse_id('evt_'), p_organization, p_directory, 'organization.directory.user_updated', 'DirectoryUser', c.id, c.version,
      dir_user_data(p_organization, p_directory, c.id), p_actor, p_request, c.is_active
    from changed c order by c.id;
end $$;
--> statement-breakpoint
-- Writes the group_updated event of a membership change, with at most 1,000 ids a side.
create function write_group_members_event(
  p_organization text, p_directory text, p_group text, p_version bigint, p_added text[], p_removed text[],
  p_actor text, p_request text) returns void language sql as $$
  insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, actor, request_id)
  values (gatehouse_id('evt_'), p_organization, p_directory, 'organization.directory.group_updated', 'DirectoryGroup', p_group, p_version,
    dir_group_data(p_organization, p_directory, p_group) || jsonb_build_object('members', jsonb_build_object(
      'added', to_jsonb(coalesce(p_added[1:1000], '{}')),
      'removed', to_jsonb(coalesce(p_removed[1:1000], '{}')),
      'total', coalesce(cardinality(p_added), 0) + coalesce(cardinality(p_removed), 0),
      'truncated', coalesce(cardinality(p_added), 0) > 1000 or coalesce(cardinality(p_removed), 0) > 1000)),
    p_actor, p_request)
$$;
--> statement-breakpoint
-- Changes the members of a group and writes the events of it, all from what it locked: the group first, then its people by id.
-- p_add and p_remove name people or nested groups; with p_replace the result is exactly p_add. Removing what is absent and adding
-- what is present change nothing. An unknown id among p_add changes nothing at all and is named in `unknown`.
-- Needs READ COMMITTED: what is read after a lock must be what the lock's last holder committed.
-- Only p_replace reads all members, as sets; otherwise each id is looked up by its whole key, in a lateral query with a limit, which
-- leaves the planner no other way. Plans are made anew, since one that was kept from when the tables were small may use an index by
-- directory alone. So one of one costs the same as one of 100,000, also before anything was analyzed.
create function change_group_members(
  p_organization text, p_directory text, p_group text, p_add text[], p_remove text[], p_replace boolean, p_actor text, p_request text,
  out status text, out version bigint, out unknown text[]) language plpgsql
  set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
declare
  v_add text[]; v_remove text[]; v_joining text[]; v_leaving text[]; v_locked text[]; v_nested text[]; v_added text[]; v_removed text[];
  v_nested_added text[]; v_nested_removed text[];
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
  select coalesce(array_agg(l.id), '{}') into v_locked
    from (select x.id from unnest(v_joining || v_leaving) x(id) order by x.id offset 0) a
    cross join lateral (select u.id from dir_user u where u.directory_id = p_directory and u.id = a.id for no key update) l;
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
  perform write_user_events(p_organization, p_directory, coalesce(v_added, '{}') || coalesce(v_removed, '{}'), p_actor, p_request);
  status := 'changed';
end $$;
--> statement-breakpoint
-- Deletes a person. The groups they are in are locked first, as every writer of memberships does, and take their next version. Of a
-- person with an external id a tombstone remains: the directory may use that id again for someone else.
create function delete_dir_user(
  p_organization text, p_directory text, p_user text, p_version bigint, p_actor text, p_request text, out status text)
  language plpgsql set plan_cache_mode = force_custom_plan as $$
declare v_user dir_user%rowtype; v_groups text[];
begin
  select coalesce(array_agg(l.id), '{}') into v_groups from (
    select g.id from dir_group g
    where g.directory_id = p_directory and exists (
      select 1 from membership m where m.directory_id = p_directory and m.group_id = g.id and m.user_id = p_user)
    order by g.id for no key update) l;
  select * into v_user from dir_user u where u.directory_id = p_directory and u.id = p_user for update;
  if not found then status := 'not_found'; return; end if;
  if p_version is not null and v_user.version <> p_version then status := 'version_conflict'; return; end if;
  update dir_group g set version = g.version + 1, updated_at = date_trunc('milliseconds', clock_timestamp())
    where g.directory_id = p_directory and g.id in (
      select m.group_id from membership m where m.directory_id = p_directory and m.user_id = p_user);
  insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, actor, request_id)
    values (gatehouse_id('evt_'), p_organization, p_directory, 'organization.directory.user_deleted', 'DirectoryUser', p_user, v_user.version + 1,
      dir_user_data(p_organization, p_directory, p_user)
        || jsonb_build_object('reason', 'deleted', 'was_active', v_user.is_active, 'active', false),
      p_actor, p_request);
  delete from dir_user u where u.directory_id = p_directory and u.id = p_user;
  if v_user.external_id is not null then
    insert into dir_user_tombstone as t (directory_id, external_id, user_id, deleted_at)
      values (p_directory, v_user.external_id, p_user, date_trunc('milliseconds', clock_timestamp()))
      on conflict (directory_id, external_id) do update set user_id = excluded.user_id, deleted_at = excluded.deleted_at;
  end if;
  status := 'deleted';
end $$;
--> statement-breakpoint
-- Marks a group as being deleted, which hides it from every reader at once, and writes its group_deleted event.
create function mark_dir_group_deleted(
  p_organization text, p_directory text, p_group text, p_version bigint, p_actor text, p_request text, out status text)
  language plpgsql as $$
declare v_group dir_group%rowtype;
begin
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
  status := 'marked';
end $$;
--> statement-breakpoint
-- Removes up to p_limit memberships of a marked group, tells of each person, and removes the group itself with the last batch.
-- Each call is a transaction of its own, and may be repeated after a crash.
create function delete_marked_group_step(
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
  perform write_user_events(p_organization, p_directory, v_ids, p_actor, p_request);
  removed := cardinality(v_ids);
  is_done := removed < p_limit;
  if is_done then
    delete from group_nesting n where n.directory_id = p_directory and (n.group_id = p_group or n.member_group_id = p_group);
    delete from dir_group g where g.directory_id = p_directory and g.id = p_group;
  end if;
end $$;
--> statement-breakpoint
-- The provisioning log: one row an exchange, one partition a day (UTC). `id` carries the same millisecond as `created_at`, so that
-- an id alone finds its partition. Bodies are sealed; names and ids that the filters need are not.
create table exchange (
  created_at timestamptz(3) not null,
  id text collate "C" not null,
  organization_id text,
  directory_id text,
  secret_id text,
  provider text,
  request_id text not null,
  method text not null,
  path text not null,
  operation text not null,
  resource_type text,
  resource_id text,
  resource_name text,
  status int not null,
  scim_type text,
  error_detail text,
  latency_ms real not null,
  client_address text,
  user_agent text,
  sealed_bodies text,
  primary key (created_at, id)
) partition by range (created_at);
--> statement-breakpoint
-- Sealed text does not compress: trying to would cost each insert more than the rest of it.
alter table exchange alter column sealed_bodies set storage external;
--> statement-breakpoint
create index exchange_directory_idx on exchange (directory_id, created_at desc, id desc);
--> statement-breakpoint
create index exchange_organization_idx on exchange (organization_id, created_at desc, id desc);
--> statement-breakpoint
create index exchange_status_idx on exchange (directory_id, status, created_at desc, id desc);
--> statement-breakpoint
create index exchange_request_idx on exchange (request_id);
--> statement-breakpoint
create table exchange_default partition of exchange default;
--> statement-breakpoint
-- Makes the partitions from today to p_ahead days ahead and drops those more than p_keep days old. Two replicas at once: one does it.
-- Returns what was done: '+2026-11-23' or '-exchange_20261023'.
create function maintain_exchange_partitions(p_ahead int, p_keep int) returns text[] language plpgsql as $$
declare v_day date; v_old record; v_done text[] := '{}'; v_today date := (now() at time zone 'UTC')::date; v_name text;
begin
  if not pg_try_advisory_xact_lock(724411) then return v_done; end if;
  for v_day in select generate_series(v_today, v_today + p_ahead, interval '1 day')::date loop
    v_name := 'exchange_' || to_char(v_day, 'YYYYMMDD');
    if to_regclass(v_name) is null then
      execute format('create table %I partition of exchange for values from (%L) to (%L)',
        v_name, v_day::timestamp at time zone 'UTC', (v_day + 1)::timestamp at time zone 'UTC');
      v_done := v_done || ('+' || v_day::text);
    end if;
  end loop;
  for v_old in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'exchange'::regclass and c.relname ~ '^exchange_[0-9]{8}$'
      and right(c.relname, 8) < to_char(v_today - p_keep, 'YYYYMMDD')
  loop
    execute format('drop table %I', v_old.relname);
    v_done := v_done || ('-' || v_old.relname);
  end loop;
  return v_done;
end $$;
