import type { Metadata } from 'next';
import { DirectoryState } from '@/components/portal/directory-state';
import { StepHeader } from '@/components/portal/step-header';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { openDirectory } from '@/lib/adapters/portal/directory';
import { readLive } from '@/lib/adapters/portal/live';
import { Closed } from '../../../closed';
import { switchDirectory } from '../../actions';
import { ActivationForm } from '../activation-form';
import { LiveView } from '../live-view';
import { Progress } from '../progress';

export const metadata: Metadata = { title: 'Enable' };

/** The last decision: whether the connection is to work from now on. */
export default async function Enable({ params }: { params: Promise<{ session: string; directory: string }> }) {
  const { session, directory: directoryId } = await params;
  const found = await openDirectory(session, directoryId);
  if (found.kind !== 'open') return <Closed kind={found.kind} sessionId={session} />;
  const { visit, directory, provider, path } = found;
  const live = await readLive(visit, directory);
  return (
    <>
      <StepHeader
        progress={<Progress directory={directory} path={path} current="enable" />}
        title={directory.isEnabled ? 'Your directory is connected' : 'Enable the connection'}
        status={<DirectoryState directory={directory} />}
        description={
          directory.isEnabled
            ? `There is nothing more to do here. ${provider.guide.delay}`
            : `Compare what arrived with ${provider.name}, then switch it on.`
        }
      />
      <div className="space-y-8">
        {directory.isEnabled && (
          <Notice
            tone="success"
            title="Provisioning is enabled"
            action={<LinkButton href={path}>See how it goes</LinkButton>}
          >
            You may close this page.
          </Notice>
        )}
        <LiveView initial={live} url={`${path}/live`} providerName={provider.name} shows="everything" />
        <ActivationForm
          action={switchDirectory.bind(null, session, directory.id)}
          isEnabled={directory.isEnabled}
          hasWorked={live.checks.some((check) => check.isMet)}
          providerName={provider.name}
        />
      </div>
    </>
  );
}
