'use client';

import { useEffect, useRef, useState } from 'react';

/** `copied` it is on the clipboard; `manual` the browser refused, and the text is selected instead. */
export type CopyState = 'idle' | 'copied' | 'manual';

/** How long "Copied" stays before the button is itself again. */
export const COPIED_SHOWN_MS = 2000;

/** How long the keys to press are named: enough to read them and to press them. */
export const MANUAL_SHOWN_MS = 8000;

function selectText(element: Element | null): void {
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    element.focus();
    element.select();
  } else if (element) {
    getSelection()?.selectAllChildren(element);
  }
}

/**
 * Copies a text and says how it went. Where the clipboard is refused (a frame without `allow="clipboard-write"`, plain http) the
 * element with the text is selected, and the state is `manual`: tell the person which keys to press.
 */
export function useCopy(): [state: CopyState, copy: (text: string, shownIn: Element | null) => Promise<void>] {
  const [state, setState] = useState<CopyState>('idle');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => () => clearTimeout(timer.current), []);

  async function copy(text: string, shownIn: Element | null) {
    clearTimeout(timer.current);
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
      timer.current = setTimeout(() => setState('idle'), COPIED_SHOWN_MS);
    } catch {
      selectText(shownIn);
      setState('manual');
      timer.current = setTimeout(() => setState('idle'), MANUAL_SHOWN_MS);
    }
  }

  return [state, copy];
}

/** The keys that copy on this machine. Only for use in the browser. */
export function copyKeys(): string {
  return /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘C' : 'Ctrl+C';
}
