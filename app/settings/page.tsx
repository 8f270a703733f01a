import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { signOutAction } from '@/app/login/actions';
import { Button } from '@/components/ui/button';
import { learnFrameOrigin } from '@/lib/adapters/settings/frame-origin';
import { openPortal } from '@/lib/adapters/settings/portal-link';
import { requireCustomerAdmin } from '@/lib/adapters/sign-in/guard';
import { getOrganization } from '@/lib/domain/organization/queries';
import { PortalFrame } from './portal-frame';
import { PortalProblem } from './portal-problem';

export const metadata: Metadata = { title: 'Settings' };

/** The customer's own settings page, as an application would have it: the portal in a frame, with a fresh link for each load. */
export default async function SettingsPage() {
  const { ctx, signedIn, organizationId } = await requireCustomerAdmin();
  const organization = await getOrganization(ctx, organizationId);
  const link = await openPortal({ id: organization.id, externalId: organization.externalId });
  if (link.kind === 'ready' && learnFrameOrigin(link.origin)) redirect('/settings');

  const { displayName } = organization;
  const { name, email } = signedIn.account;
  return (
    // The landmarks have names, because those of the portal in the frame are on the same page.
    <div className="min-h-dvh bg-canvas">
      <header aria-label="Account" className="border-b border-line bg-surface">
        <div className="mx-auto flex h-14 max-w-5xl items-center justify-between gap-4 px-4 sm:px-6">
          <p className="flex min-w-0 items-center gap-2.5 font-semibold">
            <span
              aria-hidden="true"
              className="grid size-7 shrink-0 place-items-center rounded-md border border-line bg-sunken text-sm text-ink-soft"
            >
              {[...displayName][0]?.toUpperCase()}
            </span>
            <span className="truncate">{displayName}</span>
          </p>
          <div className="flex min-w-0 items-center gap-3">
            <span className="truncate text-sm text-ink-soft max-sm:hidden" title={email}>
              {name}
            </span>
            <form action={signOutAction}>
              <Button variant="quiet">Sign out</Button>
            </form>
          </div>
        </div>
      </header>
      <main aria-labelledby="title" className="mx-auto max-w-5xl px-4 py-6 sm:px-6 sm:py-8">
        <h1 id="title" className="text-xl font-semibold">
          Settings
        </h1>
        <p className="mt-1 mb-5 text-ink-soft">
          Connect your directory, so that the right people get access by themselves.
        </p>
        {link.kind === 'ready' ? (
          <PortalFrame location={link.location} origin={link.origin} />
        ) : (
          <PortalProblem problem={link} />
        )}
      </main>
    </div>
  );
}
