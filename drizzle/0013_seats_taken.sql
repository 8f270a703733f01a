-- How many seats of an organization are taken, without the person p_beside of a directory: those of whom the application takes to be
-- active, held ones included, and of active members whom no directory has active. Whoever is about to take one waits here for others who are.
create function seats_taken(p_organization text, p_beside text) returns int language plpgsql set enable_seqscan = off as $$
begin
  perform pg_advisory_xact_lock(724414, hashtext(p_organization));
  return (select count(*) from directory d join dir_user u on u.directory_id = d.id and u.is_active and not u.is_held and u.id is distinct from p_beside
      where d.organization_id = p_organization and d.deleting_at is null)
    + (select count(*) from held_person h where h.organization_id = p_organization and h.is_told_active)
    + (select count(*) from organization_membership m where m.organization_id = p_organization and m.status = 'ACTIVE' and not exists (
        select 1 from directory_member dm where dm.organization_id = m.organization_id and dm.user_id = m.user_id and dm.is_active));
end $$;
--> statement-breakpoint
-- Gives a person who joins or returns a seat of the organization: null when there is one, 'seat' when the person is to be held back.
-- Raises GH403 when there is none and the directory's policy is to refuse. People are counted only near the limit: a count is good until
-- as many events came after it as there were seats left.
create or replace function take_seat(p_organization text, p_directory text, p_user text) returns text language plpgsql set enable_seqscan = off as $$
declare c_unseen constant int := 100; v_limit int; v_memory seat_memory%rowtype; v_place bigint; v_taken int;
begin
  select o.max_allowed_users into v_limit from organization o where o.id = p_organization;
  if v_limit is null then return null; end if;
  select last_value into v_place from event_n_seq;
  select * into v_memory from seat_memory s where s.organization_id = p_organization;
  if v_memory.taken + (v_place - v_memory.place) + c_unseen < v_limit then return null; end if;
  -- Waits for whoever else joins, so that the place is of the moment of the count.
  perform pg_advisory_xact_lock(724414, hashtext(p_organization));
  select last_value into v_place from event_n_seq;
  v_taken := seats_taken(p_organization, p_user);
  if v_taken >= v_limit then
    if (select p.seat_overflow from removal_policy p where p.directory_id = p_directory) = 'hold' then return 'seat'; end if;
    raise exception using errcode = 'GH403', message = format('The organization has %s seats', v_limit);
  end if;
  insert into seat_memory as s (organization_id, place, taken) values (p_organization, v_place, v_taken)
    on conflict (organization_id) do update set place = excluded.place, taken = excluded.taken;
  return null;
end $$;
