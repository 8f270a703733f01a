'use client';

import type { ReactNode } from 'react';
import { Check, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

/** How long a message stays unless the pointer or the focus is on it. */
const SHOWN_MS = 6000;

/** A live region is read when its text changes, so it must have been in the page, empty, for a moment. */
const ANNOUNCED_AFTER_MS = 100;

/** Props of {@link Toast}. */
export interface ToastProps {
  /** What was done: "Link revoked". */
  children: ReactNode;
  /** Undo, as a form with a quiet button. */
  action?: ReactNode;
}

/**
 * Says that something was done, at the lower edge, and goes away by itself. Give it a `key` that changes with each message. Never for errors
 * or for anything that must be read: those belong on the page.
 */
export function Toast({ children, action }: ToastProps) {
  const [isShown, setShown] = useState(true);
  const [isHeld, setHeld] = useState(false);
  const [isAnnounced, setAnnounced] = useState(false);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const timer = setTimeout(() => setAnnounced(true), ANNOUNCED_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (isHeld || !isShown) return;
    const timer = setTimeout(() => setShown(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isHeld, isShown]);

  return (
    <>
      <output className="sr-only">{isAnnounced && isShown ? children : null}</output>
      {isShown && (
        <div
          ref={box}
          role="presentation"
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(box.current?.contains(document.activeElement) ?? false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
          className="fixed inset-x-4 bottom-4 z-40 mx-auto flex w-fit max-w-[calc(100%-2rem)] animate-appear items-center gap-3 rounded-lg bg-raised py-1.5 pr-1.5 pl-3 text-ink shadow-overlay"
        >
          <Check size={16} aria-hidden="true" className="shrink-0 text-success" />
          <span aria-hidden={isAnnounced || undefined}>{children}</span>
          {action}
          <button
            type="button"
            aria-label="Dismiss"
            onClick={() => setShown(false)}
            className="grid size-7 shrink-0 place-items-center rounded-md text-ink-faint hover:bg-hover hover:text-ink"
          >
            <X size={14} aria-hidden="true" />
          </button>
        </div>
      )}
    </>
  );
}

/** "Saved" beside the button that did it. Always in the page, so that its text is announced when it appears and nothing moves. */
export function DoneMessage({ children }: { children?: ReactNode }) {
  return (
    <output className="inline-flex min-h-5 items-center gap-1.5 text-sm text-success-ink">
      {children && (
        <>
          <Check size={14} aria-hidden="true" />
          {children}
        </>
      )}
    </output>
  );
}
