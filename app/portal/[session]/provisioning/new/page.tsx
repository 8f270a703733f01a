import type { Metadata } from 'next';
import { openTab } from '@/lib/adapters/portal/visit';
import { listDirectories } from '@/lib/domain/directory/queries';
import { Closed } from '../../closed';
import { ChooseProvider } from '../choose-provider';

export const metadata: Metadata = { title: 'Connect your directory' };

/** The choice of a provider, also for organizations that have a directory already. */
export default async function NewDirectory({ params }: { params: Promise<{ session: string }> }) {
  const { session } = await params;
  const tab = await openTab(session, 'dir_sync');
  if (tab.kind !== 'open') return <Closed kind={tab.kind} sessionId={session} />;
  const { ctx, organization } = tab.visit;
  const directories = await listDirectories(ctx, organization.id);
  return <ChooseProvider sessionId={session} organizationName={organization.displayName} directories={directories} />;
}
