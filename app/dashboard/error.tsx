'use client';

import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

/** What a page of the dashboard shows when it could not be made; the navigation stays usable. */
export default function DashboardError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <>
      <h1 className="sr-only">This page could not be shown</h1>
      <div role="alert">
        <EmptyState
          title="This page could not be shown"
          action={
            <Button type="button" onClick={reset}>
              Try again
            </Button>
          }
        >
          Something failed on the server. What you saved before is safe.
          {error.digest && (
            <>
              {' '}
              The server’s log has the cause under <code className="font-mono text-sm text-ink">{error.digest}</code>.
            </>
          )}
        </EmptyState>
      </div>
    </>
  );
}
