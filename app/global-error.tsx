'use client';

import { MessagePage } from '@/components/ui/message-page';
import { Button } from '@/components/ui/button';
import './globals.css';

/** The last resort, when even the document could not be made. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <head>
        <title>Something failed</title>
      </head>
      <body>
        <MessagePage
          title="Something failed"
          action={
            <Button type="button" variant="primary" onClick={reset}>
              Try again
            </Button>
          }
        >
          <p>The server could not make this page. Try again in a moment.</p>
          {error.digest && (
            <p>
              Reference: <code className="font-mono text-sm text-ink">{error.digest}</code>
            </p>
          )}
        </MessagePage>
      </body>
    </html>
  );
}
