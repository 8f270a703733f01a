/** A SCIM request, whatever server received it. */
export interface ScimRequest {
  readonly method: string;
  /** What follows `/scim/v2/` in the path, still percent-encoded: `dir_1/Users/diruser_2`. */
  readonly path: string;
  /** The query without its question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clientAddress: string | undefined;
  /** Reads the body as it was sent. @throws ScimError 413 beyond the limit */
  readBody(): Promise<Buffer>;
}

export interface ScimResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for no body. */
  readonly body: string | undefined;
}

/** The largest body, as sent and after it was unzipped: a wizard app sends all members of a large group at once. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
