import type { ReactNode } from 'react';
import { ChevronRight } from 'lucide-react';
import Link from 'next/link';

/** A step on the way to the current page. */
export interface Crumb {
  label: string;
  href: string;
}

/** Where this page is; the page itself is not a crumb, its title says it. */
export function Breadcrumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb" className="text-sm">
      <ol className="flex flex-wrap items-center gap-x-1 text-ink-faint">
        {crumbs.map((crumb, index) => (
          <li key={crumb.href} className="flex min-w-0 items-center gap-x-1">
            {index > 0 && <ChevronRight size={12} aria-hidden="true" className="shrink-0" />}
            <Link
              href={crumb.href}
              className="hit-area min-w-0 rounded-sm text-ink-soft hover:text-ink hover:underline"
            >
              <span className="block max-w-64 truncate">{crumb.label}</span>
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Props of {@link PageHeader}. */
export interface PageHeaderProps {
  /** The page's only h1. */
  title: ReactNode;
  crumbs?: readonly Crumb[];
  /** Beside the title: a StatusDot or Badge. */
  status?: ReactNode;
  /** Under the title: one sentence, or an id with a copy button. */
  description?: ReactNode;
  /** Buttons; the primary one last. */
  actions?: ReactNode;
  /** A TabNav. Its line becomes the header's lower edge. */
  tabs?: ReactNode;
}

/** The head of a page: where it is, what it is, what can be done. */
export function PageHeader({ title, crumbs, status, description, actions, tabs }: PageHeaderProps) {
  return (
    <header className="mb-6">
      {crumbs && crumbs.length > 0 && (
        <div className="mb-1.5">
          <Breadcrumbs crumbs={crumbs} />
        </div>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-[1_1_18rem]">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="min-w-0 text-xl font-semibold wrap-break-word">{title}</h1>
            {status}
          </div>
          {description && <div className="mt-1 max-w-prose text-ink-soft">{description}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {tabs && <div className="mt-4">{tabs}</div>}
    </header>
  );
}
