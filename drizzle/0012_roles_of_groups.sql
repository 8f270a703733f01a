-- The roles of someone who is in no mapped group: the organization's default member role, else the environment's, else none.
create or replace function default_member_roles(p_organization text) returns jsonb language plpgsql stable
  set plan_cache_mode = auto set enable_seqscan = off as $$
declare v_role text;
begin
  select r.name into v_role from default_role d join role r on r.id = d.role_id where d.scope = p_organization and d.kind = 'member';
  if v_role is null then
    select r.name into v_role from default_role d join role r on r.id = d.role_id where d.scope = 'environment' and d.kind = 'member';
  end if;
  if v_role is null then return '[]'::jsonb; end if;
  return jsonb_build_array(jsonb_build_object('role_name', v_role));
end $$;
--> statement-breakpoint
-- The roles of an active person who is directly in these groups, the effective one first: priority, then the organization's before the
-- environment's, then the name. In plpgsql, because an SQL function inside another one is planned again at each call; the plans that
-- are kept look up by whole keys and stay right while tables grow.
create function roles_of_groups(p_organization text, p_directory text, p_groups text[]) returns jsonb language plpgsql stable
  set plan_cache_mode = auto set enable_seqscan = off as $$
declare v_roles jsonb;
begin
  if p_groups is not null and exists (select 1 from directory_group_role gr where gr.directory_id = p_directory) then
    select jsonb_agg(jsonb_build_object('role_name', x.name) order by x.priority, x.is_of_environment, x.name) into v_roles from (
      select distinct r.id, r.name, r.priority, r.organization_id is null as is_of_environment
      from unnest(p_groups) a(id)
      cross join lateral (
        select gr.role_id from directory_group_role gr where gr.directory_id = p_directory and gr.group_id = a.id offset 0) k
      cross join lateral (select o.* from role o where o.id = k.role_id limit 1) r) x;
  end if;
  return coalesce(v_roles, default_member_roles(p_organization));
end $$;
--> statement-breakpoint
-- The webhook payload of a person as of now. The only place in SQL that knows its shape. Its plan is kept even where the caller's are
-- not, since that is called once and this for each person. p_is_active is given by a statement that changes it: it sees the old row.
create or replace function dir_user_data(p_organization text, p_directory text, p_user text, p_is_active boolean default null)
  returns jsonb language sql stable set plan_cache_mode = auto as $$
  select u.profile || jsonb_build_object(
    'id', u.id,
    'organization_id', p_organization,
    'groups', coalesce(g.named, '[]'::jsonb),
    'roles', case when coalesce(p_is_active, u.is_active) then roles_of_groups(p_organization, p_directory, g.ids) else '[]'::jsonb end,
    'raw_attributes', u.doc)
  from dir_user u cross join lateral (
    select jsonb_agg(jsonb_build_object('id', k.id, 'name', k.display_name) order by k.display_name_key, k.id) as named, array_agg(k.id) as ids
    from membership m
    join dir_group k on k.directory_id = m.directory_id and k.id = m.group_id and k.deleting_at is null
    where m.directory_id = u.directory_id and m.user_id = u.id) g
  where u.directory_id = p_directory and u.id = p_user
$$;
--> statement-breakpoint
drop function dir_user_roles(text, text, text);
