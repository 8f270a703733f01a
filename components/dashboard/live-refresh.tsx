'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useTransition } from 'react';
import { StatusDot } from '@/components/ui/status-dot';

const REFRESH_INTERVAL_MS = 2000;

/** Reads the page again every two seconds while it can be seen, and says so. One refresh at a time. */
export function LiveRefresh() {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();

  useEffect(() => {
    if (isPending) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') startTransition(() => router.refresh());
    }, REFRESH_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [isPending, router]);

  return (
    <StatusDot tone="success" isLive>
      Live
    </StatusDot>
  );
}
