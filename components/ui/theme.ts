/** What a person chose: follow the system, or always light or dark. */
export type Theme = 'system' | 'light' | 'dark';

/** Name of the cookie that carries the choice. It is read by the root layout and written by the theme toggle. */
export const THEME_COOKIE = 'theme';

/** How long the choice is kept: one year. */
export const THEME_COOKIE_MAX_AGE_SECONDS = 365 * 24 * 60 * 60;

/** Reads a cookie's value as a theme; anything unknown means `system`. */
export function readTheme(value: string | undefined): Theme {
  return value === 'light' || value === 'dark' ? value : 'system';
}
