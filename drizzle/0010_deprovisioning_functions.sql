-- Whether one more removal is too many: within the hour, and since somebody last decided, more people than the policy's number and
-- more than its share of those who were active when that window began. Removals of a directory that come this far wait for each
-- other, so that exactly the first one too many trips. What was counted is remembered.
create function exceeds_breaker(p_directory text, p_people int, p_percent int, p_now timestamptz) returns boolean language plpgsql
  set enable_seqscan = off as $$
declare v_memory breaker_memory%rowtype; v_from timestamptz; v_removed int; v_active int; v_allowed int; v_place bigint;
begin
  perform pg_advisory_xact_lock(724412, hashtext(p_directory));
  select * into v_memory from breaker_memory m where m.directory_id = p_directory;
  v_from := greatest(p_now - interval '1 hour', coalesce(v_memory.decided_at, '-infinity'));
  select count(*) into v_removed from (
    select distinct r.user_id from removal r where r.directory_id = p_directory and r.removed_at > v_from limit p_people + 1) x;
  if v_removed <= p_people then return false; end if;
  select last_value into v_place from event_n_seq;
  select count(distinct r.user_id) into v_removed from removal r where r.directory_id = p_directory and r.removed_at > v_from;
  if v_memory.counted_at > p_now - interval '10 minutes' and v_removed <= v_memory.allowed then
    v_allowed := v_memory.allowed;
  else
    select (select count(*) from dir_user u where u.directory_id = p_directory and u.is_active and u.created_at <= v_from)
      + (select count(distinct r.user_id) from removal r
        where r.directory_id = p_directory and r.removed_at > v_from and r.joined_at <= v_from and not exists (
          select 1 from dir_user u where u.directory_id = p_directory and u.id = r.user_id and u.is_active))
      into v_active;
    v_allowed := greatest(p_people, floor(v_active * p_percent / 100.0));
  end if;
  if v_removed > v_allowed then return true; end if;
  insert into breaker_memory as m (directory_id, counted_at, place, removed, allowed)
    values (p_directory, p_now, v_place, v_removed, v_allowed)
    on conflict (directory_id) do update set counted_at = excluded.counted_at, place = excluded.place, removed = excluded.removed,
      allowed = excluded.allowed;
  return false;
end $$;
--> statement-breakpoint
-- Notes that someone lost their access and says why the application must not be told of it yet: 'breaker', 'last_holder' or 'grace'; null
-- when it may. The caller holds the person's row.
create function judge_removal(p_organization text, p_directory text, p_user text, p_joined timestamptz, p_now timestamptz) returns text
  language plpgsql set enable_seqscan = off as $$
declare
  -- How many removals may be under way, uncommitted, without being seen: more than there are connections.
  c_unseen constant int := 100;
  v_policy removal_policy%rowtype; v_memory breaker_memory%rowtype; v_place bigint;
begin
  insert into removal(directory_id, removed_at, user_id, joined_at) values (p_directory, p_now, p_user, p_joined) on conflict do nothing;
  select * into v_policy from removal_policy p where p.directory_id = p_directory;
  if coalesce(v_policy.is_breaker_on, true) then
    select * into v_memory from breaker_memory m where m.directory_id = p_directory;
    -- Whoever is held since the last decision has it tripped, until somebody decides.
    if exists (select 1 from held_person h where h.directory_id = p_directory and h.reason = 'breaker'
        and h.since > coalesce(v_memory.decided_at, '-infinity')) then
      return 'breaker';
    end if;
    select last_value into v_place from event_n_seq;
    -- No more were removed since it was counted than events were written.
    if v_memory.counted_at is null or v_memory.counted_at <= p_now - interval '10 minutes'
        or v_memory.removed + (v_place - v_memory.place) + c_unseen > v_memory.allowed then
      if exceeds_breaker(p_directory, coalesce(v_policy.breaker_people, 25), coalesce(v_policy.breaker_percent, 20), p_now) then
        return 'breaker';
      end if;
    end if;
  end if;
  if cardinality(v_policy.protected_roles) > 0 then
    if is_last_holder(p_organization, p_directory, p_user, v_policy.protected_roles) then return 'last_holder'; end if;
  end if;
  if v_policy.grace_hours > 0 then return 'grace'; end if;
  return null;
end $$;
--> statement-breakpoint
-- Whether the application was last told that the person has one of these roles, and nobody else of the organization has it now, by a
-- directory's groups or by the API. Such removals of an organization wait for each other: of the last two holders one stays.
create function is_last_holder(p_organization text, p_directory text, p_user text, p_roles text[]) returns boolean language plpgsql as $$
declare v_held text[];
begin
  select coalesce(array_agg(x.name), '{}') into v_held from unnest(p_roles) x(name)
    where jsonb_build_array(jsonb_build_object('role_name', x.name)) <@ (
      select e.data->'roles' from event e where e.resource_id = p_user and e.is_announced order by e.n desc limit 1);
  if v_held = '{}' then return false; end if;
  perform pg_advisory_xact_lock(724413, hashtext(p_organization));
  return exists (
    select 1 from unnest(v_held) x(name)
    where not exists (
      select 1 from role r
      join directory_group_role gr on gr.role_id = r.id
      join dir_group g on g.directory_id = gr.directory_id and g.id = gr.group_id and g.deleting_at is null
      join directory d on d.id = gr.directory_id and d.organization_id = p_organization and d.deleting_at is null
      join membership m on m.directory_id = gr.directory_id and m.group_id = gr.group_id
      join dir_user u on u.directory_id = m.directory_id and u.id = m.user_id and u.is_active
      where r.name = x.name and (r.organization_id is null or r.organization_id = p_organization)
        and (u.directory_id, u.id) <> (p_directory, p_user))
    and not exists (
      select 1 from role r
      join membership_role mr on mr.role_id = r.id and mr.organization_id = p_organization
      join organization_membership om on om.organization_id = mr.organization_id and om.user_id = mr.user_id and om.status = 'ACTIVE'
      where r.name = x.name and (r.organization_id is null or r.organization_id = p_organization)
        and not exists (select 1 from directory_member dm
          where dm.user_id = mr.user_id and dm.directory_id = p_directory and dm.directory_user_id = p_user)));
end $$;
--> statement-breakpoint
-- Holds a person back: the application is not told of what happens to them from p_version on. The last event it was told is noted.
create function hold_person(
  p_organization text, p_directory text, p_user text, p_version bigint, p_reason text, p_is_told_active boolean, p_now timestamptz)
  returns void language plpgsql set enable_seqscan = off as $$
begin
  insert into held_person(directory_id, user_id, organization_id, reason, from_version, told_id, is_told_active, since, release_at)
    values (p_directory, p_user, p_organization, p_reason, p_version, (
        select e.id from event e where e.resource_id = p_user and e.is_announced order by e.n desc limit 1),
      p_is_told_active, p_now, case when p_reason = 'grace' then p_now + (
        select p.grace_hours * interval '1 hour' from removal_policy p where p.directory_id = p_directory) end);
end $$;
--> statement-breakpoint
-- Gives a person who joins or returns a seat of the organization: null when there is one, 'seat' when the person is to be held back.
-- Raises GH403 when there is none and the directory's policy is to refuse. People who join an organization that is nearly full wait
-- for each other. Taken are the seats of those whom the application takes to be active, held ones included, and of those who are about to
-- be; members that only the API made have one too.
create function take_seat(p_organization text, p_directory text, p_user text) returns text language plpgsql set enable_seqscan = off as $$
declare c_unseen constant int := 100; v_limit int; v_memory seat_memory%rowtype; v_place bigint; v_taken int;
begin
  select o.max_allowed_users into v_limit from organization o where o.id = p_organization;
  if v_limit is null then return null; end if;
  select last_value into v_place from event_n_seq;
  select * into v_memory from seat_memory s where s.organization_id = p_organization;
  if v_memory.taken + (v_place - v_memory.place) + c_unseen < v_limit then return null; end if;
  perform pg_advisory_xact_lock(724414, hashtext(p_organization));
  select last_value into v_place from event_n_seq;
  select (select count(*) from directory d join dir_user u on u.directory_id = d.id and u.is_active and not u.is_held and u.id <> p_user
      where d.organization_id = p_organization and d.deleting_at is null)
    + (select count(*) from directory d join held_person h on h.directory_id = d.id and h.is_told_active
      where d.organization_id = p_organization and d.deleting_at is null)
    + (select count(*) from organization_membership m where m.organization_id = p_organization and m.status = 'ACTIVE' and not exists (
        select 1 from directory_member dm where dm.organization_id = m.organization_id and dm.user_id = m.user_id))
    into v_taken;
  if v_taken >= v_limit then
    if (select p.seat_overflow from removal_policy p where p.directory_id = p_directory) = 'hold' then return 'seat'; end if;
    raise exception using errcode = 'GH403', message = format('The organization has %s seats', v_limit);
  end if;
  insert into seat_memory as s (organization_id, place, taken) values (p_organization, v_place, v_taken)
    on conflict (organization_id) do update set place = excluded.place, taken = excluded.taken;
  return null;
end $$;
--> statement-breakpoint
-- What p_told says otherwise than p_data: only members that p_data has.
create function changed_since(p_told jsonb, p_data jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(d.key, p_told->d.key), '{}'::jsonb) from jsonb_each(p_data) d
  where p_told->d.key is distinct from d.value
$$;
--> statement-breakpoint
-- Decides about someone who is about to be made active or inactive, and locks their row: whether they are still of p_version, whether they
-- are held then, and why. So the change itself is one write.
create function judge_transition(
  p_organization text, p_directory text, p_user text, p_version bigint, p_is_active boolean, p_now timestamptz,
  out is_current boolean, out is_held boolean, out reason text) language plpgsql set enable_seqscan = off as $$
declare v_user record; v_hold held_person%rowtype;
begin
  select u.version, u.is_active, u.is_held, u.created_at into v_user
    from dir_user u where u.directory_id = p_directory and u.id = p_user for no key update;
  is_current := found and v_user.version = p_version;
  if not is_current then return; end if;
  if v_user.is_held then
    select * into v_hold from held_person h where h.directory_id = p_directory and h.user_id = p_user for update;
    is_held := v_hold.is_told_active <> p_is_active;
    if is_held then reason := v_hold.reason; end if;
    if is_held and not p_is_active then
      insert into removal(directory_id, removed_at, user_id, joined_at) values (p_directory, p_now, p_user, v_user.created_at)
        on conflict do nothing;
    end if;
    return;
  end if;
  if p_is_active then
    reason := take_seat(p_organization, p_directory, p_user);
  else
    reason := judge_removal(p_organization, p_directory, p_user, v_user.created_at, p_now);
  end if;
  is_held := reason is not null;
end $$;
--> statement-breakpoint
-- Writes the event of a person who was just made active or inactive, as judge_transition decided. The caller has changed the row in the same
-- statement and holds it. docs/decisions has the whole table, under "Held removals".
create function tell_user_transition(
  p_organization text, p_directory text, p_user text, p_event text, p_previous jsonb, p_actor text, p_request text, p_reason text,
  p_now timestamptz) returns void language plpgsql set enable_seqscan = off as $$
declare
  v_user record; v_hold held_person%rowtype; v_told jsonb; v_told_type text; v_data jsonb; v_previous jsonb := p_previous;
  v_type text := 'organization.directory.user_updated'; v_announced boolean := true; v_was_held boolean; v_is_deleting boolean;
begin
  select u.version, u.is_active, u.is_held into v_user from dir_user u where u.directory_id = p_directory and u.id = p_user;
  select * into v_hold from held_person h where h.directory_id = p_directory and h.user_id = p_user;
  v_was_held := found;
  v_data := dir_user_data(p_organization, p_directory, p_user);
  v_is_deleting := coalesce((select p.announce_as from removal_policy p where p.directory_id = p_directory), 'delete') = 'delete';
  if not v_user.is_active and v_is_deleting then
    v_type := 'organization.directory.user_deleted';
    v_data := v_data || jsonb_build_object('reason', 'deactivated');
  elsif v_user.is_active and not v_was_held then
    select e.type into v_told_type from event e where e.resource_id = p_user and e.is_announced order by e.n desc limit 1;
    if v_is_deleting or coalesce(v_told_type, 'organization.directory.user_deleted') = 'organization.directory.user_deleted' then
      v_type := 'organization.directory.user_created';
    end if;
  end if;
  if v_user.is_held then
    v_announced := false;
    if not v_was_held then
      perform hold_person(p_organization, p_directory, p_user, v_user.version, p_reason, not v_user.is_active, p_now);
    end if;
  elsif v_was_held then
    -- What was held is undone: the application need not know, unless something else changed meanwhile.
    delete from held_person h where h.directory_id = p_directory and h.user_id = p_user;
    v_announced := false;
    if v_user.is_active then
      select e.data into v_told from event e where e.id = v_hold.told_id;
      v_previous := changed_since(v_told, v_data);
      v_announced := v_previous <> '{}'::jsonb;
    end if;
  end if;
  insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, previous, actor, request_id, is_announced)
    values (p_event, p_organization, p_directory, v_type, 'DirectoryUser', p_user, v_user.version, v_data, v_previous, p_actor, p_request,
      v_announced);
end $$;
--> statement-breakpoint
drop function delete_dir_user(text, text, text, bigint, text, text);
--> statement-breakpoint
-- Deletes a person. The groups they are in are locked first, as every writer of memberships does, and take their next version. Of a
-- person with an external id a tombstone remains: the directory may use that id again for someone else. `held` says why the application
-- is not told of it yet. Of someone whom it was never told of, it is not told that they are gone.
create function delete_dir_user(
  p_organization text, p_directory text, p_user text, p_version bigint, p_actor text, p_request text, p_now timestamptz,
  out status text, out held text)
  language plpgsql set plan_cache_mode = force_custom_plan as $$
declare v_user dir_user%rowtype; v_hold held_person%rowtype; v_groups text[]; v_announced boolean := true;
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
  if v_user.is_held then
    select * into v_hold from held_person h where h.directory_id = p_directory and h.user_id = p_user for update;
    if v_hold.is_told_active then
      if v_user.is_active then
        insert into removal(directory_id, removed_at, user_id, joined_at) values (p_directory, p_now, p_user, v_user.created_at)
          on conflict do nothing;
      end if;
      held := v_hold.reason;
      v_announced := false;
    else
      delete from held_person h where h.directory_id = p_directory and h.user_id = p_user;
      v_announced := v_hold.told_id is not null;
    end if;
  elsif v_user.is_active then
    held := judge_removal(p_organization, p_directory, p_user, v_user.created_at, p_now);
    if held is not null then
      perform hold_person(p_organization, p_directory, p_user, v_user.version + 1, held, true, p_now);
      v_announced := false;
    end if;
  else
    v_announced := exists (select 1 from event e where e.resource_id = p_user and e.is_announced);
  end if;
  insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, actor, request_id, is_announced)
    values (gatehouse_id('evt_'), p_organization, p_directory, 'organization.directory.user_deleted', 'DirectoryUser', p_user, v_user.version + 1,
      dir_user_data(p_organization, p_directory, p_user)
        || jsonb_build_object('reason', 'deleted', 'was_active', v_user.is_active, 'active', false),
      p_actor, p_request, v_announced);
  delete from dir_user u where u.directory_id = p_directory and u.id = p_user;
  if v_user.external_id is not null then
    insert into dir_user_tombstone as t (directory_id, external_id, user_id, deleted_at)
      values (p_directory, v_user.external_id, p_user, date_trunc('milliseconds', clock_timestamp()))
      on conflict (directory_id, external_id) do update set user_id = excluded.user_id, deleted_at = excluded.deleted_at;
  end if;
  status := 'deleted';
end $$;
--> statement-breakpoint
-- Tells the application what was held of these people, in the order in which it happened, and returns how many people that were. What
-- happened to them while they were inactive stays untold, as of anyone.
create function release_held_people(p_directory text, p_users text[]) returns int language plpgsql as $$
declare v_count int;
begin
  perform 1 from dir_user u where u.directory_id = p_directory and u.id = any(p_users) order by u.id for no key update;
  perform 1 from held_person h where h.directory_id = p_directory and h.user_id = any(p_users) order by h.user_id for update;
  with told as (
    update event e set is_announced = true
    from held_person h
    where h.directory_id = p_directory and h.user_id = any(p_users) and e.resource_id = h.user_id and e.version >= h.from_version
      and not e.is_announced and (e.type = 'organization.directory.user_deleted' or (e.data->>'active')::boolean or e.previous ? 'active')
    returning e.n)
  insert into event_outbox(n) select t.n from told t;
  update dir_user u set is_held = false where u.directory_id = p_directory and u.id = any(p_users) and u.is_held;
  delete from held_person h where h.directory_id = p_directory and h.user_id = any(p_users);
  get diagnostics v_count = row_count;
  return v_count;
end $$;
--> statement-breakpoint
-- Removes up to p_limit people of a directory that is being deleted, and tells of those whom the application knows. When none are left, it
-- tells of those who were held and deleted, then groups go. Each call is a transaction of its own and may be repeated after a crash.
create function delete_directory_step(
  p_organization text, p_directory text, p_limit int, p_actor text, p_request text, out removed int, out told int, out is_done boolean)
  language plpgsql set plan_cache_mode = force_custom_plan as $$
declare v_ids text[];
begin
  is_done := false;
  select coalesce(array_agg(l.id), '{}') into v_ids from (
    select u.id from dir_user u where u.directory_id = p_directory order by u.id limit p_limit for update) l;
  removed := cardinality(v_ids);
  if removed > 0 then
    with written as (
      insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, actor, request_id, is_announced)
        select gatehouse_id('evt_'), p_organization, p_directory, 'organization.directory.user_deleted', 'DirectoryUser', u.id, u.version + 1,
          dir_user_data(p_organization, p_directory, u.id) || jsonb_build_object(
            'reason', 'directory_deleted', 'was_active', coalesce(h.is_told_active, u.is_active), 'active', false),
          p_actor, p_request, exists (select 1 from event e where e.resource_id = u.id and e.is_announced)
        from dir_user u left join held_person h on h.directory_id = u.directory_id and h.user_id = u.id
        where u.directory_id = p_directory and u.id = any(v_ids) order by u.id
      returning is_announced)
      select count(*) filter (where w.is_announced) into told from written w;
    delete from held_person h where h.directory_id = p_directory and h.user_id = any(v_ids);
    delete from dir_user u where u.directory_id = p_directory and u.id = any(v_ids);
    return;
  end if;
  select coalesce(array_agg(l.user_id), '{}') into v_ids from (
    select h.user_id from held_person h where h.directory_id = p_directory order by h.user_id limit p_limit) l;
  if cardinality(v_ids) > 0 then
    told := release_held_people(p_directory, v_ids);
    return;
  end if;
  select coalesce(array_agg(l.id), '{}') into v_ids from (
    select g.id from dir_group g where g.directory_id = p_directory order by g.id limit p_limit for update) l;
  removed := cardinality(v_ids);
  -- Those that were being deleted already were told of then.
  insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, actor, request_id)
    select gatehouse_id('evt_'), p_organization, p_directory, 'organization.directory.group_deleted', 'DirectoryGroup', g.id, g.version + 1,
      dir_group_data(p_organization, p_directory, g.id) || jsonb_build_object('dp_id', g.external_id), p_actor, p_request
    from dir_group g where g.directory_id = p_directory and g.id = any(v_ids) and g.deleting_at is null order by g.id;
  get diagnostics told = row_count;
  delete from group_nesting n where n.directory_id = p_directory and (n.group_id = any(v_ids) or n.member_group_id = any(v_ids));
  delete from dir_group g where g.directory_id = p_directory and g.id = any(v_ids);
  is_done := removed < p_limit;
end $$;
--> statement-breakpoint
-- Tells of those of p_users whose groups, roles or mapped attributes are not what their newest event says: their next version and one
-- user_updated event, with what it was before. Repeating it tells nothing twice, so a run that was interrupted just goes on.
-- Who would be the last to lose a protected role is held instead; when they have it again, they are told of what else changed, if anything.
-- It locks the people by id. Rows are found one key at a time and plans are made anew: see change_group_members.
create or replace function tell_people(p_organization text, p_directory text, p_users text[], p_actor text, p_request text, out told int)
  language plpgsql set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
declare v_protected text[]; v_last text[] := '{}'; v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
begin
  perform 1 from (select x.id from unnest(p_users) x(id) order by x.id offset 0) a
    cross join lateral (select u.id from dir_user u where u.directory_id = p_directory and u.id = a.id for no key update) l;
  select p.protected_roles into v_protected from removal_policy p where p.directory_id = p_directory;
  if cardinality(v_protected) > 0 then
    select coalesce(array_agg(u.id), '{}') into v_last
      from unnest(p_users) a(id)
      join dir_user u on u.directory_id = p_directory and u.id = a.id and u.is_active and not u.is_held
      where is_last_holder(p_organization, p_directory, u.id, array(
        select x.name from unnest(v_protected) x(name)
        where not dir_user_data(p_organization, p_directory, u.id)->'roles' @> jsonb_build_array(jsonb_build_object('role_name', x.name))));
  end if;
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
    update dir_user u set version = u.version + 1, updated_at = v_now, is_held = u.is_held or u.id = any(v_last)
    from (
      select x.place from compared c cross join lateral (
        select k.ctid as place from dir_user k where k.directory_id = p_directory and k.id = c.id limit 1) x
      where c.is_new or c.previous <> '{}'::jsonb) t
    where u.ctid = t.place returning u.id, u.version, u.is_active and not u.is_held as is_told)
  insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, previous, actor, request_id, is_announced)
    select gatehouse_id('evt_'), p_organization, p_directory, 'organization.directory.user_updated', 'DirectoryUser', c.id, c.version,
      d.data, d.previous, p_actor, p_request, c.is_told
    from changed c join compared d on d.id = c.id order by c.id;
  get diagnostics told = row_count;
  perform hold_person(p_organization, p_directory, u.id, u.version, 'last_holder', true, v_now)
    from dir_user u where u.directory_id = p_directory and u.id = any(v_last) and u.is_held;
  if cardinality(v_protected) > 0 then
    perform end_last_holder(p_directory, u.id)
      from dir_user u where u.directory_id = p_directory and u.id = any(p_users) and u.is_active and u.is_held and u.id <> all(v_last);
  end if;
end $$;
--> statement-breakpoint
-- Ends the hold of someone in the directory who has all roles again that the application was told of: it is told of what else changed.
create function end_last_holder(p_directory text, p_user text) returns void language plpgsql as $$
declare v_told jsonb; v_event record; v_previous jsonb;
begin
  select e.data into v_told from held_person h join event e on e.id = h.told_id
    where h.directory_id = p_directory and h.user_id = p_user and h.reason = 'last_holder' for update of h;
  if not found then return; end if;
  select e.n, e.data into v_event from event e where e.resource_id = p_user order by e.n desc limit 1;
  if not v_event.data->'roles' @> (v_told->'roles') then return; end if;
  delete from held_person h where h.directory_id = p_directory and h.user_id = p_user;
  update dir_user u set is_held = false where u.directory_id = p_directory and u.id = p_user;
  v_previous := changed_since(v_told, v_event.data);
  if v_previous <> '{}'::jsonb then
    update event e set is_announced = true, previous = v_previous where e.n = v_event.n;
    insert into event_outbox(n) values (v_event.n);
  end if;
end $$;
