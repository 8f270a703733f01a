/** One SCIM request and its answer, as the provisioning log keeps it. */
export interface Exchange {
  readonly id: string;
  readonly createdAt: Date;
  readonly organizationId: string | null;
  readonly directoryId: string | null;
  readonly secretId: string | null;
  readonly provider: string | null;
  readonly requestId: string;
  readonly method: string;
  /** Path and query as the client sent them, without secrets. */
  readonly path: string;
  /** What was done, in words: "Create user". */
  readonly operation: string;
  readonly resourceType: 'User' | 'Group' | null;
  readonly resourceId: string | null;
  /** What a person calls the resource: a user name or a group's name. */
  readonly resourceName: string | null;
  readonly status: number;
  readonly scimType: string | null;
  readonly errorDetail: string | null;
  readonly latencyMs: number;
  readonly clientAddress: string | null;
  readonly userAgent: string | null;
}

/** Headers and bodies of an exchange, redacted before they were stored. */
export interface ExchangeBodies {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string | null;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string | null;
}

/** What the log could not keep because it was written faster than the database took it. */
export interface LogLosses {
  readonly droppedBodies: number;
  readonly droppedRows: number;
}
