import type { DirectoryParams } from '../load-directory';
import type { Metadata } from 'next';
import { RunList } from '@/components/provisioning/run-list';
import { LiveRefresh } from '@/components/dashboard/live-refresh';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { roleFieldOf } from '@/lib/adapters/provisioning/role-draft';
import { listOrganizationRoles } from '@/lib/domain/role/queries';
import { listMappedGroups } from '@/lib/domain/role-mapping/queries';
import { listRuns } from '@/lib/domain/run/queries';
import { ScimOff } from '../../scim-off';
import { DirectoryHeader } from '../directory-header';
import { loadDirectory } from '../load-directory';
import { RolesEditor } from './roles-editor';

export const metadata: Metadata = { title: 'Roles – Gatehouse' };

const SHOWN_RUNS = 3;

/** Which roles of the application the people of each group have. */
export default async function DirectoryRolesPage({ params }: { params: Promise<DirectoryParams> }) {
  const loaded = await loadDirectory(params);
  const { ctx, organization, directory, path } = loaded;
  if (!organization.features.dir_sync) return <ScimOff organization={organization} />;
  const ref = { organizationId: organization.id, directoryId: directory.id };
  const [groups, roles, runs] = await Promise.all([
    listMappedGroups(ctx, ref),
    listOrganizationRoles(ctx, organization.id),
    listRuns(ctx, ref, { pageSize: SHOWN_RUNS }),
  ]);
  const fallback = roles.find(({ isDefaultMember }) => isDefaultMember);
  const isRunning = runs.items.some(({ finishedAt }) => finishedAt === null);
  return (
    <>
      <DirectoryHeader {...loaded} />
      <div className="space-y-6">
        <p className="max-w-prose text-ink-soft">
          People have the roles of every group that they are in directly; the first, in the order of priorities, is the
          effective one.{' '}
          {fallback
            ? `Whoever is in none of these groups has the default role, ${fallback.displayName}.`
            : 'Whoever is in none of these groups has no role, since no default is set.'}
        </p>
        {runs.items.length > 0 && (
          <Card
            title="Runs"
            description="Changes that concern many people are told in batches, in order."
            actions={isRunning && <LiveRefresh />}
            isFlush
          >
            <RunList runs={runs.items} />
          </Card>
        )}
        {roles.length === 0 ? (
          <EmptyState
            title="No roles yet"
            action={<LinkButton href="/dashboard/developers/api-reference">Open the API reference</LinkButton>}
          >
            Create the roles of your application through the API, then map groups to them here.
          </EmptyState>
        ) : groups.length === 0 ? (
          <EmptyState title="No groups yet" action={<LinkButton href={path}>Open setup</LinkButton>}>
            They appear here once the provider pushes them, which is set up separately from users at most providers.
          </EmptyState>
        ) : (
          <>
            <noscript>
              <Notice tone="warning">
                Changing the mapping needs JavaScript. The API can do it as well, with AssignRoles.
              </Notice>
            </noscript>
            <RolesEditor
              groups={groups}
              roles={roles.map(({ id, name, displayName }) => ({ id, name, displayName }))}
              fieldPrefix={roleFieldOf('')}
              fields={{ organization_id: organization.id, directory_id: directory.id }}
              fileAction={`${path}/roles/changes`}
            />
          </>
        )}
      </div>
    </>
  );
}
