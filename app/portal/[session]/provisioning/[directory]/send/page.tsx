import type { Metadata } from 'next';
import { GuideSteps } from '@/components/portal/guide-steps';
import { MarkedText } from '@/components/portal/marked-text';
import { StepHeader } from '@/components/portal/step-header';
import { Section } from '@/components/ui/card';
import { LinkButton } from '@/components/ui/link-button';
import { openDirectory } from '@/lib/adapters/portal/directory';
import { readLive } from '@/lib/adapters/portal/live';
import { Closed } from '../../../closed';
import { LiveView } from '../live-view';
import { Progress } from '../progress';

export const metadata: Metadata = { title: 'Send people and groups' };

/** The steps at the provider that send people and groups, and the view of them as they arrive. */
export default async function Send({ params }: { params: Promise<{ session: string; directory: string }> }) {
  const { session, directory: directoryId } = await params;
  const found = await openDirectory(session, directoryId);
  if (found.kind !== 'open') return <Closed kind={found.kind} sessionId={session} />;
  const { visit, directory, provider, endpoint, path } = found;
  const { guide } = provider;
  const live = await readLive(visit, directory);
  const steps = guide.steps.filter((step) => step.stage === 'send');
  return (
    <>
      <StepHeader
        progress={<Progress directory={directory} path={path} current="send" />}
        title="Send people and groups"
        description={`Start with one person and one group. ${guide.delay}`}
      />
      <div className="space-y-10">
        {steps.length > 0 && (
          <Section title={`In ${provider.name}`}>
            <div className="pt-2">
              <GuideSteps {...{ steps, endpoint, provider: provider.name, tokenHref: `${path}/connect#token` }} />
            </div>
          </Section>
        )}
        <Section title="Good to know">
          <ul className="list-disc space-y-1.5 pl-5 text-ink-soft">
            {guide.caveats.map((caveat) => (
              <li key={caveat}>
                <MarkedText>{caveat}</MarkedText>
              </li>
            ))}
          </ul>
        </Section>
        <LiveView initial={live} url={`${path}/live`} providerName={provider.name} shows="everything" />
        {directory.status !== 'COMPLETED' && (
          <div className="flex flex-wrap gap-2">
            <LinkButton href={`${path}/enable`} variant="primary" size="large">
              Continue
            </LinkButton>
            <LinkButton href={`${path}/connect`} variant="quiet" size="large">
              Back
            </LinkButton>
          </div>
        )}
      </div>
    </>
  );
}
