import { PAYLOAD_COLUMNS } from './payload';

/**
 * Whoever makes deliveries, or makes them due again, takes this lock alone; whoever finishes some shares it. So a delivery that has to wait
 * never misses that what it waits for is over. Any number will do.
 */
const ORDER_LOCK = 724_412;
export const LOCK_ORDER = `select pg_advisory_xact_lock(${ORDER_LOCK})`;
export const SHARE_ORDER = `select pg_advisory_xact_lock_shared(${ORDER_LOCK})`;

/** Whether an event takes access away. `e` is the event. */
const IS_REMOVAL = `(e.type in ('organization.directory.user_deleted', 'organization.deleted', 'user.organization_membership_deleted')
    or (e.type = 'organization.directory.user_updated' and e.data ->> 'active' = 'false')
    or (e.type = 'user.organization_membership_updated' and e.data #>> '{user,memberships,0,membership_status}' = 'INACTIVE'))`;

/** Whether endpoint `w` wants event `e`. */
const IS_WANTED = `(w.event_types = '{}' or e.type = any(w.event_types))
    and (w.organization_ids = '{}' or e.organization_id = any(w.organization_ids))`;

/** $1 the cursor, $2 how many. */
export const END_OF_BATCH = `select max(x.seq)::text as seq from (
  select a.seq from announcement a where a.seq > $1::bigint order by a.seq limit $2::int) x`;

/** $1 first place, $2 last place, $3 now, $4 due time of what waits, $5 due time of a removal that waits, $6 endpoint or null for all. A
 * delivery waits if an earlier one of its endpoint and resource is not finished. */
export const MAKE_DELIVERIES = `with batch as (
    select w.id as endpoint_id, a.seq, e.n, e.id as event_id, e.type, e.organization_id, w.id || ':' || e.object || ':' || e.resource_id as order_key,
      case when ${IS_REMOVAL} then $5::timestamptz else $4::timestamptz end as goes_ahead_at
    from announcement a
    join event e on e.n = a.n
    join webhook_endpoint w on ${IS_WANTED}
    where a.seq >= $1::bigint and a.seq <= $2::bigint and ($6::text is null and w.is_enabled or w.id = $6::text)),
  ordered as (
    select b.*, row_number() over (partition by b.order_key order by b.seq) > 1 or exists (
      select 1 from webhook_delivery x where x.order_key = b.order_key and x.state = 'pending' and x.seq < b.seq) as is_waiting
    from batch b)
  insert into webhook_delivery(id, endpoint_id, seq, n, event_id, type, organization_id, order_key, due_at, is_waiting, created_at)
    select gatehouse_id('whd_'), endpoint_id, seq, n, event_id, type, organization_id, order_key,
      case when is_waiting then goes_ahead_at else $3::timestamptz end, is_waiting, $3::timestamptz
    from ordered
    on conflict (endpoint_id, seq) do nothing
    returning 1`;

/** $1 ids of busy endpoints, $2 how many more each may be sent, $3 how many any other may, $4 now, $5 end of the lease, $6 its token. What is
 * claimed and has company of its resource ahead or behind is out of order. Rows are found by place: whatever a plan was made for, it looks at
 * nothing else. */
export const CLAIM_DELIVERIES = `with room as (
    select w.id, w.url, w.sealed_secret, w.sealed_previous_secret, w.previous_secret_until, coalesce(b.free::int, $3::int) as free
    from webhook_endpoint w left join unnest($1::text[], $2::text[]) b(id, free) on b.id = w.id
    where w.is_enabled),
  due as materialized (
    select x.place from room r cross join lateral (
      select d.ctid as place from webhook_delivery d
      where d.endpoint_id = r.id and d.state = 'pending' and d.due_at <= $4::timestamptz
      order by d.due_at, d.seq limit r.free for update skip locked) x
    where r.free > 0),
  d as (
    update webhook_delivery c set due_at = $5::timestamptz, lease_token = $6::text, is_waiting = false
    from due where c.ctid = due.place returning c.*)
  select d.id, d.endpoint_id, d.round_attempts, r.url, r.sealed_secret, r.sealed_previous_secret, r.previous_secret_until,
    exists (select 1 from webhook_delivery x where x.order_key = d.order_key and x.state = 'pending' and x.seq < d.seq)
    or exists (
      select 1 from webhook_delivery x
      where x.order_key = d.order_key and x.seq > d.seq and (x.attempt_count > 0 or x.lease_token is not null))
    or exists (select 1 from d x where x.order_key = d.order_key and x.seq > d.seq) as is_out_of_order,
    ${PAYLOAD_COLUMNS}
  from d join room r on r.id = d.endpoint_id left join event e on e.n = d.n
  order by d.seq`;

/** $1 results as JSON, $2 lease token. A result whose lease somebody else has by now is dropped. */
export const SETTLE_DELIVERIES = `with r as (
    select * from jsonb_to_recordset($1::text::jsonb) as x(id text, state text, due_at timestamptz, finished_at timestamptz, status int,
      error text, started_at timestamptz, latency_ms int, request_headers jsonb, is_out_of_order boolean, answer text)),
  done as (
    update webhook_delivery d set state = r.state, due_at = r.due_at, finished_at = r.finished_at, lease_token = null,
      attempt_count = d.attempt_count + 1, round_attempts = d.round_attempts + 1, last_status = r.status, last_error = r.error
    from r cross join lateral (
      select k.ctid as place from webhook_delivery k where k.id = r.id and k.lease_token = $2::text limit 1 for update) k
    where d.ctid = k.place
    returning d.id, d.order_key, d.state, d.attempt_count, d.seq),
  kept as (
    insert into webhook_attempt(delivery_id, number, started_at, latency_ms, status, error, request_headers, is_out_of_order, answer)
    select done.id, done.attempt_count, r.started_at, r.latency_ms, r.status, r.error, r.request_headers, r.is_out_of_order, r.answer
    from done join r on r.id = done.id)
  select distinct order_key from done where state <> 'pending' and seq is not null`;

/** $1 order keys, $2 now: the first delivery of each that is not finished need not wait any more. */
export const RELEASE_NEXT = `update webhook_delivery d set is_waiting = false, due_at = $2::timestamptz
  from unnest($1::text[]) k(order_key) cross join lateral (
    select x.ctid as place from webhook_delivery x
    where x.order_key = k.order_key and x.state = 'pending' and x.seq is not null order by x.seq limit 1) first
  where d.ctid = first.place and d.is_waiting`;

const AGAIN = `state = 'pending', due_at = $2::timestamptz, is_waiting = false, lease_token = null, round_attempts = 0, finished_at = null`;

/** $1 delivery, $2 now. One that is being sent at this moment is left alone. */
export const REPLAY_ONE = `update webhook_delivery set ${AGAIN} where id = $1::text and lease_token is null returning endpoint_id`;

/** $1 endpoint, $2 now, $3 how many. */
export const REPLAY_FAILED = `update webhook_delivery set ${AGAIN} where id in (
  select x.id from webhook_delivery x where x.endpoint_id = $1::text and x.state = 'failed' order by x.id limit $3::int) returning id`;

/** $1 endpoint, $2 now, $3 first place, $4 last place. */
export const REPLAY_STRETCH = `update webhook_delivery set ${AGAIN}
  where endpoint_id = $1::text and seq >= $3::bigint and seq <= $4::bigint and lease_token is null returning id`;

/** $1 endpoint, $2 now, $3 due time of what waits, $4 of a removal that waits: of what fell due again together, later events of a resource
 * wait for the first. */
export const QUEUE_BEHIND = `update webhook_delivery d set is_waiting = true,
    due_at = case when exists (select 1 from event e where e.n = d.n and ${IS_REMOVAL}) then $4::timestamptz else $3::timestamptz end
  where d.endpoint_id = $1::text and d.state = 'pending' and d.due_at = $2::timestamptz and exists (
    select 1 from webhook_delivery x where x.order_key = d.order_key and x.state = 'pending' and x.seq < d.seq)`;

/** $1 from, $2 to: the announcements of a range of time. */
export const STRETCH_OF = `select min(seq)::text as first, max(seq)::text as last from announcement
  where announced_at >= $1::timestamptz and announced_at < $2::timestamptz`;
