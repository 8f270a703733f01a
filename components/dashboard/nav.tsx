'use client';

import type { NavItem } from './nav-items';
import { clsx } from 'clsx';
import { Building2, Code, ScrollText, Settings2 } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { matchPath } from '@/components/ui/match-path';
import { LinkPending } from './link-pending';

const ICONS = { organizations: Building2, logs: ScrollText, developers: Code, settings: Settings2 } as const;

function NavLink({
  item,
  isCurrent,
  isNested = false,
  onClick,
}: {
  item: NavItem;
  isCurrent: boolean;
  isNested?: boolean;
  onClick: () => void;
}) {
  const Icon = item.icon && ICONS[item.icon];
  return (
    <Link
      href={item.href}
      onClick={onClick}
      aria-current={isCurrent ? 'page' : undefined}
      className={clsx(
        'flex h-8 items-center gap-2.5 rounded-md px-2 max-md:h-10',
        isNested && 'pl-[34px]',
        isCurrent ? 'bg-(--nav-current) font-medium text-ink' : 'text-ink-soft hover:bg-hover hover:text-ink',
      )}
    >
      {Icon && (
        <Icon
          size={16}
          strokeWidth={1.75}
          aria-hidden="true"
          className={isCurrent ? 'text-accent-ink' : 'text-ink-faint'}
        />
      )}
      {item.label}
      <LinkPending />
    </Link>
  );
}

/** Props of {@link DashboardNav}. */
export interface DashboardNavProps {
  items: readonly NavItem[];
  /** Id of the popover that holds the navigation on narrow screens; closed after each navigation. */
  popoverId: string;
  /** The address to mark as current instead of the page's own. */
  path?: string;
}

/** The dashboard's navigation, with the current destination marked. */
export function DashboardNav({ items, popoverId, path }: DashboardNavProps) {
  const ownPath = usePathname();
  const currentPath = path ?? ownPath;
  const closeMenu = () => {
    const popover = document.getElementById(popoverId);
    if (popover?.matches(':popover-open')) popover.hidePopover();
  };

  const rootOf = (item: NavItem) => item.root ?? item.href;
  const currentRoot = matchPath(currentPath, items.map(rootOf));

  return (
    <nav aria-label="Main">
      <ul className="space-y-0.5">
        {items.map((item) => {
          const children = item.children ?? [];
          const currentChild = matchPath(
            currentPath,
            children.map((child) => child.href),
          );
          return (
            <li key={item.href}>
              <NavLink
                item={item}
                onClick={closeMenu}
                isCurrent={rootOf(item) === currentRoot && currentChild === null}
              />
              {children.length > 0 && (
                <ul className="mt-0.5 space-y-0.5">
                  {children.map((child) => (
                    <li key={child.href}>
                      <NavLink item={child} isNested onClick={closeMenu} isCurrent={child.href === currentChild} />
                    </li>
                  ))}
                </ul>
              )}
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
