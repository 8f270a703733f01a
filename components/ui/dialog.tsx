'use client';

import type { ReactNode } from 'react';
import { X } from 'lucide-react';
import * as DialogParts from 'radix-ui/dialog';

/** Props of {@link Dialog}. */
export interface DialogProps {
  /** The button that opens it; one element that takes a ref, such as Button. Leave out when `isOpen` is given. */
  trigger?: ReactNode;
  title: ReactNode;
  /** One or two sentences. */
  description?: ReactNode;
  children?: ReactNode;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
}

/**
 * A short decision over the page. It takes the focus, keeps it and gives it back; Escape and the scrim close it. Anything longer is a
 * page. It needs script: what it does must be reachable on a page too when that matters.
 */
export function Dialog({ trigger, title, description, children, isOpen, onOpenChange }: DialogProps) {
  return (
    <DialogParts.Root open={isOpen} onOpenChange={onOpenChange}>
      {trigger && <DialogParts.Trigger asChild>{trigger}</DialogParts.Trigger>}
      <DialogParts.Portal>
        <DialogParts.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <DialogParts.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className="fixed inset-x-4 top-[max(1rem,12dvh)] z-50 mx-auto max-h-[calc(88dvh-1rem)] max-w-md animate-appear overflow-y-auto rounded-xl bg-raised p-5 text-ink shadow-overlay focus-visible:outline-none"
        >
          <div className="flex items-start justify-between gap-4">
            <DialogParts.Title className="text-lg font-semibold">{title}</DialogParts.Title>
            <DialogParts.Close
              aria-label="Close"
              className="-mt-1 -mr-1.5 grid size-7 shrink-0 place-items-center rounded-md text-ink-faint hover:bg-hover hover:text-ink"
            >
              <X size={16} aria-hidden="true" />
            </DialogParts.Close>
          </div>
          {description && (
            <DialogParts.Description asChild>
              <div className="mt-1.5 text-ink-soft">{description}</div>
            </DialogParts.Description>
          )}
          {children && <div className="mt-4">{children}</div>}
        </DialogParts.Content>
      </DialogParts.Portal>
    </DialogParts.Root>
  );
}
