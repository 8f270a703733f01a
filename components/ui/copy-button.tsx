'use client';

import type { ButtonSize, ButtonVariant } from './button-style';
import { clsx } from 'clsx';
import { Check, Copy } from 'lucide-react';
import { useRef } from 'react';
import { buttonClassName } from './button-style';
import { copyKeys, useCopy } from './use-copy';

/** The words of a copy button, for pages that are not in English. `manual` gets the keys in place of `{keys}`. */
export interface CopyLabels {
  copy: string;
  copied: string;
  manual: string;
}

const ENGLISH: CopyLabels = { copy: 'Copy', copied: 'Copied', manual: 'Press {keys}' };

/** Props of {@link CopyButton}. */
export interface CopyButtonProps {
  /** What is copied. */
  value: string;
  /** What it is, for screen readers: "endpoint URL". */
  of: string;
  /** Only the icon (24 px), for dense places; otherwise icon and word. */
  isIcon?: boolean;
  /** The id of the element that shows the value, selected when the clipboard is refused; by default a hidden copy of it. */
  shownIn?: string;
  variant?: ButtonVariant;
  size?: ButtonSize;
  labels?: CopyLabels;
}

/** Copies a value and says so, aloud too. Where the clipboard is refused it selects the value and names the keys to press. */
export function CopyButton({
  value,
  of,
  isIcon = false,
  shownIn,
  variant = 'secondary',
  size = 'medium',
  labels = ENGLISH,
}: CopyButtonProps) {
  const [state, copy] = useCopy();
  const spare = useRef<HTMLTextAreaElement>(null);
  const said =
    state === 'copied' ? labels.copied : state === 'manual' ? labels.manual.replace('{keys}', copyKeys()) : '';
  const icon =
    state === 'copied' ? (
      <Check size={14} aria-hidden="true" className="shrink-0 text-success" />
    ) : (
      <Copy size={14} aria-hidden="true" className="shrink-0" />
    );

  return (
    <span className="relative z-1 inline-flex shrink-0">
      <button
        type="button"
        title={isIcon ? labels.copy : undefined}
        aria-label={`${labels.copy} ${of}`}
        onClick={() => copy(value, shownIn ? document.getElementById(shownIn) : spare.current)}
        className={
          isIcon
            ? 'grid size-6 place-items-center rounded-sm text-ink-faint hover:bg-hover hover:text-ink'
            : buttonClassName(variant, size)
        }
      >
        {isIcon ? (
          icon
        ) : (
          <span className="grid *:col-start-1 *:row-start-1">
            {/* The longer word holds the place, so that the button does not change its width. */}
            <span aria-hidden="true" className="invisible inline-flex items-center gap-2">
              <Copy size={14} />
              {labels.copied}
            </span>
            <span className="inline-flex items-center justify-center gap-2">
              {icon}
              {said || labels.copy}
            </span>
          </span>
        )}
      </button>
      <output className={clsx(isIcon && said ? 'copy-said' : 'sr-only')}>
        {said && (isIcon ? said : `${of}: ${said}`)}
      </output>
      {!shownIn && (
        <textarea
          ref={spare}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
          value={value}
          className="pointer-events-none absolute right-0 bottom-0 size-px resize-none overflow-hidden opacity-0"
        />
      )}
    </span>
  );
}
