'use client';

import type { ReactNode } from 'react';

const STEPS: Record<string, (index: number, last: number) => number> = {
  ArrowDown: (index, last) => Math.min(index + 1, last),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/** Lets the arrow keys, Home and End go from row link to row link once one of them has the focus. */
export function RowKeys({ children }: { children: ReactNode }) {
  return (
    <div
      role="presentation"
      onKeyDown={(event) => {
        const step = STEPS[event.key];
        if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
        const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-link]')];
        const index = links.indexOf(document.activeElement as HTMLElement);
        if (index === -1) return;
        event.preventDefault();
        links[step(index, links.length - 1)]?.focus();
      }}
    >
      {children}
    </div>
  );
}
