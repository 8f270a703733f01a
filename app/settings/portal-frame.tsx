'use client';

import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { StatusDot } from '@/components/ui/status-dot';
import { type PortalMessage, readPortalMessage } from '@/lib/adapters/settings/portal-message';

/** The set-up portal, framed, and a line under it with what the portal last reported. */
export function PortalFrame({ location, origin }: { location: string; origin: string }) {
  // Kept, whatever the server sends later: another address would throw away what is being typed in the frame.
  const [src] = useState(location);
  const frame = useRef<HTMLIFrameElement>(null);
  const [message, setMessage] = useState<PortalMessage>();

  useEffect(() => {
    const listen = (event: MessageEvent<unknown>) => {
      if (event.origin !== origin || event.source !== frame.current?.contentWindow) return;
      const read = readPortalMessage(event.data);
      if (read) setMessage(read);
    };
    window.addEventListener('message', listen);
    return () => window.removeEventListener('message', listen);
  }, [origin]);

  return (
    <>
      {/* No sandbox: the portal has an origin of its own, and needs scripts, forms, cookies, downloads and new windows. */}
      {/* oxlint-disable-next-line react/iframe-missing-sandbox -- the portal needs its cookie, forms and clipboard */}
      <iframe
        ref={frame}
        src={src}
        title="Set-up portal"
        allow="clipboard-write"
        width="100%"
        height="720"
        className="block rounded-lg border border-line bg-surface"
      />
      <div className="mt-3 flex min-h-8 flex-wrap items-center justify-between gap-3">
        <output className="text-sm">{message && <StatusDot tone={message.tone}>{message.text}</StatusDot>}</output>
        {message?.needsReload && (
          <Button type="button" size="small" onClick={() => window.location.reload()}>
            Open it again
          </Button>
        )}
      </div>
    </>
  );
}
