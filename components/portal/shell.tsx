import type { ReactNode } from 'react';
import { brandProps } from '@/components/ui/accent';

/** Props of {@link PortalShell}. */
export interface PortalShellProps {
  /** The application whose portal this is. */
  appName: string;
  /** Its logo, shown instead of the name; at most 28 px high. */
  logoUrl?: string | null;
  /** The organization that is being set up. */
  customerName: string;
  /** The organization's own logo, beside its name. */
  customerLogoUrl?: string | null;
  /** The brand's accent as `#rrggbb`. */
  accent?: string | null;
  /** Who can help. The address is https or mailto. */
  support?: { label: string; href: string } | null;
  /** A Notice over the content, such as that the session ends soon. */
  sessionNotice?: ReactNode;
  /** Under the header: a TabNav when several features are open. */
  tabs?: ReactNode;
  /** In the footer: a choice of language. */
  footer?: ReactNode;
  /** `wide` for pages that are mostly a table. Default `column`. */
  width?: 'column' | 'wide';
  /** The words around the support link, for pages that are not in English. */
  supportLead?: string;
  /** For pages that are not in English. */
  skipLabel?: string;
  children: ReactNode;
}

/** The frame of every portal page: one column under the application's own brand. Nothing of ours shows. */
export function PortalShell({
  appName,
  logoUrl,
  customerName,
  customerLogoUrl,
  accent,
  support,
  sessionNotice,
  tabs,
  footer,
  width = 'column',
  supportLead = 'Need help?',
  skipLabel = 'Skip to content',
  children,
}: PortalShellProps) {
  const column = width === 'wide' ? 'mx-auto w-full max-w-4xl px-4 sm:px-6' : 'mx-auto w-full max-w-2xl px-4 sm:px-6';
  return (
    <div {...brandProps(accent)} className="flex min-h-dvh flex-col bg-surface text-ink">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-24 rounded-md bg-raised px-3 py-2 font-medium focus-visible:translate-y-0 focus-visible:shadow-overlay"
      >
        {skipLabel}
      </a>
      <header className="border-b border-line">
        <div className={`${column} flex h-14 items-center justify-between gap-4`}>
          {logoUrl ? (
            // Uploaded at run time and small: nothing for an image optimiser to do.
            // oxlint-disable-next-line nextjs/no-img-element -- a logo comes from any address that the operator gave
            <img src={logoUrl} alt={appName} className="h-7 w-auto max-w-40 object-contain object-left" />
          ) : (
            <span className="truncate text-lg font-semibold">{appName}</span>
          )}
          <span className="flex min-w-0 items-center gap-2 text-ink-soft">
            {customerLogoUrl && (
              // oxlint-disable-next-line nextjs/no-img-element -- a logo comes from any address that the operator gave
              <img src={customerLogoUrl} alt="" className="h-5 w-auto max-w-20 object-contain" />
            )}
            <span className="truncate">{customerName}</span>
          </span>
        </div>
        {tabs && <div className={`${column} -mb-px [&_nav]:border-b-0`}>{tabs}</div>}
      </header>
      <main id="content" tabIndex={-1} className={`${column} flex-1 py-6 sm:py-8`}>
        {sessionNotice && <div className="mb-6">{sessionNotice}</div>}
        {children}
      </main>
      {(support || footer) && (
        <footer className="border-t border-line">
          <div
            className={`${column} flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-4 text-sm text-ink-soft`}
          >
            {support && (
              <p>
                {supportLead}{' '}
                <a
                  href={support.href}
                  rel="noreferrer"
                  target={support.href.startsWith('mailto:') ? undefined : '_blank'}
                  className="text-ink underline underline-offset-2"
                >
                  {support.label}
                </a>
              </p>
            )}
            {footer}
          </div>
        </footer>
      )}
    </div>
  );
}
