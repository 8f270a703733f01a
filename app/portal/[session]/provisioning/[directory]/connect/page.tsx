import type { Metadata } from 'next';
import { GuideSteps } from '@/components/portal/guide-steps';
import { StepHeader } from '@/components/portal/step-header';
import { Card, Section } from '@/components/ui/card';
import { CopyField } from '@/components/ui/copy-field';
import { LinkButton } from '@/components/ui/link-button';
import { Notice } from '@/components/ui/notice';
import { openDirectory } from '@/lib/adapters/portal/directory';
import { readLive } from '@/lib/adapters/portal/live';
import { listSecrets } from '@/lib/domain/directory/queries';
import { endpointFor, mainEndpointValue, mainTokenValue } from '@/lib/providers/registry';
import { Closed } from '../../../closed';
import { changeToken } from '../../actions';
import { LiveView } from '../live-view';
import { Progress } from '../progress';
import { TokenForm } from '../token-form';

export const metadata: Metadata = { title: 'Connect' };

/** The endpoint, the token, and the steps at the provider until its connection test passes. */
export default async function Connect({ params }: { params: Promise<{ session: string; directory: string }> }) {
  const { session, directory: directoryId } = await params;
  const found = await openDirectory(session, directoryId);
  if (found.kind !== 'open') return <Closed kind={found.kind} sessionId={session} />;
  const { visit, directory, provider, endpoint, path } = found;
  const { guide } = provider;
  const [secrets, live] = await Promise.all([
    listSecrets(visit.ctx, { organizationId: directory.organizationId, directoryId }),
    readLive(visit, directory),
  ]);
  const endpointValue = mainEndpointValue(provider);
  const steps = guide.steps.filter((step) => step.stage === 'connect');
  return (
    <>
      <StepHeader
        progress={<Progress directory={directory} path={path} current="connect" />}
        title={`Connect ${provider.name}`}
        description={`${guide.needs} Keep this page open beside it.`}
      />
      <div className="space-y-10">
        {provider.unavailable ? (
          <Notice tone="warning" title={provider.unavailable} />
        ) : (
          <Card
            title="Endpoint and token"
            description={`${provider.name} uses these two values to reach you. They are asked for in the steps below.`}
          >
            <div className="space-y-5">
              <CopyField
                label={endpointValue.field}
                value={endpointFor(endpointValue, endpoint)}
                hint={endpointValue.hint}
                size="large"
              />
              <TokenForm
                action={changeToken.bind(null, session, directory.id)}
                field={mainTokenValue(provider).field}
                providerName={provider.name}
                tokens={secrets
                  .filter((secret) => secret.isLive)
                  .map((secret) => ({
                    id: secret.id,
                    suffix: secret.suffix,
                    createdAt: secret.createdAt.toISOString(),
                    lastUsedAt: secret.lastUsedAt?.toISOString() ?? null,
                  }))}
              />
            </div>
          </Card>
        )}
        <Section
          title={`In ${provider.name}`}
          description={`As of ${guide.checkedOn}. Names in ${provider.name} may have changed since.`}
        >
          <div className="pt-2">
            <GuideSteps {...{ steps, endpoint, provider: provider.name, tokenHref: '#token' }} />
          </div>
        </Section>
        <LiveView initial={live} url={`${path}/live`} providerName={provider.name} shows="connection" />
        {directory.status !== 'COMPLETED' && (
          <LinkButton href={`${path}/send`} variant="primary" size="large">
            Continue
          </LinkButton>
        )}
      </div>
    </>
  );
}
