'use client';

import { useEffect, useMemo, useState } from 'react';
import { Notice } from '@/components/ui/notice';
import { sessionEvent } from '@/lib/adapters/portal/ui-event';
import { usePostUiEvent } from './audience';

/** How long before its end a visitor is warned. The contract says five minutes. */
const WARNING_MS = 5 * 60 * 1000;
/** A machine that slept wakes up with its timers late: look again at least this often. */
const LOOK_AGAIN_MS = 60 * 1000;

const EVENTS = {
  live: 'PORTAL_LOAD_SUCCESS',
  ending: 'PORTAL_SESSION_WARNING',
  ended: 'PORTAL_SESSION_EXPIRY',
} as const;

type Phase = keyof typeof EVENTS;

function phaseAt(nowMs: number, expiresAtMs: number): Phase {
  if (nowMs >= expiresAtMs) return 'ended';
  return nowMs >= expiresAtMs - WARNING_MS ? 'ending' : 'live';
}

/** Tells the framing page that the portal is open, and it and the visitor when the session is about to end and when it did. */
export function SessionWatch({ organizationId, expiresAtMs }: { organizationId: string; expiresAtMs: number }) {
  const [phase, setPhase] = useState<Phase>('live');

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      const now = Date.now();
      const next = phaseAt(now, expiresAtMs);
      setPhase(next);
      if (next === 'ended') return;
      const boundary = next === 'live' ? expiresAtMs - WARNING_MS : expiresAtMs;
      timer = setTimeout(look, Math.min(boundary - now, LOOK_AGAIN_MS));
    };
    look();
    return () => clearTimeout(timer);
  }, [expiresAtMs]);

  const event = useMemo(
    () => sessionEvent(EVENTS[phase], { organizationId, expiresAt: new Date(expiresAtMs) }),
    [phase, organizationId, expiresAtMs],
  );
  usePostUiEvent(event);

  return (
    <div aria-live="polite">
      {phase === 'ending' && (
        <Notice tone="warning" title="This session ends in less than five minutes" className="mb-6">
          What you saved is kept. To go on longer, open your link again or reload the page that shows this one.
        </Notice>
      )}
      {phase === 'ended' && (
        <Notice tone="warning" title="This session has ended" className="mb-6">
          What you saved is kept. Open your link again, or reload the page that shows this one.
        </Notice>
      )}
    </div>
  );
}
