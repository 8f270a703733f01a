'use client';

import { useLinkStatus } from 'next/link';
import { Spinner } from '@/components/ui/spinner';

/** Inside a link: turns while the page behind it is on its way, if that takes longer than a blink. */
export function LinkPending() {
  const { pending } = useLinkStatus();
  return pending ? (
    <span aria-hidden="true" className="ml-auto [animation:appear_120ms_ease-out_200ms_backwards] text-ink-faint">
      <Spinner size={12} />
    </span>
  ) : null;
}
