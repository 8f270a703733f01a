import { ChevronLeft, ChevronRight } from 'lucide-react';
import { buttonClassName } from './button-style';
import { LinkButton } from './link-button';

function Step({ href, label, isNext }: { href: string | null | undefined; label: string; isNext: boolean }) {
  const icon = isNext ? null : <ChevronLeft size={14} aria-hidden="true" />;
  const trail = isNext ? <ChevronRight size={14} aria-hidden="true" /> : null;
  if (!href) {
    return (
      <span aria-disabled="true" className={buttonClassName('secondary', 'small')}>
        {icon}
        {label}
        {trail}
      </span>
    );
  }
  return (
    <LinkButton href={href} size="small" rel={isNext ? 'next' : 'prev'} scroll={false}>
      {icon}
      {label}
      {trail}
    </LinkButton>
  );
}

/** Props of {@link Pagination}. */
export interface PaginationProps {
  previousHref?: string | null;
  nextHref?: string | null;
  /** What is shown: "1–20 of 143". */
  summary?: string;
}

/** Previous and next as links; nothing at all when there is only one page and no summary. */
export function Pagination({ previousHref, nextHref, summary }: PaginationProps) {
  if (!previousHref && !nextHref && !summary) return null;
  return (
    <nav aria-label="Pages" className="mt-3 flex items-center justify-between gap-3">
      <p className="text-sm text-ink-soft tabular-nums">{summary}</p>
      {(previousHref || nextHref) && (
        <div className="flex gap-2">
          <Step href={previousHref} label="Previous" isNext={false} />
          <Step href={nextHref} label="Next" isNext />
        </div>
      )}
    </nav>
  );
}
