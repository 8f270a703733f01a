'use client';

import { useEffect, useState } from 'react';
import { formatAbsolute, formatRelative, nextChangeMs } from './format-time';

/** The living part of RelativeTime; use that one. */
export function RelativeTimeLive({
  atMs,
  renderedAtMs,
  locale,
}: {
  atMs: number;
  renderedAtMs: number;
  locale: string;
}) {
  const [nowMs, setNowMs] = useState<number | null>(null);

  useEffect(() => {
    const now = Date.now();
    // The first tick comes soon, to show the reader's own zone; the words stay as the server wrote them unless time has passed.
    const timer = setTimeout(() => setNowMs(Date.now()), nowMs === null ? 0 : nextChangeMs(atMs, now));
    return () => clearTimeout(timer);
  }, [atMs, nowMs]);

  // A page that was restored or kept open is older than its clock says.
  const current = Math.max(nowMs ?? 0, renderedAtMs);
  return (
    <time
      dateTime={new Date(atMs).toISOString()}
      title={formatAbsolute(atMs, locale, nowMs === null ? 'UTC' : undefined)}
      className="whitespace-nowrap tabular-nums"
      suppressHydrationWarning
    >
      {formatRelative(atMs, current, locale)}
    </time>
  );
}
