import type { NavItem } from './nav-items';
import type { ReactNode } from 'react';
import { ChevronsUpDown, Menu as MenuIcon } from 'lucide-react';
import Link from 'next/link';
import { Mark } from '@/components/ui/mark';
import { ThemeToggle } from '@/components/ui/theme-toggle';
import { DashboardNav } from './nav';
import { DASHBOARD_NAV } from './nav-items';

const RAIL_ID = 'rail';
const ACCOUNT_ID = 'account';

/** Props of {@link DashboardShell}. */
export interface DashboardShellProps {
  /** Who is signed in. */
  user: { name?: string | null; email: string };
  /** A form whose button signs out: `<form action={signOut}><Button …>Sign out</Button></form>`. */
  signOut: ReactNode;
  /** The public host of this installation, under the product's name. */
  host?: string;
  /** By default the whole navigation. */
  items?: readonly NavItem[];
  /** Marks another address than the page's own as current. */
  path?: string;
  children: ReactNode;
}

function initialsOf({ name, email }: DashboardShellProps['user']): string {
  const words = (name || email).split(/[\s.@_-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word[0]!.toUpperCase())
    .join('');
}

function Account({ user, signOut }: Pick<DashboardShellProps, 'user' | 'signOut'>) {
  const words = (
    <span className="min-w-0 flex-1 text-left">
      {user.name && <span className="block truncate text-sm font-medium text-ink">{user.name}</span>}
      <span className="block truncate text-xs text-ink-soft">{user.email}</span>
    </span>
  );
  const initials = (
    <span
      aria-hidden="true"
      className="grid size-7 shrink-0 place-items-center rounded-full border border-line bg-surface text-xs font-medium text-ink-soft"
    >
      {initialsOf(user)}
    </span>
  );
  return (
    <div className="mt-auto border-t border-line p-3">
      <button
        type="button"
        popoverTarget={ACCOUNT_ID}
        className="flex w-full items-center gap-2.5 rounded-md p-1.5 hover:bg-hover max-md:hidden"
      >
        {initials}
        {words}
        <ChevronsUpDown size={14} aria-hidden="true" className="shrink-0 text-ink-faint" />
        <span className="sr-only">Account and theme</span>
      </button>
      <div id={ACCOUNT_ID} popover="auto" className="account-popover">
        <div className="flex items-center gap-2.5 border-b border-line px-3 py-2.5 md:hidden">
          {initials}
          {words}
        </div>
        <div className="flex items-center justify-between gap-3 px-3 py-2.5">
          <span className="text-sm text-ink-soft">Theme</span>
          <ThemeToggle />
        </div>
        <div className="border-t border-line p-1.5">{signOut}</div>
      </div>
    </div>
  );
}

/**
 * The frame of every dashboard page: a rail on the left, the page on the right; below 768 px a bar on top whose menu is the same rail.
 * The menu and the account panel are native popovers, so they work without script.
 */
export function DashboardShell({ user, signOut, host, items = DASHBOARD_NAV, path, children }: DashboardShellProps) {
  const brand = (
    <Link href="/dashboard/organizations" className="flex items-center gap-2.5 rounded-md">
      <Mark size={20} className="shrink-0" />
      <span className="min-w-0">
        <span className="block leading-5 font-semibold tracking-tight">Gatehouse</span>
        {host && <span className="block truncate font-mono text-[0.6875rem] leading-4 text-ink-faint">{host}</span>}
      </span>
    </Link>
  );
  return (
    <div className="md:grid md:min-h-dvh md:grid-cols-[14.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-24 rounded-md bg-raised px-3 py-2 font-medium focus-visible:translate-y-0 focus-visible:shadow-overlay"
      >
        Skip to content
      </a>
      <header className="contents">
        <div
          data-top-bar=""
          className="sticky top-0 z-30 flex h-12 items-center justify-between border-b border-line bg-canvas px-4 md:hidden"
        >
          {brand}
          <button
            type="button"
            popoverTarget={RAIL_ID}
            aria-label="Menu"
            className="-mr-2 grid size-9 place-items-center rounded-md text-ink-soft hover:bg-hover"
          >
            <MenuIcon size={18} aria-hidden="true" />
          </button>
        </div>
        <div
          id={RAIL_ID}
          popover="auto"
          className="rail-popover flex-col border-line bg-canvas p-0 max-md:border-b md:border-r"
        >
          <div className="px-5 pt-4 pb-3 max-md:hidden">{brand}</div>
          <div className="p-3 [--nav-current:color-mix(in_srgb,var(--ink)_6%,transparent)]">
            <DashboardNav items={items} popoverId={RAIL_ID} path={path} />
          </div>
          <Account user={user} signOut={signOut} />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="min-w-0 bg-surface">
        <div className="mx-auto max-w-6xl px-4 py-6 sm:px-8 sm:py-8">{children}</div>
      </main>
    </div>
  );
}
