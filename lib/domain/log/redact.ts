/** Values of these members never reach the log, whatever their case and however deep they are. */
const SECRET_MEMBERS = new Set(['password', 'token', 'secret', 'authorization', 'client_secret', 'access_token']);
const SECRET_HEADERS = new Set(['authorization', 'cookie', 'set-cookie', 'proxy-authorization', 'x-api-key']);
const REDACTED = '[redacted]';
/** JSON that does not match has none of the names above, spelled out or escaped, and no token: nearly all of it. */
const MAY_HOLD_SECRET = /password|token|secret|authorization|scim_|\\u/iu;
/** Bodies are kept up to this many characters. */
const MAX_BODY_CHARACTERS = 64 * 1024;
/** A longer body, such as a group of 100,000, is only measured: redacting it would take a second and three times its size in memory. */
const MAX_READ_CHARACTERS = 2 * 1024 * 1024;
/** Directory tokens that stand where they should not, such as in a query. */
const TOKEN = /scim_[\w-]{20,}/g;
/** NUL, and halves of characters. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu;

function redactValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  const operation = value as { path?: unknown };
  const setsSecret = typeof operation.path === 'string' && isSecretName(operation.path);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const isSecret = isSecretName(key) || (setsSecret && key.toLowerCase() === 'value');
      return [key, isSecret && member !== null ? REDACTED : redactValue(member)];
    }),
  );
}

/** Also true of a path that ends in a secret member: `urn:…:User:password`. */
function isSecretName(name: string): boolean {
  return SECRET_MEMBERS.has((name.split(/[:.]/).at(-1) ?? '').toLowerCase());
}

/** `text` without any directory token in it, fit for a text column. */
export function redactText(text: string): string {
  return text.replace(UNSTORABLE, '\uFFFD').replace(TOKEN, REDACTED);
}

/** A body as the log keeps it: without its secrets; what may hold some and is no JSON, or is very long, is only measured. */
export function redactBody(body: string | undefined): string | null {
  if (!body) return null;
  if (body.length > MAX_READ_CHARACTERS) return `[${body.length} characters, too many to keep]`;
  let text = body;
  if (MAY_HOLD_SECRET.test(body)) {
    try {
      text = JSON.stringify(redactValue(JSON.parse(body)));
    } catch {
      return `[${body.length} characters that are not JSON]`;
    }
  }
  return text.length > MAX_BODY_CHARACTERS
    ? `${text.slice(0, MAX_BODY_CHARACTERS)} [cut: ${text.length} characters in all]`
    : text;
}

/** Headers as the log keeps them, without those that carry credentials. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET_HEADERS.has(name.toLowerCase()) ? REDACTED : redactText(value),
    ]),
  );
}
