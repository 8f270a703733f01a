import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Json } from '@/lib/scim/attribute';

const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;
const object = z.record(z.string(), json);

const response = z.strictObject({
  status: z.int(),
  /** Names in lower case. */
  headers: z.record(z.string(), json).optional(),
  /** What the body must hold at least; a list is matched element by element, null means that the member is absent. */
  body: object.optional(),
});

const step = z.strictObject({
  name: z.string(),
  request: z.strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    /** What follows the address that was pasted at the provider, byte for byte. */
    path: z.string(),
    /** What follows the question mark, byte for byte; an empty text is a question mark alone. */
    query: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    body: json.optional(),
    /** A captured resource over whose members the body is laid, as a provider does that reads before it replaces. */
    over: z.string().optional(),
  }),
  response,
  /** Names for values of the response: JSON pointers (RFC 6901). */
  capture: z.record(z.string(), z.string()).optional(),
  /** The provider retries this: it is sent twice, and the second time changes nothing. */
  repeat: z.literal(true).optional(),
  /** The answer to the second one, where it differs. */
  again: response.optional(),
});

const group = z.strictObject({ resource: object, members: z.array(z.string()) });

const event = z.strictObject({
  /** Without the prefix `organization.directory.`. */
  type: z.enum(['user_created', 'user_updated', 'user_deleted', 'group_created', 'group_updated', 'group_deleted']),
  resource: z.string(),
  data: object.optional(),
  previous: object.optional(),
});

const replay = z.strictObject({
  provider: z.string(),
  title: z.string(),
  /** Public sources of the requests. */
  evidence: z.array(z.string()).min(1),
  /** What the admin typed behind the address; it travels with each request. */
  query: z.string().optional(),
  /** Sent with each request. */
  headers: z.record(z.string(), z.string()),
  steps: z.array(step).min(1),
  /** All people and groups at the end: each as its resource at least, and a group with the names of all its members. */
  state: z.strictObject({ users: z.array(object), groups: z.array(group) }),
  /** All events, in order for each resource. */
  events: z.array(event),
});

export type Step = z.infer<typeof step>;
export type ExpectedResponse = z.infer<typeof response>;
export type Replay = z.infer<typeof replay> & { readonly file: string };

/** Reads one recorded exchange with a provider. @throws when the text is not JSON or has a member that means nothing */
export function readReplay(file: string, text: string): Replay {
  const result = replay.safeParse(JSON.parse(text));
  if (!result.success) throw new Error(`${file} is not a replay:\n${z.prettifyError(result.error)}`);
  return { ...result.data, file };
}

/** All replays beside this file, by name. */
export function listReplays(): Replay[] {
  const folder = import.meta.dirname;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readReplay(name, readFileSync(join(folder, name), 'utf8')));
}
