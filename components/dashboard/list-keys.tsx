'use client';

import { useEffect } from 'react';

const STEPS: Readonly<Record<string, 1 | -1>> = { j: 1, k: -1 };

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, select, textarea'));
}

/** Lets `j` and `k` go down and up the page's list from anywhere on the page; Enter then opens the row, as on any link. */
export function ListKeys() {
  useEffect(() => {
    const move = (event: KeyboardEvent) => {
      const step = STEPS[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const links = [...document.querySelectorAll<HTMLElement>('[data-row-link]')];
      const index = links.indexOf(document.activeElement as HTMLElement);
      const next = index === -1 ? links[0] : links[index + step];
      next?.focus();
    };
    document.addEventListener('keydown', move);
    return () => document.removeEventListener('keydown', move);
  }, []);
  return null;
}
