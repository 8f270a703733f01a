import type { ProviderMark } from '@/lib/providers/provider';
import { clsx } from 'clsx';

/** A provider's mark on a tile of 36 px. Decorative: the provider's name stands beside it. */
export function ProviderTile({ mark, isMuted = false }: { mark: ProviderMark; isMuted?: boolean }) {
  const className = clsx('grid size-9 shrink-0 place-items-center rounded-md', isMuted && 'opacity-50');
  if (mark.kind === 'icon') {
    return (
      <span aria-hidden="true" className={clsx(className, 'border border-line bg-surface text-ink')}>
        <svg viewBox="0 0 24 24" width="20" height="20" fill="currentColor">
          <path d={mark.path} />
        </svg>
      </span>
    );
  }
  return (
    <span
      aria-hidden="true"
      className={clsx(className, 'text-lg font-semibold')}
      style={{ background: mark.background, color: mark.ink }}
    >
      {mark.letter}
    </span>
  );
}
