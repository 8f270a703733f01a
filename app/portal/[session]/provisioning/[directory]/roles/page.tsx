import type { Metadata } from 'next';
import { StepHeader } from '@/components/portal/step-header';
import { RoleMappingEditor } from '@/components/provisioning/role-mapping-editor';
import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { openDirectory } from '@/lib/adapters/portal/directory';
import { roleFieldOf } from '@/lib/adapters/provisioning/role-draft';
import { listOrganizationRoles } from '@/lib/domain/role/queries';
import { listMappedGroups } from '@/lib/domain/role-mapping/queries';
import { Closed } from '../../../closed';
import { applyRoles, previewRoles } from './actions';

export const metadata: Metadata = { title: 'Roles' };

/** Which roles the people of each group have in the application. */
export default async function PortalRoles({ params }: { params: Promise<{ session: string; directory: string }> }) {
  const { session, directory: directoryId } = await params;
  const found = await openDirectory(session, directoryId);
  if (found.kind !== 'open') return <Closed kind={found.kind} sessionId={session} />;
  const { visit, directory, provider, path } = found;
  const ref = { organizationId: visit.organization.id, directoryId: directory.id };
  const [groups, roles] = await Promise.all([
    listMappedGroups(visit.ctx, ref),
    listOrganizationRoles(visit.ctx, visit.organization.id),
  ]);
  return (
    <>
      <StepHeader
        title="Roles"
        description={`What people may do is decided by the groups of ${provider.name} that they are in directly.`}
      />
      <div className="space-y-6">
        {roles.length === 0 ? (
          <EmptyState
            title="No roles to choose from"
            action={<LinkButton href={path}>Back to the directory</LinkButton>}
          >
            The application has not named any yet. Ask the people who gave you this page.
          </EmptyState>
        ) : groups.length === 0 ? (
          <EmptyState
            title="No groups yet"
            action={<LinkButton href={`${path}/send`}>Guide to people and groups</LinkButton>}
          >
            They appear here once {provider.name} sends them.
          </EmptyState>
        ) : (
          <>
            <noscript>
              <Notice tone="warning">Changing the mapping needs JavaScript. Switch it on, then reload.</Notice>
            </noscript>
            <RoleMappingEditor
              groups={groups}
              roles={roles.map(({ id, name, displayName }) => ({ id, name, displayName }))}
              fieldPrefix={roleFieldOf('')}
              fields={{}}
              preview={previewRoles.bind(null, session, directory.id)}
              apply={applyRoles.bind(null, session, directory.id)}
              fileAction={`${path}/roles/changes`}
            />
            <LinkButton href={path} variant="quiet" size="large">
              Back to the directory
            </LinkButton>
          </>
        )}
      </div>
    </>
  );
}
