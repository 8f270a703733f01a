import { randomInt } from 'node:crypto';

/** One row per kind of id. The wire contract fixes most of these; `acc_` and `inv_` are ours. */
export const ID_PREFIXES = {
  account: 'acc_',
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
  secret: 'sec_',
  user: 'usr_',
  webhookEndpoint: 'whe_',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** Ids count milliseconds from here, so that they have 21 digits from 2023 to 2236 and sort as text. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** Random bits below the milliseconds: `usr_` ids may have 25 characters, so 21 digits are all there is room for. */
const RANDOM_BITS = 27n;
const RANDOM_SIZE = 1 << 27;

let lastValue = 0n;

/**
 * A new id: the prefix of `kind` and 21 decimal digits, ascending in time and strictly ascending within this process.
 * @param now for tests; the clock otherwise. Ids are names, not facts about time, so callers need not pass it.
 */
export function newId(kind: IdKind, now: Date = new Date()): string {
  const drawn = (BigInt(now.getTime() - EPOCH_MS) << RANDOM_BITS) + BigInt(randomInt(RANDOM_SIZE));
  // Within one millisecond a later id must still sort after an earlier one.
  lastValue = drawn > lastValue || drawn >> RANDOM_BITS < (lastValue >> RANDOM_BITS) - 1000n ? drawn : lastValue + 1n;
  return ID_PREFIXES[kind] + lastValue.toString().padStart(21, '0');
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
