import type { ReactNode } from 'react';
import { useId } from 'react';
import { CopyButton } from './copy-button';

// A box that scrolls must be reachable by keyboard and have a name.
const SCROLL_BOX = { role: 'region', tabIndex: 0 } as const;

/** Props of {@link CodeBlock}. */
export interface CodeBlockProps {
  /** What is copied, and shown unless there are children. */
  code: string;
  /** Above the code: a file name, a language, what to do with it. Also names the block for screen readers. */
  title: string;
  /** The same text with colours. */
  children?: ReactNode;
  /** A CSS height after which it scrolls. */
  maxHeight?: string;
}

/** Code or data as it is, with a copy button. */
export function CodeBlock({ code, title, children, maxHeight }: CodeBlockProps) {
  const id = useId();
  return (
    <figure className="overflow-hidden rounded-lg border border-line bg-surface">
      <figcaption className="flex h-9 items-center justify-between gap-2 border-b border-line bg-sunken pr-1.5 pl-3">
        <span className="truncate text-sm text-ink-soft">{title}</span>
        <CopyButton value={code} of={title} isIcon shownIn={id} />
      </figcaption>
      <pre
        {...SCROLL_BOX}
        aria-label={title}
        style={maxHeight ? { maxHeight } : undefined}
        className="overflow-auto p-3 font-mono text-sm leading-5 -outline-offset-2"
      >
        <code id={id}>{children ?? code}</code>
      </pre>
    </figure>
  );
}
