import type { ReactNode } from 'react';

/** Props of {@link KeyValueList}. */
export interface KeyValueListProps {
  items: readonly { label: string; value: ReactNode }[];
}

/** Facts about one thing: names on the left, values on the right, below each other where it is narrow. */
export function KeyValueList({ items }: KeyValueListProps) {
  return (
    <dl className="divide-y divide-line">
      {items.map((item) => (
        <div
          key={item.label}
          className="py-2 first:pt-0 last:pb-0 sm:grid sm:grid-cols-[10rem_1fr] sm:items-baseline sm:gap-4"
        >
          <dt className="text-sm text-ink-soft sm:text-base">{item.label}</dt>
          <dd className="min-w-0 wrap-break-word">{item.value ?? <span className="text-ink-faint">–</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
