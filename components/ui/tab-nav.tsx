'use client';

import type { ReactNode } from 'react';
import { clsx } from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { matchPath } from './match-path';

/** One tab. */
export interface TabItem {
  label: ReactNode;
  href: string;
  /** How many there are, beside the label. */
  count?: number;
}

/** Props of {@link TabNav}. */
export interface TabNavProps {
  /** Names the navigation for screen readers: "Acme". */
  label: string;
  items: readonly TabItem[];
  /** The current tab's `href`; by default the one the page's address belongs to. Needed when tabs differ by query only. */
  current?: string;
}

/** Tabs that are links, so that each has an address and works without script. */
export function TabNav({ label, items, current }: TabNavProps) {
  const path = usePathname();
  const active =
    current ??
    matchPath(
      path,
      items.map((item) => item.href),
    );
  return (
    <nav aria-label={label} className="-mx-0.5 overflow-x-auto px-0.5 border-b border-line [scrollbar-width:none]">
      <ul className="flex gap-5">
        {items.map((item) => {
          const isCurrent = item.href === active;
          return (
            <li key={item.href} className="shrink-0">
              <Link
                href={item.href}
                aria-current={isCurrent ? 'page' : undefined}
                className={clsx(
                  'relative flex h-9 items-center gap-1.5 rounded-sm -outline-offset-1 after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:rounded-full',
                  isCurrent
                    ? 'font-medium text-ink after:bg-accent-ink'
                    : 'text-ink-soft after:bg-transparent hover:text-ink',
                )}
              >
                {item.label}
                {item.count !== undefined && (
                  <span className="text-xs font-normal text-ink-faint tabular-nums">
                    {item.count.toLocaleString('en')}
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
