import type { Json } from './attribute';
import { invalidSyntax } from './error';

/** Deeper nesting than any SCIM message has; keeps recursive readers safe. */
export const MAX_JSON_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads a JSON body. Bytes must be UTF-8 (RFC 8259 §8.1); a byte order mark is skipped. Of members with the same name
 * in one object the last one counts. Numbers that a double cannot hold become Infinity and are refused where they are
 * used.
 * @throws ScimError invalidSyntax when the bytes are empty, not UTF-8, not JSON, or nested deeper than MAX_JSON_DEPTH.
 */
export function parseJson(bytes: Uint8Array): Json {
  assertShallow(bytes);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalidSyntax('The request body is not valid UTF-8.');
  }
  if (text.trim() === '') throw invalidSyntax('The request body is empty; send a JSON object.');
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw invalidSyntax('The request body is not valid JSON.');
  }
}

/** UTF-8 never uses the bytes of quotes, backslashes and brackets inside a longer sequence, so bytes can be scanned. */
function assertShallow(bytes: Uint8Array): void {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (isInString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) {
      isInString = true;
    } else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) {
        throw invalidSyntax(`The request body is nested deeper than ${MAX_JSON_DEPTH} levels.`);
      }
    } else if (byte === 0x5d || byte === 0x7d) {
      depth -= 1;
    }
  }
}
