import type { CSSProperties } from 'react';

type Rgb = readonly [red: number, green: number, blue: number];

/** WCAG 2.2 minimum contrast of body text. */
export const TEXT_CONTRAST = 4.5;

// The surfaces on which coloured text must be readable, the hardest of each theme: `--hover` in app/globals.css.
const LIGHT_SURFACE: Rgb = [0xf1, 0xf1, 0xf4];
const DARK_SURFACE: Rgb = [0x1e, 0x1e, 0x24];
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
const INK_STEPS = 40;

/** The colours made from a brand's accent, each as `#rrggbb`. */
export interface BrandColors {
  /** The accent itself: fill of the primary action and of progress. */
  accent: string;
  /** Text on the accent: black or white, whichever reads better (always 4.5:1 or more). */
  contrast: string;
  /** The accent as text or line on light surfaces, darkened until it reads. */
  inkLight: string;
  /** The accent as text or line on dark surfaces, lightened until it reads. */
  inkDark: string;
}

function parseHex(color: string): Rgb | null {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  if (!match) return null;
  return [parseInt(match[1]!, 16), parseInt(match[2]!, 16), parseInt(match[3]!, 16)];
}

function formatHex(color: Rgb): string {
  return `#${color.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
}

function luminanceOf(color: Rgb): number {
  const [red, green, blue] = color.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrastOf(one: Rgb, other: Rgb): number {
  const first = luminanceOf(one);
  const second = luminanceOf(other);
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const blend = (channel: 0 | 1 | 2) => Math.round(from[channel] + (to[channel] - from[channel]) * share);
  return [blend(0), blend(1), blend(2)];
}

function makeReadable(color: Rgb, surface: Rgb, toward: Rgb): Rgb {
  for (let step = 0; step < INK_STEPS; step += 1) {
    const candidate = mix(color, toward, step / INK_STEPS);
    if (contrastOf(candidate, surface) >= TEXT_CONTRAST) return candidate;
  }
  return toward;
}

/** The WCAG contrast ratio (1 to 21) of two `#rrggbb` colours; null when either is not one. */
export function measureContrast(one: string, other: string): number | null {
  const first = parseHex(one);
  const second = parseHex(other);
  return first && second ? contrastOf(first, second) : null;
}

/** Makes readable colours for both themes from an accent; null when it is not `#rrggbb`. */
export function makeBrandColors(accent: string): BrandColors | null {
  const color = parseHex(accent);
  if (!color) return null;
  return {
    accent: formatHex(color),
    contrast: formatHex(contrastOf(color, WHITE) >= contrastOf(color, BLACK) ? WHITE : BLACK),
    inkLight: formatHex(makeReadable(color, LIGHT_SURFACE, BLACK)),
    inkDark: formatHex(makeReadable(color, DARK_SURFACE, WHITE)),
  };
}

/**
 * Attributes that repaint an element and everything inside it in a brand's accent, in light and dark:
 * `<div {...brandProps('#7c3aed')}>`. An accent that is missing or not `#rrggbb` leaves the product's own.
 */
export function brandProps(accent: string | null | undefined): { 'data-brand'?: ''; style?: CSSProperties } {
  const colors = accent ? makeBrandColors(accent) : null;
  if (!colors) return {};
  const style: Record<`--${string}`, string> = {
    '--brand-accent': colors.accent,
    '--brand-contrast': colors.contrast,
    '--brand-ink-light': colors.inkLight,
    '--brand-ink-dark': colors.inkDark,
  };
  return { 'data-brand': '', style };
}
