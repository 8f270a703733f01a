'use client';

import type { ReactNode } from 'react';
import { clsx } from 'clsx';
import { Ellipsis } from 'lucide-react';
import Link from 'next/link';
import * as MenuParts from 'radix-ui/dropdown-menu';
import { startTransition } from 'react';

const ITEM_CLASS_NAME =
  'flex h-8 w-full items-center gap-2 rounded-md px-2 text-base outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover';

/** Props of {@link Menu}. */
export interface MenuProps {
  /** What the actions are about, for screen readers: "Actions for Acme". */
  label: string;
  /** The button that opens it; by default an icon of three dots. */
  trigger?: ReactNode;
  children: ReactNode;
}

/** A few secondary actions behind one button. It needs script, so each action must also be on the thing's own page. */
export function Menu({ label, trigger, children }: MenuProps) {
  return (
    <MenuParts.Root modal={false}>
      <MenuParts.Trigger asChild>
        {trigger ?? (
          <button
            type="button"
            aria-label={label}
            className="relative z-1 grid size-7 place-items-center rounded-md text-ink-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover"
          >
            <Ellipsis size={16} aria-hidden="true" />
          </button>
        )}
      </MenuParts.Trigger>
      {/* Not in a portal: what floats stays inside the page's landmark. */}
      <MenuParts.Content
        align="end"
        sideOffset={4}
        collisionPadding={8}
        className="z-50 min-w-44 animate-appear rounded-lg bg-raised p-1 text-ink shadow-overlay"
      >
        {children}
      </MenuParts.Content>
    </MenuParts.Root>
  );
}

/** Props of {@link MenuItem}: give either `href` or `onSelect`. */
export interface MenuItemProps {
  children: ReactNode;
  href?: string;
  /** Runs in a transition, so a bound server action can be given. */
  onSelect?: () => void | Promise<void>;
  icon?: ReactNode;
  isDanger?: boolean;
  isDisabled?: boolean;
}

/** One action of a {@link Menu}. */
export function MenuItem({ children, href, onSelect, icon, isDanger = false, isDisabled = false }: MenuItemProps) {
  const className = clsx(ITEM_CLASS_NAME, isDanger && 'text-danger-ink');
  if (href !== undefined) {
    return (
      <MenuParts.Item asChild disabled={isDisabled}>
        <Link href={href} className={className}>
          {icon}
          {children}
        </Link>
      </MenuParts.Item>
    );
  }
  return (
    <MenuParts.Item
      disabled={isDisabled}
      className={className}
      onSelect={() => {
        startTransition(async () => {
          await onSelect?.();
        });
      }}
    >
      {icon}
      {children}
    </MenuParts.Item>
  );
}

/** A hairline between groups of a {@link Menu}. */
export function MenuSeparator() {
  return <MenuParts.Separator className="mx-2 my-1 h-px bg-line" />;
}
