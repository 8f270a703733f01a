import type { Metadata } from 'next';
import { StepHeader } from '@/components/portal/step-header';
import { Card } from '@/components/ui/card';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { openDirectory } from '@/lib/adapters/portal/directory';
import { canDecide, getRemovalPolicy, listHeldPeople } from '@/lib/domain/deprovisioning/queries';
import { listOrganizationRoles } from '@/lib/domain/role/queries';
import { Closed } from '../../../closed';
import { decide, saveAdminPolicy } from './actions';
import { HeldPeople } from './held-people';
import { AdminPolicyForm } from './policy-form';

export const metadata: Metadata = { title: 'People who leave' };

const SHOWN_PEOPLE = 50;

/** Who is held back from leaving, and what the IT admin makes stricter. */
export default async function PortalPolicy({ params }: { params: Promise<{ session: string; directory: string }> }) {
  const { session, directory: directoryId } = await params;
  const found = await openDirectory(session, directoryId);
  if (found.kind !== 'open') return <Closed kind={found.kind} sessionId={session} />;
  const { visit, directory, provider, path } = found;
  const { ctx, organization } = visit;
  const ref = { organizationId: organization.id, directoryId: directory.id };
  const [policy, held, mayDecide, roles] = await Promise.all([
    getRemovalPolicy(ctx, ref),
    listHeldPeople(ctx, ref, { pageSize: SHOWN_PEOPLE }),
    canDecide(ctx, ref),
    listOrganizationRoles(ctx, organization.id),
  ]);
  return (
    <>
      <StepHeader
        title="People who leave"
        description={`${provider.name} decides who is here. A slip there must not lock everyone out.`}
      />
      <div className="space-y-6">
        {held.totalSize > 0 && !mayDecide && (
          <Notice title="The application’s support decides about these people">
            Tell them what happened in {provider.name}. Whoever comes back there first is simply active again.
          </Notice>
        )}
        <Card
          title="Held back"
          description={`What ${provider.name} changed about them has not reached the application yet.`}
          isFlush
        >
          <HeldPeople
            action={decide.bind(null, session, directory.id)}
            people={held.items}
            total={held.totalSize}
            canDecide={mayDecide}
          />
        </Card>
        <Card
          title="When removals are held"
          description={
            policy.effective.isBreakerOn
              ? `When more than ${policy.effective.breakerPeople} people and more than ${policy.effective.breakerPercent} % are removed within an hour, whoever is removed from then on keeps their access until somebody decides. You can make this stricter.`
              : 'Mass removals are not held. You can have them held.'
          }
        >
          <AdminPolicyForm
            action={saveAdminPolicy.bind(null, session, directory.id)}
            effective={policy.effective}
            operator={policy.operator}
            roles={roles.map(({ name, displayName }) => ({ name, displayName }))}
          />
        </Card>
        <LinkButton href={path} variant="quiet" size="large">
          Back to the directory
        </LinkButton>
      </div>
    </>
  );
}
