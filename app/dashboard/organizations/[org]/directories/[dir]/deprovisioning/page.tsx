import type { DirectoryParams } from '../load-directory';
import type { Metadata } from 'next';
import type { Query } from '@/components/dashboard/href';
import type { AdminPolicy, HoldReason, RemovalPolicy } from '@/lib/domain/deprovisioning/types';
import { FilterBar } from '@/components/dashboard/filter-bar';
import { countHeld } from '@/components/dashboard/held-notice';
import { readParam } from '@/components/dashboard/href';
import { Card, Section } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { Pagination } from '@/components/ui/pagination';
import { Table } from '@/components/ui/table';
import { getRemovalPolicy, listHeldPeople, listRecentRemovals } from '@/lib/domain/deprovisioning/queries';
import { HOLD_TITLES } from '@/lib/domain/deprovisioning/types';
import { listOrganizationRoles } from '@/lib/domain/role/queries';
import { ConfirmAction } from '../../../../../confirm-action';
import { countOf, pageLinks, readPageParam } from '../../../../../paging';
import { ScimOff } from '../../scim-off';
import { DirectoryHeader } from '../directory-header';
import { loadDirectory } from '../load-directory';
import { releaseAction, restoreAction } from './actions';
import { heldColumns, removalColumns } from './held-people';
import { PolicyForm } from './policy-form';

export const metadata: Metadata = { title: 'Deprovisioning – Gatehouse' };

const PAGE_SIZE = 50;
/** People of whose removal the application was told; whoever looks for more knows whom, and finds them among the users. */
const SHOWN_REMOVALS = 50;
const REASONS = Object.keys(HOLD_TITLES) as HoldReason[];

/** What the customer's admins made stricter, in words. */
function stricterWords(admin: AdminPolicy, operator: RemovalPolicy, effective: RemovalPolicy): string[] {
  const roles = effective.protectedRoles.filter((name) => !operator.protectedRoles.includes(name));
  return [
    admin.isBreakerOn && !operator.isBreakerOn ? 'mass removals are held' : '',
    effective.breakerPeople < operator.breakerPeople ? `${effective.breakerPeople} people` : '',
    effective.breakerPercent < operator.breakerPercent ? `${effective.breakerPercent} percent` : '',
    effective.graceHours > operator.graceHours ? `${effective.graceHours} hours of grace` : '',
    roles.length > 0 ? `somebody always has ${roles.join(', ')}` : '',
  ].filter(Boolean);
}

/** Who is held back from leaving, who left lately, and the policy that decides about it. */
export default async function DeprovisioningPage({
  params,
  searchParams,
}: {
  params: Promise<DirectoryParams>;
  searchParams: Promise<Query>;
}) {
  const loaded = await loadDirectory(params);
  const { ctx, organization, directory, held, path } = loaded;
  if (!organization.features.dir_sync) return <ScimOff organization={organization} />;
  const query = await searchParams;
  const reason = REASONS.find((known) => known === readParam(query['reason']));
  const ref = { organizationId: organization.id, directoryId: directory.id };
  const [policy, people, removals, roles] = await Promise.all([
    getRemovalPolicy(ctx, ref),
    listHeldPeople(ctx, ref, { reason, pageSize: PAGE_SIZE, pageToken: readPageParam(query['page']) }),
    listRecentRemovals(ctx, ref, { limit: SHOWN_REMOVALS }),
    listOrganizationRoles(ctx, organization.id),
  ]);
  const listPath = `${path}/deprovisioning`;
  const fields = { organization_id: organization.id, directory_id: directory.id };
  const titles = new Map(roles.map(({ name, displayName }) => [name, displayName]));
  const waiting = countHeld(held);
  const removable = held.counts.breaker + held.counts.last_holder;
  const reasons = REASONS.filter((one) => held.counts[one] > 0);
  const stricter = stricterWords(policy.admin, policy.operator, policy.effective);

  return (
    <>
      <DirectoryHeader {...loaded} isReviewed />
      <div className="space-y-12">
        <Section
          title="Held back"
          description="People whom the directory has changed and of whom the application does not know yet: it lists them as they were."
          actions={
            <>
              {removable > 0 && (
                <ConfirmAction
                  action={restoreAction}
                  fields={fields}
                  label="Restore all"
                  title={`Restore ${countOf(removable, 'person', 'people')}?`}
                  description="Everyone whom the directory removed and for whom a decision is due is active again. The application hears nothing of it. Repair the directory first, or it removes them again."
                  confirmLabel="Restore all"
                  confirmVariant="primary"
                />
              )}
              {waiting > 0 && (
                <ConfirmAction
                  action={releaseAction}
                  fields={fields}
                  label="Release all"
                  title={`Release ${countOf(waiting, 'person', 'people')}?`}
                  description="The application is told now what the directory did to them: whoever was removed loses their access. This cannot be undone for all at once."
                  confirmLabel="Release all"
                />
              )}
            </>
          }
        >
          {reasons.length > 1 && (
            <FilterBar
              action={listPath}
              fields={[
                {
                  name: 'reason',
                  label: 'Why',
                  value: reason ?? '',
                  width: 'large',
                  options: [
                    { value: '', label: 'All' },
                    ...reasons.map((one) => ({ value: one, label: HOLD_TITLES[one] })),
                  ],
                },
              ]}
            />
          )}
          <Table
            caption="People who are held back"
            columns={heldColumns(fields, titles)}
            rows={people.items}
            rowKey={(row) => row.userId}
            empty={
              reason === undefined ? (
                <EmptyState title="Nobody is held back">
                  Removals go out {policy.effective.graceHours > 0 ? 'after their grace period' : 'at once'}, unless
                  they are too many.
                </EmptyState>
              ) : (
                <EmptyState title="Nobody matches" action={<LinkButton href={listPath}>Show all</LinkButton>} />
              )
            }
          />
          {people.items.length > 0 && (
            <Pagination
              {...pageLinks(people, listPath, { reason })}
              summary={countOf(people.totalSize, 'person', 'people')}
            />
          )}
        </Section>
        {removals.length > 0 && (
          <Section
            title="Removed in the last 24 hours"
            description="The application knows of these. Restoring somebody announces them again."
          >
            <Table
              caption="People who were removed in the last 24 hours"
              columns={removalColumns(fields)}
              rows={removals}
              rowKey={(row) => row.userId}
            />
            {removals.length === SHOWN_REMOVALS && (
              <p className="text-sm text-ink-soft">The latest {SHOWN_REMOVALS} are shown.</p>
            )}
          </Section>
        )}
        <Section
          title="Policy"
          description="The directory is always answered as usual, and what it says is kept. The policy decides when the application is told."
        >
          {stricter.length > 0 && (
            <Notice title="The customer’s admins chose stricter, and that holds">{stricter.join(', ')}.</Notice>
          )}
          <Card>
            <PolicyForm
              fields={fields}
              policy={policy.operator}
              roles={roles.map(({ name, displayName }) => ({ name, displayName }))}
            />
          </Card>
        </Section>
      </div>
    </>
  );
}
