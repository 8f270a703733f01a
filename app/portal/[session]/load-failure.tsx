'use client';

import { useEffect } from 'react';
import { type LoadErrorCode, loadFailure } from '@/lib/adapters/portal/ui-event';
import { type Audience, postUiEvent } from './audience';

/** Tells the framing page that the portal could not be shown. */
export function LoadFailure({ code, audience }: { code: LoadErrorCode; audience: Audience }) {
  useEffect(() => {
    postUiEvent(loadFailure(code), audience);
  }, [code, audience]);
  return null;
}
