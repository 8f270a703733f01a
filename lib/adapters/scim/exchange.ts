import type { Context } from '@/lib/core/context';
import type { Directory } from '@/lib/domain/directory/types';
import type { DirectoryScope } from '@/lib/domain/provisioning/types';
import { ScimError } from '@/lib/scim/error';
import { etagMatches, formatEtag, readEtagCondition } from '@/lib/scim/etag';
import type { Json, JsonObject, ResourceType } from '@/lib/scim/attribute';
import { readJsonBody } from './body';
import type { ScimRequest, ScimResponse } from './http';

/** What the log says of a request besides what any server knows: filled in while it is served. */
export interface Note {
  operation: string;
  resourceType: 'User' | 'Group' | null;
  resourceId: string | null;
  resourceName: string | null;
  requestText: string | undefined;
}

/** One authenticated request on its way through the handlers. */
export interface Call {
  readonly ctx: Context;
  readonly request: ScimRequest;
  readonly directory: Directory;
  readonly scope: DirectoryScope;
  /** What users of this directory are made of. */
  readonly userType: ResourceType;
  readonly params: URLSearchParams;
  /** Address of the directory's SCIM base, without a slash at the end. */
  readonly baseUrl: string;
  readonly note: Note;
}

export const SCIM_CONTENT_TYPE = 'application/scim+json; charset=utf-8';

/** An answer with a JSON body. */
export function answer(status: number, body: JsonObject, headers: Record<string, string> = {}): ScimResponse {
  return { status, headers: { 'content-type': SCIM_CONTENT_TYPE, ...headers }, body: JSON.stringify(body) };
}

/** An answer without a body. */
export function answerEmpty(status: number, headers: Record<string, string> = {}): ScimResponse {
  return { status, headers, body: undefined };
}

/** The JSON body of the call; its text goes into the log. */
export async function readCallBody(call: Call): Promise<Json> {
  const { json, text } = await readJsonBody(call.request);
  call.note.requestText = text;
  return json;
}

/** The test of If-Match, or undefined when any version will do (RFC 7644 §3.14). */
export function readIfMatch(header: string | undefined): ((version: number) => boolean) | undefined {
  const condition = readEtagCondition(header);
  return condition === undefined || condition.kind === 'any' ? undefined : (version) => etagMatches(condition, version);
}

/** Whether If-None-Match names this version, so that the client has it already. */
export function isKnownVersion(call: Call, version: number): boolean {
  const condition = readEtagCondition(call.request.headers['if-none-match']);
  return condition !== undefined && etagMatches(condition, version);
}

/** Headers of an answer that is one resource. */
export function resourceHeaders(location: string, version: number): Record<string, string> {
  return { etag: formatEtag(version), location };
}

/** 405 that says what the address takes. */
export function methodNotAllowed(call: Call, allowed: readonly string[]): ScimResponse {
  const error = new ScimError(405, `${call.request.method} is not supported here. Use ${allowed.join(', ')}.`);
  throw Object.assign(error, { allow: allowed.join(', ') });
}
