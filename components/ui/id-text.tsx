import { CopyButton } from './copy-button';

/**
 * An id in mono with a copy button: `<IdText value="org_6911…" of="organization id" />`. It is cut with an ellipsis where there is
 * no room; the whole of it is what gets copied.
 */
export function IdText({ value, of = 'id' }: { value: string; of?: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-0.5 align-middle">
      <code title={value} className="truncate font-mono text-sm text-ink-soft">
        {value}
      </code>
      <CopyButton value={value} of={of} isIcon />
    </span>
  );
}
