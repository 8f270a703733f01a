import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { DirectoryState } from '@/components/portal/directory-state';
import { StepHeader } from '@/components/portal/step-header';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { openDirectory } from '@/lib/adapters/portal/directory';
import { readLive } from '@/lib/adapters/portal/live';
import { summarizeHeld } from '@/lib/domain/deprovisioning/queries';
import { Closed } from '../../closed';
import { switchDirectory } from '../actions';
import { ActivationForm } from './activation-form';
import { LiveView } from './live-view';

export const metadata: Metadata = { title: 'Your directory' };

/** A directory that was set up: how it goes, and the way to its settings. One that is being set up goes on where it stopped. */
export default async function Overview({ params }: { params: Promise<{ session: string; directory: string }> }) {
  const { session, directory: directoryId } = await params;
  const found = await openDirectory(session, directoryId);
  if (found.kind !== 'open') return <Closed kind={found.kind} sessionId={session} />;
  const { visit, directory, provider, path } = found;
  const live = await readLive(visit, directory);
  if (directory.status !== 'COMPLETED') {
    redirect(`${path}/${live.lastCall === null ? 'connect' : live.users.total === 0 ? 'send' : 'enable'}`);
  }
  const held = await summarizeHeld(visit.ctx, { organizationId: visit.organization.id, directoryId: directory.id });
  const waiting = held.counts.breaker + held.counts.last_holder + held.counts.seat;
  return (
    <div className="space-y-8">
      <StepHeader
        title={directory.name}
        status={<DirectoryState directory={directory} />}
        description={
          directory.isEnabled
            ? `Connected. ${provider.guide.delay}`
            : `Disabled: what ${provider.name} sends is refused, and nobody who is here already was changed.`
        }
      />
      {waiting > 0 && (
        <Notice
          tone={held.isTripped ? 'danger' : 'warning'}
          title={waiting === 1 ? '1 person is held back' : `${waiting.toLocaleString('en')} people are held back`}
          action={<LinkButton href={`${path}/policy`}>Look at them</LinkButton>}
        >
          {held.isTripped
            ? `${provider.name} removed too many people at once. They keep their access until somebody decides, and so does whoever it removes next.`
            : 'They keep what they had until somebody decides.'}
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        <LinkButton href={`${path}/connect`}>Endpoint and tokens</LinkButton>
        <LinkButton href={`${path}/send`}>Guide to people and groups</LinkButton>
        <LinkButton href={`${path}/roles`}>Roles</LinkButton>
        <LinkButton href={`${path}/policy`}>People who leave</LinkButton>
      </div>
      <LiveView initial={live} url={`${path}/live`} providerName={provider.name} shows="everything" />
      <ActivationForm
        action={switchDirectory.bind(null, session, directory.id)}
        isEnabled={directory.isEnabled}
        hasWorked={live.checks.some((check) => check.isMet)}
        providerName={provider.name}
      />
    </div>
  );
}
