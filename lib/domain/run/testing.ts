import type { Context } from '@/lib/core/context';
import { database } from '@/lib/db/handle';
import { createUser } from '../provisioning/commands';
import type { DirectoryScope } from '../provisioning/types';
import { advanceRun } from './commands';

/** Does all runs that are due. */
export async function finishRuns(ctx: Context): Promise<void> {
  while (await advanceRun(ctx));
}

/** Many people with their events, as `createUser` would write them, by one statement. Returns their ids in order. */
export async function addManyPeople(ctx: Context, scope: DirectoryScope, count: number): Promise<string[]> {
  const { id: first } = await createUser(ctx, scope, { userName: `first-of-${count}@acme.test`, title: 'Engineer' });
  const rows = await database().sql.rows<{ id: string }>(
    `with made as (
       insert into dir_user(directory_id, id, user_name, user_name_key, is_active, display_name, doc, comparable, profile, created_at, updated_at)
       select directory_id, gatehouse_id('diruser_') || lpad(i::text, 6, '0'), i::text || user_name, i::text || user_name_key, true,
         display_name, doc || jsonb_build_object('userName', i::text || user_name), comparable, profile, created_at, updated_at
       from dir_user, generate_series(1, $3::int) i where directory_id = $1::text and id = $2::text returning *),
     told as (
       insert into event(id, organization_id, directory_id, type, object, resource_id, version, data, actor, request_id)
       select gatehouse_id('evt_'), $4::text, directory_id, 'organization.directory.user_created', 'DirectoryUser', id, 1,
         profile || jsonb_build_object('id', id, 'groups', '[]'::jsonb, 'roles', default_member_roles($4::text)), 'test', 'req' from made)
     select id from made`,
    [scope.directoryId, first, count - 1, scope.organizationId],
  );
  return [first, ...rows.map(({ id }) => id)].sort();
}
