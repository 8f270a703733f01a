'use client';

import { useEffect } from 'react';
import type { FormState } from '@/lib/adapters/action';
import type { Destination } from '@/lib/adapters/sign-in/go-to';

/** Leaves for the page that the action named, as a new document. */
export function useGoTo(state: FormState<Destination>): void {
  const path = state.data?.goTo;
  useEffect(() => {
    if (path !== undefined) window.location.assign(path);
  }, [path]);
}
