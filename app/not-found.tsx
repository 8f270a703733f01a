import type { Metadata } from 'next';
import { MessagePage } from '@/components/ui/message-page';
import { LinkButton } from '@/components/ui/link-button';

export const metadata: Metadata = { title: 'Page not found' };

/** What an address that leads nowhere shows. It carries no brand, because the portal shows it too. */
export default function NotFound() {
  return (
    <MessagePage title="Page not found" action={<LinkButton href="/">Go to the start page</LinkButton>}>
      <p>Nothing is at this address. It may have been moved or deleted, or the link may be incomplete.</p>
    </MessagePage>
  );
}
