'use client';

import { MessagePage } from '@/components/ui/message-page';
import { Button } from '@/components/ui/button';

/** What a page shows when it could not be made. Says nothing of the cause but a reference that the server's log has too. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <MessagePage
      title="This page could not be shown"
      action={
        <Button type="button" variant="primary" onClick={reset}>
          Try again
        </Button>
      }
    >
      <p>Something failed on the server. What you saved before is safe.</p>
      {error.digest && (
        <p>
          If it happens again, tell whoever runs this service the reference{' '}
          <code className="font-mono text-sm text-ink">{error.digest}</code>.
        </p>
      )}
    </MessagePage>
  );
}
