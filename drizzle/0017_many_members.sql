-- Moves people and nested groups into and out of a group whose row the caller has locked, and says who really moved. Writes no event.
-- Adding what is present and removing what is absent change nothing. Unknown ids among p_add are named in `unknown`: then nothing was done.
-- Needs READ COMMITTED: what is read after a lock must be what the lock's last holder committed.
-- Each id is looked up by its whole key, in a lateral query with a limit, which leaves the planner no other way. Plans are made anew, since
-- one that was kept from when the tables were small may use an index by directory alone. So one of one costs the same as one of 100,000,
-- also before anything was analyzed.
create function move_group_members(
  p_directory text, p_group text, p_add text[], p_remove text[],
  out unknown text[], out added text[], out removed text[], out nested_added text[], out nested_removed text[]) language plpgsql
  set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
declare v_joining text[]; v_leaving text[]; v_people text[]; v_nested text[];
begin
  select coalesce(array_agg(a.id) filter (where m.is_there is null), '{}') into v_joining
    from unnest(p_add) a(id) left join lateral (
      select true as is_there from membership m where m.directory_id = p_directory and m.group_id = p_group and m.user_id = a.id limit 1) m on true;
  select coalesce(array_agg(a.id) filter (where m.is_there), '{}') into v_leaving
    from unnest(p_remove) a(id) left join lateral (
      select true as is_there from membership m where m.directory_id = p_directory and m.group_id = p_group and m.user_id = a.id limit 1) m on true;
  -- Held in existence, in order; each is locked when it is told of.
  select coalesce(array_agg(l.id), '{}') into v_people
    from (select x.id from unnest(v_joining) x(id) order by x.id offset 0) a
    cross join lateral (select u.id from dir_user u where u.directory_id = p_directory and u.id = a.id for key share) l;
  -- Who joins and is no person is a group, or nothing.
  v_nested := '{}';
  if cardinality(v_people) < cardinality(v_joining) then
    select coalesce(array_agg(a.id) filter (where g.is_there), '{}'), array_agg(a.id) filter (where g.is_there is null)
      into v_nested, unknown
      from (select unnest(v_joining) as id except select unnest(v_people)) a left join lateral (
        select true as is_there from dir_group g
        where g.directory_id = p_directory and g.id = a.id and g.id <> p_group and g.deleting_at is null limit 1) g on true;
    if unknown is not null then return; end if;
  end if;
  with ins as (
    insert into membership(directory_id, group_id, user_id) select p_directory, p_group, x from unnest(v_people) x
    on conflict do nothing returning user_id)
    select array_agg(user_id order by user_id) into added from ins;
  with del as (
    delete from membership m using (
      select x.place from unnest(v_leaving) a(id) cross join lateral (
        select k.ctid as place from membership k
        where k.directory_id = p_directory and k.group_id = p_group and k.user_id = a.id limit 1) x) t
    where m.ctid = t.place returning m.user_id)
    select array_agg(user_id order by user_id) into removed from del;
  with ins as (
    insert into group_nesting(directory_id, group_id, member_group_id)
    select p_directory, p_group, x from unnest(v_nested) x
    on conflict do nothing returning member_group_id)
    select array_agg(member_group_id order by member_group_id) into nested_added from ins;
  with del as (
    delete from group_nesting n where n.directory_id = p_directory and n.group_id = p_group and n.member_group_id = any(p_remove)
    returning n.member_group_id)
    select array_agg(member_group_id order by member_group_id) into nested_removed from del;
end $$;
--> statement-breakpoint
-- Gives a group whose members moved its next version and its event, and tells of the people: up to p_telling here, more by a run. Without
-- p_telling the caller has seen to that.
create function tell_group_members(
  p_organization text, p_directory text, p_group text, p_added text[], p_removed text[], p_nested_added text[], p_nested_removed text[],
  p_actor text, p_request text, p_telling int, out version bigint, out run text) language plpgsql
  set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
declare v_people text[] := coalesce(p_added, '{}') || coalesce(p_removed, '{}');
begin
  update dir_group g set version = g.version + 1, updated_at = date_trunc('milliseconds', clock_timestamp())
    where g.directory_id = p_directory and g.id = p_group returning g.version into version;
  perform write_group_members_event(p_organization, p_directory, p_group, version,
    p_added || coalesce(p_nested_added, '{}'), p_removed || coalesce(p_nested_removed, '{}'), p_actor, p_request);
  if p_telling is null then return; end if;
  if cardinality(v_people) > p_telling then
    run := open_run('members', p_organization, p_directory, p_group, cardinality(v_people), v_people, p_actor, p_request);
  elsif cardinality(v_people) > 0 then
    perform tell_people(p_organization, p_directory, v_people, p_actor, p_request);
  end if;
end $$;
--> statement-breakpoint
-- Changes the members of a group and writes the events of it: the group is locked first, then its people by id. p_add and p_remove name
-- people or nested groups; with p_replace the result is exactly p_add. An unknown id among p_add changes nothing at all.
create or replace function change_group_members(
  p_organization text, p_directory text, p_group text, p_add text[], p_remove text[], p_replace boolean, p_actor text, p_request text,
  p_telling int, out status text, out version bigint, out unknown text[], out run text) language plpgsql
  set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
declare v_add text[]; v_remove text[]; v_moved record;
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
  select * into v_moved from move_group_members(p_directory, p_group, v_add, v_remove);
  if v_moved.unknown is not null then status := 'unknown_members'; unknown := v_moved.unknown; return; end if;
  if v_moved.added is null and v_moved.removed is null and v_moved.nested_added is null and v_moved.nested_removed is null then
    status := 'unchanged'; return;
  end if;
  select t.version, t.run into version, run from tell_group_members(p_organization, p_directory, p_group, v_moved.added, v_moved.removed,
    v_moved.nested_added, v_moved.nested_removed, p_actor, p_request, p_telling) t;
  status := 'changed';
end $$;
