import { CircleOff, Clock, Unplug } from 'lucide-react';
import { LinkButton } from '@/components/ui/link-button';
import { MessagePage } from '@/components/ui/message-page';
import { EmptyState } from '@/components/ui/empty-state';
import { listFrameOrigins } from '@/lib/domain/portal/queries';
import { portalPath, portalSite } from '@/lib/adapters/portal/site';
import { LoadFailure } from './load-failure';

/** What a page of the portal shows to a browser that holds no live session. */
async function Ended() {
  const allowed = [portalSite().publicOrigin, ...(await listFrameOrigins())];
  return (
    <MessagePage title="This session has ended" icon={<Clock size={20} aria-hidden="true" />}>
      <p>
        A session lasts six hours and is open in one browser. It ends earlier when its link is withdrawn. What you set
        up is kept.
      </p>
      <p>
        Open your link again, or reload the settings page that shows this one. If the link no longer opens, ask for a
        new one.
      </p>
      <LoadFailure code="SESSION_EXPIRED" audience={{ allowed }} />
    </MessagePage>
  );
}

/** What a page of the portal shows instead of its content. */
export function Closed({ kind, sessionId }: { kind: 'ended' | 'hidden' | 'gone'; sessionId: string }) {
  if (kind === 'ended') return <Ended />;
  if (kind === 'hidden') return <NothingOpen />;
  return (
    <EmptyState
      icon={<Unplug size={20} aria-hidden="true" />}
      title="This connection is no longer here"
      action={<LinkButton href={`${portalPath(sessionId)}/provisioning`}>Go to your directories</LinkButton>}
    >
      It was deleted, or it belongs to somebody else.
    </EmptyState>
  );
}

/** For a visitor whose organization or link has none of the features that the portal knows. */
export function NothingOpen() {
  return (
    <EmptyState icon={<CircleOff size={20} aria-hidden="true" />} title="Nothing to set up here">
      <p>
        SCIM provisioning is not switched on for your organization. Ask the people who gave you this page to switch it
        on, then reload.
      </p>
    </EmptyState>
  );
}
