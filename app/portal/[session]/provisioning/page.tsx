import type { Metadata } from 'next';
import { ChevronRight, Plus } from 'lucide-react';
import Link from 'next/link';
import { DirectoryState } from '@/components/portal/directory-state';
import { ProviderTile } from '@/components/portal/provider-tile';
import { StepHeader } from '@/components/portal/step-header';
import { LinkButton } from '@/components/ui/link-button';
import { portalPath } from '@/lib/adapters/portal/site';
import { openTab } from '@/lib/adapters/portal/visit';
import { listDirectories } from '@/lib/domain/directory/queries';
import { countDirectory } from '@/lib/domain/provisioning/queries';
import { providerOf } from '@/lib/providers/registry';
import { Closed } from '../closed';
import { ChooseProvider } from './choose-provider';

export const metadata: Metadata = { title: 'SCIM Provisioning' };

const amount = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** The organization's directories, or, while it has none, the choice of a provider. */
export default async function Provisioning({ params }: { params: Promise<{ session: string }> }) {
  const { session } = await params;
  const tab = await openTab(session, 'dir_sync');
  if (tab.kind !== 'open') return <Closed kind={tab.kind} sessionId={session} />;
  const { ctx, organization } = tab.visit;
  const directories = await listDirectories(ctx, organization.id);
  if (directories.length === 0) {
    return <ChooseProvider sessionId={session} organizationName={organization.displayName} directories={directories} />;
  }
  const ids = directories.map((item) => item.id);
  const counts = await countDirectory(ctx, organization.id, ids);
  const path = `${portalPath(session)}/provisioning`;
  return (
    <>
      <StepHeader
        title="Your directories"
        description={`Where the people and groups of ${organization.displayName} come from.`}
      />
      <ul className="divide-y divide-line rounded-lg border border-line">
        {directories.map((directory) => {
          const count = counts.get(directory.id);
          return (
            <li key={directory.id} className="relative flex items-center gap-3 px-3 py-3 hover:bg-hover sm:px-4">
              <ProviderTile mark={providerOf(directory.provider).mark} />
              <div className="min-w-0 flex-1">
                <Link
                  href={`${path}/${directory.id}`}
                  className="block truncate rounded-sm font-medium after:absolute after:inset-0"
                >
                  {directory.name}
                </Link>
                <p className="text-sm text-ink-soft tabular-nums">
                  {amount(count?.users ?? 0, 'person', 'people')}, {amount(count?.groups ?? 0, 'group', 'groups')}
                </p>
              </div>
              <DirectoryState directory={directory} />
              <ChevronRight size={16} aria-hidden="true" className="shrink-0 text-ink-faint" />
            </li>
          );
        })}
      </ul>
      <div className="mt-6">
        <LinkButton href={`${path}/new`} size="large" icon={<Plus size={16} aria-hidden="true" />}>
          Connect another directory
        </LinkButton>
      </div>
    </>
  );
}
