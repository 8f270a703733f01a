import { readClockMs } from './format-time';
import { RelativeTimeLive } from './relative-time-live';

/** Props of {@link RelativeTime}. */
export interface RelativeTimeProps {
  /** A Date, or RFC 3339 text. */
  at: Date | string;
  /** The page's moment; by default the moment of rendering. */
  now?: Date;
  /** Default `en-GB`. */
  locale?: string;
}

/**
 * A `<time>` that reads as a distance ("3 minutes ago"), with the full moment on hover: in UTC from the server, in the reader's own zone
 * once the browser runs it. Server and browser render the same first words, so nothing moves. Keeps itself up to date.
 */
export function RelativeTime({ at, now, locale = 'en-GB' }: RelativeTimeProps) {
  const atMs = new Date(at).getTime();
  if (Number.isNaN(atMs)) return <span>–</span>;
  return <RelativeTimeLive atMs={atMs} renderedAtMs={now ? now.getTime() : readClockMs()} locale={locale} />;
}
