import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { CopyField } from '@/components/ui/copy-field';
import { Notice } from '@/components/ui/notice';
import type { PortalLink } from '@/lib/adapters/settings/portal-link';

type Problem = Exclude<PortalLink, { kind: 'ready' }>;

const CREDENTIALS = (
  <>
    <code>SCALEKIT_CLIENT_ID</code> and <code>SCALEKIT_CLIENT_SECRET</code>
  </>
);

/** What whoever runs the application has to do, by what went wrong. */
function describeFix({ kind, environmentUrl }: Problem): ReactNode {
  const url = <code className="wrap-anywhere">{environmentUrl}</code>;
  switch (kind) {
    case 'unknown':
      return <>In {url}, give the organization the external id below. The portal then opens here.</>;
    case 'noCredentials':
      return (
        <>
          Set {CREDENTIALS} to an API credential of {url}, and restart.
        </>
      );
    case 'refused':
      return (
        <>
          {url} refused {CREDENTIALS}. Set them to an API credential of that environment, and restart.
        </>
      );
    case 'unreachable':
      return (
        <>
          {url} does not answer as a Scalekit environment does. Check <code>SCALEKIT_ENVIRONMENT_URL</code>, that this
          server can reach it, and that a proxy in between lets HTTP/2 through.
        </>
      );
    case 'failed':
      return <>{url} answered with an error. The server’s log says which.</>;
  }
}

/** Stands where the portal would be when there is no link for it: what the reader can do, and what whoever runs the application can. */
export function PortalProblem({ problem }: { problem: Problem }) {
  const isUnknown = problem.kind === 'unknown';
  return (
    <div className="space-y-4">
      <Notice
        tone="warning"
        title={isUnknown ? 'Provisioning is not ready for your organization' : 'The set-up portal is not available'}
        action={
          // A new document: the policy of this one may name another origin than the portal's.
          <form action="/settings">
            <Button>Try again</Button>
          </form>
        }
      >
        {isUnknown
          ? 'Ask whoever runs this application to finish setting it up, and show them this page.'
          : 'Try again in a minute. If it stays like this, show this page to whoever runs this application.'}
      </Notice>
      <section className="rounded-lg border border-line bg-surface p-4 [&_code]:font-mono [&_code]:text-sm">
        <h2 className="font-semibold">For whoever runs this application</h2>
        <p className="mt-1 text-ink-soft [&_code]:text-ink">{describeFix(problem)}</p>
        {problem.kind === 'unknown' && (
          <div className="mt-3 max-w-md">
            <CopyField label="External id" value={problem.externalId} />
          </div>
        )}
      </section>
    </div>
  );
}
