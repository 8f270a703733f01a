import type { ReactNode } from 'react';
import { clsx } from 'clsx';
import { Check, TriangleAlert } from 'lucide-react';

/** How an expectation stands. */
export type CheckState = 'waiting' | 'active' | 'done' | 'attention';

/** One expectation. */
export interface CheckItem {
  key: string;
  label: ReactNode;
  state: CheckState;
  /** Under the label: what was seen, or what is wrong and the fix. */
  detail?: ReactNode;
  /** On the right: when. */
  aside?: ReactNode;
}

const STATE_WORDS: Record<CheckState, string> = {
  waiting: 'not yet',
  active: 'waiting for it',
  done: 'done',
  attention: 'needs attention',
};

function CheckMark({ state }: { state: CheckState }) {
  if (state === 'done') {
    return (
      <span className="grid size-5 place-items-center rounded-full bg-success text-surface">
        <Check size={12} strokeWidth={3} />
      </span>
    );
  }
  if (state === 'attention') {
    return (
      <span className="grid size-5 place-items-center rounded-full bg-warning-wash text-warning-ink">
        <TriangleAlert size={12} strokeWidth={2.5} />
      </span>
    );
  }
  return (
    <span
      className={clsx(
        'block size-5 rounded-full border-2',
        state === 'active' ? 'animate-breathe border-accent-ink' : 'border-line-strong',
      )}
    />
  );
}

/** Props of {@link Checklist}. */
export interface ChecklistProps {
  items: readonly CheckItem[];
  /** The states in words for screen readers, for pages that are not in English. */
  stateWords?: Record<CheckState, string>;
}

/** Expectations that turn green one by one. Each keeps its place, so a line that completes does not move the others. */
export function Checklist({ items, stateWords = STATE_WORDS }: ChecklistProps) {
  return (
    <ol className="divide-y divide-line">
      {items.map((item) => (
        <li key={item.key} className="flex gap-3 py-2.5 first:pt-0 last:pb-0">
          <span aria-hidden="true" className="shrink-0">
            <CheckMark state={item.state} />
          </span>
          <div className="min-w-0 flex-1">
            <p className={clsx(item.state === 'waiting' ? 'text-ink-soft' : 'font-medium')}>
              {item.label}
              <span className="sr-only">: {stateWords[item.state]}</span>
            </p>
            {item.detail && <div className="mt-0.5 text-sm wrap-break-word text-ink-soft">{item.detail}</div>}
          </div>
          {item.aside && <div className="shrink-0 text-sm text-ink-soft">{item.aside}</div>}
        </li>
      ))}
    </ol>
  );
}
