import { redirect } from 'next/navigation';
import { portalPath } from '@/lib/adapters/portal/site';
import { openVisit } from '@/lib/adapters/portal/visit';
import { Closed, NothingOpen } from './closed';

/** Goes to the first tab that is open to the visitor. */
export default async function PortalHome({ params }: { params: Promise<{ session: string }> }) {
  const { session } = await params;
  const visit = await openVisit(session);
  if (!visit) return <Closed kind="ended" sessionId={session} />;
  if (visit.features.includes('dir_sync')) redirect(`${portalPath(session)}/provisioning`);
  return <NothingOpen />;
}
