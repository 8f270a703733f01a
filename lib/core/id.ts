import { randomInt } from 'node:crypto';

/** One row per kind of id. The wire contract fixes most of these; `acc_`, `ses_`, `inv_`, `key_`, `req_`, `run_`, `uri_` and `whd_` are ours. */
export const ID_PREFIXES = {
  account: 'acc_',
  accountSession: 'ses_',
  connection: 'conn_',
  credential: 'skc_',
  directory: 'dir_',
  directoryGroup: 'dirgroup_',
  directoryUser: 'diruser_',
  domain: 'dom_',
  environment: 'env_',
  event: 'evt_',
  exchange: 'log_',
  invitation: 'inv_',
  organization: 'org_',
  permission: 'perm_',
  portalLink: 'lnk_',
  portalSession: 'ps_',
  redirectUri: 'uri_',
  request: 'req_',
  role: 'role_',
  run: 'run_',
  secret: 'sec_',
  signingKey: 'key_',
  user: 'usr_',
  webhookDelivery: 'whd_',
  webhookEndpoint: 'whe_',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** Ids count milliseconds from here, so that they have 21 digits from 2023 to 2236 and sort as text. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** Random bits below the milliseconds: `usr_` ids may have 25 characters, so 21 digits are all there is room for. */
const RANDOM_BITS = 27n;

/** Draws use the lower half, so that counting up within one millisecond never runs into the next. */
const DRAW_SIZE = 1 << 26;

let lastValue = 0n;

/**
 * A new id: the prefix of `kind` and 21 decimal digits that carry the millisecond of `now`. Ids ascend in time, and within one
 * millisecond of this process in the order in which they were made.
 * @param now the clock, unless the id must carry the time of something that began earlier
 */
export function newId(kind: IdKind, now: Date = new Date()): string {
  const drawn = (BigInt(now.getTime() - EPOCH_MS) << RANDOM_BITS) + BigInt(randomInt(DRAW_SIZE));
  const isSameMs = drawn >> RANDOM_BITS === lastValue >> RANDOM_BITS;
  const value = isSameMs && drawn <= lastValue ? lastValue + 1n : drawn;
  if (value > lastValue) lastValue = value;
  return ID_PREFIXES[kind] + value.toString().padStart(21, '0');
}

/** When the id was made, to the millisecond, or undefined if `id` is not one of ours. */
export function timeOfId(id: string): Date | undefined {
  const digits = /_(\d{21})$/.exec(id)?.[1];
  return digits === undefined ? undefined : new Date(Number(BigInt(digits) >> RANDOM_BITS) + EPOCH_MS);
}

/** The smallest id of `kind` that can have been made at `time`: a bound for range queries over ids. */
export function firstIdAt(kind: IdKind, time: Date): string {
  return ID_PREFIXES[kind] + (BigInt(time.getTime() - EPOCH_MS) << RANDOM_BITS).toString().padStart(21, '0');
}

/** Whether `id` has the shape of an id of `kind`. It says nothing about existence. */
export function isId(kind: IdKind, id: string): boolean {
  return id.startsWith(ID_PREFIXES[kind]) && /^\d{1,25}$/.test(id.slice(ID_PREFIXES[kind].length));
}
