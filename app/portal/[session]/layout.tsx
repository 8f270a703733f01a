import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { PortalShell } from '@/components/portal/shell';
import { TabNav } from '@/components/ui/tab-nav';
import { portalPath, portalSite } from '@/lib/adapters/portal/site';
import { openVisit } from '@/lib/adapters/portal/visit';
import { listFrameOrigins } from '@/lib/domain/portal/queries';
import { AudienceProvider } from './audience';
import { SessionWatch } from './session-watch';

export const metadata: Metadata = {
  title: { default: 'Admin portal', template: '%s · Admin portal' },
  robots: { index: false, follow: false },
  // An empty icon: the product's own mark is not shown under somebody else's brand.
  icons: { icon: 'data:,' },
};

/** The frame of the portal. It guards nothing: each page asks for the visit itself, since a layout is not asked again on every move. */
export default async function PortalLayout({
  params,
  children,
}: {
  params: Promise<{ session: string }>;
  children: ReactNode;
}) {
  const { session } = await params;
  const visit = await openVisit(session);
  if (!visit) return children;
  const { organization, parentOrigin, expiresAt } = visit;
  const allowed = [portalSite().publicOrigin, ...(await listFrameOrigins())];
  const provisioning = `${portalPath(session)}/provisioning`;
  return (
    <AudienceProvider audience={{ parentOrigin, allowed }}>
      <PortalShell
        appName="Admin portal"
        customerName={organization.displayName}
        customerLogoUrl={organization.logoUrl}
        tabs={
          visit.features.includes('dir_sync') && (
            <TabNav label="Admin portal" items={[{ label: 'SCIM Provisioning', href: provisioning }]} />
          )
        }
      >
        <SessionWatch organizationId={organization.id} expiresAtMs={expiresAt.getTime()} />
        {children}
      </PortalShell>
    </AudienceProvider>
  );
}
