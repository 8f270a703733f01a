-- What was announced before there was an order of announcements comes first in it, as it was written.
insert into announcement(seq, n, type, organization_id, directory_id)
  select row_number() over (order by e.n), e.n, e.type, e.organization_id, e.directory_id from event e where e.is_announced;
--> statement-breakpoint
insert into consumer_cursor(name, seq) select 'announcements', coalesce(max(seq), 0) from announcement;
--> statement-breakpoint
-- One statement writes one row here for each announced event it wrote: far less than numbering the events themselves would cost it.
create function put_in_outbox() returns trigger language plpgsql as $$
begin
  insert into event_outbox(n) select w.n from written w where w.is_announced;
  return null;
end $$;
--> statement-breakpoint
create trigger event_to_outbox after insert on event referencing new table as written
  for each statement execute function put_in_outbox();
--> statement-breakpoint
-- Rows come and go all the time; what they leave behind is looked at by every run of the sequencer.
alter table event_outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
--> statement-breakpoint
-- Gives up to p_limit committed events their places in the order of announcements, by n, and returns how many. Two callers at once: the
-- second waits for the first and goes on behind it. Each statement sees what was committed when it began (READ COMMITTED).
create function announce_events(p_limit int) returns int language plpgsql
  set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
declare v_last bigint; v_count int;
begin
  if not exists (select 1 from event_outbox) then return 0; end if;
  select c.seq into v_last from consumer_cursor c where c.name = 'announcements' for update;
  with taken as (
    delete from event_outbox o where o.n in (select x.n from event_outbox x order by x.n limit p_limit) returning o.n)
  insert into announcement(seq, n, type, organization_id, directory_id, announced_at)
    select v_last + row_number() over (order by e.n), e.n, e.type, e.organization_id, e.directory_id, clock_timestamp()
    from taken t cross join lateral (
      select k.n, k.type, k.organization_id, k.directory_id from event k where k.n = t.n and k.is_announced limit 1) e;
  get diagnostics v_count = row_count;
  update consumer_cursor c set seq = v_last + v_count where c.name = 'announcements';
  return v_count;
end $$;
