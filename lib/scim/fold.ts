/**
 * The one key under which text is compared without regard to case: userName uniqueness, and every attribute whose
 * `caseExact` is false (RFC 7643 §2.2). Both the stored keys and the in-memory filter use it.
 *
 * NFC, then the locale-independent lower case of Unicode, as the PRECIS profile UsernameCaseMapped does (RFC 8265
 * §3.3). Compatibility forms are kept apart (no NFKC): "①" and "1" are different people. Final sigma is mapped to
 * sigma so that the key of a text does not depend on what follows it, which prefix filters rely on. `ß` and `ss` stay
 * different. Idempotent.
 */
export function foldKey(value: string): string {
  if (isPlainAscii(value)) return value.toLowerCase();
  return value.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}

function isPlainAscii(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    if (value.charCodeAt(index) > 0x7f) return false;
  }
  return true;
}

/**
 * Orders two texts by Unicode code point, as Postgres does under `COLLATE "C"` with UTF-8: negative, zero or positive.
 * JavaScript's `<` compares UTF-16 units, which puts an emoji before U+FFFD.
 */
export function compareByCodePoint(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return codePointRank(a) - codePointRank(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above U+FFFF, so they rank after every other unit. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
