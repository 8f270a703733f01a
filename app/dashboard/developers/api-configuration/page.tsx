import type { Metadata } from 'next';
import { Card, Section } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { CopyField } from '@/components/ui/copy-field';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import { publicOrigin } from '@/lib/adapters/request-context';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { listCredentials, listSigningKeys } from '@/lib/domain/credential/queries';
import { listRedirectUris } from '@/lib/domain/portal/queries';
import { isLoopbackOrigin } from '../../addresses';
import { CredentialCard } from './credential-card';
import { NewCredentialForm } from './credential-forms';
import { envSnippet } from './env-snippet';
import { RedirectUris } from './redirect-uris';
import { SigningKeys } from './signing-keys';

export const metadata: Metadata = { title: 'API Configuration – Gatehouse' };

/** What an application needs to talk to this installation, and which pages may embed the portal. */
export default async function ApiConfigurationPage() {
  const { ctx, signedIn } = await requireOperator();
  const [credentials, uris, keys] = await Promise.all([
    listCredentials(ctx),
    listRedirectUris(ctx),
    listSigningKeys(ctx),
  ]);
  const environmentUrl = publicOrigin();
  const ownAccountId = signedIn.account.id;
  return (
    <>
      <PageHeader
        title="API Configuration"
        description="What your application needs to call this installation, and which of its pages may embed the portal."
      />
      <div className="space-y-10">
        <Section title="Environment" description="The official Scalekit SDKs work unchanged with these three values.">
          <CopyField label="Environment URL" value={environmentUrl} />
          <CodeBlock
            title=".env of your application"
            code={envSnippet({
              environmentUrl,
              clientId: credentials[0]?.id ?? '<client id>',
              clientSecret: '<client secret>',
            })}
          />
        </Section>
        <Section
          title="API credentials"
          description="A credential is a client id with up to five live secrets. Whoever holds one can do what its scopes allow."
        >
          <Card title="New credential" level={3}>
            <NewCredentialForm environmentUrl={environmentUrl} />
          </Card>
          {credentials.length === 0 ? (
            <div className="rounded-lg border border-line">
              <EmptyState title="No credentials yet">
                Make one for each application, so that each can be revoked.
              </EmptyState>
            </div>
          ) : (
            credentials.map((credential) => (
              <CredentialCard key={credential.id} {...{ credential, ownAccountId, environmentUrl }} />
            ))
          )}
        </Section>
        <Section
          title="Redirect URIs"
          description="Pages of these addresses’ origins may embed the portal, and are told what happens in it."
        >
          <RedirectUris uris={uris} ownAccountId={ownAccountId} isLenient={isLoopbackOrigin()} />
        </Section>
        <Section
          title="Signing keys"
          description="They sign access tokens. The next one is listed at /keys long before it signs, since the SDKs ask for the list once; it takes over by itself."
        >
          <SigningKeys keys={keys} />
        </Section>
      </div>
    </>
  );
}
