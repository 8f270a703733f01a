/** A piece of printed JSON. Joined, the texts of all pieces are the document. */
export interface JsonToken {
  kind: 'key' | 'string' | 'number' | 'word' | 'plain';
  text: string;
}

/** Longer documents are cut here: a page must stay usable whatever a client sent. */
export const JSON_SHOWN_MAX_CHARS = 200_000;

// Characters that reorder or hide text would let a value pretend to be another one.
const DECEPTIVE = /[\u0080-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

function escapeDeceptive(text: string): string {
  return text.replace(DECEPTIVE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Prints a value as indented JSON. Text that is JSON is printed as the document it holds, other text as a string. Invisible and
 * reordering characters are printed as escapes. Never throws: what JSON cannot say (a cycle, a BigInt) is printed as a note.
 */
export function printJson(value: unknown): string {
  let data = value;
  if (typeof value === 'string') {
    try {
      data = JSON.parse(value);
    } catch {
      data = value;
    }
  }
  let text: string;
  try {
    text = JSON.stringify(data, null, 2) ?? String(data);
  } catch {
    text = '"(cannot be shown as JSON)"';
  }
  const shown = escapeDeceptive(text);
  return shown.length > JSON_SHOWN_MAX_CHARS ? `${shown.slice(0, JSON_SHOWN_MAX_CHARS)}\n…` : shown;
}

/** Splits printed JSON into pieces to colour. */
export function splitJson(text: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  const pattern = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) tokens.push({ kind: 'plain', text: text.slice(end, match.index) });
    const [whole, quoted, colon, number] = match;
    if (quoted !== undefined) {
      tokens.push({ kind: colon === undefined ? 'string' : 'key', text: quoted });
      if (colon !== undefined) tokens.push({ kind: 'plain', text: colon });
    } else {
      tokens.push({ kind: number === undefined ? 'word' : 'number', text: whole });
    }
    end = match.index + whole.length;
  }
  if (end < text.length) tokens.push({ kind: 'plain', text: text.slice(end) });
  return tokens;
}
