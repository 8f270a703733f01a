/** A request as it was logged. */
export interface LoggedRequest {
  readonly method: string;
  /** Absolute address. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Headers that say what is sent and wanted; the rest belongs to the connection or to the client. */
const REPRODUCED_HEADERS = ['content-type', 'accept', 'if-match', 'if-none-match'];

/** `text` as one word of a POSIX shell, whatever is in it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A shell command that sends the request again. The token is not in the log, so the command reads it from `$TOKEN`.
 * Other headers than those that describe the body and the condition are left out.
 */
export function curlOf(request: LoggedRequest): string {
  const lines = [`curl -i -X ${quote(request.method)} ${quote(request.url)}`, `-H "Authorization: Bearer $TOKEN"`];
  for (const [name, value] of Object.entries(request.headers)) {
    if (REPRODUCED_HEADERS.includes(name.toLowerCase())) lines.push(`-H ${quote(`${name}: ${value}`)}`);
  }
  if (request.body !== null && request.body !== '') lines.push(`--data-raw ${quote(request.body)}`);
  return lines.join(' \\\n  ');
}
