import { assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brandProps, makeBrandColors, measureContrast, TEXT_CONTRAST } from './accent';

const hexColor = integer({ min: 0, max: 0xffffff }).map((color) => `#${color.toString(16).padStart(6, '0')}`);

describe('a brand accent', () => {
  test('any colour gives readable text on it, and readable text in it on both themes', () => {
    assert(
      property(hexColor, (accent) => {
        const colors = makeBrandColors(accent)!;
        expect(measureContrast(colors.contrast, colors.accent)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
        expect(measureContrast(colors.inkLight, '#f1f1f4')).toBeGreaterThanOrEqual(TEXT_CONTRAST);
        expect(measureContrast(colors.inkDark, '#1e1e24')).toBeGreaterThanOrEqual(TEXT_CONTRAST);
      }),
      { numRuns: 500 },
    );
  });

  test('a colour that already reads is used as it is', () => {
    expect(makeBrandColors('#2346C4')?.inkLight).toBe('#2346c4');
  });

  test.each(['', 'red', '#fff', '#12345g', '#1234567', 'url(x)', '#123456;--x:1'])(
    'what is not a colour leaves the own accent: %s',
    (accent) => expect(brandProps(accent)).toEqual({}),
  );
});
