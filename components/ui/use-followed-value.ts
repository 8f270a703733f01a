'use client';

import type { RefObject } from 'react';
import { useEffect } from 'react';

/**
 * Keeps what a field shows in step with the address it came from, such as when a link clears a search or the browser goes back.
 * A field that has the focus is left alone: its reader is ahead of the address.
 */
export function useFollowedValue(ref: RefObject<HTMLInputElement | HTMLSelectElement | null>, value: string): void {
  useEffect(() => {
    const field = ref.current;
    if (field && field !== document.activeElement) field.value = value;
  }, [ref, value]);
}
