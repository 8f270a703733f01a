import type { Directory } from '@/lib/domain/directory/types';
import type { DirectoryCounts } from '@/lib/domain/provisioning/types';
import type { Organization } from '@/lib/domain/organization/types';
import { DirectoryStatus } from '@/components/dashboard/directory-status';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { KeyValueList } from '@/components/ui/key-value-list';
import { LinkButton } from '@/components/ui/link-button';
import { RelativeTime } from '@/components/ui/relative-time';
import { PROVIDER_NAMES } from '@/lib/providers/provider';

/** Props of {@link DirectoryCard}. */
export interface DirectoryCardProps {
  organization: Organization;
  /** The primary directory, with what it holds. */
  primary?: { directory: Directory; counts: DirectoryCounts | undefined; lastRequestAt: Date | undefined };
  /** How many directories there are besides. */
  otherCount: number;
}

/** How the organization's directory stands. */
export function DirectoryCard({ organization, primary, otherCount }: DirectoryCardProps) {
  const path = `/dashboard/organizations/${organization.id}/directories`;
  if (!organization.features.dir_sync) {
    return (
      <Card title="Directory">
        <p className="text-ink-soft">
          SCIM provisioning is off for this organization. Its endpoint and its API calls are refused; what was synced
          stays. Switch it on under Features.
        </p>
      </Card>
    );
  }
  if (!primary) {
    return (
      <Card title="Directory" actions={<DirectoryStatus directory={undefined} />}>
        <EmptyState title="No directory yet" action={<LinkButton href={`${path}/new`}>Connect a directory</LinkButton>}>
          Send the IT admin a portal link, or begin here.
        </EmptyState>
      </Card>
    );
  }
  const { directory, counts, lastRequestAt } = primary;
  return (
    <Card title="Directory" actions={<DirectoryStatus directory={directory} />}>
      <KeyValueList
        items={[
          { label: 'Provider', value: PROVIDER_NAMES[directory.provider] },
          { label: 'Users', value: (counts?.users ?? 0).toLocaleString('en') },
          { label: 'Groups', value: (counts?.groups ?? 0).toLocaleString('en') },
          {
            label: 'Last request',
            value: lastRequestAt ? (
              <RelativeTime at={lastRequestAt} />
            ) : (
              <span className="text-ink-faint">None yet</span>
            ),
          },
        ]}
      />
      <div className="mt-4 flex flex-wrap gap-2">
        <LinkButton href={`${path}/${directory.id}`}>Open directory</LinkButton>
        {otherCount > 0 && (
          <LinkButton href={path} variant="quiet">
            {otherCount} more
          </LinkButton>
        )}
      </div>
    </Card>
  );
}
